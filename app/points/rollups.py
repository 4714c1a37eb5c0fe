"""Roll-ups: what the ledger adds up to, by person and day, week, team-week and in all.

They are moved by difference in the transaction that writes an entry, and always equal a rebuild.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from app.db import Base, db, insert_once
from app.points.models import PersonDay, PersonTeamWeek, PersonTotal, PersonWeek, TeamWeek
from app.points.strength import strengths

# At most this many points a week and full-time place count for a team (product.md, "Team board").
MOST_A_WEEK = 40


@dataclass(frozen=True, slots=True)
class Line:
    """What of an entry moves roll-ups. `step` is 1, or -1 for a reversal."""

    person_id: int
    team_id: int | None
    code: str
    kind: str
    amount: int
    local_date: date
    week: date | None
    step: int
    share_counts: bool

    @classmethod
    def of(cls, entry: dict[str, Any]) -> "Line":
        """The line of an entry about to be, or just, written."""
        return cls(
            person_id=entry["person_id"],
            team_id=entry["team_id"],
            code=entry["code"],
            kind=entry["kind"],
            amount=entry["amount"],
            local_date=entry["local_date"],
            week=entry["scored_week"],
            step=1 if entry["reverses_id"] is None else -1,
            share_counts=entry["code"] == "SHARE" and entry["cap"] != "shares-a-day",
        )

    @property
    def is_deed(self) -> bool:
        """Active means one's own deed, and any deed but READ."""
        return self.kind == "self" and self.code != "READ"


def add(line: Line) -> None:
    """Move the roll-ups by one entry."""
    if line.week is not None:
        _add_to_day_and_week(line, line.week)
        if line.team_id is not None and line.kind != "bonus":
            _add_to_team(line, line.team_id, line.week)
    insert_once(PersonTotal, person_id=line.person_id, points=0)
    _raise(PersonTotal, {"person_id": line.person_id}, points=line.amount)


def _add_to_day_and_week(line: Line, week: date) -> None:
    day_key = {"person_id": line.person_id, "local_date": line.local_date}
    insert_once(PersonDay, **day_key, self_points=0, reads=0, shares=0, deeds=0)
    deeds_before = _read(PersonDay.deeds, day_key)
    deeds = line.step * line.is_deed
    _raise(
        PersonDay,
        day_key,
        self_points=line.amount * (line.kind == "self"),
        reads=line.step * (line.code == "READ"),
        shares=line.step * line.share_counts,
        deeds=deeds,
    )
    week_key = {"person_id": line.person_id, "week": week}
    insert_once(
        PersonWeek, **week_key, self_points=0, received_points=0, bonus_points=0, shares=0, active_days=0
    )
    _raise(
        PersonWeek,
        week_key,
        shares=line.step * line.share_counts,
        active_days=(deeds_before + deeds > 0) - (deeds_before > 0),
        **{f"{line.kind}_points": line.amount},
    )


def _add_to_team(line: Line, team_id: int, week: date) -> None:
    open_team_week(team_id, week)
    key = {"person_id": line.person_id, "team_id": team_id, "week": week}
    if insert_once(PersonTeamWeek, **key, points=0, deeds=0, weight=0) is not None:
        strength = strengths(week, [team_id]).get(team_id)
        _raise(PersonTeamWeek, key, weight=strength.weights.get(line.person_id, 0) if strength else 0)
    row = db.session.execute(
        select(PersonTeamWeek.points, PersonTeamWeek.deeds, PersonTeamWeek.weight)
        .filter_by(**key)
        .with_for_update()
    ).one()
    points, deeds = row.points + line.amount, row.deeds + line.step * line.is_deed
    _raise(PersonTeamWeek, key, points=line.amount, deeds=line.step * line.is_deed)
    before, after = team_part(row.points, row.deeds, row.weight), team_part(points, deeds, row.weight)
    _raise(
        TeamWeek, {"team_id": team_id, "week": week}, **{name: after[name] - before[name] for name in after}
    )


def open_team_week(team_id: int, week: date) -> None:
    """The team's row of a week, with its size and weight, unless it is there."""
    key = {"team_id": team_id, "week": week}
    if insert_once(TeamWeek, **key, size=0, weight=0, active=0, active_weight=0, capped_points=0) is None:
        return
    strength = strengths(week, [team_id]).get(team_id)
    if strength:
        _raise(TeamWeek, key, size=strength.size, weight=strength.weight)


def team_part(points: int, deeds: int, weight: int) -> dict[str, int]:
    """What one person adds to the team's week: counted people only, points capped at 40 a full-time place."""
    active = deeds > 0 and weight > 0
    return {
        "active": int(active),
        "active_weight": weight * active,
        "capped_points": min(points * 1000, MOST_A_WEEK * weight),
    }


def _read(column: Any, key: dict[str, Any]) -> int:
    return int(db.session.execute(select(column).filter_by(**key).with_for_update()).scalar_one())


def _raise(table: type[Base], key: dict[str, Any], **by: int) -> None:
    """Raise columns of one row by some numbers; those that stay are left alone."""
    changed = {name: getattr(table, name) + number for name, number in by.items() if number}
    if changed:
        db.session.execute(
            update(table).filter_by(**key).values(**changed),
            execution_options={"synchronize_session": False},
        )
