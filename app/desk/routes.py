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
from app.stories.gate import waited_for
from app.stories.models import Story
from app.stories.queries import audiences_of
from app.stories.wrongs import said_wrong
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
    ids = [story.id for story in found]
    return respond(
        "desk/stories.html",
        shelf=shelf,
        counts=queries.counts(clock.now()),
        faces=faces(ids),
        stories=found,
        wrong=said_wrong(ids),
        waited_for=waited_for(ids),
        audiences=audiences_of(ids),
    )


@desk.get("/desk/stories/<int:story_id>/preview")
@access.curator
def preview(story_id: int) -> Response:
    """As a phone shows it."""
    story = story_or_404(story_id)
    return respond(
        "desk/preview.html",
        story=story,
        face=faces([story_id])[story_id],
        card=card_of(story),
        audiences=audiences_of([story_id]),
        waited_for=waited_for([story_id]),
    )


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


def said_of(story_id: int) -> str:
    """What is said when a story has been published: that it is out, or when, and whom it waits for."""
    story, waited = db.session.get_one(Story, story_id), waited_for([story_id])
    said = _("Scheduled.") if story.publish_at and story.publish_at > clock.now() else _("Published.")
    return " ".join([said, *(_("It waits for %(name)s.", name=leader.name) for leader in waited.values())])


def card_of(story: Story) -> str:
    """Its card as Today shows it."""
    return draw(faces([story.id])[story.id], Look(story.id, story.version, large=True), language())
