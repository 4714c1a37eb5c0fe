"""Feeds as sources of drafts: what is new in them becomes drafts, never more; and when each is read again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import or_, select, update

from app.db import db, insert_once, queue_for
from app.fetch import Fetched, FetchRefused, fetch
from app.stories import editing, entries, origins, pictures
from app.stories.addresses import canonical, host_of
from app.stories.editing import LONGEST, Draft
from app.stories.entries import Contents, Entry
from app.stories.pictures import Encoded
from app.stories.sources import Feed

# A little under the hour, so that a clock which is seconds early finds the feed due.
INTERVAL = timedelta(minutes=55)
LEASE = timedelta(minutes=10)
MOST_WAITING = timedelta(hours=24)
SILENT_AFTER = timedelta(days=7)
SECONDS_FOR_PICTURES = 30


@dataclass(slots=True)
class Gathered:
    """What a feed holds that is new to us, each entry with its picture; `known` counts the rest."""

    name: str
    entries: list[tuple[Entry, Encoded | None]] = field(default_factory=list)
    known: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    left_out: int = 0


def gather(contents: Contents) -> Gathered:
    """Look at a feed's entries and fetch the pictures of the new ones, for half a minute at most. Changes nothing."""
    seen = origins.known(entry.address for entry in contents.entries)
    fresh = {canonical(one.address): one for one in reversed(contents.entries) if one.address not in seen}
    found = Gathered(contents.name, refused=contents.refused, left_out=contents.left_out)
    found.known = len(contents.entries) - len(fresh)
    until = monotonic() + SECONDS_FOR_PICTURES
    for entry in reversed(fresh.values()):
        found.entries.append((entry, _picture(entry) if monotonic() < until else None))
    return found


def _picture(entry: Entry) -> Encoded | None:
    """The first of its pictures that is one; a story without is still a story."""
    for address in list(dict.fromkeys(entry.pictures))[:3]:
        try:
            return origins.picture_from(address)
        except FetchRefused:
            continue
    return None


def take(found: Gathered, at: datetime, feed: Feed | None = None) -> int:
    """Make drafts of what was gathered; how many. What somebody else has made meanwhile stays theirs."""
    # Two feeds with the same pages in another order would wait for each other.
    queue_for(b"drafts out of feeds")
    return sum(_made(entry, picture, found.name, at, feed) for entry, picture in found.entries)


def _made(entry: Entry, picture: Encoded | None, name: str, at: datetime, feed: Feed | None) -> bool:
    origin = origins.claim(entry.address, at, feed.id if feed else None, entry.published_at)
    if origin is None:
        return False
    name = (feed.name if feed else name) or host_of(entry.address)
    draft = Draft(
        texts={
            "title": entry.title,
            "body": entry.text,
            "source_url": entry.address,
            "source_name": name[: LONGEST["source_name"]],
        },
        picture_id=pictures.record(picture, at) if picture else None,
        topics=[feed.topic_id] if feed and feed.topic_id else [],
    )
    origin.story_id = editing.create(draft, None, at).id
    return True


def look(address: str) -> tuple[Fetched, Contents]:
    """The feed at an address, or the one that the page there names. Raises FetchRefused."""
    fetched = fetch(address, "feed")
    try:
        return fetched, entries.read(fetched.body, fetched.content_type, fetched.address)
    except FetchRefused:
        named = entries.named_by(fetched)
        if named is None:
            raise
    fetched = fetch(named, "feed")
    return fetched, entries.read(fetched.body, fetched.content_type, fetched.address)


def add(fetched: Fetched, name: str, topic_id: int | None, at: datetime) -> Feed | None:
    """A new source, read for the first time; None when it is one already. A removed one comes back."""
    name = (name or host_of(fetched.address))[: LONGEST["source_name"]]
    values = {"address": fetched.address, "name": name, "topic_id": topic_id, "added_at": at}
    key = canonical(fetched.address)
    new = insert_once(Feed, key=key, **values, state="fetching", due_at=at, marks={}, failures=0)
    if new is None:
        back = update(Feed).where(Feed.key == key, Feed.removed_at.is_not(None))
        new = db.session.execute(back.values(**values, removed_at=None).returning(Feed.id)).scalar()
    if new is None:
        return None
    feed = db.session.get_one(Feed, new, populate_existing=True)
    answered(feed, fetched, at)
    return feed


def claim(at: datetime) -> Feed | None:
    """The feed that has waited longest, ours to fetch for ten minutes; None when none is due. Needs `writing()`."""
    free = or_(Feed.leased_until.is_(None), Feed.leased_until <= at)
    due = select(Feed).where(Feed.state == "fetching", Feed.removed_at.is_(None), Feed.due_at <= at, free)
    feed = db.session.scalar(due.order_by(Feed.due_at, Feed.id).limit(1).with_for_update(skip_locked=True))
    if feed:
        feed.leased_until = at + LEASE
        db.session.flush()
    return feed


def answered(feed: Feed, fetched: Fetched, at: datetime) -> None:
    """The feed could be read; it is read again in an hour."""
    feed.marks = dict(fetched.marks) or feed.marks
    feed.fetched_at, feed.due_at, feed.leased_until = at, at + INTERVAL, None
    feed.failures, feed.trouble, feed.troubled_since = 0, None, None
    if feed.state == "silent":
        feed.state = "fetching"
    db.session.flush()


def not_answered(feed: Feed, reason: str, at: datetime) -> None:
    """It could not be read: it is tried again later and later, and after seven days no more."""
    feed.failures += 1
    feed.trouble, feed.troubled_since = reason, feed.troubled_since or at
    feed.leased_until = None
    feed.due_at = at + min(INTERVAL * 2 ** min(feed.failures - 1, 10), MOST_WAITING)
    if at - feed.troubled_since >= SILENT_AFTER and feed.state == "fetching":
        feed.state = "silent"
    db.session.flush()


def pause(feed: Feed) -> None:
    """Read it no more, until somebody says so."""
    feed.state = "paused"
    db.session.flush()


def resume(feed: Feed, at: datetime) -> None:
    """Read it again, at once; its trouble is forgotten."""
    feed.state, feed.due_at, feed.failures, feed.trouble, feed.troubled_since = "fetching", at, 0, None, None
    db.session.flush()


def remove(feed: Feed, at: datetime) -> None:
    """It is no source any more. Its drafts stay."""
    feed.removed_at = at
    db.session.flush()


def bring_back(feed: Feed) -> None:
    """Undo its removal."""
    feed.removed_at = None
    db.session.flush()


def all_feeds() -> Sequence[Feed]:
    """Every source, by name."""
    return db.session.scalars(
        select(Feed).where(Feed.removed_at.is_(None)).order_by(Feed.name, Feed.id)
    ).all()
