"""Texts made to fit, without tearing what a reader sees as one character or leaving a direction open."""

import json
from collections.abc import Callable, Iterable

import regex

ELLIPSIS = "…"
ONE_CHARACTER = regex.compile(r"\X")
POP, POP_ISOLATE = "\u202c", "\u2069"
CLOSED_BY = dict.fromkeys("\u202a\u202b\u202d\u202e", POP) | dict.fromkeys("\u2066\u2067\u2068", POP_ISOLATE)


def size(text: str) -> int:
    """Bytes of a text inside a JSON document in UTF-8."""
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2


def sound(text: str) -> str:
    """The text with halves of surrogates joined, and those without their other half replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def shortened(text: str, room: int, measure: Callable[[str], int] = size) -> str:
    """The text, or as much of its beginning as fits into `room` (bytes, or what `measure` counts) with an ellipsis.

    What a reader sees as one character (Unicode's annex 29) stays whole, unless the first one alone is too
    big; directions that were opened are closed.
    """
    if measure(text) <= room:
        return text
    room -= measure(ELLIPSIS)
    characters = (found[0] for found in ONE_CHARACTER.finditer(text))
    taken, to_close = _beginning(characters, room, measure)
    if not taken:
        taken, to_close = _beginning(text, room, measure)
    return taken.rstrip() + ELLIPSIS + to_close[::-1]


def _beginning(pieces: Iterable[str], room: int, measure: Callable[[str], int]) -> tuple[str, str]:
    """The pieces that fit together with what closes them; and that, innermost last."""
    taken, to_close = "", ""
    for piece in pieces:
        room -= measure(piece)
        closing = _to_close(piece, to_close)
        if measure(closing) > room:
            break
        taken, to_close = taken + piece, closing
    return taken, to_close


def _to_close(piece: str, to_close: str) -> str:
    """What has to be closed after a piece, when `to_close` had to be before it."""
    for char in piece:
        if char in CLOSED_BY:
            to_close += CLOSED_BY[char]
        elif char == POP:
            to_close = to_close.removesuffix(POP)
        elif char == POP_ISOLATE and POP_ISOLATE in to_close:
            to_close = to_close.rpartition(POP_ISOLATE)[0]
    return to_close
