"""Shout-outs, who received them, and the budget of the month with its own ledger."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime

AUDIENCES = ("organisation", "team", "private")


class Shoutout(Base):
    """What a manager wrote of somebody, in two parts: what they did, and what it led to.

    `key` is the form's own, so that a double tap gives once. `audience` is what the giver proposes; each
    receiver decides. Nobody but the giver sees it before `delivers_at`; `delivered_at` is when the worker
    paid and told. An undone one was never seen; of a withdrawn one the words are gone.
    """

    __tablename__ = "shoutouts"
    __table_args__ = (
        UniqueConstraint("giver_id", "key"),
        CheckConstraint("audience IN ('organisation', 'team', 'private')", name="audience"),
        CheckConstraint("second_value_id IS NULL OR second_value_id <> value_id", name="values"),
        Index("ix_shoutouts_giver_id_given_at", "giver_id", "given_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    key: Mapped[str] = mapped_column(String(64))
    did: Mapped[str] = mapped_column(Text)
    led: Mapped[str] = mapped_column(Text)
    value_id: Mapped[int | None] = mapped_column(ForeignKey("organisation_values.id"))
    second_value_id: Mapped[int | None] = mapped_column(ForeignKey("organisation_values.id"))
    audience: Mapped[str] = mapped_column(String(12))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    delivers_at: Mapped[datetime] = mapped_column(UTCDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Receiver(Base):
    """One of the people a shout-out is for. `audience` is what they decided; None: only the two see it.

    `team_id` is their team when it was given. `cap` says why it gives no points, when it is not counted.
    """

    __tablename__ = "shoutout_receivers"
    __table_args__ = (
        CheckConstraint("audience IN ('organisation', 'team', 'private')", name="audience"),
        CheckConstraint("CASE WHEN counted THEN cap IS NULL ELSE cap IS NOT NULL END", name="counted"),
        Index("ix_shoutout_receivers_person_id_shoutout_id", "person_id", "shoutout_id"),
    )

    shoutout_id: Mapped[int] = mapped_column(ForeignKey("shoutouts.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    counted: Mapped[bool]
    cap: Mapped[str | None] = mapped_column(String(20))
    audience: Mapped[str | None] = mapped_column(String(12))
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    smiled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class BudgetMonth(Base):
    """A giver's calendar month: the row on which it is decided what counts.

    `used` always equals the sum of the month's entries; `granted` is what the month held when it was last used.
    """

    __tablename__ = "budget_months"
    __table_args__ = (CheckConstraint("used >= 0", name="used"),)

    giver_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    granted: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)


class BudgetEntry(Base):
    """One line of the append-only budget ledger: counted shout-outs taken, or given back by a reversal."""

    __tablename__ = "budget_entries"
    __table_args__ = (
        CheckConstraint("CASE WHEN reverses_id IS NULL THEN amount > 0 ELSE amount < 0 END", name="reversal"),
        Index("ix_budget_entries_giver_id_month", "giver_id", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    month: Mapped[date]
    shoutout_id: Mapped[int] = mapped_column(ForeignKey("shoutouts.id"))
    amount: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("budget_entries.id"), unique=True)
