"""Questions about points."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.db import db
from app.points.models import Entry, PersonTotal, PersonWeek, RuleVersion
from app.points.rules import Rule


def rules() -> tuple[Rule, ...]:
    """All versions of all rules."""
    rows = db.session.execute(
        select(
            RuleVersion.code,
            RuleVersion.version,
            RuleVersion.amount,
            RuleVersion.valid_from,
            RuleVersion.limits,
        )
    )
    return tuple(Rule(*row) for row in rows)


def lifetime(person_id: int) -> int:
    """A person's points in all."""
    return db.session.scalar(select(PersonTotal.points).where(PersonTotal.person_id == person_id)) or 0


def entries_of(person_id: int, before_id: int | None = None, limit: int = 50) -> Sequence[Entry]:
    """A person's entries and reversals, newest first."""
    statement = select(Entry).where(Entry.person_id == person_id)
    if before_id:
        statement = statement.where(Entry.id < before_id)
    return db.session.scalars(statement.order_by(Entry.id.desc()).limit(limit)).all()


def active_days(person_id: int, since: date) -> dict[date, int]:
    """Active days by week (its Monday), for weeks with a deed, from a Monday on."""
    rows = db.session.execute(
        select(PersonWeek.week, PersonWeek.active_days).where(
            PersonWeek.person_id == person_id, PersonWeek.week >= since, PersonWeek.active_days > 0
        )
    )
    return {row.week: row.active_days for row in rows}


def paid_for(person_id: int, source: tuple[str, int]) -> Sequence[Entry]:
    """What a source paid someone, reversals included."""
    return db.session.scalars(
        select(Entry)
        .where(Entry.person_id == person_id, Entry.source_kind == source[0], Entry.source_id == source[1])
        .order_by(Entry.id)
    ).all()
