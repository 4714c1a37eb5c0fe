"""Where a short link leads: read at once, by its token."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, unquote_plus, urlencode, urlsplit

from sqlalchemy import bindparam, func, select

from app.organisation.models import Organisation
from app.organisation.queries import Facts
from app.people.models import Person
from app.prepared import Prepared
from app.sharing.models import Share, SharePhoto
from app.stories.models import Picture, Story

# At least 40 characters, so that "Kl. 7.20" is not taken for a sentence.
FIRST_SENTENCE = re.compile(r".{40,}?[.!?…](?=\s|$)", re.DOTALL)
LONGEST_DESCRIPTION = 200
# A name or a bracketed address, and perhaps a port: never somebody's name and password.
NETLOC = re.compile(r"([^:@\[\]]+|\[[^\[\]@]+\])(?::[0-9]*)?")
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\]")
# Letters that Python and browsers write in two ways, so that they would lead to two places.
AMBIGUOUS = re.compile(r"[ßẞς\u200c\u200d]")
SCHEMES = ("http", "https")

LINK = Prepared(
    select(
        Share.id,
        Share.person_id,
        Share.token,
        Share.network,
        Share.opened_at,
        Share.composed_at,
        Share.withdrawn_at,
        Person.counts_clicks,
        Story.state,
        Story.expires_at,
        Story.source_url,
        Story.title,
        Story.title_en,
        Story.body,
        Story.body_en,
        Story.alt,
        Story.alt_en,
        Picture.name.label("picture"),
        Picture.width,
        Picture.height,
        Picture.small_width,
        Picture.small_height,
        SharePhoto.width.label("photo_width"),
        SharePhoto.height.label("photo_height"),
        SharePhoto.alt.label("photo_alt"),
        func.coalesce(Organisation.version, 0).label("organisation_version"),
    )
    .select_from(Share)
    .join(Story, Story.id == Share.story_id)
    .join(Person, Person.id == Share.person_id)
    .outerjoin(Picture, Picture.id == Story.picture_id)
    .outerjoin(SharePhoto, SharePhoto.share_id == Share.id)
    .outerjoin(Organisation, Organisation.id == 1)
    .where(Share.token == bindparam("token"))
)


def link_of(token: str) -> Any:
    """A token's share, story and pictures as one row of plain values, by one indexed read; None when unknown."""
    return LINK.one(token=token)


def is_over(share: Share, story: Story, facts: Facts, at: datetime) -> bool:
    """Withdrawn by its person (and not written anew), older than a short link lives, or its story withdrawn
    or expired. A row of `link_of` is a share and a story.
    """
    made = made_at(share)
    if share.withdrawn_at is not None and share.withdrawn_at >= made:
        return True
    if story.state != "published" or (story.expires_at is not None and story.expires_at <= at):
        return True
    return at > made + timedelta(days=facts.setting("short_link_lives_days", at.date()))


def made_at(share: Share) -> datetime:
    """When a share was written last: from then on its link lives."""
    return share.composed_at or share.opened_at


def address(stored: str | None, network: str, facts: Facts, day: date) -> str | None:
    """A story's own stored address with the organisation's UTM parameters, once each; None when it has none.

    The address's own query and fragment are kept as they were written.
    """
    parts = web_address(stored)
    if parts is None:
        return None
    utm = {name: text.replace("{network}", network) for name, text in facts.setting("utm", day).items()}
    own = "&".join(pair for pair in parts.query.split("&") if _name(pair) not in utm)
    return parts._replace(query="&".join(filter(None, (own, urlencode(utm))))).geturl()


def _name(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0])


def web_address(stored: str | None) -> SplitResult | None:
    """The parts of a stored address that every browser reads as we do; None for any other.

    The desk refuses others too, but what stands in the database may have come another way.
    """
    text = stored or ""
    try:
        parts = urlsplit(text)
        found = NETLOC.fullmatch(parts.netloc)
        if found is None or parts.scheme not in SCHEMES or not text.lower().startswith(f"{parts.scheme}://"):
            return None
        # Raises ValueError for a number that is no port, and for what is no name.
        host, port = found[1].lower(), parts.port
        host = host if host.startswith("[") else host.encode("idna").decode()
    except ValueError:
        return None
    if not HOST.fullmatch(host) or AMBIGUOUS.search(parts.netloc):
        return None
    return parts._replace(netloc=host if port is None else f"{host}:{port}")


def description(body: str) -> str:
    """A story's first sentence, or as much of it as a preview shows: 200 characters."""
    text = " ".join(body.split())
    found = FIRST_SENTENCE.match(text)
    sentence = found[0] if found else text
    if len(sentence) <= LONGEST_DESCRIPTION:
        return sentence
    return sentence[: LONGEST_DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"
