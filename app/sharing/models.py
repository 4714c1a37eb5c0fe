"""Shares, and the visits to their short links."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime

NETWORKS = ("linkedin", "facebook", "intranet", "other")
# How a text began: one of the story's three angles, or a mode that is not about oneself.
MODES = ("thank", "ask", "teach", "photo", "learnt")
ANGLES = ("1", "2", "3", *MODES)
# The evidence ladder. A share only ever climbs it.
OPENED, COMPOSED, SAID, FETCHED, CLICKED, CONFIRMED = 1, 2, 3, 4, 5, 6


class Share(Base):
    """One person telling one story on one network. `rung` is the highest rung reached; each has its time.

    `asked_at`: the person has answered "was it shared?", or put it off, since the text was written.
    """

    __tablename__ = "shares"
    __table_args__ = (
        UniqueConstraint("person_id", "story_id", "network"),
        CheckConstraint("network IN ('linkedin', 'facebook', 'intranet', 'other')", name="network"),
        CheckConstraint("rung BETWEEN 1 AND 6", name="rung"),
        CheckConstraint("own_percent BETWEEN 0 AND 100", name="own_percent"),
        Index("ix_shares_story_id_said_at", "story_id", "said_at"),
        Index("ix_shares_person_id_said_at", "person_id", "said_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"))
    network: Mapped[str] = mapped_column(String(10))
    token: Mapped[str] = mapped_column(String(16), unique=True)
    text: Mapped[str] = mapped_column(Text, default="")
    angle: Mapped[str] = mapped_column(String(10), default="", server_default="")
    own_percent: Mapped[int] = mapped_column(default=0)
    disclosed: Mapped[bool] = mapped_column(default=True)
    rung: Mapped[int] = mapped_column(default=OPENED)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    composed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    said_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    clicked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ShareRequest(Base):
    """A request to tell that has arrived: done once, however often its key comes again. Kept for 30 days.

    `said`: it has also said that the share is posted.
    """

    __tablename__ = "share_requests"

    key: Mapped[str] = mapped_column(String(43), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    share_id: Mapped[int | None] = mapped_column(ForeignKey("shares.id"))
    said: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class ShareGram(Base):
    """Four words of a text that is told, as a keyed hash: what others' texts are compared with for 30 days.

    `at` is when it was told. They go when the share is withdrawn.
    """

    __tablename__ = "share_grams"
    __table_args__ = (Index("ix_share_grams_at_share_id", "at", "share_id"), {"sqlite_with_rowid": False})

    gram: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    share_id: Mapped[int] = mapped_column(ForeignKey("shares.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class SharePhoto(Base):
    """A picture of one's own with a share: `<name>.jpg` in DATA_DIR/photos. Goes with its share.

    `consent` is what the person said of the people in it: that there are none, or that they agreed.
    """

    __tablename__ = "share_photos"
    __table_args__ = (CheckConstraint("consent IN ('nobody', 'agreed')", name="consent"),)

    share_id: Mapped[int] = mapped_column(ForeignKey("shares.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(22), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(String(250))
    consent: Mapped[str] = mapped_column(String(6))
    consented_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Visit(Base):
    """A classified visit to a short link. Kept for 30 days; no address, only a salted hash of the day.

    What is needed to classify it again is kept with it, from `day` on: `age` is the seconds since the share was
    made. Those that were kept before have none of it, and stay as they are.
    """

    __tablename__ = "visits"
    __table_args__ = (
        Index("ix_visits_share_id_visitor", "share_id", "visitor"),
        Index("ix_visits_day_share_id", "day", "share_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("shares.id"))
    verdict: Mapped[str] = mapped_column(String(10))
    visitor: Mapped[bytes] = mapped_column(LargeBinary(16))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    day: Mapped[date | None]
    rules_version: Mapped[int | None]
    method: Mapped[str | None] = mapped_column(String(8))
    user_agent: Mapped[str | None] = mapped_column(String(512))
    purpose: Mapped[str | None] = mapped_column(String(80))
    fetch_mode: Mapped[str | None] = mapped_column(String(20))
    age: Mapped[int | None]
    by_sharer: Mapped[bool | None]


class VisitorDay(Base):
    """A visitor counted once a day: the row's existence is the count's guard."""

    __tablename__ = "visitor_days"
    __table_args__ = (UniqueConstraint("share_id", "day", "visitor"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("shares.id"))
    day: Mapped[date] = mapped_column(index=True)
    visitor: Mapped[bytes] = mapped_column(LargeBinary(16))


class ClickDay(Base):
    """People who clicked a share's link on a day. Kept for ever."""

    __tablename__ = "click_days"

    share_id: Mapped[int] = mapped_column(ForeignKey("shares.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int] = mapped_column(default=0)


class VisitorSalt(Base):
    """The salt of one day's visitor hashes; thrown away when the day is over, and the hashes mean nothing."""

    __tablename__ = "visitor_salts"

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
