"""The curator's shelves: stories that are live, scheduled or past, each as a phone shows it."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import db, writing
from app.desk import queries
from app.language import language
from app.stories import editing
from app.stories.cards import Look, draw, faces
from app.stories.models import Story
from app.web import access, go_to, respond, toast

desk = Blueprint("desk", __name__)


@desk.get("/desk/stories")
@access.curator
def stories() -> Response:
    """A shelf of stories."""
    shelf = request.args.get("shelf", "live")
    if shelf not in queries.SHELVES:
        abort(404)
    found = queries.stories(shelf, clock.now())
    return respond(
        "desk/stories.html",
        shelf=shelf,
        counts=queries.counts(clock.now()),
        faces=faces([story.id for story in found]),
        stories=found,
        wrong=queries.said_wrong([story.id for story in found]),
    )


@desk.get("/desk/stories/<int:story_id>/preview")
@access.curator
def preview(story_id: int) -> Response:
    """As a phone shows it."""
    story = story_or_404(story_id)
    return respond("desk/preview.html", story=story, face=faces([story_id])[story_id], card=card_of(story))


@desk.post("/desk/stories/<int:story_id>/withdrawal")
@access.curator
def unpublish(story_id: int) -> AnyResponse:
    """Take it off every Today."""
    story_or_404(story_id)
    with writing():
        editing.unpublish(locked_story(story_id))
    toast(_("The story is taken down. It can be published again."))
    return go_to(url_for("editor.edit_story", story_id=story_id))


def story_or_404(story_id: int) -> Story:
    """A story that nobody has discarded."""
    story = db.session.get(Story, story_id)
    return story if story and story.discarded_at is None else abort(404)


def locked_story(story_id: int) -> Story:
    """A story as it stands, which nobody else changes until we commit."""
    return db.session.get_one(Story, story_id, with_for_update=True, populate_existing=True)


def card_of(story: Story) -> str:
    """Its card as Today shows it."""
    return draw(faces([story.id])[story.id], Look(story.id, story.version, large=True), language())
