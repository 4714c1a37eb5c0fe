"""Telling a story: the composer, "was it shared?", thanks, and one's own shares."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.given import number
from app.given import text as typed
from app.people.choices import choose
from app.sharing import actions, pages, queries, share_pages
from app.sharing.models import NETWORKS, Share
from app.sharing.own_words import own_percent
from app.stories.models import Story
from app.stories.queries import open_story
from app.web import access, go_to, is_fragment, respond, toast

sharing = Blueprint("sharing", __name__)
LONGEST_OPEN = timedelta(days=1)


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
    draft = _typed(now)
    if error := _problem(draft):
        return pages.composer(story, draft, error)
    own = own_percent(draft.text, queries.comparable(current_user.id, story, now))
    token = pages.token_for(story_id, draft.network)
    with writing():
        share_id = actions.compose(
            current_user.id, story, draft.network, draft.text, draft.disclosed, token, now,
            own=own, opened_at=draft.opened_at,
        ).id  # fmt: skip
    if is_fragment():
        return pages.posting(_own_or_404(share_id))
    return redirect(url_for("sharing.posting", share_id=share_id), 303)


def _typed(now: datetime) -> pages.Draft:
    form = request.form
    return pages.Draft(
        text=typed(form.get("text", "")),
        network=form.get("network", ""),
        angle=form.get("angle", 1, type=number),
        disclosed="disclosed" in form,
        opened_at=_opened_at(form.get("opened", 0.0, type=float), now),
    )


def _opened_at(seconds: float, now: datetime) -> datetime:
    """When the composer was opened, if the page says something believable; else now."""
    age = now.timestamp() - seconds
    return now - timedelta(seconds=age) if 0 <= age <= LONGEST_OPEN.total_seconds() else now


def _problem(draft: pages.Draft) -> str:
    if not draft.text:
        return str(_("Write a sentence of your own first. One is enough."))
    if len(draft.text) > actions.LONGEST_TEXT:
        count = len(draft.text)
        return str(_("That is a little long. 1,300 characters at most; you have %(count)s.", count=count))
    return "" if draft.network in NETWORKS else str(_("Choose where you share it."))


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
    """The meter: how much of a text is one's own. Nothing is kept."""
    story = _open_or_404(request.form.get("story", 0, type=number))
    text = typed(request.form.get("text", ""))[: actions.LONGEST_TEXT]
    percent = own_percent(text, queries.comparable(current_user.id, story, clock.now()))
    return respond("sharing/_own.html", percent=percent)


def _open_or_404(story_id: int) -> Story:
    return open_story(current_user, story_id, clock.now()) or abort(404)


def _own_or_404(share_id: int) -> Share:
    return queries.own_share(current_user.id, share_id) or abort(404)
