"""The administrator's people: found, looked at, changed, welcomed and seen off."""

from datetime import date
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import db, writing
from app.desk.people_forms import DAYS, DESKS, ROLES, cells_from, newcomer_from
from app.desk.routes import desk
from app.given import number
from app.organisation.queries import facts
from app.people import actions, lists, reasons, search
from app.people import queries as people
from app.people.enrolment import NotEnrolled, enrol_one, teams
from app.people.models import Membership, Person
from app.people.sheets import Problem
from app.people.team_tree import TeamTree
from app.web import access, go_to, respond, toast

Problems = dict[str, str]


@desk.get("/desk/people")
@access.admin
def people_list() -> Response:
    """Everyone who is employed, by name: found by words, and page by page."""
    words, show = request.args.get("q", "").strip()[:80], request.args.get("show", "all")
    if show not in search.SHOWN:
        abort(404)
    found, after = search.people(words, show, request.args.get("after", type=number))
    return respond(
        "desk/people.html", "desk/_people.html",
        found=found, after=after, words=words, show=show, numbers=search.numbers(),
        last=lists.last_imported(), summary=reasons.summary,
    )  # fmt: skip


@desk.get("/desk/people/new")
@access.admin
def new_person() -> Response:
    """An empty form."""
    return _form(None, _first_values(), {})


@desk.post("/desk/people")
@access.admin
def create_person() -> AnyResponse:
    """Someone begins, or comes back."""
    cells = newcomer_from(request.form, _tree())
    try:
        with writing():
            made = enrol_one(cells, clock.now(), today(), newcomer=True)
    except NotEnrolled as nothing:
        return _form(None, _typed(), _said(nothing.plan.problems), 422)
    toast(_("%(name)s is here now.", name=made.steps[0].name))
    person = people.by_email(made.steps[0].email)
    return go_to(url_for("desk.person", person_id=person.id if person else 0))


@desk.get("/desk/people/<int:person_id>")
@access.admin
def person(person_id: int) -> Response:
    """One person's facts. Never what they do here, and nothing that is theirs alone."""
    someone = employed_or_404(person_id)
    return _form(someone, _values(someone), {})


@desk.post("/desk/people/<int:person_id>")
@access.admin
def save_person(person_id: int) -> AnyResponse:
    """Change them: from today when it is the team."""
    someone = employed_or_404(person_id)
    cells = cells_from(request.form, someone.email, _tree())
    try:
        with writing():
            enrol_one(cells, clock.now(), today(), newcomer=False)
    except NotEnrolled as nothing:
        return _form(employed_or_404(person_id), _typed(), _said(nothing.plan.problems), 422)
    toast(_("Saved."))
    return go_to(url_for("desk.person", person_id=person_id))


@desk.get("/desk/people/<int:person_id>/departure")
@access.admin
def departure(person_id: int) -> Response:
    """What happens when someone leaves, before it does."""
    return _departure(employed_or_404(person_id))


@desk.post("/desk/people/<int:person_id>/departure")
@access.admin
def leave(person_id: int) -> AnyResponse:
    """They leave: sign-ins and push end at once, and whom they led get another manager."""
    someone, given = employed_or_404(person_id), request.form.get("heir", "").strip()
    heir = people.by_email(given) if given else None
    if given and (heir is None or heir.id == person_id):
        return _departure(someone, reasons.said("no-manager", {}))
    try:
        with writing():
            actions.leave(person_id, clock.now(), today(), heir.id if heir else None)
    except actions.LastAdmin:
        return _departure(someone, reasons.said("last-admin", {}))
    except actions.Circle:
        return _departure(someone, reasons.said("circle", {"names": given}))
    toast(_("%(name)s has left.", name=someone.name))
    return go_to(url_for("desk.people_list"))


def _departure(someone: Person, error: str = "") -> Response:
    return respond(
        "desk/departure.html", status=422 if error else 200, someone=someone, error=error,
        reports=search.reports(someone.id), managers=search.managers(),
        last_admin=actions.is_last_admin(someone.id),
    )  # fmt: skip


def employed_or_404(person_id: int) -> Person:
    """Someone who is employed; who has left is not shown."""
    someone = db.session.get(Person, person_id)
    return someone if someone and someone.left_at is None else abort(404)


def today() -> date:
    """The organisation's date."""
    return clock.today(facts(current_user.organisation_version).zone)


def _tree() -> TeamTree:
    return TeamTree(teams())


def _said(problems: list[Problem]) -> Problems:
    return {problem.column: reasons.said(problem.reason, problem.values) for problem in problems}


def _form(someone: Person | None, values: dict[str, Any], problems: Problems, status: int = 200) -> Response:
    return respond(
        "desk/person.html", status=status, someone=someone, values=values, problems=problems,
        teams=people.teams(), managers=search.managers(), roles=ROLES, desks=DESKS, days=DAYS,
    )  # fmt: skip


def _values(someone: Person) -> dict[str, Any]:
    team = db.session.query(Membership.team_id).filter_by(person_id=someone.id, to_date=None).scalar()
    manager = db.session.get(Person, someone.manager_id) if someone.manager_id else None
    held = {"manager": someone.is_manager, "leader": someone.is_leader, "admin": someone.is_admin}
    return {
        "name": someone.name, "email": someone.email, "title": someone.title, "title_en": someone.title_en or "",
        "team": str(team or ""), "manager": manager.email if manager else "",
        "role": [role for role in ROLES if held[role]], "curates_for": someone.curates_for or "",
        "day": [str(day) for day in DAYS if someone.working_days >> day - 1 & 1],
    }  # fmt: skip


def _first_values() -> dict[str, Any]:
    return {"day": [str(day) for day in range(1, 6)], "role": [], "language": "da"}


def _typed() -> dict[str, Any]:
    return {
        **request.form.to_dict(),
        "role": request.form.getlist("role"),
        "day": request.form.getlist("day"),
    }
