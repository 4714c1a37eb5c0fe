"""What the pages of a share show: how far it has come, all of one's own, and what machines are shown of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, current_app
from flask_babel import force_locale
from flask_login import current_user
from sqlalchemy import Row

from app import clock
from app.language import twin, visitors_language
from app.organisation.queries import Facts, facts
from app.people.choices import counts_clicks
from app.sharing import photos, queries, short_links
from app.sharing.curious import first_hours
from app.sharing.models import Share
from app.sharing.networks import Network, network_of
from app.stories.cards import faces
from app.stories.models import Story
from app.stories.queries import open_story
from app.web import respond


def own_share(share: Share) -> Response:
    """How far one's share has come."""
    now, face = clock.now(), faces([share.story_id])[share.story_id]
    return respond(
        "sharing/share.html",
        share=share,
        story=face.story,
        face=face,
        network=network_of(share),
        told=queries.is_told(share),
        waiting=queries.is_waiting(share),
        link_is_over=short_links.is_over(share, face.story, facts(current_user.organisation_version), now),
        may_tell=open_story(current_user, share.story_id, now) is not None,
        clicks=queries.clicks(share.id),
        hours=first_hours(share, current_user.zone_info),
        counts_clicks=counts_clicks(current_user.id),
        payment=queries.payment(current_user.id, share.id),
        photo=photos.of_share(share.id),
        now=now,
    )


def own_shares() -> Response:
    """One's own shares: those that wait for a word, and those that are told."""
    return respond(
        "sharing/shares.html",
        waiting=_with_networks(queries.waiting_shares(current_user.id)),
        shares=_with_networks(queries.own_shares(current_user.id)),
    )


def _with_networks(rows: Iterable[Row[Share, Story]]) -> Sequence[tuple[Share, Story, Network]]:
    return [(share, story, network_of(share)) for share, story in rows]


def preview(link: Any, organisation: Facts, for_machine: bool) -> Response:
    """The small public page of a link's story: for machines in the organisation's language, for people in theirs.

    Rendered past what asks who is signed in. A picture of the person's own goes before the story's.
    """
    spoken = organisation.locale if for_machine else visitors_language()
    page = current_app.jinja_env.get_template("sharing/preview.html")
    address = short_links.web_address(link.source_url)
    with force_locale(spoken):
        content = page.render(
            link=link,
            spoken=spoken,
            description=short_links.description(twin(link, "body", spoken)),
            called=organisation.called(spoken),
            origin=current_app.config["PUBLIC_URL"],
            read_at=address.geturl() if address else None,
        )
    return current_app.response_class(content)
