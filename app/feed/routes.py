"""Today, and what one may say to a story that is not for one."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.feed import actions, queries
from app.language import language
from app.organisation.queries import facts
from app.people.hours import part_of_day
from app.points.weeks import rhythm_of
from app.stories import actions as story_actions
from app.stories.cards import Look, cards
from app.stories.queries import open_story, question_of
from app.web import access, go_to, respond, toast

feed = Blueprint("feed", __name__)


@feed.get("/")
@access.signed_in
def today() -> Response:
    """The day's few stories, one question, and then: done for today."""
    viewer = current_user._get_current_object()
    organisation = facts(viewer.organisation_version)
    now = clock.now()
    day = viewer.local_date(now)
    slots = organisation.setting("stories_a_day", day)
    shown = queries.day_of(viewer, day, now)
    if shown is None or (shown.filled < slots and actions.has_more(viewer, day, now)):
        with writing():
            actions.open_day(viewer, day, slots, now)
            actions.fill(viewer, day, slots, now)
        shown = queries.day_of(viewer, day, now) or abort(503)
    rhythm, active_days = rhythm_of(viewer, organisation, day)
    return respond(
        "feed/today.html",
        greeting=part_of_day(now.astimezone(viewer.zone_info).hour),
        cards=_cards(shown, organisation.version),
        day=shown,
        rhythm=rhythm,
        active_days=active_days,
        finished=all(slot.told for slot in shown.slots),
        question=None if shown.answered else question_of(day, organisation.version),
    )


def _cards(day: queries.Day, version: int) -> list[str]:
    waiting = [slot for slot in day.slots if not slot.told] + [slot for slot in day.slots if slot.told]
    looks = [
        Look(
            slot.story_id, slot.version, large=place == 0 and not slot.told, saved=slot.saved, told=slot.told
        )
        for place, slot in enumerate(waiting)
    ]
    return list(cards(looks, language(), version))


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
        reason=queries.reason_of(current_user, current_user.local_date(now), story_id),
        error=_("Choose one of the four.") if status == 422 else "",
    )
