"""Telling a story: the composer, "was it shared?", thanks, one's own shares, and the short link."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.language import language
from app.organisation.queries import facts
from app.sharing import actions, queries, short_links
from app.sharing.clicks import LONGEST_AGENT, Visit, classify
from app.sharing.models import NETWORKS, SAID, Share
from app.sharing.own_words import own_percent
from app.sharing.tokens import looks_like_token, share_token
from app.stories.cards import faces
from app.stories.models import Story
from app.stories.queries import angles_of, open_story, picture_of
from app.web import access, go_to, is_fragment, respond, toast

sharing = Blueprint("sharing", __name__)
# Where a network lets a link be offered. The others have no such address.
OPENS = {
    "linkedin": "https://www.linkedin.com/sharing/share-offsite/?url=",
    "facebook": "https://www.facebook.com/sharer/sharer.php?u=",
}


@sharing.get("/stories/<int:story_id>/shares/new")
@access.signed_in
def new_share(story_id: int) -> Response:
    """The composer."""
    return _composer(_open_or_404(story_id))


@sharing.post("/stories/<int:story_id>/shares")
@access.signed_in
def share(story_id: int) -> AnyResponse:
    """The text is copied and the network open: keep what was written, then ask whether it was shared."""
    story = _open_or_404(story_id)
    text, network = request.form.get("text", "").strip(), request.form.get("network", "")
    error = _problem(text, network)
    if error:
        return _composer(story, 422, text, error)
    token = _token(story_id, network)
    with writing():
        made = actions.compose(
            current_user.id, story, network, text, "disclosed" in request.form, token, clock.now()
        )
        share_id = made.id
    if is_fragment():
        return _posting(_own_or_404(share_id))
    return redirect(url_for("sharing.posting", share_id=share_id), 303)


def _problem(text: str, network: str) -> str:
    if network not in NETWORKS:
        return _("Choose where you share it.")
    if not text:
        return _("Write a sentence of your own first. One is enough.")
    if len(text) > actions.LONGEST_TEXT:
        return _("That is a little long. 1,300 characters at most; you have %(count)s.", count=len(text))
    return ""


@sharing.get("/shares/<int:share_id>/posting")
@access.signed_in
def posting(share_id: int) -> Response:
    """Was it shared? With the text to copy, for those whose phone did not."""
    return _posting(_own_or_404(share_id))


@sharing.post("/shares/<int:share_id>/posting")
@access.signed_in
def say_posted(share_id: int) -> AnyResponse:
    """Yes, it is shared."""
    _own_or_404(share_id)
    with writing():
        told = actions.say_posted(share_id, current_user.id, clock.now())
        paid = [(one.code, one.amount, one.cap) for one in told.paid]
    if is_fragment():
        return _thanks(_own_or_404(share_id), paid)
    return redirect(url_for("sharing.thanks", share_id=share_id), 303)


@sharing.get("/shares/<int:share_id>/thanks")
@access.signed_in
def thanks(share_id: int) -> Response:
    """Thanks, and what it paid."""
    share = _own_or_404(share_id)
    if share.rung < SAID or share.withdrawn_at:
        abort(404)
    return _thanks(share, queries.paid(current_user.id, share_id))


@sharing.post("/shares/<int:share_id>/withdrawal")
@access.signed_in
def withdraw(share_id: int) -> AnyResponse:
    """Take it back: within ten seconds as an undo, later as a change of mind."""
    _own_or_404(share_id)
    with writing():
        points = actions.withdraw(share_id, current_user.id, clock.now())
    toast(
        ngettext(
            "The share is withdrawn. %(num)d point is corrected.",
            "The share is withdrawn. %(num)d points are corrected.",
            points,
        )
    )
    return go_to(url_for("feed.today"))


@sharing.get("/shares")
@access.signed_in
def own_shares() -> Response:
    """One's own shares."""
    return respond("sharing/shares.html", shares=queries.own_shares(current_user.id))


@sharing.get("/shares/<int:share_id>")
@access.signed_in
def own_share(share_id: int) -> Response:
    """How far one's share has come."""
    share = _own_or_404(share_id)
    story = faces([share.story_id])[share.story_id]
    return respond(
        "sharing/share.html",
        share=share,
        story=story.story,
        face=story,
        link=_link(share.token),
        clicks=queries.clicks(share_id),
        points=sum(amount for _code, amount, _cap in queries.paid(current_user.id, share_id)),
    )


