"""What the clock asks of stories: read the feeds, and delete drafts that nobody wanted."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.db import db, writing
from app.fetch import FetchRefused, fetch
from app.organisation.queries import facts
from app.stories import discarding, entries, feeds, pictures
from app.stories.feeds import Gathered
from app.stories.models import Story
from app.stories.sources import Feed

SATURDAY = 5
logger = logging.getLogger(__name__)
DISCARDED_KEPT = timedelta(days=30)


def read_next_feed(at: datetime, folder: Path) -> bool:
    """Read the feed that is due and has waited longest, on weekdays; whether there was one that no other worker has."""
    try:
        zone = ZoneInfo(facts().zone)
    except LookupError:
        return False
    if at.astimezone(zone).weekday() >= SATURDAY:
        return False
    with writing():
        feed = feeds.claim(at)
        ours = (feed.id, feed.address, dict(feed.marks)) if feed else None
    if ours:
        _try(*ours, at, folder)
    return ours is not None


def _try(feed_id: int, address: str, marks: dict[str, str], at: datetime, folder: Path) -> None:
    """Read it; trouble of our own with one feed keeps no other waiting."""
    try:
        read_feed(feed_id, address, marks, at, folder)
    except Exception:
        logger.exception("feed %s is not read, and tried again later", feed_id)
        with writing():
            feeds.not_answered(_locked(feed_id), "broken-feed", at)


def read_feed(
    feed_id: int, address: str, marks: dict[str, str], at: datetime, folder: Path
) -> tuple[int, str | None]:
    """Read one feed and make drafts of what is new: how many, and why it could not be read, if it could not."""
    found = Gathered("")
    try:
        fetched = fetch(address, "feed", marks)
        if not fetched.same:
            found = feeds.gather(entries.read(fetched.body, fetched.content_type, fetched.address))
    except FetchRefused as refused:
        with writing():
            feeds.not_answered(_locked(feed_id), refused.reason, at)
        return 0, refused.reason
    keep_pictures(found, folder)
    with writing():
        feed = _locked(feed_id)
        feeds.answered(feed, fetched, at)
        return feeds.take(found, at, feed), None


def keep_pictures(found: Gathered, folder: Path) -> None:
    """Write the files of what is about to become drafts."""
    for _entry, picture in found.entries:
        if picture:
            pictures.keep(picture, folder)


def _locked(feed_id: int) -> Feed:
    return db.session.get_one(Feed, feed_id, with_for_update=True, populate_existing=True)


def forget_discarded(at: datetime) -> int:
    """Delete drafts that were discarded 30 days ago; how many."""
    old = db.session.scalars(select(Story.id).where(Story.discarded_at < at - DISCARDED_KEPT)).all()
    discarding.delete(old)
    return len(old)
