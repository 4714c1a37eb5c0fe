"""Today, and what one may say to a story that is not for one."""

from datetime import date, datetime

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.feed import actions, queries
from app.fragments import part
from app.organisation.queries import Facts, facts
from app.people.hours import part_of_day
from app.people.viewer import Viewer
from app.points.weeks import rhythm_of
from app.push.messages import Sealer
from app.sharing.networks import name_of
from app.stories import actions as story_actions
from app.stories.cards import Look, cards
from app.stories.queries import open_story
from app.stories.questions import question_of
from app.web import access, go_to, respond, respond_filled, toast

feed = Blueprint("feed", __name__)


@feed.get("/")
@access.signed_in
def today() -> Response:
    """The day's few stories, one question, and then: done for today."""
    viewer = current_user._get_current_object()
    organisation = facts(viewer.organisation_version)
    now = clock.now()
    day = viewer.local_date(now)
    shown = _day(viewer, day, organisation.setting("stories_a_day", day), now)
    step, reached = _step(viewer, organisation, day)
    finished = all(slot.told for slot in shown.slots)
    return respond_filled(
        "feed/today.html",
        viewer.locale,
        viewer.theme,
        {
            "name": escape(viewer.first_name),
            "avatar": part("shared/_avatar.html", viewer.locale, avatar=viewer.avatar, name=viewer.name),
            "step": step,
            "untold": _untold(shown.untold, viewer.locale),
            "cards": Markup("").join(_cards(shown, viewer.locale, organisation.version)),
        },
        desk="/desk" if viewer.is_curator else "/desk/start" if viewer.is_admin else "",
        greeting=part_of_day(now.astimezone(viewer.zone_info).hour),
        promise=organisation.promise(viewer.locale),
        reached=reached,
        count=len(shown.slots),
        finished=finished,
        push_key=Sealer.of(current_app.config).public_key if finished and shown.may_ask else "",
        question=None if shown.answered else question_of(day, organisation.version),
    )


def _day(viewer: Viewer, day: date, slots: int, now: datetime) -> queries.Day:
    """The day as it stands: opened by the first look, and filled while a slot is empty."""
    shown = queries.day_of(viewer, day, now)
    if shown is None or (shown.filled < slots and actions.has_more(viewer, day, now)):
        with writing():
            actions.open_day(viewer, day, slots, now)
        shown = queries.day_of(viewer, day, now) or abort(503)
    return shown


def _step(viewer: Viewer, organisation: Facts, day: date) -> tuple[Markup, bool]:
    """The card of the week's small step (nothing when play is off), and whether the step is taken."""
    rhythm, active_days = rhythm_of(viewer, organisation, day)
    goal = viewer.weekly_goal
    drawn = part("feed/_step.html", viewer.locale, rhythm=rhythm, active_days=active_days, goal=goal)
    return drawn if viewer.play != "off" else Markup(""), active_days >= goal


def _untold(untold: queries.Untold | None, lang: str) -> Markup:
    """Was it shared? Asked until it is answered."""
    if untold is None:
        return Markup("")
    network = name_of(untold.network) if untold.network != "other" else ""
    return part("feed/_untold.html", lang, untold=untold, network=network)


def _cards(day: queries.Day, lang: str, version: int) -> list[Markup]:
    waiting = [slot for slot in day.slots if not slot.told] + [slot for slot in day.slots if slot.told]
    looks = [
        Look(
            slot.story_id, slot.version, large=place == 0 and not slot.told, saved=slot.saved, told=slot.told
        )
        for place, slot in enumerate(waiting)
    ]
    return cards(looks, lang, version)


@feed.get("/stories/<int:story_id>/dismissal")
@access.signed_in
def why_this_one(story_id: int) -> Response:
    """Why this story, and four ways to say *not for me*."""
    return _why(story_id)


@feed.post("/stories/<int:story_id>/dismissal")
@access.signed_in
def not_for_me(story_id: int) -> AnyResponse:
    """Hide a story from this person. Managers never see it."""
    open_story(current_user, story_id, clock.now()) or abort(404)
    reason = request.form.get("reason", "")
    if reason not in story_actions.REASONS:
        return _why(story_id, 422)
    opened = "opened" in request.form
    with writing():
        story_actions.say_not_for_me(current_user.id, story_id, reason, clock.now(), opened)
    toast(_("Hidden. You will not see it again."), undo=url_for("feed.bring_back", story_id=story_id))
    return go_to(url_for("feed.today"))


@feed.post("/stories/<int:story_id>/dismissal/undo")
@access.signed_in
def bring_back(story_id: int) -> AnyResponse:
    """Undo *not for me*."""
    open_story(current_user, story_id, clock.now()) or abort(404)
    with writing():
        story_actions.bring_back(current_user.id, story_id)
    return go_to(url_for("feed.today"))


def _why(story_id: int, status: int = 200) -> Response:
    now = clock.now()
    story = open_story(current_user, story_id, now) or abort(404)
    return respond(
        "feed/why.html",
        fragment="feed/_why.html",
        status=status,
        story=story,
        why=queries.why(current_user, current_user.local_date(now), story),
        error=_("Choose one of the four.") if status == 422 else "",
    )
