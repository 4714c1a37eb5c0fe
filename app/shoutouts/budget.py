"""The budget of the month: how many counted shout-outs a manager has, uses and gets back.

A calendar month is the organisation's. Nothing rolls over. What counts is decided by one conditional
UPDATE of the giver's row of the month, and written down in a ledger of its own.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from app.db import db, insert_once
from app.organisation.queries import Facts, facts
from app.people.models import Person
from app.shoutouts.models import BudgetEntry, BudgetMonth


@dataclass(frozen=True, slots=True)
class Budget:
    """A manager's month, named by its first day: what it grants, what is used, and when the next begins."""

    month: date
    granted: int
    used: int

    @property
    def left(self) -> int:
        return max(0, self.granted - self.used)

    @property
    def until(self) -> date:
        """The first day of the next month."""
        return date(self.month.year + self.month.month // 12, self.month.month % 12 + 1, 1)


def budget_of(giver_id: int, at: datetime) -> Budget:
    """The budget as it stands now. One statement."""
    organisation = facts()
    month = day_of(at, organisation).replace(day=1)
    reports = select(func.count()).where(Person.manager_id == giver_id, Person.left_at.is_(None))
    used = select(BudgetMonth.used).where(BudgetMonth.giver_id == giver_id, BudgetMonth.month == month)
    row = db.session.execute(select(reports.scalar_subquery(), used.scalar_subquery())).one()
    return Budget(month, granted(row[0], organisation, month), row[1] or 0)


def day_of(at: datetime, organisation: Facts) -> date:
    """The organisation's calendar date."""
    return at.astimezone(ZoneInfo(organisation.zone)).date()


def granted(reports: int, organisation: Facts, day: date) -> int:
    """A base and one for each direct report, within bounds (product.md, "Shout-outs and thanks").

    The month's settings are those of its first day.
    """
    base, each, least, most = (
        organisation.setting(f"shoutout_budget_{name}", day)
        for name in ("base", "per_report", "least", "most")
    )
    return int(min(most, max(least, base + each * reports)))


def take(giver_id: int, shoutout_id: int, count: int, at: datetime) -> bool:
    """Use so many of the month's, all or none; whether there were enough."""
    budget = budget_of(giver_id, at)
    key = {"giver_id": giver_id, "month": budget.month}
    insert_once(BudgetMonth, **key, granted=budget.granted, used=0)
    taken = db.session.execute(
        update(BudgetMonth)
        .filter_by(**key)
        .where(BudgetMonth.used + count <= budget.granted)
        .values(used=BudgetMonth.used + count, granted=budget.granted)
    )
    if not taken.rowcount:  # type: ignore[attr-defined]  # an UPDATE has a row count
        return False
    insert_once(
        BudgetEntry, key=f"shoutout:{shoutout_id}", **key, shoutout_id=shoutout_id, amount=count, at=at, reverses_id=None
    )  # fmt: skip
    return True


def give_back(shoutout_id: int, at: datetime) -> None:
    """A shout-out that is taken back costs nothing: its entry is reversed, once, in its own month."""
    entry = db.session.scalar(
        select(BudgetEntry).where(BudgetEntry.shoutout_id == shoutout_id, BudgetEntry.reverses_id.is_(None))
    )
    if entry is None:
        return
    key: dict[str, Any] = {"giver_id": entry.giver_id, "month": entry.month}
    reversal = insert_once(
        BudgetEntry, key=f"reversal:{entry.id}", **key, shoutout_id=shoutout_id, amount=-entry.amount, at=at, reverses_id=entry.id
    )  # fmt: skip
    if reversal is not None:
        db.session.execute(update(BudgetMonth).filter_by(**key).values(used=BudgetMonth.used - entry.amount))


def differences() -> list[str]:
    """One line for each month that is not what its entries add up to; empty when all is well."""
    sums = (
        select(BudgetEntry.giver_id, BudgetEntry.month, func.sum(BudgetEntry.amount).label("used"))
        .group_by(BudgetEntry.giver_id, BudgetEntry.month)
        .subquery()
    )
    same = (sums.c.giver_id == BudgetMonth.giver_id) & (sums.c.month == BudgetMonth.month)
    off = BudgetMonth.used - func.coalesce(sums.c.used, 0)
    rows = db.session.execute(
        select(BudgetMonth.giver_id, BudgetMonth.month, off).outerjoin(sums, same).where(off != 0)
    )
    return [
        f"budget_months (giver_id {giver}, month {month}): used is off by {by:+d}"
        for giver, month, by in rows
    ]


def rebuild() -> None:
    """Set each month to what its entries add up to."""
    of_month = (BudgetEntry.giver_id == BudgetMonth.giver_id, BudgetEntry.month == BudgetMonth.month)
    used = select(func.coalesce(func.sum(BudgetEntry.amount), 0)).where(*of_month).scalar_subquery()
    db.session.execute(
        update(BudgetMonth).values(used=used), execution_options={"synchronize_session": False}
    )
