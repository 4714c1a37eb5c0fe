"""What must happen outside: rows written with their cause, claimed under a lease, done once.

The row is the truth; huey only says when. A step is claimed, done, recorded; a worker that dies in between
leaves a row whose lease runs out, and the step is done again. What must not happen twice outside carries a
tag of its own (a push its Topic, a letter its Message-ID). What has ended keeps no payload.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    CursorResult,
    Index,
    String,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app import clockwork
from app.db import Base, UTCDateTime, db, insert_once

LEASE = timedelta(minutes=2)
KEPT = timedelta(days=14)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)


class Outgoing(Base):
    """One step to be done outside. `key` is unique: the same cause is written once.

    It waits from `due_at`, is dropped after `expires_at`, and belongs to whoever claimed it until `leased_until`.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed', 'dropped')", name="state"),
        Index(
            "ix_outbox_waiting", "kind", "due_at",
            sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_outbox_ended_at", "ended_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lease: Mapped[str | None] = mapped_column(String(22))
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    said: Mapped[str | None] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A step that is ours until its lease runs out. `tries` counts this one."""

    id: int
    key: str
    kind: str
    payload: dict[str, Any]
    tries: int
    lease: str
    created_at: datetime
    expires_at: datetime | None


def put(
    kind: str,
    key: str,
    payload: dict[str, Any],
    at: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> int | None:
    """Write a step down, in the transaction of its cause. Its id, or None when the key was there.

    The worker is woken when it is due soon; a step that is not taken before `expires_at` is dropped unseen.
    """
    due_at = due_at or at
    step_id = insert_once(
        Outgoing, kind=kind, key=key, payload=payload, state="waiting", created_at=at, due_at=due_at,
        expires_at=expires_at, tries=0,
    )  # fmt: skip
    if step_id is not None:
        clockwork.wake_in((due_at - at).total_seconds())
    return step_id


def is_due(kind: str, at: datetime) -> bool:
    """Whether there is a step to claim. Only reads."""
    return db.session.scalar(select(Outgoing.id).where(*_free(kind, at)).limit(1)) is not None


def claim(kind: str, at: datetime, most: int, lease: timedelta = LEASE) -> list[Claimed]:
    """Take up to `most` steps of a kind that are due and nobody's, the first due first. Needs `writing()`.

    Those that have expired are dropped instead.
    """
    expired = _ended("dropped", at, "too late")
    _changed(update(Outgoing).where(_first(kind, at, None, Outgoing.expires_at <= at)).values(expired))
    name = secrets.token_urlsafe(16)
    taken = (
        update(Outgoing)
        .where(_first(kind, at, most))
        .values(lease=name, leased_until=at + lease, tries=Outgoing.tries + 1)
        .returning(*Outgoing.__table__.c)
        .execution_options(synchronize_session=False)
    )
    rows = sorted(db.session.execute(taken), key=lambda row: (row.due_at, row.id))
    return [
        Claimed(row.id, row.key, row.kind, row.payload, row.tries, name, row.created_at, row.expires_at)
        for row in rows
    ]


def _first(kind: str, at: datetime, most: int | None, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """The first due of those that are nobody's, and that nobody is looking at in a transaction of their own."""
    due = select(Outgoing.id).where(*_free(kind, at), *more).order_by(Outgoing.due_at, Outgoing.id)
    return Outgoing.id.in_(select(due.limit(most).with_for_update(skip_locked=True).cte("first").c.id))


def _free(kind: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Outgoing.kind == kind, Outgoing.state == "waiting", Outgoing.due_at <= at, _nobodys(at))


def _nobodys(at: datetime) -> ColumnElement[bool]:
    return or_(Outgoing.leased_until.is_(None), Outgoing.leased_until <= at)


def done(step: Claimed, at: datetime, said: str = "") -> bool:
    """It has happened. Whether the step was still ours."""
    return _mine(step, _ended("done", at, said))


def failed(step: Claimed, at: datetime, said: str) -> bool:
    """It will never happen; `said` tells why in a few words, and nothing of anyone's."""
    return _mine(step, _ended("failed", at, said))


def dropped(step: Claimed, at: datetime, said: str) -> bool:
    """It is not wanted any more."""
    return _mine(step, _ended("dropped", at, said))


def later(step: Claimed, due_at: datetime, said: str = "") -> bool:
    """Not now: it waits again, until `due_at`."""
    return _mine(step, {"due_at": due_at, "said": said[:200] or None, "lease": None, "leased_until": None})


def _ended(state: str, at: datetime, said: str) -> dict[str, Any]:
    return {
        "state": state, "ended_at": at, "said": said[:200] or None, "payload": {}, "lease": None, "leased_until": None
    }  # fmt: skip


def _mine(step: Claimed, values: dict[str, Any]) -> bool:
    """Change the step only while it is ours: a lease that ran out may be somebody else's by now."""
    ours = (Outgoing.id == step.id, Outgoing.lease == step.lease, Outgoing.state == "waiting")
    return bool(_changed(update(Outgoing).where(*ours).values(values)))


def put_off(step: Claimed, at: datetime) -> bool:
    """It met trouble of our own: it waits twice as long each time, up to an hour, and is in nobody's way."""
    return later(
        step, at + min(FIRST_PAUSE * 2 ** min(step.tries - 1, 10), LONGEST_PAUSE), "trouble of our own"
    )


def take_back(keys: Sequence[str], at: datetime) -> int:
    """Its cause is gone: steps that nobody is doing just now are dropped; returns how many."""
    waiting = (Outgoing.key.in_(keys), Outgoing.state == "waiting", _nobodys(at))
    return _changed(update(Outgoing).where(*waiting).values(_ended("dropped", at, "taken back")))


def take_back_all(kind: str, keys: Sequence[str], at: datetime) -> int:
    """The same for steps of a kind that have these keys, or keys that go on after them with a colon."""
    values = _ended("dropped", at, "taken back")
    return _changed(update(Outgoing).where(*_still(kind, keys), _nobodys(at)).values(values))


def rewrite(kind: str, keys: Sequence[str], change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change what they carry, also of those that somebody is doing just now: they may be done again."""
    held = select(Outgoing).where(*_still(kind, keys)).order_by(Outgoing.id).with_for_update()
    for step in db.session.scalars(held.execution_options(populate_existing=True)):
        step.payload = change(step.payload)
    db.session.flush()


def _still(kind: str, keys: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    longer = (Outgoing.key.startswith(f"{key}:", autoescape=True) for key in keys)
    return (Outgoing.kind == kind, Outgoing.state == "waiting", or_(Outgoing.key.in_(keys), *longer))


def forget_old(at: datetime) -> int:
    """Delete steps that ended 14 days ago; returns how many rows went."""
    return _changed(delete(Outgoing).where(Outgoing.ended_at < at - KEPT))


def _changed(statement: Any) -> int:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0


def status(at: datetime) -> list[tuple[str, str, int, datetime]]:
    """How many steps stand how: kind, state, number, and when the first of them was due. What is due is "due"."""
    state = case((and_(Outgoing.state == "waiting", Outgoing.due_at <= at), "due"), else_=Outgoing.state)
    counted = select(Outgoing.kind, state, func.count(), func.min(Outgoing.due_at)).group_by(
        Outgoing.kind, state
    )
    return [tuple(row) for row in db.session.execute(counted.order_by(Outgoing.kind, state))]
