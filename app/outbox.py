"""What must happen outside: rows written with their cause, claimed under a lease, done once.

The row is the truth; huey only says when. A step is claimed, done, recorded; a worker that dies in between
leaves a row whose lease runs out, and the step is done again. What must not happen twice outside carries a
tag of its own (a push its Topic, a letter its Message-ID).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, delete, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime, db, insert_once

LEASE = timedelta(minutes=2)
KEPT = timedelta(days=14)


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
    """Write a step down, in the transaction of its cause. Its id, or None when the key was there."""
    return insert_once(
        Outgoing, kind=kind, key=key, payload=payload, state="waiting", created_at=at, due_at=due_at or at,
        expires_at=expires_at, tries=0,
    )  # fmt: skip


def claim(kind: str, at: datetime, most: int, lease: timedelta = LEASE) -> list[Claimed]:
    """Take up to `most` steps of a kind that are due and nobody's, the first due first. Needs `writing()`."""
    free = or_(Outgoing.leased_until.is_(None), Outgoing.leased_until <= at)
    wanted = (
        select(Outgoing)
        .where(Outgoing.kind == kind, Outgoing.state == "waiting", Outgoing.due_at <= at, free)
        .order_by(Outgoing.due_at, Outgoing.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    name, until = secrets.token_urlsafe(16), at + lease
    claimed = []
    for row in db.session.scalars(wanted):
        row.lease, row.leased_until, row.tries = name, until, row.tries + 1
        claimed.append(
            Claimed(row.id, row.key, row.kind, row.payload, row.tries, name, row.created_at, row.expires_at)
        )
    db.session.flush()
    return claimed


def done(step: Claimed, at: datetime, said: str = "") -> bool:
    """It has happened. Whether the step was still ours."""
    return _end(step, "done", at, said)


def failed(step: Claimed, at: datetime, said: str) -> bool:
    """It will never happen; `said` tells why in a few words, and nothing of anyone's."""
    return _end(step, "failed", at, said)


def dropped(step: Claimed, at: datetime, said: str) -> bool:
    """It is not wanted any more."""
    return _end(step, "dropped", at, said)


def _end(step: Claimed, state: str, at: datetime, said: str) -> bool:
    return _mine(step, state=state, ended_at=at, said=said[:200] or None, lease=None, leased_until=None)


def later(step: Claimed, due_at: datetime, said: str = "") -> bool:
    """Not now: it waits again, until `due_at`."""
    return _mine(step, due_at=due_at, said=said[:200] or None, lease=None, leased_until=None)


def _mine(step: Claimed, **values: Any) -> bool:
    changed = db.session.execute(
        update(Outgoing)
        .where(Outgoing.id == step.id, Outgoing.lease == step.lease, Outgoing.state == "waiting")
        .values(**values)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def take_back(keys: Sequence[str], at: datetime) -> int:
    """Its cause is gone: steps that nobody has begun are dropped; returns how many."""
    changed = db.session.execute(
        update(Outgoing)
        .where(Outgoing.key.in_(keys), Outgoing.state == "waiting", Outgoing.lease.is_(None))
        .values(state="dropped", ended_at=at, said="taken back")
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def forget_old(at: datetime) -> int:
    """Delete steps that ended 14 days ago; returns how many rows went."""
    old = db.session.execute(delete(Outgoing).where(Outgoing.ended_at < at - KEPT))
    return int(old.rowcount)  # type: ignore[attr-defined]  # a DELETE has a row count
