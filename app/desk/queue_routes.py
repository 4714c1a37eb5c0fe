"""The queue: what waits is published, scheduled, made a draft of, discarded or declined with thanks."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import db, writing
from app.desk import queue as queries
from app.desk.forms import instant
from app.desk.queue import Proposal
from app.desk.routes import said_of
from app.given import text as typed
from app.language import language
from app.organisation.queries import facts
from app.stories import discarding, editing
from app.stories.cards import Look, draw
from app.stories.editing import Draft
from app.stories.models import Answer, Story
from app.web import access, go_to, is_fragment, respond, toast

queue = Blueprint("queue", __name__)
# What was wrong in a row's form: the row, the problem, and what was typed.
Said = dict[str, int | str]


@queue.get("/desk")
@access.curator
def show() -> Response:
    """Everything that waits, or one kind of it."""
    kind = request.args.get("kind", "all")
    if kind not in queries.KINDS:
        abort(404)
    return _page(kind)


def _page(kind: str = "all", status: int = 200, said: Said | None = None) -> Response:
    waiting = queries.waiting(kind, clock.now())
    first = next((one for one in waiting if isinstance(one, Proposal)), None)
    return respond(
        "desk/queue.html",
        status=status,
        kind=kind,
        waiting=waiting,
        counts=queries.counts(clock.now()),
        card=draw(first.face, Look(first.story.id, first.story.version, large=True), language())
        if first
        else None,
        said=said or {},
    )


@queue.post("/desk/stories/<int:story_id>/publication")
@access.curator
def publish(story_id: int) -> AnyResponse:
    """Publish a draft now, or at the time that the form gives; what lacks something leads to the editor."""
    at, problem = _time_given()
    if problem:
        typed_time = request.form["publish_at"]
        return _row(story_id, {"story_id": story_id, "problem": problem, "typed": typed_time})
    with writing():
        is_out = _publish(_locked_draft(story_id), at)
    if not is_out:
        toast(_("Something is missing before it can be published."))
        return go_to(url_for("editor.edit_story", story_id=story_id))
    return done(said_of(story_id))


def _time_given() -> tuple[datetime | None, str]:
    """The instant that the form asks for, if it asks for one; what is wrong with it: not-a-time or past."""
    if "publish_at" not in request.form:
        return None, ""
    at = instant(request.form, "publish_at", facts(current_user.organisation_version).zone, {})
    if at is None:
        return None, "not-a-time"
    return at, "past" if at <= clock.now() else ""


def _publish(story: Story, at: datetime | None) -> bool:
    now = clock.now()
    if editing.draft_of(story).problems(publishing=True, at=at or now):
        return False
    story.publish_at = at or story.publish_at
    lives = facts(current_user.organisation_version).setting("story_lives_days", now.date())
    editing.publish(story, now, timedelta(days=lives))
    return True


def _locked_draft(story_id: int) -> Story:
    story = db.session.get(Story, story_id, with_for_update=True, populate_existing=True)
    return story if story and story.state == "draft" and not story.discarded_at else abort(404)


def _row(story_id: int, said: Said) -> Response:
    """The row of a draft, with what is wrong in it; without HTMX the whole page."""
    found = queries.proposals(queries.is_draft() & (Story.id == story_id)) or abort(404)
    if not is_fragment():
        return _page(status=422, said=said)
    return respond("desk/_queued.html", status=422, one=found[0], said=said)


def done(said: str, undo: str | None = None) -> AnyResponse:
    """One row less: without HTMX the queue, with it the counts, and the row is gone."""
    if not is_fragment():
        toast(said, undo=undo)
        return go_to(url_for("queue.show"))
    answer = respond("desk/_done.html", counts=queries.counts(clock.now()), kind="")
    answer.headers["HX-Reswap"] = "delete"
    toast(said, answer, undo)
    return answer


@queue.post("/desk/stories/<int:story_id>/discarding")
@access.curator
def discard(story_id: int) -> AnyResponse:
    """Nobody wants this draft."""
    with writing():
        discarded = discarding.discard(story_id, clock.now())
    if not discarded:
        abort(404)
    return done(_("Deleted."), url_for("queue.bring_back", story_id=story_id))


@queue.post("/desk/stories/<int:story_id>/discarding/undo")
@access.curator
def bring_back(story_id: int) -> AnyResponse:
    """It is wanted after all."""
    with writing():
        discarding.bring_back(story_id)
    return go_to(url_for("queue.show"))


@queue.post("/desk/answers/<int:answer_id>/draft")
@access.curator
def draft_from_answer(answer_id: int) -> AnyResponse:
    """Make a draft of someone's own answer; it waits no longer."""
    if db.session.get(Answer, answer_id) is None:
        abort(404)
    with writing():
        answer = db.session.get_one(Answer, answer_id, with_for_update=True, populate_existing=True)
        story = db.session.get(Story, answer.story_id) if answer.story_id else None
        if story is None or story.discarded_at:
            draft = Draft(texts={"title": answer.text.split("\n")[0][:80], "body": answer.text})
            story = editing.create(draft, current_user.id, clock.now())
            answer.story_id, answer.declined_at, answer.note = story.id, None, ""
        story_id = story.id
    return redirect(url_for("editor.edit_story", story_id=story_id), 303)


@queue.post("/desk/answers/<int:answer_id>/declining")
@access.curator
def decline(answer_id: int) -> AnyResponse:
    """It becomes no story this time; its teller is thanked and reads the note."""
    note = typed(request.form.get("note", ""))
    if len(note) > discarding.LONGEST_NOTE:
        return _answer_row(answer_id, note)
    with writing():
        declined = discarding.decline(answer_id, note, clock.now())
    if not declined:
        abort(404)
    return done(_("Declined with thanks."), url_for("queue.take_up_again", answer_id=answer_id))


def _answer_row(answer_id: int, note: str) -> Response:
    said: Said = {"answer_id": answer_id, "typed": note}
    if not is_fragment():
        return _page(status=422, said=said)
    one = next((one for one in queries.told() if one.answer.id == answer_id), None)
    return respond("desk/_queued.html", status=422, one=one or abort(404), said=said)


@queue.post("/desk/answers/<int:answer_id>/declining/undo")
@access.curator
def take_up_again(answer_id: int) -> AnyResponse:
    """It waits again."""
    with writing():
        discarding.take_up_again(answer_id)
    return go_to(url_for("queue.show"))


@queue.record_once
def _count_on_every_page(state: object) -> None:
    """The desk's menu says how much waits."""
    state.app.jinja_env.globals["waiting_at_desk"] = lambda: queries.counts(clock.now())["all"]  # type: ignore[attr-defined]  # Flask’s BlueprintSetupState
