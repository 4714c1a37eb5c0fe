"""The short link of a share, which people follow and machines look at."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, request, session
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.errors import show_error
from app.organisation.queries import facts
from app.people.viewer import token_hash
from app.sharing import share_pages, short_links
from app.sharing.click_buffer import buffer
from app.sharing.clicks import LONGEST_AGENT, Visit, is_machine
from app.sharing.tokens import looks_like_token
from app.sharing.visits import Click
from app.web import access

onward = Blueprint("onward", __name__)
# How browsers, old ones too, say that they fetch ahead.
PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@onward.get("/s/<token>")
@access.public
def short_link(token: str) -> AnyResponse:
    """A share's short link: people go on to the story's own address, machines see a small page.

    One read, and nothing is written here; nor is it asked who is signed in.
    """
    link = short_links.link_of(token) if looks_like_token(token) else None
    if link is None:
        abort(404)
    organisation, now = facts(link.organisation_version), clock.now()
    if short_links.is_over(link, link, organisation, now):
        abort(410)
    click = _click(link, organisation.zone, now)
    if link.counts_clicks:
        buffer().add(click)
    target = short_links.address(link.source_url, link.network, organisation, click.day)
    machine = is_machine(click.visit.user_agent)
    if target and not machine:
        return redirect(target, 302)
    return share_pages.preview(link, organisation, machine)


def _click(link: Any, zone: str, now: datetime) -> Click:
    """What this request tells of a visit."""
    token = session.get("_user_id")
    return Click(
        share_id=link.id,
        person_id=link.person_id,
        network=link.network,
        visit=_visit((now - short_links.made_at(link)).total_seconds()),
        address=request.remote_addr or "",
        sign_in=token_hash(token) if token else None,
        day=now.astimezone(ZoneInfo(zone)).date(),
        at=now,
    )


def _visit(age: float) -> Visit:
    purposes = ", ".join(filter(None, (_header(name) for name in PURPOSES)))
    return Visit(
        method=request.method,
        user_agent=_header("User-Agent")[:LONGEST_AGENT],
        purpose=purposes[:80],
        fetch_mode=_header("Sec-Fetch-Mode")[:20],
        age=int(age // 1),
    )


def _header(name: str) -> str:
    return request.headers.get(name, "").replace("\0", "")


@onward.errorhandler(HTTPException)
def say_goodbye(error: HTTPException) -> AnyResponse:
    """The page of a link that leads nowhere, or no more. A stranger gets no session from it."""
    return show_error(error, token="")
