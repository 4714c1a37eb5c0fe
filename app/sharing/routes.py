"""Telling a story: the composer, "was it shared?", thanks, and one's own shares."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.given import number
from app.people.choices import choose
from app.sharing import actions, asking, drafts, pages, photos, queries, requests, share_pages
from app.sharing.meter import measure
from app.sharing.models import Share
from app.sharing.networks import token_for
from app.sharing.photo_routes import folder
from app.stories.models import Story
from app.stories.queries import open_story
from app.web import access, go_to, is_fragment, toast, unsay

sharing = Blueprint("sharing", __name__)


@sharing.get("/stories/<int:story_id>/shares/new")
@access.signed_in
def new_share(story_id: int) -> Response:
    """The composer."""
    return pages.composer(_open_or_404(story_id))


@sharing.post("/stories/<int:story_id>/shares")
@access.signed_in
def share(story_id: int) -> AnyResponse:
    """The text is copied and the network open: keep what was written, then ask whether it was shared.

    What waited for a network may say with `said` that it is. A replay changes nothing, and is answered.
    """
    now, key, said = clock.now(), _key(), "said" in request.form
    if known := requests.share_of(key, current_user.id):
        return _stands(_once(key, now, lambda: known, said))
    story, draft = _open_or_404(story_id), drafts.from_form(request.form, now)
    error, photo = drafts.problem(draft), photos.from_form(request.form, request.files)
    if error or photo.problems:
        return pages.composer(story, draft, error, photo)
    own = measure(current_user.id, story, draft.network, draft.text, now).percent
    token = token_for(story_id, draft.network)

    def compose() -> int:
        made = actions.compose(
            current_user.id, story, draft.network, draft.text, draft.disclosed, token, now,
            own=own, angle=draft.angle, opened_at=draft.opened_at,
        )  # fmt: skip
        photos.keep(made.id, photo, folder(), now)
        return made.id

    share_id = _once(key, now, compose, said)
    if said:
        return _stands(share_id)
    if is_fragment():
        return pages.posting(_own_or_404(share_id))
    return redirect(url_for("sharing.posting", share_id=share_id), 303)


def _key() -> str:
    """The request's key. What was written under another sign-in is refused, and so is another's key."""
    key, writer = requests.read(request.form.get("key", "")), request.form.get("person", "")
    if writer not in ("", str(current_user.id)) or requests.is_anothers(key, current_user.id):
        abort(409)
    return key


def _once(key: str, now: datetime, make: Callable[[], int], said: bool) -> int:
    """The share of the request, made and told in the same transaction unless it has been."""
    with writing():
        share_id = requests.once(key, current_user.id, now, make)
        if share_id and said and requests.says_first(key):
            actions.say_posted(share_id, current_user.id, now)
    return share_id or abort(409)


def _stands(share_id: int) -> AnyResponse:
    """The share as it stands: its question, thanks, or its own page."""
    share = _own_or_404(share_id)
    waits = queries.is_waiting(share)
    if is_fragment():
        return pages.posting(share) if waits else pages.thanks(share)
    return redirect(url_for("sharing.posting" if waits else "sharing.thanks", share_id=share_id), 303)


@sharing.get("/shares/<int:share_id>/posting")
@access.signed_in
def posting(share_id: int) -> AnyResponse:
    """Was it shared?"""
    return pages.posting(_own_or_404(share_id))


@sharing.post("/shares/<int:share_id>/posting")
@access.signed_in
def say_posted(share_id: int) -> AnyResponse:
    """Yes, it is shared. A replay says nothing new."""
    _own_or_404(share_id)
    return _stands(_once(_key(), clock.now(), lambda: share_id, said=True))


@sharing.post("/shares/<int:share_id>/later")
@access.signed_in
def not_yet(share_id: int) -> AnyResponse:
    """Not shared yet: the draft is kept, and Today does not ask again."""
    _own_or_404(share_id)
    with writing():
        asking.not_yet(share_id, current_user.id, clock.now())
    return go_to(url_for("feed.today"))


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
    unsay(url_for("sharing.withdraw", share_id=share_id))
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


@sharing.post("/shares/<int:share_id>/counting")
@access.signed_in
def count_clicks(share_id: int) -> AnyResponse:
    """Switch the counting of clicks on or off, for all of one's links, from one share's page."""
    _own_or_404(share_id)
    counts = request.form.get("value") == "on"
    with writing():
        choose(current_user.id, "counts_clicks", counts)
    toast(_("Clicks on your links are counted.") if counts else _("Clicks on your links are not counted."))
    return go_to(url_for("sharing.own_share", share_id=share_id))


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
