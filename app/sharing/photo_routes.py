"""The picture of one's own that goes with a share: chosen, changed, removed, and seen by those who may."""

from dataclasses import replace
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import db, writing
from app.organisation.queries import facts
from app.sharing import photos, queries, short_links
from app.sharing.models import Share, SharePhoto
from app.sharing.photos import Sent
from app.sharing.tokens import looks_like_token
from app.stories.models import Story
from app.web import access, go_to, respond, toast

photo = Blueprint("photo", __name__)


@photo.get("/shares/<int:share_id>/photo")
@access.signed_in
def own(share_id: int) -> Response:
    """The picture of one's own share; also when the share is withdrawn, while the picture is there."""
    return _jpeg(photos.of_share(_own_or_404(share_id).id))


@photo.get("/s/<token>/photo")
@access.public
def onward(token: str) -> Response:
    """The picture behind a short link, for the preview that a network draws, as long as the link lives."""
    found = photos.behind(token) if looks_like_token(token) else None
    share, story, kept = found or abort(404)
    if short_links.is_over(share, story, facts(), clock.now()):
        abort(410)
    answer = _jpeg(kept)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _jpeg(found: SharePhoto | None) -> Response:
    content = photos.content(found, folder()) if found else None
    if content is None:
        abort(404)
    answer = Response(content, mimetype="image/jpeg")
    answer.headers["Content-Disposition"] = 'inline; filename="fortael.jpg"'
    return answer


def folder() -> Path:
    """Where the pictures lie."""
    found: Path = current_app.config["DATA_DIR"] / photos.FOLDER
    return found


@photo.get("/shares/<int:share_id>/photo/new")
@access.signed_in
def choose(share_id: int) -> Response:
    """Choose a picture, or another one."""
    return _page(_living_or_410(share_id), Sent())


@photo.post("/shares/<int:share_id>/photo")
@access.signed_in
def change(share_id: int) -> AnyResponse:
    """Keep a picture with the share, in place of the one that it had."""
    share = _living_or_410(share_id)
    sent = photos.from_form(request.form, request.files)
    if sent.photo is None:
        return _page(share, sent if sent.problems else replace(sent, problems={"photo": "missing"}))
    had = photos.of_share(share_id)
    replaced = had.name if had else ""
    with writing():
        photos.keep(share_id, sent, folder(), clock.now())
    if replaced:
        photos.discard(replaced, folder())
    toast(_("Your picture goes with your link from now on."))
    return _to_share(share_id)


def _page(share: Share, sent: Sent) -> Response:
    status = 422 if sent.problems else 200
    return respond("sharing/photo.html", status=status, share=share, photo=sent)


@photo.post("/shares/<int:share_id>/photo/removal")
@access.signed_in
def remove(share_id: int) -> AnyResponse:
    """Delete the picture; the share stays."""
    found = photos.of_share(_own_or_404(share_id).id)
    if found:
        name = found.name
        with writing():
            photos.remove(share_id)
        photos.discard(name, folder())
    toast(_("The picture is deleted."))
    return _to_share(share_id)


def _to_share(share_id: int) -> AnyResponse:
    return go_to(url_for("sharing.own_share", share_id=share_id, _anchor="photo"))


def _living_or_410(share_id: int) -> Share:
    """One's own share, whose link still leads somewhere."""
    share = _own_or_404(share_id)
    story = db.session.get_one(Story, share.story_id)
    if short_links.is_over(share, story, facts(current_user.organisation_version), clock.now()):
        abort(410)
    return share


def _own_or_404(share_id: int) -> Share:
    return queries.own_share(current_user.id, share_id) or abort(404)
