"""The ledger and its roll-ups. Entries are never changed; roll-ups always equal a rebuild from them."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime


class Entry(Base):
    """One line of the append-only ledger. It holds numbers and keys only: no free text.

    `amount` is what was paid after caps, `full_amount` what the rule says; `cap` names what held it
    back. A reversal points to the entry that it takes back. An entry counts in `scored_week` (named by
    its Monday), or, when that is empty, only in the person's lifetime total.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("amount BETWEEN -1000 AND 1000", name="amount"),
        CheckConstraint(
            "CASE WHEN reverses_id IS NULL THEN amount >= 0 ELSE amount <= 0 END", name="reversal"
        ),
        CheckConstraint("kind IN ('self', 'received', 'bonus')", name="kind"),
        Index("ix_ledger_entries_person_id_local_date", "person_id", "local_date"),
        Index("ix_ledger_entries_scored_week_person_id", "scored_week", "person_id"),
        Index("ix_ledger_entries_source_kind_source_id", "source_kind", "source_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    code: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(10))
    rule_version: Mapped[int]
    amount: Mapped[int]
    full_amount: Mapped[int]
    cap: Mapped[str | None] = mapped_column(String(20))
    source_kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[int]
    evidence: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    local_date: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    scored_week: Mapped[date | None]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"), unique=True)


class RuleVersion(Base):
    """A rule from a day on. A change takes effect on a stated day and never rewrites the past."""

    __tablename__ = "point_rules"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int]
    valid_from: Mapped[date]
    limits: Mapped[dict[str, int]] = mapped_column(JSON)


class PersonDay(Base):
    """A person's day: the locked row on which the day's caps are decided. `deeds` are all but READ."""

    __tablename__ = "person_days"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    local_date: Mapped[date] = mapped_column(primary_key=True)
    self_points: Mapped[int] = mapped_column(default=0)
    reads: Mapped[int] = mapped_column(default=0)
    shares: Mapped[int] = mapped_column(default=0)
    deeds: Mapped[int] = mapped_column(default=0)


class PersonWeek(Base):
    """A person's week, in all teams together: the locked row on which the week's caps are decided."""

    __tablename__ = "person_weeks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    self_points: Mapped[int] = mapped_column(default=0)
    received_points: Mapped[int] = mapped_column(default=0)
    bonus_points: Mapped[int] = mapped_column(default=0)
    shares: Mapped[int] = mapped_column(default=0)
    active_days: Mapped[int] = mapped_column(default=0)


class PersonTeamWeek(Base):
    """A person's week in one team: what the board counts. `weight` in thousandths; 0 is not counted."""

    __tablename__ = "person_team_weeks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True, index=True)
    points: Mapped[int] = mapped_column(default=0)
    deeds: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(default=0)


class TeamWeek(Base):
    """A team's week: sums over its people, kept by difference. Weights and points in thousandths."""

    __tablename__ = "team_weeks"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True, index=True)
    size: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(default=0)
    active: Mapped[int] = mapped_column(default=0)
    active_weight: Mapped[int] = mapped_column(default=0)
    capped_points: Mapped[int] = mapped_column(default=0)


class PersonTotal(Base):
    """A person's lifetime points."""

    __tablename__ = "person_totals"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    points: Mapped[int] = mapped_column(default=0)
