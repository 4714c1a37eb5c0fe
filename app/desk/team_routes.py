"""The teams of the organisation, as a tree."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.db import db, writing
from app.desk.routes import desk
from app.given import number
from app.people import queries as people
from app.people import reasons, teams
from app.people.models import Team
from app.people.written import Unreadable
from app.web import access, go_to, respond, toast

FIELDS = {"no-team": "parent", "no-path": "parent", "inside-itself": "parent"}


@desk.get("/desk/teams")
@access.admin
def team_list() -> Response:
    """All teams under each other, with how many people each has."""
    return _teams()


@desk.post("/desk/teams")
@access.admin
def create_team() -> AnyResponse:
    """One more team."""
    try:
        with writing():
            made = teams.found(*_given())
            name = made.name
    except Unreadable as wrong:
        return _teams(wrong)
    toast(_("%(name)s is here now.", name=name))
    return go_to(url_for("desk.team_list"))


@desk.get("/desk/teams/<int:team_id>")
@access.admin
def team(team_id: int) -> Response:
    """One team: its name, and the team above it."""
    return _team(_team_or_404(team_id))


@desk.post("/desk/teams/<int:team_id>")
@access.admin
def save_team(team_id: int) -> AnyResponse:
    """Rename it, or move it with all below it."""
    _team_or_404(team_id)
    try:
        with writing():
            teams.change(team_id, *_given())
    except Unreadable as wrong:
        return _team(_team_or_404(team_id), wrong)
    toast(_("Saved."))
    return go_to(url_for("desk.team_list"))


def _given() -> tuple[str, str, int | None]:
    """Name, English name and parent. Raises Unreadable for a parent that is none."""
    chosen = request.form.get("parent", "")
    parent = request.form.get("parent", type=number)
    if chosen and (parent is None or db.session.get(Team, parent) is None):
        raise Unreadable("no-team")
    return request.form.get("name", ""), request.form.get("name_en", ""), parent or None


def _problems(wrong: Unreadable | None) -> dict[str, str]:
    return {FIELDS.get(wrong.reason, "name"): reasons.said(wrong.reason, wrong.values)} if wrong else {}


def _teams(wrong: Unreadable | None = None) -> Response:
    return respond(
        "desk/teams.html", status=422 if wrong else 200, teams=people.teams(), sizes=teams.sizes(),
        problems=_problems(wrong), values=request.form,
    )  # fmt: skip


def _team(one: Team, wrong: Unreadable | None = None) -> Response:
    here = {"name": one.name, "name_en": one.name_en or "", "parent": str(one.parent_id or "")}
    values: Any = request.form if wrong else here
    above = [team for team in people.teams() if not team.path.startswith(one.path)]
    return respond(
        "desk/team.html", status=422 if wrong else 200, team=one, teams=above,
        problems=_problems(wrong), values=values,
    )  # fmt: skip


def _team_or_404(team_id: int) -> Team:
    return db.session.get(Team, team_id) or abort(404)
