"""The organisation's own screens: what it says of itself, and the settings with their days."""

from datetime import timedelta
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import db, writing
from app.desk.organisation_forms import about_from, day_from, said
from app.desk.people_routes import today
from app.desk.routes import desk
from app.organisation import actions, settings
from app.organisation.models import Organisation
from app.organisation.named import MOST_PURPOSES, Refused
from app.organisation.queries import DEFAULTS, facts
from app.people.choices import zones
from app.stories.queries import topics
from app.stories.questions import questions
from app.web import access, go_to, respond, toast


@desk.get("/desk/organisation")
@access.admin
def organisation() -> Response:
    """The way to all that the organisation decides, with what it has decided."""
    decided = facts(current_user.organisation_version)
    asked = [question for question in questions() if question.retired_at is None]
    return respond(
        "desk/organisation.html", decided=decided, topics=topics(), questions=asked, most=MOST_PURPOSES,
        stories=decided.setting("stories_a_day", today()),
    )  # fmt: skip


@desk.get("/desk/organisation/about")
@access.admin
def about() -> Response:
    """Name, promise, disclosure line, language and zone."""
    row = db.session.get_one(Organisation, 1)
    return _about(
        {column.key: getattr(row, column.key) or "" for column in Organisation.__table__.columns}, {}
    )


@desk.post("/desk/organisation/about")
@access.admin
def save_about() -> AnyResponse:
    """Change them; every page follows at once."""
    changed, problems = about_from(request.form)
    if problems:
        return _about(request.form, problems, 422)
    with writing():
        actions.describe(**changed)
    toast(_("Saved."))
    return go_to(url_for("desk.organisation"))


def _about(values: Any, problems: dict[str, str], status: int = 200) -> Response:
    offered = zones(facts(current_user.organisation_version).zone)
    return respond("desk/about.html", status=status, values=values, problems=problems, zones=offered)


@desk.get("/desk/organisation/settings")
@access.admin
def organisation_settings() -> Response:
    """Each setting with its default, what holds today, and what will."""
    return _settings()


@desk.post("/desk/organisation/settings/<key>")
@access.admin
def change_setting(key: str) -> AnyResponse:
    """A setting's value from a day to come."""
    if key not in DEFAULTS:
        abort(404)
    given: Any = request.form.to_dict() if key == "utm" else request.form.get("value", "").strip()
    try:
        with writing():
            settings.change(key, given, day_from(request.form), today(), clock.now())
    except Refused as wrong:
        return _settings(key, said(wrong))
    toast(_("Saved. It holds from the day you chose."))
    return go_to(url_for("desk.organisation_settings"))


def _settings(key: str = "", problem: str = "") -> Response:
    decided, day = facts(current_user.organisation_version), today()
    return respond(
        "desk/settings.html", status=422 if problem else 200, ranges=settings.RANGES, tags=settings.TAGS, defaults=DEFAULTS,
        now={name: decided.setting(name, day) for name in DEFAULTS}, problems={key: problem}, tomorrow=day + timedelta(days=1),
        to_come={name: [one for one in decided.settings.get(name, []) if one[0] > day] for name in DEFAULTS},
    )  # fmt: skip
