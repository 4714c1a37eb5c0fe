"""What the clock asks: remind those who deserve it, in small steps that may run twice at once."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, exists, false, insert, literal, select, update

from app.db import db, queue_for, writing
from app.people.models import Person
from app.push.choices import come_back, stop_reminding
from app.push.models import NextLook
from app.push.notices import Tiding, reminder_key, tell
from app.reminders.queries import Look, due_looks
from app.reminders.turns import deserves, must_stop, next_slot

AT_ONCE = 200
# For someone without any hours to come.
IDLE = timedelta(days=7)


def remind(at: datetime) -> int:
    """Take every look that is due by `at`; returns how many people are to be reminded."""
    enrol(at)
    told = 0
    while (taken := _take(at)) is not None:
        told += taken
    return told


def enrol(at: datetime) -> None:
    """Let everyone employed be looked at."""
    new = (
        select(Person.id, literal(at, NextLook.at.type), false())
        .where(Person.left_at.is_(None), ~exists().where(NextLook.person_id == Person.id))
        .order_by(Person.id)
    )
    if db.session.execute(new.limit(1)).first() is None:
        return
    with writing():
        queue_for(b"reminders")
        db.session.execute(insert(NextLook).from_select(["person_id", "at", "to_remind"], new))


def _take(at: datetime) -> int | None:
    """One page of looks: how many are to be reminded, or None when nobody is due."""
    with writing():
        looks = due_looks(at, AT_ONCE)
        if not looks:
            return None
        told = sum(_look(one, at) for one in looks)
        _move_on(looks, at)
        return told


def _look(one: Look, at: datetime) -> bool:
    """Write the day's reminder if they deserve it. Whether they did."""
    if not one.to_remind or not one.employed:
        return False
    has_stopped = one.who.stopped or must_stop(one.who)
    if has_stopped and not one.who.stopped:
        stop_reminding(one.person_id, at)
    if not deserves(one.who, at):
        return False
    if has_stopped:
        come_back(one.person_id)
    return tell(Tiding(one.person_id, "stories", reminder_key(one.person_id, one.today), "/"), at) is not None


def _move_on(looks: list[Look], at: datetime) -> None:
    here = [one for one in looks if one.employed]
    gone = [one.person_id for one in looks if not one.employed]
    if here:
        # The table's own statement, for many rows at once.
        moved = update(NextLook.__table__).where(NextLook.person_id == bindparam("who"))  # type: ignore[arg-type]  # a table
        db.session.connection().execute(
            moved.values(at=bindparam("next_at"), to_remind=bindparam("is_slot")),
            [_next(one, at) for one in here],
        )
    if gone:
        db.session.execute(delete(NextLook).where(NextLook.person_id.in_(gone)))


def _next(one: Look, at: datetime) -> dict[str, object]:
    slot = next_slot(one.who.hours, one.slot, at)
    return {"who": one.person_id, "next_at": slot or at + IDLE, "is_slot": slot is not None}
