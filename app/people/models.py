"""People, their teams over time, and the devices they are signed in on."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime

MONDAY_TO_FRIDAY = 0b0011111


class Team(Base):
    """A team in the tree. `path` names it and all above it: /1/4/17/."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str | None] = mapped_column(String(120))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    path: Mapped[str] = mapped_column(String(200), index=True, default="")


class Person(Base):
    """Someone who is or was employed. Roles stand on the row: one person, one line, one question.

    `is_manager` is the role; who has a report is a manager without it, as `Viewer.is_manager` says.
    `joined_at` is the first sign-in. `counts_clicks`: whether clicks on their short links are counted.
    """

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("play IN ('full', 'quiet', 'off')", name="play"),
        CheckConstraint("theme IN ('', 'light', 'dark')", name="theme"),
        CheckConstraint("curates_for IS NULL OR curates_for IN ('hr', 'communications')", name="curates_for"),
        CheckConstraint("weekly_goal BETWEEN 1 AND 3", name="weekly_goal"),
        CheckConstraint("working_days BETWEEN 0 AND 127", name="working_days"),
        CheckConstraint("locale IN ('da', 'en')", name="locale"),
        Index("ix_people_name_id", "name", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(120), default="")
    title_en: Mapped[str | None] = mapped_column(String(120))
    avatar: Mapped[str | None] = mapped_column(String(40))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    is_manager: Mapped[bool] = mapped_column(default=False)
    is_leader: Mapped[bool] = mapped_column(default=False)
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    curates_for: Mapped[str | None] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(5), default="da")
    theme: Mapped[str] = mapped_column(String(5), default="")
    play: Mapped[str] = mapped_column(String(5), default="full")
    weekly_goal: Mapped[int] = mapped_column(default=1)
    counts_clicks: Mapped[bool] = mapped_column(default=True, server_default=true())
    working_days: Mapped[int] = mapped_column(default=MONDAY_TO_FRIDAY)
    zone: Mapped[str] = mapped_column(String(64), default="Europe/Copenhagen")
    next_zone: Mapped[str | None] = mapped_column(String(64))
    next_zone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    date_floor: Mapped[date | None]
    employed_from: Mapped[date]
    employed_to: Mapped[date | None]
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    joined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Membership(Base):
    """A person in a team from a day to a day, both included; open-ended without `to_date`."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("to_date IS NULL OR to_date >= from_date", name="dates"),
        Index(
            "uq_memberships_current",
            "person_id",
            unique=True,
            sqlite_where=text("to_date IS NULL"),
            postgresql_where=text("to_date IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    from_date: Mapped[date]
    to_date: Mapped[date | None]


class PeopleList(Base):
    """A list of people that an administrator has brought. Its content goes when it is imported, or after a day."""

    __tablename__ = "people_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    file_name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    imported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    counts: Mapped[dict[str, int] | None] = mapped_column(JSON)


class SignIn(Base):
    """One device that is signed in. The token itself is only on the device; we keep its hash."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    device: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SignInLink(Base):
    """A link by mail that is good until it is used, void or ten minutes old; then its row goes.

    `person_id` is empty for an address that is nobody's. `noted` are the tries counted when it was asked for.
    """

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    noted: Mapped[list[int]] = mapped_column(JSON)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class SignInTry(Base):
    """A failed sign-in, or a link asked for, counted per account and per address. Both are keyed hashes, never plain."""

    __tablename__ = "sign_in_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    __table_args__ = (Index("ix_sign_in_tries_subject_at", "subject", "at"),)
