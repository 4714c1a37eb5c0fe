"""What the pages of telling show."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.language import language, twin
from app.organisation.queries import facts
from app.people.hours import monday
from app.points.queries import active_days
from app.sharing import queries, requests
from app.sharing.advice import advice_on
from app.sharing.crowd import crowded
from app.sharing.drafts import Draft
from app.sharing.models import MODES, NETWORKS, Share
from app.sharing.modes import Mode, modes
from app.sharing.networks import network_of, offered
from app.sharing.photos import Sent
from app.stories.cards import faces
from app.stories.models import Angle, Story
from app.stories.queries import angles_of, has_saved, open_story, picture_of
from app.web import go_to, is_fragment, respond, toast

LONGEST_SPELL = timedelta(hours=1)
UNDO = timedelta(seconds=10)


def composer(
    story: Story, typed: Draft | None = None, error: str = "", photo: Sent | None = None
) -> Response:
    """The composer, empty, with what was kept, or with what was typed and what is wrong with it."""
    now, organisation = clock.now(), facts(current_user.organisation_version)
    shares = queries.by_network(current_user.id, story.id)
    draft, sent = typed or _kept(shares), photo or Sent()
    crowd, angles, ways = crowded(story.id, organisation, now), angles_of(story.id), modes()
    return respond(
        "sharing/composer.html",
        fragment="sharing/_composer.html",
        status=422 if error or sent.problems else 200,
        story=story,
        angles=angles,
        modes=ways,
        starter=_starter(draft.angle, angles, ways),
        about_others=draft.angle in MODES,
        networks=offered(story.id, shares),
        crowd=crowd,
        saved=bool(crowd) and has_saved(current_user.id, story.id),
        draft=draft,
        photo=sent,
        disclosure=organisation.disclosure(language()),
        advice=advice_on(story, draft, now),
        error=error,
    )


def _starter(chosen: str, angles: Sequence[Angle], ways: Sequence[Mode]) -> str:
    """The soft beginning of the chosen angle, for those whose browser does not change it."""
    starters = {str(place): twin(angle, "starter") for place, angle in enumerate(angles, 1)}
    return (starters | {way.key: way.starter for way in ways}).get(chosen, "")


def _kept(shares: dict[str, Share]) -> Draft:
    """What the person wrote last and has not told. In a sheet the phone's own draft is newer than ours,
    unless the share was withdrawn: the phone forgot its draft when it was told.
    """
    free = next(
        (key for key in NETWORKS if key not in shares or not queries.is_told(shares[key])), NETWORKS[0]
    )
    untold = [share for share in shares.values() if not queries.is_told(share)]
    last = max(untold, key=lambda share: share.composed_at or share.opened_at, default=None)
    now, key = clock.now(), requests.fresh()
    if last is None:
        return Draft("", free, "1", True, now, key)
    text = "" if is_fragment() and last.withdrawn_at is None else last.text
    return Draft(text, last.network, last.angle, last.disclosed, now, key)


def own_words(story: Story, draft: Draft) -> Response:
    """The meter, and what else there is to say of a text that is being written."""
    return respond("sharing/_own.html", advice=advice_on(story, draft, clock.now()))


def posting(share: Share) -> AnyResponse:
    """Was it shared? With the text to copy, for those whose phone did not. One that is told has its own page."""
    if queries.is_told(share):
        toast(_("You have already told it there. This is how far it has come."))
        return go_to(url_for("sharing.own_share", share_id=share.id))
    story, network = open_story(current_user, share.story_id, clock.now()), network_of(share)
    disclosure = facts(current_user.organisation_version).disclosure(language())
    lines = f"{share.text}\n\n{disclosure}" if share.disclosed else share.text
    return respond(
        "sharing/posting.html",
        fragment="sharing/_posting.html",
        share=share,
        story=story,
        network=network,
        title=twin(faces([share.story_id])[share.story_id].story, "title"),
        picture=picture_of(story) if story else None,
        key=requests.fresh(),
        copied=lines if share.network == "linkedin" else f"{lines}\n{network.link}",
    )


def thanks(share: Share) -> AnyResponse:
    """Thanks: the step first, points small. One that is not told (any more) has its own page."""
    if not queries.is_told(share) or share.said_at is None:
        return go_to(url_for("sharing.own_share", share_id=share.id))
    face = faces([share.story_id])[share.story_id]
    leaders = [leader for leader in face.leaders if leader.id != current_user.id]
    spent = share.said_at - share.opened_at
    _offer_undo(share)
    return respond(
        "sharing/thanks.html",
        fragment="sharing/_thanks.html",
        share=share,
        payment=queries.payment(current_user.id, share.id),
        step_done=_active_days_at(share.said_at) >= current_user.weekly_goal,
        spent=int(spent.total_seconds()) if spent < LONGEST_SPELL else None,
        leader=leaders[0] if leaders else None,
        others=max(0, face.story.tellers - 1 - bool(leaders)),
        tellers=face.story.tellers,
    )


def _offer_undo(share: Share) -> None:
    """A sheet is soon closed: the page after it offers to take the telling back, for ten seconds."""
    if is_fragment() and share.said_at and clock.now() - share.said_at < UNDO:
        toast(_("It is told."), undo=url_for("sharing.withdraw", share_id=share.id))


def _active_days_at(at: datetime) -> int:
    week = monday(current_user.local_date(at))
    return active_days(current_user.id, week).get(week, 0)
