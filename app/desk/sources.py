"""How the feeds fare: what they brought in 30 days, and how much of it was published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from app.db import db
from app.stories.models import Story, Topic
from app.stories.sources import Feed, Origin

COUNTED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed, the topic its drafts get, and its numbers."""

    feed: Feed
    topic: Topic | None
    new: int
    published: int


def sources(at: datetime) -> Sequence[Source]:
    """Every feed that has not been removed, by name."""
    published = func.sum(case((Story.state != "draft", 1), else_=0))
    brought = (
        select(Origin.feed_id, func.count().label("new"), published.label("published"))
        .outerjoin(Story, Story.id == Origin.story_id)
        .where(Origin.found_at > at - COUNTED)
        .group_by(Origin.feed_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Feed, Topic, brought.c.new, brought.c.published)
        .outerjoin(Topic, Topic.id == Feed.topic_id)
        .outerjoin(brought, brought.c.feed_id == Feed.id)
        .where(Feed.removed_at.is_(None))
        .order_by(Feed.name, Feed.id)
    )
    return [Source(feed, topic, new or 0, published or 0) for feed, topic, new, published in rows]
