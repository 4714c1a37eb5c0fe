"""Give a shout-out, undo, deliver, correct and withdraw it; decide who sees it, and smile back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update

from app import outbox
from app.db import db, insert_once
from app.people.models import Membership, Person
from app.points.actions import pay_shoutout, take_back_all
from app.points.entries import Deed
from app.push import notices
from app.shoutouts import budget
from app.shoutouts.models import AUDIENCES, Receiver, Shoutout
from app.shoutouts.receivers import BUDGET, caps_of, may_be_thanked

TIME_TO_UNDO = timedelta(seconds=10)
TIME_TO_EDIT = timedelta(minutes=15)
# One that is delivered later than this after its time counts on the day when it is.
LATE = timedelta(days=1)


class CannotCount(Exception):
    """Points were promised that cannot be given: `caps` says to whom, and why."""

    def __init__(self, caps: Mapping[int, str]) -> None:
        super().__init__(caps)
        self.caps = caps


class Gone(Exception):
    """Somebody chosen may not be thanked: they have left, or it is oneself."""


class Undone(Exception):
    """This very form was sent, and taken back."""


@dataclass(frozen=True, slots=True)
class Gift:
    """A shout-out to be given. `to` says of each receiver whether points were promised for them."""

    giver_id: int
    to: Mapping[int, bool]
    did: str
    led: str
    values: Sequence[int]
    audience: str
    key: str


def give(gift: Gift, at: datetime) -> int:
    """Write a shout-out down, to be delivered in ten seconds; its id. The same key gives once.

    Nothing is given that is not as promised: raises CannotCount, Gone or Undone, and the caller's transaction
    must not be committed.
    """
    _one_at_a_time(gift.giver_id)
    shoutout_id = insert_once(
        Shoutout, giver_id=gift.giver_id, key=gift.key, did=gift.did, led=gift.led, audience=gift.audience,
        value_id=next(iter(gift.values), None), second_value_id=gift.values[1] if len(gift.values) > 1 else None,
        given_at=at, delivers_at=at + TIME_TO_UNDO,
    )  # fmt: skip
    if shoutout_id is None:
        return _given_before(gift)
    teams = _teams_of(gift)
    caps = _caps(gift, shoutout_id, at)
    for person_id in sorted(gift.to):
        insert_once(
            Receiver, shoutout_id=shoutout_id, person_id=person_id, team_id=teams[person_id],
            counted=caps[person_id] is None, cap=caps[person_id],
        )  # fmt: skip
    outbox.put("shoutout", step_key(shoutout_id), {"shoutout": shoutout_id}, at, at + TIME_TO_UNDO)
    return shoutout_id


def _one_at_a_time(giver_id: int) -> None:
    """What counts is decided for one of a giver's shout-outs after the other."""
    db.session.execute(select(Person.id).where(Person.id == giver_id).with_for_update(key_share=True))


def _given_before(gift: Gift) -> int:
    before = db.session.execute(
        select(Shoutout.id, Shoutout.undone_at).where(Shoutout.giver_id == gift.giver_id, Shoutout.key == gift.key)
    ).one()
    if before.undone_at:
        raise Undone
    return int(before.id)


def _teams_of(gift: Gift) -> dict[int, int | None]:
    """The receivers' teams. Raises Gone when there is somebody who may not be thanked."""
    current = (Membership.person_id == Person.id) & Membership.to_date.is_(None)
    rows = db.session.execute(
        select(Person.id, Membership.team_id)
        .outerjoin(Membership, current)
        .where(Person.id.in_(gift.to), may_be_thanked(gift.giver_id))
    ).all()
    if len(rows) != len(gift.to):
        raise Gone
    return {row.id: row.team_id for row in rows}


def _caps(gift: Gift, shoutout_id: int, at: datetime) -> dict[int, str | None]:
    """Why each receiver gets no points; None for those who are counted, all of them or none."""
    known = caps_of(gift.giver_id, gift.to, at)
    caps = {person_id: known.get(person_id) or (None if promised else BUDGET) for person_id, promised in gift.to.items()}
    if broken := {person_id: cap for person_id, cap in caps.items() if cap and gift.to[person_id]}:
        raise CannotCount(broken)
    counted = [person_id for person_id, cap in caps.items() if cap is None]
    if counted and not budget.take(gift.giver_id, shoutout_id, len(counted), at):
        raise CannotCount(dict.fromkeys(counted, BUDGET))
    return caps


def step_key(shoutout_id: int) -> str:
    """The key of the step that delivers it."""
    return f"shoutout:{shoutout_id}"


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
    """Correct the words, within a quarter of an hour; whether that was in time."""
    own = _own(shoutout_id, giver_id)
    return _change(own, Shoutout.given_at > at - TIME_TO_EDIT, did=did, led=led, edited_at=at)


def withdraw(shoutout_id: int, giver_id: int, at: datetime) -> bool:
    """Take it back after it was seen: the words go, a line stays, and its points and its cost are corrected."""
    if not _change(_own(shoutout_id, giver_id), Shoutout.delivers_at <= at, did="", led="", withdrawn_at=at):
        return False
    take_back_all(("shoutout", shoutout_id), at)
    budget.give_back(shoutout_id, at)
    outbox.take_back([step_key(shoutout_id)], at)
    for person_id in receivers_of(shoutout_id):
        notices.take_back(notice_key(shoutout_id, person_id), at)
    return True


def receivers_of(shoutout_id: int) -> Iterable[int]:
    """Who a shout-out is for, by id."""
    statement = select(Receiver.person_id).where(Receiver.shoutout_id == shoutout_id)
    return db.session.scalars(statement.order_by(Receiver.person_id)).all()


def open_it(shoutout_id: int, person_id: int, at: datetime) -> None:
    """The receiver has seen it, for the first time."""
    _answer(shoutout_id, person_id, Receiver.opened_at.is_(None), opened_at=at)


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


def _answer(shoutout_id: int, person_id: int, *which: ColumnElement[bool], **values: Any) -> None:
    mine = (Receiver.shoutout_id == shoutout_id) & (Receiver.person_id == person_id)
    db.session.execute(
        update(Receiver).where(mine, *which).values(**values), execution_options={"synchronize_session": False}
    )
