"""Local dates and working days, as pure functions over an instant.

Working days are seven bits, bit 0 for Monday; Monday to Friday is 31.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """A person's zone; the one that follows it and when; and the date that theirs never falls below."""

    zone: str
    next_zone: str | None = None
    next_zone_at: datetime | None = None
    date_floor: date | None = None


def local_date(facts: ZoneFacts, instant: datetime) -> date:
    """The person's calendar date. It never goes back, whatever zone follows."""
    day = instant.astimezone(ZoneInfo(zone_at(facts, instant))).date()
    if facts.date_floor is not None and _changed(facts, instant):
        return max(day, facts.date_floor)
    return day


def zone_at(facts: ZoneFacts, instant: datetime) -> str:
    """The zone that holds at an instant."""
    return facts.next_zone if facts.next_zone and _changed(facts, instant) else facts.zone


def _changed(facts: ZoneFacts, instant: datetime) -> bool:
    return facts.next_zone_at is None or instant >= facts.next_zone_at


def change_zone(facts: ZoneFacts, new_zone: str, instant: datetime) -> ZoneFacts:
    """A new zone from the next local midnight on; until then, and for its date, nothing changes."""
    current = zone_at(facts, instant)
    today = local_date(facts, instant)
    if new_zone == current:
        return ZoneFacts(current, None, None, today)
    return ZoneFacts(current, new_zone, _midnight_after(current, instant), today)


def _midnight_after(zone: str, instant: datetime) -> datetime:
    """The first instant of a zone's next calendar date (which some zones begin at 01:00)."""
    here = ZoneInfo(zone)
    day = instant.astimezone(here).date()
    start = datetime.combine(day + timedelta(days=1), time(), here).astimezone(UTC)
    while start.astimezone(here).date() <= day:
        start += timedelta(minutes=15)
    return start


def monday(day: date) -> date:
    """The Monday that names a day's week."""
    return day - timedelta(days=day.weekday())


def part_of_day(hour: int) -> str:
    """morning 5–10, day 10–17, evening 17–23, night."""
    for until, part in ((5, "night"), (10, "morning"), (17, "day"), (23, "evening")):
        if hour < until:
            return part
    return "night"


def scheduled_days(
    week: date,
    working_days: int,
    holidays: AbstractSet[date],
    pause_weeks: AbstractSet[date],
    first: date | None = None,
    last: date | None = None,
) -> int:
    """Working days of someone in a week (its Monday), between their first and last day, both included."""
    if week in pause_weeks:
        return 0
    days = (week + timedelta(days=place) for place in range(7) if working_days >> place & 1)
    return sum(
        day not in holidays and (first is None or day >= first) and (last is None or day <= last)
        for day in days
    )


def full_time_days(week: date, holidays: AbstractSet[date]) -> int:
    """Monday to Friday without holidays."""
    return sum(week + timedelta(days=place) not in holidays for place in range(5))


def weight(scheduled: int, full_time: int) -> float:
    """Scheduled days over full-time days: at least 0.2, at most 1; 0 for nobody there or no scored week."""
    if not scheduled or not full_time:
        return 0.0
    return min(1.0, max(0.2, scheduled / full_time))


def is_neutral(
    week: date,
    working_days: int,
    holidays: AbstractSet[date],
    pause_weeks: AbstractSet[date],
    first: date | None = None,
) -> bool:
    """A pause week, or one with fewer than two scheduled working days, of someone there from `first` on."""
    return scheduled_days(week, working_days, holidays, pause_weeks, first) < 2
