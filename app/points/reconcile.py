"""Do the roll-ups equal the ledger? And if not: build them anew from it.

Sums are compared by UNION ALL and GROUP BY, which stays fast at millions of entries. A week's weights
are facts of record: they are kept, and the sums that stand on them are checked.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)

from app.db import Base, db
from app.points.models import Entry, PersonDay, PersonTeamWeek, PersonTotal, PersonWeek, TeamWeek
from app.points.rollups import MOST_A_WEEK, open_team_week
from app.points.strength import strengths

STEP = case((Entry.reverses_id.is_(None), 1), else_=-1)
IS_SELF = Entry.kind == "self"
IS_DEED = and_(IS_SELF, Entry.code != "READ")
COUNTED_SHARE = and_(Entry.code == "SHARE", or_(Entry.cap.is_(None), Entry.cap != "shares-a-day"))


def _sum(of: Any, when: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((when, of), else_=0))


def _days() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Entry.person_id,
            Entry.local_date,
            _sum(Entry.amount, IS_SELF).label("self_points"),
            _sum(STEP, Entry.code == "READ").label("reads"),
            _sum(STEP, COUNTED_SHARE).label("shares"),
            _sum(STEP, IS_DEED).label("deeds"),
        )
        .where(Entry.scored_week.is_not(None))
        .group_by(Entry.person_id, Entry.local_date)
    )


def _weeks() -> Select[*tuple[Any, ...]]:
    days = (
        select(
            Entry.person_id,
            Entry.scored_week.label("week"),
            Entry.local_date,
            _sum(STEP, IS_DEED).label("deeds"),
        )
        .where(Entry.scored_week.is_not(None))
        .group_by(Entry.person_id, Entry.scored_week, Entry.local_date)
        .subquery()
    )
    active = (
        select(days.c.person_id, days.c.week, func.sum(case((days.c.deeds > 0, 1), else_=0)).label("days"))
        .group_by(days.c.person_id, days.c.week)
        .subquery()
    )
    sums = (
        select(
            Entry.person_id,
            Entry.scored_week.label("week"),
            _sum(Entry.amount, IS_SELF).label("self_points"),
            _sum(Entry.amount, Entry.kind == "received").label("received_points"),
            _sum(Entry.amount, Entry.kind == "bonus").label("bonus_points"),
            _sum(STEP, COUNTED_SHARE).label("shares"),
        )
        .where(Entry.scored_week.is_not(None))
        .group_by(Entry.person_id, Entry.scored_week)
        .subquery()
    )
    same = and_(active.c.person_id == sums.c.person_id, active.c.week == sums.c.week)
    return select(*sums.c, active.c.days.label("active_days")).join(active, same)


def _team_people() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Entry.person_id,
            Entry.team_id,
            Entry.scored_week.label("week"),
            func.sum(Entry.amount).label("points"),
            _sum(STEP, IS_DEED).label("deeds"),
        )
        .where(Entry.scored_week.is_not(None), Entry.team_id.is_not(None), Entry.kind != "bonus")
        .group_by(Entry.person_id, Entry.team_id, Entry.scored_week)
    )


def _teams() -> Select[*tuple[Any, ...]]:
    people = PersonTeamWeek
    active = and_(people.deeds > 0, people.weight > 0)
    capped = case(
        (people.points * 1000 < MOST_A_WEEK * people.weight, people.points * 1000),
        else_=MOST_A_WEEK * people.weight,
    )
    return select(
        people.team_id,
        people.week,
        _sum(1, active).label("active"),
        _sum(people.weight, active).label("active_weight"),
        func.sum(capped).label("capped_points"),
    ).group_by(people.team_id, people.week)


def _totals() -> Select[*tuple[Any, ...]]:
    return select(Entry.person_id, func.sum(Entry.amount).label("points")).group_by(Entry.person_id)


# Each roll-up: its table, its key, and what it must equal.
ROLLUPS: tuple[tuple[type[Base], tuple[str, ...], Any], ...] = (
    (PersonDay, ("person_id", "local_date"), _days),
    (PersonWeek, ("person_id", "week"), _weeks),
    (PersonTeamWeek, ("person_id", "team_id", "week"), _team_people),
    (TeamWeek, ("team_id", "week"), _teams),
    (PersonTotal, ("person_id",), _totals),
)


def differences() -> list[str]:
    """One line for each number in a roll-up that is not what the ledger adds up to; empty when all is well."""
    return [line for table, key, expected in ROLLUPS for line in _differences(table, key, expected())]


def _differences(
    table: type[Base], key: tuple[str, ...], expected: Select[*tuple[Any, ...]]
) -> Iterable[str]:
    wanted = expected.subquery()
    numbers = [column.name for column in wanted.c if column.name not in key]
    both = union_all(
        select(*(getattr(table, name) for name in key), *(getattr(table, name) for name in numbers)),
        select(*(wanted.c[name] for name in key), *((-wanted.c[name]).label(name) for name in numbers)),
    ).subquery()
    sums = [func.sum(both.c[name]).label(name) for name in numbers]
    keys = [both.c[name] for name in key]
    rows = db.session.execute(
        select(*keys, *sums).group_by(*keys).having(or_(*(total != 0 for total in sums))).order_by(*keys)
    )
    for row in rows:
        where = ", ".join(f"{name} {row._mapping[name]}" for name in key)
        for name in numbers:
            if row._mapping[name]:
                yield f"{table.__tablename__} ({where}): {name} is off by {int(row._mapping[name]):+d}"


def rebuild() -> int:
    """Build every roll-up anew from the ledger; returns the number of rows written.

    Weights of weeks that stand are kept; a week that has none yet is weighed now.
    """
    weights = _weights()
    team_weeks = {
        (row.team_id, row.week): (row.size, row.weight) for row in db.session.scalars(select(TeamWeek))
    }
    for table, _key, _expected in ROLLUPS:
        db.session.execute(delete(table))
    db.session.expire_all()
    for table, expected in ((PersonDay, _days), (PersonWeek, _weeks), (PersonTotal, _totals)):
        _fill(table, expected())
    _fill(PersonTeamWeek, _team_people().add_columns(literal(0).label("weight")))
    _weigh(weights)
    _rebuild_teams(team_weeks)
    return sum(db.session.scalar(select(func.count()).select_from(table)) or 0 for table, _k, _e in ROLLUPS)


def _fill(table: type[Base], rows: Select[*tuple[Any, ...]]) -> None:
    names = [column.name for column in rows.subquery().c]
    db.session.execute(insert(table).from_select(names, rows))


def _weights() -> dict[tuple[Any, ...], int]:
    rows = db.session.scalars(select(PersonTeamWeek))
    return {(row.person_id, row.team_id, row.week): row.weight for row in rows}


def _weigh(weights: dict[tuple[Any, ...], int]) -> None:
    known: dict[tuple[Any, ...], dict[int, int]] = {}
    for row in db.session.scalars(select(PersonTeamWeek)):
        key = (row.person_id, row.team_id, row.week)
        if key not in weights and (row.team_id, row.week) not in known:
            strength = strengths(row.week, [row.team_id]).get(row.team_id)
            known[row.team_id, row.week] = strength.weights if strength else {}
        row.weight = weights.get(key, known.get((row.team_id, row.week), {}).get(row.person_id, 0))
    db.session.flush()


def _rebuild_teams(team_weeks: dict[tuple[Any, ...], tuple[int, int]]) -> None:
    rows = {(row.team_id, row.week): row for row in db.session.execute(_teams())}
    for team_id, week in sorted(rows.keys() | team_weeks.keys()):
        open_team_week(team_id, week)
        kept = db.session.get_one(TeamWeek, (team_id, week))
        if (team_id, week) in team_weeks:
            kept.size, kept.weight = team_weeks[team_id, week]
        if sums := rows.get((team_id, week)):
            kept.active, kept.active_weight, kept.capped_points = (
                sums.active,
                sums.active_weight,
                sums.capped_points,
            )
    db.session.flush()
