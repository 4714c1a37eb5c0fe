"""Questions about points."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.db import db
from app.points.models import Entry, PersonWeek, RuleVersion
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
