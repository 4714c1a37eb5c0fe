"""What comes to Fjordby's desk from outside: two sources and what they brought this morning. Nothing is fetched."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.db import db
from app.fetch import Fetched
from app.stories import feeds, origins
from app.stories.entries import Entry
from app.stories.feeds import Gathered
from app.stories.models import StoryTopic
from app.stories.pictures import Encoded
from app.stories.sources import Feed

SITE = "https://fjordby.example/nyt"
# Slug, picture, title, text, days ago.
NEWS = (
    ("fjernvarme", None, "Fjernvarmen når Havnegade før jul", "De sidste 80 husstande på Havnegade får fjernvarme i uge 50.\n\nGravearbejdet ved nummer 14 blev færdigt en uge før tid.", 0),
    ("regnbed-ti", "climate", "Regnbed nummer ti er i jorden", "Naboerne ved Enghaven plantede de sidste iris lørdag formiddag.", 1),
    ("elevdag", "care", "32 kom til elevdag på Egehøj", "Syv af dem har allerede bedt om en samtale. Den yngste er 17, den ældste 54.", 1),
)  # fmt: skip


def bring(pictures: Mapping[str, Encoded], topics: Mapping[str, int], purpose_id: int, at: datetime) -> None:
    """Two sources, one of them on pause, and three drafts, of which one lacks nothing."""
    news = _source("Fjordby, nyheder", f"{SITE}/rss", None, at)
    library = _source(
        "Bibliotekerne", "https://bibliotek.example/feed", topics["culture"], at - timedelta(days=9)
    )
    feeds.pause(library)
    entries = [
        (
            Entry(title, text, f"{SITE}/{slug}", [], at - timedelta(days=ago)),
            pictures[picture] if picture else None,
        )
        for slug, picture, title, text, ago in reversed(NEWS)
    ]
    feeds.take(Gathered(news.name, entries), at, news)
    ready = origins.made_of(f"{SITE}/{NEWS[0][0]}")
    if ready:
        ready.why, ready.purpose_id = "Folk spørger, hvornår det bliver deres tur.", purpose_id
        db.session.add(StoryTopic(story_id=ready.id, topic_id=topics["climate"]))
        db.session.flush()


def _source(name: str, address: str, topic_id: int | None, at: datetime) -> Feed:
    feed = feeds.add(Fetched(address, b"", "application/rss+xml", {}), name, topic_id, at)
    if feed is None:
        raise LookupError(address)
    # Nobody answers there; the day of the demo need not say so.
    feed.due_at = at + timedelta(days=2)
    return feed