@sharing.post("/own-words")
@access.signed_in
def own_words() -> Response:
    """The meter: how much of a text is one's own. Nothing is kept."""
    story = _open_or_404(request.form.get("story", 0, type=int))
    text = request.form.get("text", "")[: actions.LONGEST_TEXT]
    percent = own_percent(text, actions.comparable(current_user.id, story, clock.now()))
    return respond("sharing/_own.html", percent=percent)


@sharing.get("/s/<token>")
@access.public
def short_link(token: str) -> AnyResponse:
    """A share's short link: people go on to the story's own address, machines see a small page."""
    found = short_links.share_by_token(token) if looks_like_token(token) else None
    if found is None:
        abort(404)
    share, story = found
    organisation, now = facts(), clock.now()
    if short_links.is_over(share, story, organisation, now):
        abort(410)
    day = now.date()
    verdict = classify(_visit(share))
    target = short_links.address(story, share.network, organisation, day)
    preview = _preview(story, share) if verdict in ("bot", "preview") or not target else None
    if verdict != "head":
        visitor = (request.remote_addr or "", request.user_agent.string)
        with writing():
            short_links.note_visit(share.id, verdict, visitor, day, now)
    return preview or redirect(str(target), 302)


def _visit(share: Share) -> Visit:
    made = share.composed_at or share.opened_at
    return Visit(
        method=request.method,
        user_agent=request.user_agent.string[:LONGEST_AGENT],
        purpose=request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or "",
        fetch_mode=request.headers.get("Sec-Fetch-Mode", ""),
        seconds_since=(clock.now() - made).total_seconds(),
        is_sharer=current_user.is_authenticated and current_user.id == share.person_id,
    )


def _preview(story: Story, share: Share) -> Response:
    picture = picture_of(story)
    return respond(
        "sharing/preview.html", story=story, picture=picture, link=_link(share.token), origin=current_app.config["PUBLIC_URL"]
    )


def _composer(story: Story, status: int = 200, text: str = "", error: str = "") -> Response:
    lang = language()
    return respond(
        "sharing/composer.html",
        fragment="sharing/_composer.html",
        status=status,
        story=story,
        angles=angles_of(story.id),
        networks=[_network(story.id, network) for network in NETWORKS],
        chosen=request.form.get("network", NETWORKS[0]),
        disclosed=request.method == "GET" or "disclosed" in request.form,
        disclosure=facts(current_user.organisation_version).disclosure(lang),
        text=text,
        percent=own_percent(text, actions.story_texts(story)),
        error=error,
    )


def _network(story_id: int, network: str) -> dict[str, str]:
    link = _link(_token(story_id, network))
    opens = OPENS.get(network, "")
    return {"key": network, "link": link, "open": opens + quote(link, safe="") if opens else ""}


def _token(story_id: int, network: str) -> str:
    return share_token(current_app.config["SECRET_KEY"], current_user.id, story_id, network)


def _link(token: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}/s/{token}"


def _posting(share: Share) -> Response:
    disclosure = facts(current_user.organisation_version).disclosure(language())
    return respond(
        "sharing/posting.html",
        fragment="sharing/_posting.html",
        share=share,
        copied=f"{share.text}\n\n{disclosure}" if share.disclosed else share.text,
        network=_network(share.story_id, share.network) | {"link": _link(share.token)},
    )


def _thanks(share: Share, paid: list[tuple[str, int, str | None]]) -> Response:
    now = clock.now()
    day = current_user.local_date(now)
    context: dict[str, Any] = {
        "share": share,
        "paid": {code: amount for code, amount, _cap in paid},
        "cap": next((cap for _code, _amount, cap in paid if cap), None),
        "points": sum(amount for _code, amount, _cap in paid),
        "goal_reached": actions.active_days_this_week(current_user.id, day) >= current_user.weekly_goal,
        "spent": int(((share.said_at or now) - share.opened_at).total_seconds()),
        "leaders": [one for one in queries.leaders_who_told(share.story_id) if one.id != current_user.id],
    }
    return respond("sharing/thanks.html", fragment="sharing/_thanks.html", **context)


def _open_or_404(story_id: int) -> Story:
    return open_story(current_user, story_id, clock.now()) or abort(404)


def _own_or_404(share_id: int) -> Share:
    return queries.own_share(current_user.id, share_id) or abort(404)
