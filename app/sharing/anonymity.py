"""Is the citizen anonymous? Finds what may be somebody's name, and words about health, in a text.

It asks and never decides, for it knows rules and a few words, not people. A word is taken for a name when it has a
capital without the language asking for one: it stands neither first in a sentence nor among the words that are known
(the writer, the organisation, a network, a month). First in a sentence a name is found if it stands elsewhere too,
or with an age ("Else, 82"). After "i" and "in" stands a place, and after "kollega" and "colleague" no citizen.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from app.sharing.telling_words import BEFORE_COLLEAGUES, BEFORE_PLACES, COMMON, HEALTH, TITLES

Kind = Literal["", "name", "health"]


class Piece(NamedTuple):
    """A stretch of a text, and what it may be: "" when nothing."""

    text: str
    kind: Kind


NAME = r"[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:[-’'][^\W\d_]+)*"
# Names in a row are one: a first name and a surname, a place of two words.
NAMES = re.compile(rf"(?<![\w’']){NAME}(?: {NAME}){{0,3}}")
AGED = re.compile(rf"(?<![\w’'])({NAME}) ?(?:,| på) ?\d{{1,3}}\b")
LAST_WORD = re.compile(r"([^\W\d_]+)\W*$")
# Characters before a word that say what it is.
NEAR = 40
OPENING = '“”„"»«\n'
TITLED = re.compile(r"(?:^|\W)(?:hr|frk|mr|mrs|ms|dr|f\.eks|fx|e\.g)\.\s*$", re.IGNORECASE)
PLACE = re.compile(r"(?:vej|gade|gård|torv|skole|hjem|hus|huset|center|centret|park|kommune|by|strup|street|road|school|house|council)(?:e?[nt])?s?$")  # fmt: skip


def pieces(text: str, known: Iterable[str]) -> list[Piece]:
    """The whole text in its order, cut where something may be a name or a word about health.

    `known` are texts whose words are nobody's to hide: the writer's name, the organisation's.
    """
    names = _names(text, COMMON | _words_of(known))
    cut: list[Piece] = []
    at = 0
    for start, end, kind in _found(text, names):
        if start >= at:
            cut += [Piece(text[at:start], ""), Piece(text[start:end], kind)]
            at = end
    return [one for one in [*cut, Piece(text[at:], "")] if one.text]


def _found(text: str, names: set[str]) -> list[tuple[int, int, Kind]]:
    spans: list[tuple[int, int, Kind]] = [(*one.span(), "health") for one in HEALTH.finditer(text)]
    if names:
        alternatives = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        anywhere = re.finditer(rf"(?<![\w’'])(?:{alternatives})(?![\w])", text)
        spans += [(*one.span(), "name") for one in anywhere]
    return sorted(spans)


def _names(text: str, known: set[str]) -> set[str]:
    """Each name that is found somewhere: the words in a row, without the one that begins a sentence."""
    found = {one[1] for one in AGED.finditer(text) if not _is_known(one[1], known)}
    for row in NAMES.finditer(text):
        before, words = text[max(0, row.start() - NEAR) : row.start()], row[0].split(" ")
        names = words[1:] if _begins_sentence(before) or words[0].casefold() in TITLES else words
        if names and not (_is_elsewhere(before, words) or any(_is_known(word, known) for word in names)):
            found.add(" ".join(names))
    return found


def _begins_sentence(before: str) -> bool:
    said = before.rstrip(f" \t'‘(–—•*-{OPENING}")
    between = before[len(said) :]
    if TITLED.search(before):
        return False
    return not said or said[-1] in ".!?…:" or any(sign in between for sign in OPENING)


def _is_elsewhere(before: str, words: list[str]) -> bool:
    """Whether a row of names is a place or a colleague."""
    last = LAST_WORD.search(before)
    stands_after = last[1].casefold() if last else ""
    return stands_after in BEFORE_PLACES | BEFORE_COLLEAGUES or PLACE.search(words[-1]) is not None


def _is_known(word: str, known: set[str]) -> bool:
    """Whether a word, or what it is the genitive of, is known; short for something in capitals is nobody."""
    folded = word.casefold().replace("'", "’")
    inner_capital = any(sign.isupper() for sign in word[1:])
    return inner_capital or bool(known & {folded, folded.removesuffix("’s"), folded.removesuffix("s")})


def _words_of(texts: Iterable[str]) -> set[str]:
    return {word.casefold() for text in texts for word in text.split()}


def suspects(cut: Iterable[Piece]) -> Iterator[str]:
    """What was found, each once, as it is written."""
    return iter(dict.fromkeys(one.text for one in cut if one.kind))
