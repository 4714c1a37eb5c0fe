"""The organisation and what it has decided. One organisation per installation."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime


class Organisation(Base):
    """The one row that says who we are. `version` rises with every change to this package's tables."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str | None] = mapped_column(String(120))
    promise: Mapped[str] = mapped_column(String(160), default="")
    promise_en: Mapped[str | None] = mapped_column(String(160))
    disclosure: Mapped[str] = mapped_column(String(160))
    disclosure_en: Mapped[str | None] = mapped_column(String(160))
    locale: Mapped[str] = mapped_column(String(5), default="da")
    zone: Mapped[str] = mapped_column(String(64), default="Europe/Copenhagen")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Purpose(Base):
    """One of at most five things the programme is for. A retired one stays for its old stories."""

    __tablename__ = "purposes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    name_en: Mapped[str | None] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Value(Base):
    """One of the organisation's values; a shout-out names one or two. A retired one stays for its old shout-outs."""

    __tablename__ = "organisation_values"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str | None] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Setting(Base):
    """A setting's value from a day on; the past is never rewritten."""

    __tablename__ = "settings"
    __table_args__ = (UniqueConstraint("key", "from_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[object] = mapped_column(JSON)
    from_date: Mapped[date]
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarDay(Base):
    """A public holiday: nobody's working day."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str | None] = mapped_column(String(80))


class PauseWeek(Base):
    """A week in which the programme rests, named by its Monday."""

    __tablename__ = "pause_weeks"

    monday: Mapped[date] = mapped_column(primary_key=True)
