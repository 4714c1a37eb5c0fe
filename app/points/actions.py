"""Pay a deed, and take a payment back. Both write entries and roll-ups in the caller's transaction.

Caps are decided on the locked person-day and person-week rows. What the ledger's unique key refuses
was paid before, and moves nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select

from app.db import db, insert_once
from app.organisation import queries as organisation
from app.people.hours import monday
from app.points import rollups
from app.points.caps import Award, Earned, award, award_share
from app.points.models import Entry, PersonDay, PersonWeek
from app.points.payee import Payee, payee
from app.points.queries import rules
from app.points.rules import Rule, entry_key, kind_of, rule_on
from app.points.weeks import frozen_at

Row_ = TypeVar("Row_", PersonDay, PersonWeek)


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


def pay_reading(deed: Deed) -> list[Paid]:
    """READ: opened a story and said what they thought of it. Pays once for each story."""
    who = payee(deed.person_id, deed.at)
    if not who.plays:
        return []
    rule = rule_on(rules(), "READ", who.today)
    return _write(deed, who, [(rule, award(rule, _locked(who)))])


def pay_share(deed: Deed, in_own_words: bool) -> list[Paid]:
    """SHARE, and OWN when it is in own words. Pays once for each share."""
    who = payee(deed.person_id, deed.at)
    if not who.plays:
        return []
    known = rules()
    share = rule_on(known, "SHARE", who.today)
    own = rule_on(known, "OWN", who.today) if in_own_words else None
    paid_share, paid_own = award_share(share, own, _locked(who))
    awards = [(share, paid_share)]
    if own and paid_own:
        awards.append((own, paid_own))
    return _write(deed, who, awards)


def _locked(who: Payee) -> Earned:
    """What the person has earned so far, read from rows that nobody else can change until we commit."""
    week = monday(who.today)
    insert_once(PersonDay, person_id=who.id, local_date=who.today, self_points=0, reads=0, shares=0, deeds=0)
    insert_once(
        PersonWeek, person_id=who.id, week=week,
        self_points=0, received_points=0, bonus_points=0, shares=0, active_days=0,
    )  # fmt: skip
    day = _for_update(
        select(PersonDay).where(PersonDay.person_id == who.id, PersonDay.local_date == who.today)
    )
    wk = _for_update(select(PersonWeek).where(PersonWeek.person_id == who.id, PersonWeek.week == week))
    return Earned(
        self_today=day.self_points,
        self_week=wk.self_points,
        received_week=wk.received_points,
        reads_today=day.reads,
        shares_today=day.shares,
        shares_week=wk.shares,
    )


def _for_update(statement: Select[Row_]) -> Row_:
    return db.session.execute(
        statement.with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def _write(deed: Deed, who: Payee, awards: list[tuple[Rule, Award]]) -> list[Paid]:
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


def take_back(person_id: int, source: tuple[str, int], at: datetime) -> int:
    """Reverse each entry of a source that is not reversed yet; returns the points taken back.

    Before its week's freeze a reversal takes the original's week, team and date; after it, only the
    lifetime total changes.
    """
    who = payee(person_id, at)
    zone = organisation.facts().zone
    originals = db.session.scalars(
        select(Entry)
        .where(
            Entry.person_id == person_id,
            Entry.source_kind == source[0],
            Entry.source_id == source[1],
            Entry.reverses_id.is_(None),
        )
        .order_by(Entry.id)
    ).all()
    return sum(_reverse(original, who, zone, at) for original in originals)


def _reverse(original: Entry, who: Payee, zone: str, at: datetime) -> int:
    week = original.scored_week
    frozen = week is None or at >= frozen_at(week, zone)
    entry = _reversal(original, None if frozen else week, who.today if frozen else original.local_date, at)
    if insert_once(Entry, **entry) is None:
        return 0
    rollups.add(rollups.Line.of(entry))
    return original.amount


def _reversal(original: Entry, week: date | None, day: date, at: datetime) -> dict[str, Any]:
    return {
        "key": entry_key("REVERSAL", f"entry:{original.id}", original.person_id),
        "person_id": original.person_id,
        "team_id": original.team_id,
        "code": original.code,
        "kind": original.kind,
        "rule_version": original.rule_version,
        "amount": -original.amount,
        "full_amount": original.full_amount,
        "cap": original.cap,
        "source_kind": original.source_kind,
        "source_id": original.source_id,
        "evidence": None,
        "local_date": day,
        "zone": original.zone,
        "at": at,
        "scored_week": week,
        "reverses_id": original.id,
    }
