"""Undo, deliver, correct and withdraw a shout-out; decide who sees it, and smile back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update

from app import outbox
from app.db import db
from app.points.actions import pay_shoutout, take_back_all
from app.points.entries import Deed, hold
from app.push import notices
from app.shoutouts import budget
from app.shoutouts.giving import step_key
from app.shoutouts.models import AUDIENCES, Receiver, Shoutout

TIME_TO_EDIT = timedelta(minutes=15)
# One that is delivered later than this after its time counts on the day when it is.
LATE = timedelta(days=1)


def notice_key(shoutout_id: int, person_id: int) -> str:
    """The key of what a receiver is told."""
    return f"shoutout:{shoutout_id}:{person_id}"


def undo(shoutout_id: int, giver_id: int, at: datetime) -> bool:
    """Take it back before anyone has seen it; whether that was in time. It costs nothing of the budget."""
    undone = _change(
        _own(shoutout_id, giver_id), Shoutout.delivers_at > at, Shoutout.delivered_at.is_(None), undone_at=at
    )
    if undone:
        outbox.take_back([step_key(shoutout_id)], at)
        budget.give_back(shoutout_id, at)
    return undone


def _own(shoutout_id: int, giver_id: int) -> ColumnElement[bool]:
    standing = Shoutout.undone_at.is_(None) & Shoutout.withdrawn_at.is_(None)
    return (Shoutout.id == shoutout_id) & (Shoutout.giver_id == giver_id) & standing


def _change(*which: ColumnElement[bool], **values: Any) -> bool:
    changed = db.session.execute(
        update(Shoutout).where(*which).values(**values), execution_options={"synchronize_session": False}
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def deliver(shoutout_id: int, at: datetime) -> bool:
    """Its time has come: pay. Whether it was delivered now; not when it is undone, withdrawn or delivered already."""
    delivered = _change(
        Shoutout.id == shoutout_id,
        Shoutout.delivers_at <= at,
        Shoutout.delivered_at.is_(None),
        Shoutout.undone_at.is_(None),
        Shoutout.withdrawn_at.is_(None),
        delivered_at=at,
    )
    if delivered:
        _pay(shoutout_id, at)
    return delivered


def _pay(shoutout_id: int, at: datetime) -> None:
    giver_id, due = db.session.execute(
        select(Shoutout.giver_id, Shoutout.delivers_at).where(Shoutout.id == shoutout_id)
    ).one()
    caps = {
        row.person_id: row.cap
        for row in db.session.execute(
            select(Receiver.person_id, Receiver.cap).where(Receiver.shoutout_id == shoutout_id)
        )
    }
    deed = Deed(giver_id, ("shoutout", shoutout_id), due if at - due < LATE else at, {"receivers": len(caps)})
    pay_shoutout(deed, caps)


def edit(shoutout_id: int, giver_id: int, did: str, led: str, at: datetime) -> bool:
    """Correct the words, within a quarter of an hour; whether that was in time. The old ones are told to nobody."""
    own = _own(shoutout_id, giver_id)
    corrected = _change(own, Shoutout.given_at > at - TIME_TO_EDIT, did=did, led=led, edited_at=at)
    if corrected:
        notices.forget_words([notice_key(shoutout_id, one) for one in receivers_of(shoutout_id)])
    return corrected


def withdraw(shoutout_id: int, giver_id: int, at: datetime) -> bool:
    """Take it back after it was seen: the words go, a line stays, and its points and its cost are corrected."""
    if not _change(_own(shoutout_id, giver_id), Shoutout.delivers_at <= at, did="", led="", withdrawn_at=at):
        return False
    # Steps are held before people, and all people at once, as by whoever delivers and pays.
    people = receivers_of(shoutout_id)
    told = [notice_key(shoutout_id, person_id) for person_id in people]
    outbox.take_back([step_key(shoutout_id), *map(notices.step_key, told)], at)
    hold({giver_id, *people})
    take_back_all(("shoutout", shoutout_id), at)
    budget.give_back(shoutout_id, at)
    for key in told:
        notices.take_back(key, at)
    notices.forget_words(told)
    notices.recall(told, at)
    return True


def receivers_of(shoutout_id: int) -> Sequence[int]:
    """Who a shout-out is for, by id."""
    statement = select(Receiver.person_id).where(Receiver.shoutout_id == shoutout_id)
    return db.session.scalars(statement.order_by(Receiver.person_id)).all()


def open_it(shoutout_id: int, person_id: int, at: datetime) -> None:
    """The receiver has seen it, for the first time: they need not be told any more."""
    if _answer(shoutout_id, person_id, Receiver.opened_at.is_(None), opened_at=at):
        notices.take_back(notice_key(shoutout_id, person_id), at)


def decide(shoutout_id: int, person_id: int, audience: str, at: datetime) -> None:
    """The receiver decides who may see it; they may do so again. Raises ValueError for what is not offered."""
    if audience not in AUDIENCES:
        raise ValueError(audience)
    _answer(shoutout_id, person_id, audience=audience)
    open_it(shoutout_id, person_id, at)


def smile(shoutout_id: int, person_id: int, at: datetime) -> None:
    """The receiver sends a smile back, once; the giver sees it."""
    _answer(shoutout_id, person_id, Receiver.smiled_at.is_(None), smiled_at=at)
    open_it(shoutout_id, person_id, at)


def _answer(shoutout_id: int, person_id: int, *which: ColumnElement[bool], **values: Any) -> bool:
    mine = (Receiver.shoutout_id == shoutout_id) & (Receiver.person_id == person_id)
    changed = db.session.execute(
        update(Receiver).where(mine, *which).values(**values),
        execution_options={"synchronize_session": False},
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count
