"""What the pages of telling show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from flask import Response, current_app, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.language import language
from app.organisation.queries import facts
from app.people.hours import monday
from app.points.queries import active_days
from app.sharing import queries, requests
from app.sharing.drafts import Draft
from app.sharing.models import NETWORKS, Share
from app.sharing.own_words import own_percent
from app.sharing.tokens import share_token
from app.stories.cards import faces
from app.stories.models import Story
from app.stories.queries import angles_of
from app.web import go_to, is_fragment, respond, toast

# Where a network lets a link be offered. The others have no such address.
OFFERS = {
    "linkedin": "https://www.linkedin.com/sharing/share-offsite/?url=",
    "facebook": "https://www.facebook.com/sharer/sharer.php?u=",
}
ICONS = {"linkedin": "linkedin", "facebook": "facebook", "intranet": "building", "other": "more"}
LONGEST_SPELL = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Network:
    """A network as a page shows it: its name and icon, the short link, and where to paste (or "")."""

    key: str
    name: str
    icon: str
    link: str
    opens: str
    told: bool = False


def network_of(share: Share) -> Network:
    """The network that a share is for."""
    return _network(share.network, share.token, queries.is_told(share))


def _network(key: str, token: str, told: bool) -> Network:
    link = f"{current_app.config['PUBLIC_URL']}/s/{token}"
    offers = OFFERS.get(key)
    return Network(key, _name(key), ICONS[key], link, offers + quote(link, safe="") if offers else "", told)


def _name(key: str) -> str:
    names = {
        "linkedin": "LinkedIn",
        "facebook": "Facebook",
        "intranet": _("Intranet"),
        "other": _("Elsewhere"),
    }
    return str(names[key])


def token_for(story_id: int, network: str) -> str:
    """The token of the viewer's short link to a story on a network."""
    return share_token(current_app.config["SECRET_KEY"], current_user.id, story_id, network)


def _disclosure() -> str:
    return facts(current_user.organisation_version).disclosure(language())


def composer(story: Story, typed: Draft | None = None, error: str = "") -> Response:
    """The composer, empty, with what was kept, or with what was typed and what is wrong with it."""
    shares = queries.by_network(current_user.id, story.id)
    draft = typed or _kept(shares)
    others = queries.comparable(current_user.id, story, clock.now()) if draft.text else []
    return respond(
        "sharing/composer.html",
        fragment="sharing/_composer.html",
        status=422 if error else 200,
        story=story,
        angles=angles_of(story.id),
        networks=[_offered(story.id, key, shares.get(key)) for key in NETWORKS],
        draft=draft,
        disclosure=_disclosure(),
        percent=own_percent(draft.text, others),
        error=error,
    )


def _offered(story_id: int, key: str, share: Share | None) -> Network:
    return network_of(share) if share else _network(key, token_for(story_id, key), False)


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


def posting(share: Share) -> AnyResponse:
    """Was it shared? With the text to copy, for those whose phone did not. One that is told has its own page."""
    if queries.is_told(share):
        toast(_("You have already told it there. This is how far it has come."))
        return go_to(url_for("sharing.own_share", share_id=share.id))
    network = network_of(share)
    lines = f"{share.text}\n\n{_disclosure()}" if share.disclosed else share.text
    return respond(
        "sharing/posting.html",
        fragment="sharing/_posting.html",
        share=share,
        network=network,
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


def _active_days_at(at: datetime) -> int:
    week = monday(current_user.local_date(at))
    return active_days(current_user.id, week).get(week, 0)
