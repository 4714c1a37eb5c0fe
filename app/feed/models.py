"""What was chosen for a person's day."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime


class Pick(Base):
    """A story in a slot of someone's Today, chosen once for that local day, with the reason why; `also` is a second one.

    Reasons are those of feed.choice.
    """

    __tablename__ = "picks"
    __table_args__ = (UniqueConstraint("person_id", "local_date", "story_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    local_date: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    reason: Mapped[str] = mapped_column(String(10))
    also: Mapped[str] = mapped_column(String(10), default="", server_default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))


class DayOpened(Base):
    """A person's first Today of a local day."""

    __tablename__ = "days_opened"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    local_date: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
