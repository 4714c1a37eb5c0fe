"""The curator's desk: stories on their shelves, the editor, preview, publishing."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import db, writing
from app.desk import queries
from app.desk.forms import Offered, draft_from
from app.given import number
from app.language import language
from app.organisation.queries import facts
from app.people import queries as people
from app.stories import editing, pictures
from app.stories.cards import Look, draw, faces
from app.stories.editing import Draft
from app.stories.models import Answer, Picture, Story
from app.stories.queries import topics
from app.web import access, go_to, respond, toast

desk = Blueprint("desk", __name__)
Row = TypeVar("Row", Story, Answer)


@desk.get("/desk")
@access.curator
def stories() -> Response:
    """A shelf of stories, or the answers that wait."""
    shelf = request.args.get("shelf", "live")
    if shelf not in queries.SHELVES:
        abort(404)
    found = [] if shelf == "answers" else queries.stories(shelf, clock.now())
    return respond(
        "desk/stories.html",
        shelf=shelf,
        counts=queries.counts(clock.now()),
        faces=faces([story.id for story in found]),
        stories=found,
        wrong=queries.said_wrong([story.id for story in found]),
        answers=queries.answers() if shelf == "answers" else [],
    )


@desk.get("/desk/stories/new")
@access.curator
def new_story() -> Response:
    """An empty editor."""
    return _editor(Draft())


@desk.post("/desk/stories")
@access.curator
def create_story() -> AnyResponse:
    """Keep a new draft, or publish it at once."""
    return _save(None)


@desk.get("/desk/stories/<int:story_id>")
@access.curator
def edit_story(story_id: int) -> Response:
    """The editor of one story."""
    story = _story_or_404(story_id)
    return _editor(editing.draft_of(story), story)


@desk.post("/desk/stories/<int:story_id>")
@access.curator
def save_story(story_id: int) -> AnyResponse:
    """Save it; with the button "publish", publish or schedule it too."""
    return _save(_story_or_404(story_id))


@desk.get("/desk/stories/<int:story_id>/preview")
@access.curator
def preview(story_id: int) -> Response:
    """As a phone shows it."""
    story = _story_or_404(story_id)
    return respond("desk/preview.html", story=story, face=faces([story_id])[story_id], card=_card(story))


@desk.post("/desk/stories/<int:story_id>/withdrawal")
@access.curator
def unpublish(story_id: int) -> AnyResponse:
    """Take it off every Today."""
    _story_or_404(story_id)
    with writing():
        editing.unpublish(_locked(Story, story_id))
    toast(_("The story is taken down. It can be published again."))
    return go_to(url_for("desk.edit_story", story_id=story_id))


@desk.post("/desk/answers/<int:answer_id>/draft")
@access.curator
def draft_from_answer(answer_id: int) -> AnyResponse:
    """Make a draft of someone's own answer; it waits no longer."""
    if db.session.get(Answer, answer_id) is None:
        abort(404)
    with writing():
        answer = _locked(Answer, answer_id)
        if answer.story_id is None:
            draft = Draft(texts={"title": answer.text.split("\n")[0][:80], "body": answer.text})
            answer.story_id = editing.create(draft, current_user.id, clock.now()).id
        story_id = answer.story_id
    return redirect(url_for("desk.edit_story", story_id=story_id), 303)


def _save(story: Story | None) -> AnyResponse:
    now, publishing = clock.now(), request.form.get("action") == "publish"
    draft, problems = draft_from(request.form, _zone(), _offered(story))
    picture, refused = _picture()
    draft = replace(draft, picture_id=picture)
    needed = publishing or bool(story and story.state == "published")
    problems = draft.problems(needed, now if publishing else None) | problems | refused
    if problems:
        return _editor(draft, story, problems, 422)
    story_id = story.id if story else None
    try:
        with writing():
            saved = _written(story_id, draft, publishing)
            story_id, later = saved.id, publishing and saved.publish_at is not None and saved.publish_at > now
    except editing.ChangedMeanwhile:
        return _editor(draft, _story_or_404(story_id or 0), {"version": "changed"}, 422)
    toast(_("Scheduled.") if later else _("Published.") if publishing else _("Saved."))
    return go_to(url_for("desk.edit_story", story_id=story_id))


def _written(story_id: int | None, draft: Draft, publishing: bool) -> Story:
    now = clock.now()
    if story_id is None:
        story = editing.create(draft, current_user.id, now)
    else:
        story = _locked(Story, story_id)
        editing.edit(story, draft, now, request.form.get("seen", ""))
    if publishing:
        lives = facts(current_user.organisation_version).setting("story_lives_days", now.date())
        editing.publish(story, now, timedelta(days=lives))
    return story


def _locked(table: type[Row], identity: int) -> Row:
    """The row as it stands, which nobody else changes until we commit."""
    return db.session.get_one(table, identity, with_for_update=True, populate_existing=True)


def _zone() -> str:
    return facts(current_user.organisation_version).zone


def _offered(story: Story | None) -> Offered:
    return Offered(
        purposes=facts(current_user.organisation_version).purposes_with(story.purpose_id if story else None),
        topics=[topic.id for topic in topics()],
        leaders=[leader.id for leader in people.leaders()],
        teams=[team.id for team in people.teams()],
    )


def _picture() -> tuple[int | None, dict[str, str]]:
    """The id of the picture that the form means: one sent now, or the one it had; and why one was refused."""
    sent = request.files.get("picture")
    had = request.form.get("picture_id", type=number)
    had = had if had and db.session.get(Picture, had) else None
    if "remove_picture" in request.form and not (sent and sent.filename):
        return None, {}
    if not sent or not sent.filename:
        return had, {}
    try:
        with closing(sent):
            encoded = pictures.encode(sent.read(pictures.MOST_BYTES + 1))
    except pictures.PictureRefused as refused:
        return had, {"picture": refused.reason}
    pictures.keep(encoded, current_app.config["DATA_DIR"] / "pictures")
    with writing():
        return pictures.record(encoded, clock.now()), {}


def _editor(
    draft: Draft, story: Story | None = None, problems: dict[str, str] | None = None, status: int = 200
) -> Response:
    zone, problems = ZoneInfo(_zone()), problems or {}
    angles = [*draft.angles, {}, {}, {}][: editing.MOST_ANGLES]
    return respond(
        "desk/editor.html",
        status=status,
        story=story,
        draft=draft,
        angles=angles,
        problems=problems,
        # Who was told that the story has changed may save over it; who was not is told when they save.
        seen=_seen(story, problems),
        lacking=draft.problems(publishing=True),
        picture=db.session.get(Picture, draft.picture_id) if draft.picture_id else None,
        purposes=facts(current_user.organisation_version).purposes_with(story.purpose_id if story else None),
        topics=topics(),
        teams=people.teams(),
        leaders=people.leaders(),
        times={
            name: value.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
            if (value := getattr(draft, name))
            else request.form.get(name, "")
            for name in ("publish_at", "expires_at")
        },
        card=_card(story) if story else None,
        live=bool(story and story.state == "published"),
        now=clock.now(),
        longest=editing.LONGEST,
    )


def _seen(story: Story | None, problems: dict[str, str]) -> str:
    if story is None:
        return ""
    if problems and "version" not in problems:
        return request.form.get("seen", "")
    return editing.fingerprint(story)


def _card(story: Story) -> str:
    return draw(faces([story.id])[story.id], Look(story.id, story.version, large=True), language())


def _story_or_404(story_id: int) -> Story:
    return db.session.get(Story, story_id) or abort(404)
