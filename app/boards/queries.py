"""The week's board, from the roll-ups, in one statement and, in a week's first hours, a second."""

from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, select
from sqlalchemy import Row as AnyRow

from app.boards.score import SMALLEST_TEAM, TeamWeek
from app.db import db
from app.people.models import Team
from app.points import strength
from app.points.models import TeamWeek as Row

TEAMS = (
    select(
        Team.id,
        Team.name,
        Team.name_en,
        Row.size,
        Row.weight,
        Row.active,
        Row.active_weight,
        Row.capped_points,
    )
    .select_from(Team)
    .outerjoin(Row, (Row.team_id == Team.id) & (Row.week == bindparam("week", type_=Date)))
    .order_by(Team.id)
)


def teams_of(week: date, lang: str) -> list[TeamWeek]:
    """All teams of at least five counted people in a week, those without a deed at nought."""
    rows = db.session.execute(TEAMS, {"week": week}).all()
    unopened = [row.id for row in rows if row.size is None]
    strengths = strength.strengths(week, unopened) if unopened else {}
    teams = [_team(row, strengths.get(row.id), lang) for row in rows]
    return [team for team in teams if team.size >= SMALLEST_TEAM and team.weight]


def _team(row: AnyRow[*tuple[Any, ...]], strong: strength.Strength | None, lang: str) -> TeamWeek:
    name = (lang == "en" and row.name_en) or row.name
    if row.size is not None:
        return TeamWeek(row.id, name, row.size, row.weight, row.active, row.active_weight, row.capped_points)
    return TeamWeek(row.id, name, strong.size if strong else 0, strong.weight if strong else 0)
