"""The short link of a share, which people follow and machines look at."""

from datetime import datetime

from flask import Blueprint, abort, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.organisation.queries import facts
from app.sharing import share_pages, short_links
from app.sharing.clicks import LONGEST_AGENT, Verdict, Visit, classify
from app.sharing.models import Share
from app.sharing.tokens import looks_like_token
from app.web import access

onward = Blueprint("onward", __name__)


@onward.get("/s/<token>")
@access.public
def short_link(token: str) -> AnyResponse:
    """A share's short link: people go on to the story's own address, machines see a small page."""
    found = short_links.share_by_token(token) if looks_like_token(token) else None
    share, story = found or abort(404)
    organisation, now = facts(), clock.now()
    if short_links.is_over(share, story, organisation, now):
        abort(410)
    verdict, day = classify(_visit(share, now)), clock.today(organisation.zone)
    target = short_links.address(story, share.network, organisation, day)
    machine = verdict in (Verdict.BOT, Verdict.PREVIEW)
    answer = (
        redirect(target, 302)
        if target and not machine
        else share_pages.preview(story, share, organisation, machine)
    )
    if request.method == "GET":
        visitor = (request.remote_addr or "", request.user_agent.string)
        with writing():
            short_links.note_visit(share.id, verdict, visitor, day, now)
    return answer


def _visit(share: Share, now: datetime) -> Visit:
    return Visit(
        method=request.method,
        user_agent=request.user_agent.string[:LONGEST_AGENT],
        purpose=request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or "",
        fetch_mode=request.headers.get("Sec-Fetch-Mode", ""),
        seconds_since=(now - (share.composed_at or share.opened_at)).total_seconds(),
        is_sharer=current_user.is_authenticated and current_user.id == share.person_id,
    )
