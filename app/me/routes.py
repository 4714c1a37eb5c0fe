"""The screen Me: one's own rhythm, points, settings and data."""

import json

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.given import number
from app.me import queries
from app.organisation.queries import facts
from app.people import choices, sign_ins
from app.people.hours import monday
from app.people.routes import signed_out
from app.points import caps
from app.points.explain import by_week, explained, sums
from app.points.levels import level_of
from app.points.weeks import rhythm_of
from app.stories.following import MOST, follow, followed
from app.stories.queries import topics as all_topics
from app.web import access, go_to, is_fragment, respond, toast

me = Blueprint("me", __name__)


@me.get("/me")
@access.signed_in
def me_page() -> Response:
    """Rhythm, level, and the way to all that is one's own."""
    day = current_user.local_date(clock.now())
    rhythm, active_days = rhythm_of(current_user, facts(current_user.organisation_version), day)
    earned = sums(current_user.id, day)
    return respond(
        "me/me.html",
        fragment="me/_rhythm.html",
        rhythm=rhythm,
        active_days=active_days,
        earned=earned,
        level=level_of(earned.total),
        stands=queries.stands(current_user._get_current_object(), clock.now()),
    )


@me.get("/me/points")
@access.signed_in
def points() -> Response:
    """Each entry explained: rule, version, evidence, cap, time."""
    entries, older = explained(current_user.id, request.args.get("before", type=number))
    day = current_user.local_date(clock.now())
    return respond(
        "me/points.html",
        weeks=by_week(entries),
        titles=queries.titles([one.entry for one in entries]),
        givers=queries.givers([one.entry for one in entries]),
        older=older,
        earned=sums(current_user.id, day),
        this_week=monday(day),
        caps=caps,
    )


@me.get("/me/settings")
@access.signed_in
def settings() -> Response:
    """Play mode, look, language, zone, and signing out."""
    return _settings()


def _settings(status: int = 200, error: str = "") -> Response:
    zone = current_user.zone_facts.next_zone or current_user.zone
    return respond(
        "me/settings.html",
        status=status,
        zone=zone,
        zones=choices.zones(zone),
        counts_clicks=choices.counts_clicks(current_user.id),
        error=error,
    )


@me.post("/me/choices/<what>")
@access.signed_in
def choose(what: str) -> AnyResponse:
    """One of the person's choices: goal, play mode, look or language."""
    if what not in choices.CHOICES:
        abort(404)
    given = request.form.get("value", "")
    try:
        with writing():
            choices.choose(current_user.id, what, _meant(what, given))
    except ValueError:
        return _settings(422, _("Choose one of those on the page."))
    if what == "weekly_goal":
        return go_to(url_for("me.me_page", _anchor="rhythm"))
    if what == "theme" and is_fragment():
        return Response(status=204)
    return go_to(url_for("me.settings"))


def _meant(what: str, given: str) -> object:
    if what == "counts_clicks":
        # A switch that is off sends nothing.
        return {"on": True, "": False}.get(given, given)
    return int(given) if what == "weekly_goal" and given.isdecimal() else given


@me.post("/me/zone")
@access.signed_in
def change_zone() -> AnyResponse:
    """Another zone, from the next local midnight."""
    try:
        with writing():
            begins = choices.change_zone(current_user, request.form.get("zone", ""), clock.now())
    except ValueError:
        return _settings(422, _("Choose one of the zones on the list."))
    if begins:
        toast(_("Your zone changes at %(time)s.", time=format_datetime(begins, "short")))
    return go_to(url_for("me.settings"))


@me.get("/me/topics")
@access.signed_in
def topics() -> Response:
    """The topics one wants to hear of."""
    return _topics(followed(current_user.id))


@me.post("/me/topics")
@access.signed_in
def follow_topics() -> AnyResponse:
    """Follow one to five."""
    wanted = set(request.form.getlist("topic", type=number))
    try:
        with writing():
            follow(current_user.id, wanted)
    except ValueError:
        return _topics(wanted, 422, _topics_wrong(len(wanted)))
    toast(_("Saved. Tomorrow’s stories follow your topics."))
    return go_to(url_for("me.me_page"))


def _topics_wrong(number: int) -> str:
    if number > MOST:
        return str(_("Choose at most %(most)s topics.", most=MOST))
    return str(_("Choose among the topics on the page.") if number else _("Choose at least one topic."))


def _topics(chosen: set[int], status: int = 200, error: str = "") -> Response:
    return respond(
        "me/topics.html", status=status, topics=all_topics(), chosen=chosen, error=error, most=MOST
    )


@me.get("/me/sign-ins")
@access.signed_in
def own_sign_ins() -> Response:
    """The devices one is signed in on."""
    return respond("me/sign_ins.html", sign_ins=sign_ins.open_sign_ins(current_user.id, clock.now()))


@me.post("/me/sign-ins/<int:sign_in_id>/end")
@access.signed_in
def end_sign_in(sign_in_id: int) -> AnyResponse:
    """Sign one device out, for good."""
    with writing():
        sign_ins.end(current_user.id, sign_in_id, clock.now())
    if sign_in_id == current_user.sign_in_id:
        return signed_out()
    toast(_("That device is signed out."))
    return go_to(url_for("me.own_sign_ins"))


@me.get("/me/stored")
@access.signed_in
def stored() -> Response:
    """What is stored of a person, why, how long and who sees it."""
    return respond("me/stored.html")


@me.get("/me/data")
@access.signed_in
def data() -> Response:
    """All of it as one JSON file."""
    content = json.dumps(queries.everything_of(current_user.id, clock.now()), ensure_ascii=False, indent=1)
    response = Response(content, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="fortael.json"'
    return response
