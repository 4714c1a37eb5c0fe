"""Telling a story: the composer, "was it shared?", thanks, and one's own shares."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.given import number
from app.sharing import actions, drafts, pages, queries, share_pages
from app.sharing.meter import measure
from app.sharing.models import Share
from app.stories.models import Story
from app.stories.queries import open_story
from app.web import access, go_to, is_fragment, toast

sharing = Blueprint("sharing", __name__)


@sharing.get("/stories/<int:story_id>/shares/new")
@access.signed_in
def new_share(story_id: int) -> Response:
    """The composer."""
    return pages.composer(_open_or_404(story_id))


@sharing.post("/stories/<int:story_id>/shares")
@access.signed_in
def share(story_id: int) -> AnyResponse:
    """The text is copied and the network open: keep what was written, then ask whether it was shared."""
    story, now = _open_or_404(story_id), clock.now()
    draft = drafts.from_form(request.form, now)
    if error := drafts.problem(draft):
        return pages.composer(story, draft, error)
    own = measure(current_user.id, story, draft.network, draft.text, now).percent
    token = pages.token_for(story_id, draft.network)
    with writing():
        share_id = actions.compose(
            current_user.id, story, draft.network, draft.text, draft.disclosed, token, now,
            own=own, angle=draft.angle, opened_at=draft.opened_at,
        ).id  # fmt: skip
    if is_fragment():
        return pages.posting(_own_or_404(share_id))
    return redirect(url_for("sharing.posting", share_id=share_id), 303)


@sharing.get("/shares/<int:share_id>/posting")
@access.signed_in
def posting(share_id: int) -> AnyResponse:
    """Was it shared?"""
    return pages.posting(_own_or_404(share_id))


@sharing.post("/shares/<int:share_id>/posting")
@access.signed_in
def say_posted(share_id: int) -> AnyResponse:
    """Yes, it is shared."""
    _own_or_404(share_id)
    with writing():
        actions.say_posted(share_id, current_user.id, clock.now())
    if is_fragment():
        return pages.thanks(_own_or_404(share_id))
    return redirect(url_for("sharing.thanks", share_id=share_id), 303)


@sharing.get("/shares/<int:share_id>/thanks")
@access.signed_in
def thanks(share_id: int) -> AnyResponse:
    """Thanks, and what it paid."""
    return pages.thanks(_own_or_404(share_id))


@sharing.post("/shares/<int:share_id>/withdrawal")
@access.signed_in
def withdraw(share_id: int) -> AnyResponse:
    """Take it back: at once as an undo, which leads to Today, or later from the share's page."""
    _own_or_404(share_id)
    with writing():
        points = actions.withdraw(share_id, current_user.id, clock.now())
    corrected = ngettext("%(num)d point is corrected.", "%(num)d points are corrected.", points)
    toast(" ".join([_("The share is withdrawn."), corrected] if points else [_("The share is withdrawn.")]))
    undone = "undo" in request.form
    return go_to(url_for("feed.today") if undone else url_for("sharing.own_share", share_id=share_id))


@sharing.get("/shares")
@access.signed_in
def own_shares() -> Response:
    """One's own shares."""
    return share_pages.own_shares()


@sharing.get("/shares/<int:share_id>")
@access.signed_in
def own_share(share_id: int) -> Response:
    """How far one's share has come."""
    return share_pages.own_share(_own_or_404(share_id))


@sharing.post("/own-words")
@access.signed_in
def own_words() -> Response:
    """The meter: how much of a text is one's own, how long it is, and whether somebody can be known in it.

    Nothing is kept.
    """
    story = _open_or_404(request.form.get("story", 0, type=number))
    return pages.own_words(story, drafts.from_form(request.form, clock.now()))


def _open_or_404(story_id: int) -> Story:
    return open_story(current_user, story_id, clock.now()) or abort(404)


def _own_or_404(share_id: int) -> Share:
    return queries.own_share(current_user.id, share_id) or abort(404)
