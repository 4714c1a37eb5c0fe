"""The sources that drafts come from: feeds are added, read at once, paused and removed."""

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import db, writing
from app.desk.sources import sources
from app.fetch import FetchRefused
from app.fetch.refusals import SENTENCES
from app.given import number
from app.given import text as typed
from app.stories import feeds as verbs
from app.stories import jobs
from app.stories.queries import topics
from app.stories.sources import Feed
from app.web import access, go_to, respond, toast

feeds = Blueprint("feeds", __name__)


@feeds.get("/desk/feeds")
@access.curator
def show() -> Response:
    """All sources, and how they fare."""
    return _page()


def _page(status: int = 200, problem: str = "", **given: object) -> Response:
    return respond(
        "desk/feeds.html",
        fragment="desk/_feeds.html",
        status=status,
        sources=sources(clock.now()),
        topics=topics(),
        sentences=SENTENCES,
        problem=problem,
        given=given,
    )


@feeds.post("/desk/feeds")
@access.curator
def add() -> AnyResponse:
    """A new source, which is read at once; one that cannot be read is not taken."""
    address, topic = typed(request.form.get("address", "")), request.form.get("topic", type=number)
    topic = topic if topic in [one.id for one in topics()] else None
    try:
        fetched, contents = verbs.look(address)
    except FetchRefused as refused:
        return _page(422, refused.reason, address=address, topic=topic)
    found = verbs.gather(contents)
    jobs.keep_pictures(found, _pictures())
    with writing():
        feed = verbs.add(fetched, contents.name, topic, clock.now())
        new = verbs.take(found, clock.now(), feed) if feed else 0
    if feed is None:
        return _page(422, "known", address=address, topic=topic)
    return _shown(_brought(new))


def _pictures() -> Path:
    folder: Path = current_app.config["DATA_DIR"] / "pictures"
    return folder


def _brought(new: int) -> str:
    return str(
        ngettext("Read. %(num)s new draft in the queue.", "Read. %(num)s new drafts in the queue.", new)
    )


def _shown(said: str, undo: str | None = None) -> AnyResponse:
    """The sources as they are now."""
    answer = _page()
    toast(said, answer, undo)
    return answer if "HX-Trigger" in answer.headers else go_to(url_for("feeds.show"))


@feeds.post("/desk/feeds/<int:feed_id>/reading")
@access.curator
def read_now(feed_id: int) -> AnyResponse:
    """Read it now, whatever the clock says."""
    feed = _feed_or_404(feed_id)
    new, trouble = jobs.read_feed(feed.id, feed.address, dict(feed.marks), clock.now(), _pictures())
    return _shown(str(SENTENCES[trouble]) if trouble else _brought(new))


@feeds.post("/desk/feeds/<int:feed_id>/pause")
@access.curator
def pause(feed_id: int) -> AnyResponse:
    """Read it no more for now."""
    return _changed(feed_id, verbs.pause, _("On pause."))


@feeds.post("/desk/feeds/<int:feed_id>/pause/undo")
@access.curator
def resume(feed_id: int) -> AnyResponse:
    """Read it again, from the next time the clock strikes."""
    return _changed(feed_id, lambda feed: verbs.resume(feed, clock.now()), _("It is read again."))


@feeds.post("/desk/feeds/<int:feed_id>/removal")
@access.curator
def remove(feed_id: int) -> AnyResponse:
    """It is no source any more; its drafts stay."""
    undo = url_for("feeds.bring_back", feed_id=feed_id)
    return _changed(feed_id, lambda feed: verbs.remove(feed, clock.now()), _("The source is removed."), undo)


@feeds.post("/desk/feeds/<int:feed_id>/removal/undo")
@access.curator
def bring_back(feed_id: int) -> AnyResponse:
    """It is a source after all."""
    db.session.get(Feed, feed_id) or abort(404)
    with writing():
        verbs.bring_back(db.session.get_one(Feed, feed_id))
    return go_to(url_for("feeds.show"))


def _changed(feed_id: int, change: Callable[[Feed], None], said: str, undo: str | None = None) -> AnyResponse:
    _feed_or_404(feed_id)
    with writing():
        change(db.session.get_one(Feed, feed_id, with_for_update=True, populate_existing=True))
    return _shown(said, undo)


def _feed_or_404(feed_id: int) -> Feed:
    feed = db.session.get(Feed, feed_id)
    return feed if feed and feed.removed_at is None else abort(404)
