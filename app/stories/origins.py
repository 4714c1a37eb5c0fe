"""Drafts made of pages in the world: one of each page, however often and by whomever it is brought."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from app.db import db, insert_once
from app.fetch import FetchRefused, fetch
from app.stories.addresses import canonical
from app.stories.models import Story
from app.stories.pictures import Encoded, PictureRefused, encode
from app.stories.sources import Origin


def known(addresses: Iterable[str]) -> set[str]:
    """Those of some addresses that a draft has been made of before, even if it was deleted since."""
    forms = {address: canonical(address) for address in addresses}
    found = set(db.session.scalars(select(Origin.address).where(Origin.address.in_(set(forms.values())))))
    return {address for address, form in forms.items() if form in found}


def made_of(address: str) -> Story | None:
    """The story that was made of a page, unless it was deleted."""
    wanted = select(Story).join(Origin, Origin.story_id == Story.id)
    return db.session.scalar(wanted.where(Origin.address == canonical(address), Story.discarded_at.is_(None)))


def claim(
    address: str, at: datetime, feed_id: int | None = None, published_at: datetime | None = None
) -> Origin | None:
    """The first to bring a page may make a draft of it; None for everybody else."""
    identity = insert_once(
        Origin, address=canonical(address), feed_id=feed_id, published_at=published_at, found_at=at
    )
    return db.session.get_one(Origin, identity) if identity else None


def locked(address: str) -> Origin:
    """The origin of a page that has been claimed, which nobody else changes until we commit."""
    wanted = select(Origin).where(Origin.address == canonical(address)).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def picture_from(address: str) -> Encoded:
    """The picture at an address, re-encoded. Raises FetchRefused, also for one that is no use here."""
    try:
        return encode(fetch(address, "picture").body)
    except PictureRefused as reason:
        raise FetchRefused(reason.reason) from reason
