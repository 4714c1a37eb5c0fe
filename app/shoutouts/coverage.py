"""Has everyone heard something? A manager's own view of their direct reports; nobody else sees it.

Whoever has five working days behind them should hear something within 30 days; from 21 on it is long ago.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.db import db
from app.organisation.queries import Facts
from app.people.models import Person
from app.people.viewer import Viewer
from app.shoutouts.models import Receiver, Shoutout

HEARD_WITHIN, LONG_AGO, SOON, SETTLED = 30, 21, 14, 5


@dataclass(frozen=True, slots=True)
class Report:
    """A direct report: days since they heard something, or began; and whether they have heard anything at all."""

    id: int
    name: str
    avatar: str | None
    days: int
    has_heard: bool

    @property
    def waits(self) -> bool:
        return self.days >= LONG_AGO

    @property
    def soon(self) -> bool:
        return not self.waits and (self.days >= SOON or not self.has_heard)


def coverage(viewer: Viewer, organisation: Facts, at: datetime) -> list[Report]:
    """The direct reports with at least five working days, who has waited longest first. One statement."""
    last = (
        select(Receiver.person_id, func.max(Shoutout.delivers_at).label("at"))
        .join(Shoutout, Shoutout.id == Receiver.shoutout_id)
        .where(Shoutout.undone_at.is_(None), Shoutout.withdrawn_at.is_(None), Shoutout.delivers_at <= at)
        .group_by(Receiver.person_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Person.id, Person.name, Person.avatar, Person.employed_from, Person.working_days, last.c.at)
        .outerjoin(last, last.c.person_id == Person.id)
        .where(Person.manager_id == viewer.id, Person.left_at.is_(None))
    ).all()
    today = viewer.local_date(at)
    found = [
        Report(row.id, row.name, row.avatar, (today - _since(row.at, row.employed_from, viewer.zone_info)).days, row.at is not None)
        for row in rows
        if is_settled(row.employed_from, today, row.working_days, organisation.holidays)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.days, one.name))


def _since(heard_at: datetime | None, began: date, zone: ZoneInfo) -> date:
    return heard_at.astimezone(zone).date() if heard_at else began


def is_settled(began: date, today: date, working_days: int, holidays: AbstractSet[date]) -> bool:
    """Whether someone has at least five working days behind them."""
    # Six weeks hold five working days of anybody who works a day a week, holidays aside.
    span = min((today - began).days, 7 * 6)
    days = (today - timedelta(days=back) for back in range(1, span + 1))
    return sum(day not in holidays and bool(working_days >> day.weekday() & 1) for day in days) >= SETTLED


def heard_in_time(reports: list[Report]) -> int:
    """How many of them have heard something in the last 30 days."""
    return sum(one.has_heard and one.days <= HEARD_WITHIN for one in reports)
