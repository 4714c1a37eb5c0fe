"""Give a shout-out: as it was promised, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app import outbox
from app.db import db, insert_once
from app.people.models import Membership, Person
from app.shoutouts import budget
from app.shoutouts.models import Receiver, Shoutout
from app.shoutouts.receivers import BUDGET, caps_of, may_be_thanked

TIME_TO_UNDO = timedelta(seconds=10)


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
        select(Shoutout.id, Shoutout.undone_at).where(
            Shoutout.giver_id == gift.giver_id, Shoutout.key == gift.key
        )
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
    caps = {
        person_id: known.get(person_id) or (None if promised else BUDGET)
        for person_id, promised in gift.to.items()
    }
    if broken := {person_id: cap for person_id, cap in caps.items() if cap and gift.to[person_id]}:
        raise CannotCount(broken)
    counted = [person_id for person_id, cap in caps.items() if cap is None]
    if counted and not budget.take(gift.giver_id, shoutout_id, len(counted), at):
        raise CannotCount(dict.fromkeys(counted, BUDGET))
    return caps


def step_key(shoutout_id: int) -> str:
    """The key of the step that delivers it."""
    return f"shoutout:{shoutout_id}"
