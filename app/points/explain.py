"""Entries told so that a person can follow each of them: its rule, evidence, cap and correction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.db import db
from app.people.hours import monday
from app.points.models import Entry, PersonDay, PersonTotal, PersonWeek, RuleVersion

PAGE = 50


@dataclass(frozen=True, slots=True)
class Explained:
    """An entry, the day its rule's version is valid from, and its reversal when there is one."""

    entry: Entry
    valid_from: date | None
    reversal: Entry | None


@dataclass(frozen=True, slots=True)
class Sums:
    """What a person has earned against the caps: today, this week, received, and in all."""

    total: int
    today: int
    week: int
    received: int


def explained(person_id: int, before: int | None = None) -> tuple[list[Explained], int | None]:
    """A page of entries, newest first, and the id that the next page comes before, if there is one."""
    statement = select(Entry).where(Entry.person_id == person_id, Entry.reverses_id.is_(None))
    if before:
        statement = statement.where(Entry.id < before)
    entries = db.session.scalars(statement.order_by(Entry.id.desc()).limit(PAGE + 1)).all()
    shown = entries[:PAGE]
    rules, reversals = _rules(), _reversals(shown)
    told = [
        Explained(entry, rules.get((entry.code, entry.rule_version)), reversals.get(entry.id))
        for entry in shown
    ]
    return told, shown[-1].id if len(entries) > PAGE else None


def _rules() -> Mapping[tuple[str, int], date]:
    rows = db.session.execute(select(RuleVersion.code, RuleVersion.version, RuleVersion.valid_from))
    return {(row.code, row.version): row.valid_from for row in rows}


def _reversals(entries: Sequence[Entry]) -> Mapping[int, Entry]:
    rows = db.session.scalars(select(Entry).where(Entry.reverses_id.in_([entry.id for entry in entries])))
    return {row.reverses_id: row for row in rows if row.reverses_id}


def by_week(told: Sequence[Explained]) -> list[tuple[date, list[Explained]]]:
    """Entries under the Monday of their own date's week, newest week first."""
    weeks: dict[date, list[Explained]] = {}
    for one in told:
        weeks.setdefault(monday(one.entry.local_date), []).append(one)
    return sorted(weeks.items(), reverse=True)


def sums(person_id: int, day: date) -> Sums:
    """A person's sums on a day, in one statement."""
    week = monday(day)
    total = select(PersonTotal.points).where(PersonTotal.person_id == person_id)
    today = select(PersonDay.self_points).where(PersonDay.person_id == person_id, PersonDay.local_date == day)
    of_week = [
        select(column).where(PersonWeek.person_id == person_id, PersonWeek.week == week)
        for column in (PersonWeek.self_points, PersonWeek.received_points)
    ]
    row = db.session.execute(select(*(part.scalar_subquery() for part in (total, today, *of_week)))).one()
    return Sums(*(number or 0 for number in row))
