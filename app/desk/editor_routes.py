"""The curator's editor: a story begun empty or from a link, saved, published and scheduled."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import db, writing
from app.desk.forms import Offered, draft_from
from app.desk.gate_routes import gate_of
from app.desk.routes import card_of, locked_story, said_of, story_or_404
from app.fetch import FetchRefused
from app.fetch.refusals import SENTENCES
from app.given import number
from app.given import text as typed
from app.organisation.queries import facts
from app.people import queries as people
from app.people.models import Person
from app.stories import editing, links, pictures
from app.stories.editing import Draft
from app.stories.models import Picture, Story
from app.stories.queries import topics
from app.web import access, go_to, respond, toast

editor = Blueprint("editor", __name__)


@editor.get("/desk/stories/new")
@access.curator
def new_story() -> Response:
    """An empty editor."""
    return _editor(Draft())


@editor.post("/desk/stories")
@access.curator
def create_story() -> AnyResponse:
    """Keep a new draft, or publish it at once."""
    return _save(None)


@editor.get("/desk/stories/<int:story_id>")
@access.curator
def edit_story(story_id: int) -> Response:
    """The editor of one story."""
    story = story_or_404(story_id)
    return _editor(editing.draft_of(story), story)


@editor.post("/desk/stories/<int:story_id>")
@access.curator
def save_story(story_id: int) -> AnyResponse:
    """Save it; with the button "publish", publish or schedule it too. What was deleted meanwhile can be saved anew."""
    return _save(db.session.get(Story, story_id) or abort(404))


@editor.post("/desk/links")
@access.curator
def import_link() -> AnyResponse:
    """Begin a draft with what a page says of itself; the page that was imported before leads to its story."""
    address = typed(request.form.get("link", ""))
    try:
        if story := links.made_before(address):
            return _leads_to(story.id)
        page, picture, trouble = links.look(address)
    except FetchRefused as refused:
        return _editor(Draft(), status=422, link=address, refused=refused.sentence)
    if picture:
        pictures.keep(picture, current_app.config["DATA_DIR"] / "pictures")
    with writing():
        story_id, new = links.take(page, picture, current_user.id, clock.now())
    if not new:
        return _leads_to(story_id)
    toast(_("The page is fetched into a draft. Say why now, and choose a topic."))
    return go_to(url_for("editor.edit_story", story_id=story_id, picture=trouble or None))


def _leads_to(story_id: int) -> AnyResponse:
    toast(_("That page has been fetched before. Here is its story."))
    return go_to(url_for("editor.edit_story", story_id=story_id))


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
            story_id = _written(story_id, draft, publishing).id
    except editing.ChangedMeanwhile:
        return _editor(draft, db.session.get(Story, story_id), {"version": "changed"}, 422)
    toast(said_of(story_id) if publishing else _("Saved."))
    return go_to(url_for("editor.edit_story", story_id=story_id))


def _written(story_id: int | None, draft: Draft, publishing: bool) -> Story:
    now = clock.now()
    if story_id is None:
        story = editing.create(draft, current_user.id, now)
    else:
        story = locked_story(story_id)
        editing.edit(story, draft, current_user.id, now, request.form.get("seen", ""))
    if publishing:
        lives = facts(current_user.organisation_version).setting("story_lives_days", now.date())
        editing.publish(story, now, timedelta(days=lives))
    return story


def _zone() -> str:
    return facts(current_user.organisation_version).zone


def _offered(story: Story | None) -> Offered:
    return Offered(
        purposes=_purposes(story),
        topics=[topic.id for topic in topics()],
        leaders=[leader.id for leader in _leaders(story)],
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


def _purposes(story: Story | None) -> dict[int, tuple[str, str | None]]:
    """Those that a story may have now, and the one it has already."""
    return facts(current_user.organisation_version).purposes_with(story.purpose_id if story else None)


def _leaders(story: Story | None) -> Sequence[Person]:
    """Those who may go first, and the one who does already, though they may have left."""
    found = people.leaders()
    has = db.session.get(Person, story.leader_id) if story and story.leader_id else None
    return [has, *found] if has and has not in found else found


def _editor(
    draft: Draft,
    story: Story | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
    link: str = "",
    refused: str = "",
) -> Response:
    zone, problems = ZoneInfo(_zone()), problems or {}
    angles = [*draft.angles, {}, {}, {}][: editing.MOST_ANGLES]
    return respond(
        "desk/editor.html",
        fragment="desk/_link.html" if refused else None,
        status=status,
        link=link,
        refused=refused,
        no_picture=SENTENCES.get(request.args.get("picture", "")),
        story=story,
        draft=draft,
        angles=angles,
        problems=problems,
        # Who was told that the story has changed may save over it; who was not is told when they save.
        seen=_seen(story, problems),
        lacking=draft.problems(publishing=True),
        picture=db.session.get(Picture, draft.picture_id) if draft.picture_id else None,
        purposes=_purposes(story),
        topics=topics(),
        teams=people.teams(),
        leaders=_leaders(story),
        times={
            name: value.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
            if (value := getattr(draft, name))
            else request.form.get(name, "")
            for name in ("publish_at", "expires_at")
        },
        card=card_of(story) if story else None,
        live=bool(story and story.state == "published"),
        now=clock.now(),
        longest=editing.LONGEST,
        **gate_of(story),
    )


def _seen(story: Story | None, problems: dict[str, str]) -> str:
    if story is None:
        return ""
    if problems and "version" not in problems:
        return request.form.get("seen", "")
    return editing.fingerprint(story)
