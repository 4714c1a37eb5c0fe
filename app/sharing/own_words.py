"""How much of a text is the person's own: distinct word 4-grams, case-folded (product.md, "Points")."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

SIZE = 4
WORD = re.compile(r"[\w’']+")
# In percent of a text: what is found elsewhere of less than this is nobody's.
WORTH_SAYING = 20
Gram = tuple[str, ...]


class Own(NamedTuple):
    """How much of a text, in whole percent, is found nowhere else; and where most of the rest is found, if it is much."""

    percent: int
    like: str | None


def grams(text: str) -> frozenset[Gram]:
    """The distinct runs of four words; none when there are fewer."""
    words = WORD.findall(text.casefold())
    return frozenset(tuple(words[at : at + SIZE]) for at in range(len(words) - SIZE + 1))


def likeness(text: str, other: str) -> float:
    """The part, 0 to 1, of a text's 4-grams that are found in another; 0 under four words."""
    mine = grams(text)
    return len(mine & grams(other)) / len(mine) if mine else 0.0


def measured(text: str, elsewhere: Mapping[str, frozenset[Gram]]) -> Own:
    """How much of a text is found in none of some sets of 4-grams, each by its name; 0 percent of an empty text is own.

    `like` names the set that has most of it: the first, of those that have the same.
    """
    if not text.strip():
        return Own(0, None)
    mine = grams(text)
    if not mine:
        return Own(100, None)
    found = {name: len(mine & some) for name, some in elsewhere.items()}
    most = max(found, key=lambda name: found[name], default=None)
    own = len(mine.difference(*elsewhere.values()))
    percent = (200 * own + len(mine)) // (2 * len(mine))
    return Own(percent, most if most and 100 * found[most] >= WORTH_SAYING * len(mine) else None)


def counts_as_own(
    text: str, story: Iterable[str], last_texts: Iterable[str], limits: Mapping[str, int]
) -> bool:
    """Long enough, not too like the story, nor like one of the person's last texts."""
    if length(text) < limits["least_characters"]:
        return False
    most = limits["most_like_percent"] / 100
    return all(likeness(text, other) < most for other in [" ".join(story), *last_texts])


def length(text: str) -> int:
    """How long a text is in characters; spaces and line breaks do not make it longer."""
    return len(" ".join(text.split()))
