"""When someone's reminder of the day is due, and whether they deserve it, as pure functions (product.md, "Reminders")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.people.hours import local_date, monday, zone_at
from app.people.windows import Hours, Window, instant_of, next_window
from app.push import choices

SLOTS = tuple(time.fromisoformat(slot) for slot in choices.SLOTS)
USUAL = SLOTS[1]
# So often must someone have come before it is a habit.
A_HABIT = 3
HALF_AFTER, STOP_AFTER = 3, 6
QUIET = timedelta(days=30)
COMEBACKS = 3


def slot_of(chosen: str | None, opened: Sequence[time]) -> time:
    """Someone's slot: their own choice, else the one nearest to when they mostly open Today, else 10:15.

    `opened` are local times of day.
    """
    if chosen:
        return time.fromisoformat(chosen)
    if len(opened) < A_HABIT:
        return USUAL
    return _nearest(SLOTS, sorted(opened)[len(opened) // 2])


def _nearest(slots: Sequence[time], wanted: time) -> time:
    return min(slots, key=lambda slot: abs(_minutes(slot) - _minutes(wanted)))


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def next_slot(hours: Hours, slot: time, after: datetime) -> datetime | None:
    """The first time for a reminder after an instant: the slot, or what comes nearest to it in that day's window."""
    window = next_window(hours, after)
    while window is not None:
        moment = _moment(hours, window, slot)
        if moment > after:
            return moment
        window = next_window(hours, window.end)
    return None


def _moment(hours: Hours, window: Window, slot: time) -> datetime:
    here = ZoneInfo(zone_at(hours.zone, window.start))
    day = window.start.astimezone(here).date()
    moments = {one: instant_of(datetime.combine(day, one), here) for one in (slot, *SLOTS)}
    inside = [one for one, moment in moments.items() if window.holds(moment)]
    return moments[_nearest(inside, slot)] if inside else window.start


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of someone when their slot has come.

    `reminded` are the local dates of reminders of the last two weeks; `unanswered` counts those sent since
    they last opened Today; `comebacks` those sent since we stopped.
    """

    hours: Hours
    wish: int
    reachable: bool
    has_stories: bool
    opened_at: datetime | None
    reminded_at: datetime | None
    reminded: Sequence[date] = ()
    unanswered: int = 0
    stopped: bool = False
    comebacks: int = 0


def deserves(who: Candidate, at: datetime) -> bool:
    """Whether this is the moment to remind someone: there is something for them, and it is not too much."""
    window = next_window(who.hours, at)
    if window is None or not window.holds(at) or not (who.reachable and who.has_stories and who.wish):
        return False
    if window.day in who.reminded or _has_opened(who, window.day):
        return False
    return _comes_back(who, at) if who.stopped or must_stop(who) else _has_room(who, window.day)


def must_stop(who: Candidate) -> bool:
    """Six in a row were left unanswered: from now on the app asks."""
    return who.unanswered >= STOP_AFTER


def _has_opened(who: Candidate, day: date) -> bool:
    return who.opened_at is not None and local_date(who.hours.zone, who.opened_at) >= day


def _comes_back(who: Candidate, at: datetime) -> bool:
    """After 30 quiet days one a month, three in all."""
    seen = [moment for moment in (who.opened_at, who.reminded_at) if moment is not None]
    return who.comebacks < COMEBACKS and all(at - moment >= QUIET for moment in seen)


def _has_room(who: Candidate, day: date) -> bool:
    """The week's wish is not used up; after three unanswered, half of it."""
    week = monday(day)
    this_week = sum(monday(one) == week for one in who.reminded)
    if who.unanswered < HALF_AFTER:
        return this_week < who.wish
    last_week = sum(monday(one) == week - timedelta(weeks=1) for one in who.reminded)
    return this_week < (who.wish + 1) // 2 and this_week + last_week < who.wish
