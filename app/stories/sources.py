"""Where drafts come from in the world: feeds that the clock reads, and the pages that they were made of."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime


class Feed(Base):
    """An RSS or Atom feed that the clock reads. `key` is its address in canonical form.

    It is `fetching`, `paused` by a curator, or `silent`: paused because it has not answered for seven days.
    `trouble` is why the last fetch failed, `troubled_since` when that began. Whoever has raised `leased_until`
    fetches it.
    """

    __tablename__ = "feeds"
    __table_args__ = (CheckConstraint("state IN ('fetching', 'paused', 'silent')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(1000), unique=True)
    address: Mapped[str] = mapped_column(String(1000))
    name: Mapped[str] = mapped_column(String(80))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    state: Mapped[str] = mapped_column(String(10), default="fetching")
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    marks: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    failures: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(String(20))
    troubled_since: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Origin(Base):
    """The page in the world that a draft was made of. Its canonical address makes one draft, ever.

    It outlives a draft that was deleted, so that a feed does not bring the same page again.
    """

    __tablename__ = "story_origins"
    __table_args__ = (Index("ix_story_origins_feed_id_found_at", "feed_id", "found_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(1000), unique=True)
    story_id: Mapped[int | None] = mapped_column(ForeignKey("stories.id"), index=True)
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id"))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
