"""The screen Teams: this week, one's own team and those around it."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response
from flask_login import current_user

from app import clock
from app.boards import queries, score
from app.boards.score import Ranked
from app.language import language
from app.people.hours import monday
from app.web import access, respond

boards = Blueprint("boards", __name__)


@dataclass(frozen=True, slots=True)
class Board:
    """What a person sees of the week: their own team, its neighbours, and the first three."""

    own: Ranked | None
    around: list[Ranked]
    first: list[Ranked]


@boards.get("/teams")
@access.signed_in
def teams() -> Response:
    """The board of this week; provisional until it closes."""
    week = monday(current_user.local_date(clock.now()))
    board = None if current_user.play != "full" else _board(week)
    return respond("boards/teams.html", board=board, score=score, own=board.own if board else None)


@boards.get("/teams/how")
@access.signed_in
def how() -> Response:
    """How it is counted, with the own team's sum."""
    board = _board(monday(current_user.local_date(clock.now())))
    own = board.own if current_user.play == "full" else None
    return respond("boards/how.html", fragment="boards/_how.html", own=own, score=score)


def _board(week: date) -> Board:
    rows = score.ranked(queries.teams_of(week, language()))
    own = next((row for row in rows if row.team.team_id == current_user.team_id), None)
    around = score.around(rows, current_user.team_id or 0)
    return Board(own, around, rows[:3])
