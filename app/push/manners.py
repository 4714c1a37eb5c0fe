"""Whether someone may be told something now, as a pure function over an instant (product.md, "Reminders")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.people.hours import local_date, monday
from app.people.windows import Hours, Window, next_window

A_DAY, A_WEEK = 2, 5
STORIES_A_DAY = 1
LATE = timedelta(hours=24)
TEST_LIVES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Told:
    """Something that someone was told: its kind, and their local date then. Tests are left out."""

    kind: str
    day: date


@dataclass(frozen=True, slots=True)
class Receiver:
    """What is known of the one to be told. `has_more`: other news waits for them at the same moment."""

    hours: Hours
    stories_a_week: int = 2
    shoutouts: bool = True
    employed: bool = True
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """Tell it now; it is worth something until `until`. Over the caps it may only go as a letter."""

    until: datetime
    by_push: bool = True


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: decide again at `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """Bundle it with what else waits, to be told at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """Never tell it, and why."""

    why: str


Decision = Send | Wait | Digest | Drop


def decide(kind: str, at: datetime, since: datetime, who: Receiver, told: Sequence[Told]) -> Decision:
    """What becomes at `at` of something to be told since `since`, to someone who was told `told` before.

    `told` goes back at least to the Monday of the week. Reminders are for their own day, and are dropped
    when it is over; news waits for the next window and then comes bundled, if it is late or too much.
    """
    if not who.employed:
        return Drop("left")
    if kind == "test":
        return Send(at + TEST_LIVES)
    if not (who.stories_a_week if kind == "stories" else who.shoutouts):
        return Drop("not wanted")
    window = next_window(who.hours, at)
    if window is None:
        return Drop("no hours")
    if kind == "stories":
        return _reminder(at, since, window, who, told)
    if not window.holds(at):
        return Wait(window.start)
    return _digest(window, who, told) if kind == "digest" else _news(at, since, window, who, told)


def _reminder(at: datetime, since: datetime, window: Window, who: Receiver, told: Sequence[Told]) -> Decision:
    if not window.holds(at) or local_date(who.hours.zone, since) != window.day:
        return Drop("late")
    reminded = [one for one in told if one.kind == "stories"]
    as_wished = _is_full(reminded, window.day, STORIES_A_DAY, who.stories_a_week)
    if as_wished or _is_full(told, window.day, A_DAY, A_WEEK):
        return Drop("enough")
    return Send(window.end)


def _news(at: datetime, since: datetime, window: Window, who: Receiver, told: Sequence[Told]) -> Decision:
    if _is_full(told, window.day, A_DAY, A_WEEK):
        return Digest(_after(window, who))
    if who.has_more or at - since > LATE:
        return Digest(at)
    return Send(window.end)


def _digest(window: Window, who: Receiver, told: Sequence[Told]) -> Decision:
    """One a day: by push while the caps allow, else as a letter."""
    if any(one.kind == "digest" and one.day == window.day for one in told):
        return Wait(_after(window, who))
    return Send(window.end, by_push=not _is_full(told, window.day, A_DAY, A_WEEK))


def _is_full(told: Sequence[Told], day: date, a_day: int, a_week: int) -> bool:
    """Whether as much was told on a day, or in its ISO week, as may be."""
    this_week = [one.day for one in told if monday(one.day) == monday(day)]
    return this_week.count(day) >= a_day or len(this_week) >= a_week


def _after(window: Window, who: Receiver) -> datetime:
    """When the next window begins; in a day, to look again, if none is known."""
    following = next_window(who.hours, window.end)
    return following.start if following else window.end + LATE
