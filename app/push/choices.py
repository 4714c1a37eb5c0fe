"""What people choose about being told. Nobody else sees it."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import Integer, bindparam, exists, update

from app.db import db, insert_once
from app.people.windows import EARLIEST, LATEST
from app.push.models import NextLook, PushChoices

SLOTS = ("08:45", "10:15", "12:15", "14:30")
SHORTEST = timedelta(minutes=30)
A_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
CHOICES: dict[str, tuple[object, ...]] = {
    "stories_a_week": (0, 1, 2, 3, 4, 5),
    "slot": (None, *SLOTS),
    "shoutouts": (False, True),
    "detail": (False, True),
    "by_mail": (False, True),
}
Day = tuple[str, str] | None


class HoursRefused(Exception):
    """Hours that cannot be: on which day (from Monday, 0), and why: "time", "short" or "night"."""

    def __init__(self, day: int, why: str) -> None:
        super().__init__(day, why)
        self.day, self.why = day, why


def choices_of(person_id: int) -> PushChoices:
    """What someone has chosen; who has chosen nothing has the defaults."""
    return db.session.get(PushChoices, person_id) or PushChoices(
        person_id=person_id, stories_a_week=2, slot=None, hours=None, at_night=False, shoutouts=True,
        detail=False, by_mail=True, asked_at=None, stopped_at=None, comebacks=0,
    )  # fmt: skip


# Whether reminders have stopped, and the app asks if they are wanted again.
STOPPED = exists().where(
    PushChoices.person_id == bindparam("person_id", type_=Integer), PushChoices.stopped_at.is_not(None)
)


def choose(person_id: int, what: str, value: object, at: datetime) -> None:
    """Set one of CHOICES. Raises ValueError for a value that it does not offer."""
    if value not in CHOICES[what]:
        raise ValueError(value)
    _set(person_id, at, **{what: value})


def choose_hours(person_id: int, days: Sequence[Day], at_night: bool, at: datetime) -> None:
    """Own hours: seven pairs of local times from Monday, such as ("08:30", "16:00"), or None.

    Raises HoursRefused when a day's end is not at least 30 minutes after its beginning, or when it reaches
    into the time between 20:00 and 07:00 without `at_night`.
    """
    for number, day in enumerate(days):
        if day is not None:
            _check(number, day, at_night)
    _set(person_id, at, hours=[list(day) if day else None for day in days], at_night=at_night)


def _check(number: int, day: tuple[str, str], at_night: bool) -> None:
    if not all(A_TIME.fullmatch(moment) for moment in day):
        raise HoursRefused(number, "time")
    start, end = (time.fromisoformat(moment) for moment in day)
    if _length(start, end) < SHORTEST:
        raise HoursRefused(number, "short")
    if not at_night and (start < EARLIEST or end > LATEST):
        raise HoursRefused(number, "night")


def _length(start: time, end: time) -> timedelta:
    return timedelta(hours=end.hour - start.hour, minutes=end.minute - start.minute)


def forget_hours(person_id: int, at: datetime) -> None:
    """Back to the default hours on one's working days."""
    _set(person_id, at, hours=None, at_night=False)


def answer(person_id: int, at: datetime) -> None:
    """They have said yes or no to being told anything: it is not asked again."""
    _set(person_id, at, asked_at=at)


def go_on(person_id: int, at: datetime) -> None:
    """Reminders stopped because nobody answered; now they are wanted again."""
    _set(person_id, at, stopped_at=None, comebacks=0)


def stop_reminding(person_id: int, at: datetime) -> None:
    """Six reminders were left unanswered: no more until the person says so, or a comeback."""
    insert_once(PushChoices, person_id=person_id)
    db.session.execute(
        update(PushChoices)
        .where(PushChoices.person_id == person_id, PushChoices.stopped_at.is_(None))
        .values(stopped_at=at)
    )


def come_back(person_id: int) -> None:
    """One more reminder since we stopped."""
    mine = update(PushChoices).where(PushChoices.person_id == person_id)
    db.session.execute(mine.values(comebacks=PushChoices.comebacks + 1))


def _set(person_id: int, at: datetime, **values: object) -> None:
    """Keep a choice, and let the next reminder be planned anew."""
    insert_once(PushChoices, person_id=person_id)
    db.session.execute(update(PushChoices).where(PushChoices.person_id == person_id).values(values))
    db.session.execute(update(NextLook).where(NextLook.person_id == person_id).values(at=at, to_remind=False))
