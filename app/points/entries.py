"""Entries: locked for, and written with their roll-ups, in the caller's transaction.

Caps are decided on the locked person-day and person-week rows. What the ledger's unique key refuses
was paid before, and moves nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Select, select

from app.db import db, insert_once
from app.people.hours import monday
from app.people.models import Person
from app.points import rollups
from app.points.caps import Award, Earned
from app.points.models import Entry, PersonDay, PersonWeek, TeamWeek
from app.points.payee import Payee
from app.points.rules import Rule, entry_key, kind_of

Row_ = TypeVar("Row_", PersonDay, PersonWeek, TeamWeek)


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what, when. `source` is its record, such as ("share", 9); `evidence` holds numbers only."""

    person_id: int
    source: tuple[str, int]
    at: datetime
    evidence: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """An entry that was written now: its code, the points, and the cap that held it back, if any."""

    code: str
    amount: int
    cap: str | None


class Place(NamedTuple):
    """Where an entry moves roll-ups: whose, on which day, in which team."""

    person_id: int
    day: date
    team_id: int | None


def lock_all(places: Iterable[Place]) -> None:
    """Lock what the entries of several people will move: people, then their days and weeks, then teams' weeks.

    Everyone locks in this order, each by id, so that no two wait for each other.
    """
    wanted = sorted(set(places), key=lambda place: (place.person_id, place.day))
    hold({place.person_id for place in wanted})
    for place in wanted:
        locked(place.person_id, place.day)
    for team_id, week in sorted({(one.team_id, monday(one.day)) for one in wanted if one.team_id}):
        rollups.open_team_week(team_id, week)
        _for_update(select(TeamWeek).where(TeamWeek.team_id == team_id, TeamWeek.week == week))


def hold(people: Collection[int]) -> None:
    """Lock people, in the order of their ids."""
    rows = select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
    db.session.execute(rows.with_for_update(key_share=True)).all()


def locked(person_id: int, day: date) -> Earned:
    """What the person has earned so far, read from rows that nobody else can change until we commit."""
    week = monday(day)
    insert_once(PersonDay, person_id=person_id, local_date=day, self_points=0, reads=0, shares=0, deeds=0)
    insert_once(
        PersonWeek, person_id=person_id, week=week,
        self_points=0, received_points=0, bonus_points=0, shares=0, active_days=0,
    )  # fmt: skip
    today = _for_update(
        select(PersonDay).where(PersonDay.person_id == person_id, PersonDay.local_date == day)
    )
    wk = _for_update(select(PersonWeek).where(PersonWeek.person_id == person_id, PersonWeek.week == week))
    return Earned(
        self_today=today.self_points,
        self_week=wk.self_points,
        received_week=wk.received_points,
        reads_today=today.reads,
        shares_today=today.shares,
        shares_week=wk.shares,
    )


def _for_update(statement: Select[Row_]) -> Row_:
    return db.session.execute(
        statement.with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def write(deed: Deed, who: Payee, awards: list[tuple[Rule, Award]]) -> list[Paid]:
    """Write what is awarded for a deed; what was written before is left out of the answer."""
    paid = []
    for rule, given in awards:
        entry = _entry(deed, who, rule, given)
        if insert_once(Entry, **entry) is not None:
            rollups.add(rollups.Line.of(entry))
            paid.append(Paid(rule.code, given.amount, given.cap))
    return paid


def _entry(deed: Deed, who: Payee, rule: Rule, given: Award) -> dict[str, Any]:
    kind, identity = deed.source
    return {
        "key": entry_key(rule.code, f"{kind}:{identity}", who.id),
        "person_id": who.id,
        "team_id": who.team_id,
        "code": rule.code,
        "kind": kind_of(rule.code).value,
        "rule_version": rule.version,
        "amount": given.amount,
        "full_amount": rule.amount,
        "cap": given.cap,
        "source_kind": kind,
        "source_id": identity,
        "evidence": deed.evidence,
        "local_date": who.today,
        "zone": who.zone,
        "at": deed.at,
        "scored_week": monday(who.today),
        "reverses_id": None,
    }
