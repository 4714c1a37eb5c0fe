"""A person's hours as they are drawn and said: bars of a day's 24 hours, and days that have the same."""

from collections.abc import Sequence
from datetime import time
from itertools import groupby
from typing import Literal, NamedTuple

from babel.dates import get_day_names

from app.people.windows import Span

AN_HOUR = 10


class Bar(NamedTuple):
    """One day: where its hours and the time of the reminder lie, in tenths of an hour from midnight."""

    day: int
    start: float
    length: float
    slot: float | None


class Stretch(NamedTuple):
    """Days that follow each other and have the same hours, said in words."""

    first: str
    last: str
    start: str
    end: str


def bars(days: Sequence[Span | None], slot: str | None) -> list[Bar]:
    """Monday to Friday, and a weekend's days that have hours."""
    mark = _place(time.fromisoformat(slot)) if slot else None
    return [_bar(day, span, mark) for day, span in enumerate(days) if day < 5 or span]


def _bar(day: int, span: Span | None, mark: float | None) -> Bar:
    start, end = (_place(moment) for moment in span) if span else (0.0, 0.0)
    return Bar(day, start, end - start, mark if mark is not None and start <= mark < end else None)


def _place(moment: time) -> float:
    return round((moment.hour + moment.minute / 60) * AN_HOUR, 1)


def stretches(days: Sequence[Span | None], lang: str) -> list[Stretch]:
    """The days with hours, in words of a language."""
    names, found = day_names(lang, "abbreviated"), []
    for span, together in groupby(range(7), key=lambda day: days[day]):
        numbers = list(together)
        if span:
            first, last = names[numbers[0]], names[numbers[-1]]
            found.append(Stretch(first, last, said(span[0], lang), said(span[1], lang)))
    return found


def said(moment: time, lang: str) -> str:
    """8.30 in Danish, 8:30 in English."""
    return f"{moment.hour}{'.' if lang == 'da' else ':'}{moment.minute:02}"


def day_names(lang: str, width: Literal["wide", "abbreviated", "short"]) -> list[str]:
    """Monday to Sunday, without full stops."""
    names = get_day_names(width, "stand-alone", lang)
    return [names[day].rstrip(".") for day in range(7)]
