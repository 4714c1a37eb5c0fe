"""Is a text too like one that the same manager wrote before?

Compared word by word, in order: a name that is exchanged in an old text leaves almost all of it as it was, while
the share of common 4-grams (own words) falls with every exchanged word of a short text.
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

COMPARED = 20
MOST_ALIKE = 0.9
MOST_WORDS = 500
WORD = re.compile(r"[\w’']+")


def is_too_like(text: str, others: Iterable[str]) -> bool:
    """Whether more than nine tenths of a text and of one of the others are the same words in the same order.

    A text without words, of emoji alone, is like none but itself.
    """
    words = _words(text)
    if not words:
        return text in others
    return any(likeness(words, _words(other)) > MOST_ALIKE for other in others)


def _words(text: str) -> list[str]:
    """As many as are compared: time grows with the square of their number."""
    return WORD.findall(text.casefold())[:MOST_WORDS]


def likeness(words: list[str], others: list[str]) -> float:
    """0 for nothing in common, 1 for the same words in the same order."""
    matcher = SequenceMatcher(None, words, others)
    if matcher.real_quick_ratio() <= MOST_ALIKE or matcher.quick_ratio() <= MOST_ALIKE:
        return 0.0
    return matcher.ratio()
