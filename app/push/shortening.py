"""Texts made to fit, without tearing what a reader sees as one character or leaving a direction open."""

import json
from collections.abc import Iterator
from unicodedata import category, combining

ELLIPSIS = "…"
# Joiners, skin tones, and the tags and letters that flags are made of.
ZWNJ, ZWJ = "\u200c", "\u200d"
TONES = range(0x1F3FB, 0x1F400)
TAGS = range(0xE0020, 0xE0080)
FLAG_LETTERS = range(0x1F1E6, 0x1F200)
# Vowels and tails of Korean syllables that are written piece by piece.
KOREAN_PIECES = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))
VIRAMA = 9
POP, POP_ISOLATE = "\u202c", "\u2069"
CLOSED_BY = dict.fromkeys("\u202a\u202b\u202d\u202e", POP) | dict.fromkeys("\u2066\u2067\u2068", POP_ISOLATE)


def size(text: str) -> int:
    """Bytes of a text inside a JSON document in UTF-8."""
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2


def sound(text: str) -> str:
    """The text with halves of surrogates joined, and those without their other half replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def shortened(text: str, room: int) -> str:
    """The text, or as much of its beginning as fits into `room` bytes with an ellipsis.

    What is one character to a reader stays whole, unless it alone is too big; directions are closed again.
    """
    if size(text) <= room:
        return text
    left, taken, still_open = room - size(ELLIPSIS), "", ""
    for piece in _pieces(text, left):
        open_then = _still_open(piece, still_open)
        if size(piece) + size(open_then) > left:
            break
        taken, left, still_open = taken + piece, left - size(piece), open_then
    return taken.rstrip() + ELLIPSIS + still_open[::-1]


def _pieces(text: str, most: int) -> Iterator[str]:
    """What a reader sees as one character, one after another; in bits of `most` bytes if it is bigger."""
    piece = ""
    for char in text:
        if piece and (not _belongs(char, piece) or size(piece) + size(char) > most):
            yield piece
            piece = ""
        piece += char
    yield piece


def _belongs(char: str, piece: str) -> bool:
    """Whether a character continues the one that the reader sees before it (after Unicode's annex 29)."""
    point, last = ord(char), piece[-1]
    return (
        category(char) in ("Mn", "Me", "Mc")
        or char in (ZWNJ, ZWJ)
        or point in TONES
        or point in TAGS
        or any(point in pieces for pieces in KOREAN_PIECES)
        or last == ZWJ
        or combining(last) == VIRAMA
        or (last, char) == ("\r", "\n")
        or (point in FLAG_LETTERS and len(piece) == 1 and ord(last) in FLAG_LETTERS)
    )


def _still_open(piece: str, still_open: str) -> str:
    """What has to be closed after a piece, the innermost last."""
    for char in piece:
        if char in CLOSED_BY:
            still_open += CLOSED_BY[char]
        elif char == POP_ISOLATE:
            still_open = still_open.rpartition(POP_ISOLATE)[0] if POP_ISOLATE in still_open else still_open
        elif char == POP:
            still_open = still_open.removesuffix(POP)
    return still_open
