"""When someone may be written to: their own hours on their own days, as pure functions over an instant.

No hours on public holidays, in pause weeks, before someone's first day or after their last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.people.hours import ZoneFacts, local_date, monday

Span = tuple[time, time]
EARLIEST, LATEST = time(7), time(20)
FULL_DAY, FRIDAY = (time(8, 30), time(16)), (time(8, 30), time(14, 30))
LOOK_AHEAD = 120
BEGINNING, END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hours:
    """What decides when someone may be written to. `days` are seven spans of local time from Monday, or None."""

    zone: ZoneFacts
    days: tuple[Span | None, ...]
    holidays: frozenset[date] = frozenset()
    pause_weeks: frozenset[date] = frozenset()
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` until just before `end`, in UTC, on someone's local `day`."""

    day: date
    start: datetime
    end: datetime

    def holds(self, instant: datetime) -> bool:
        """Whether an instant is inside."""
        return self.start <= instant < self.end


def default_days(working_days: int) -> tuple[Span | None, ...]:
    """08:30–16:00 on working days, Friday to 14:30 (product.md, "Reminders")."""
    return tuple(
        (FRIDAY if place == 4 else FULL_DAY) if working_days >> place & 1 else None for place in range(7)
    )


def own_days(chosen: Sequence[Sequence[str] | None], at_night: bool) -> tuple[Span | None, ...]:
    """The hours someone chose; between 20:00 and 07:00 only when they opened for the night, too."""
    spans = [(time.fromisoformat(day[0]), time.fromisoformat(day[1])) if day else None for day in chosen]
    return tuple(spans if at_night else map(_by_day, spans))


def _by_day(span: Span | None) -> Span | None:
    if span is None:
        return None
    start, end = max(span[0], EARLIEST), min(span[1], LATEST)
    return (start, end) if start < end else None


def next_window(hours: Hours, instant: datetime) -> Window | None:
    """The window that an instant is in, or the next one; None when there is none in 120 days."""
    for zone, begins, ends in _stretches(hours.zone):
        for window in _windows(hours, zone, max(instant, begins)):
            if window.start >= ends:
                break
            start, end = max(window.start, begins), min(window.end, ends)
            if start < end and instant < end:
                return Window(local_date(hours.zone, start), start, end)
    return None


def _stretches(facts: ZoneFacts) -> list[tuple[str, datetime, datetime]]:
    """The zones that hold, one after the other: from when, until when."""
    if facts.next_zone is None:
        return [(facts.zone, BEGINNING, END)]
    change = facts.next_zone_at or BEGINNING
    return [(facts.zone, BEGINNING, change), (facts.next_zone, change, END)]


def _windows(hours: Hours, zone: str, since: datetime) -> Iterator[Window]:
    today = since.astimezone(ZoneInfo(zone)).date()
    for ahead in range(LOOK_AHEAD):
        window = window_of(hours, today + timedelta(days=ahead), zone)
        if window is not None:
            yield window


def window_of(hours: Hours, day: date, zone: str) -> Window | None:
    """The window of a calendar day in a zone.

    Where the clock jumps over a time, the window begins or ends at the jump; a time that comes twice begins
    it the second and ends it the first time, so that the clock shows hours of the window all through it.
    """
    span = hours.days[day.weekday()]
    if span is None or not _is_worked(hours, day):
        return None
    start, end = (datetime.combine(day, at) for at in span)
    here = ZoneInfo(zone)
    opens, closes = instant_of(start, here, late=True), instant_of(end, here)
    if opens >= closes:
        opens = instant_of(start, here)
    return Window(day, opens, closes) if opens < closes else None


def _is_worked(hours: Hours, day: date) -> bool:
    return (
        day not in hours.holidays
        and monday(day) not in hours.pause_weeks
        and (hours.first is None or day >= hours.first)
        and (hours.last is None or day <= hours.last)
    )


def instant_of(local: datetime, here: ZoneInfo, late: bool = False) -> datetime:
    """The instant of a local time; the second one if it comes twice and is wanted `late`; else the jump over it."""
    first, second = (local.replace(tzinfo=here, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return second if late else first
    while first - second > timedelta(seconds=1):
        middle = second + timedelta(seconds=(first - second) // timedelta(seconds=2))
        if middle.astimezone(here).replace(tzinfo=None) >= local:
            first = middle
        else:
            second = middle
    return first
