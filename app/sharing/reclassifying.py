"""Kept visits classified again by the present rules: days' counts follow them, rungs only climb."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, select

from app.db import db
from app.sharing import clicks
from app.sharing.clicks import RULES_VERSION, Verdict, has_fetched
from app.sharing.models import Share, Visit
from app.sharing.visits import first_of_day, tell


@dataclass(frozen=True, slots=True)
class Corrected:
    """A share's day that was classified again: how many visits have another verdict, and people more (or fewer)."""

    visits: int
    people: int


def outdated() -> Sequence[Row[int, date]]:
    """Shares and days that have visits of older rules."""
    older = select(Visit.share_id, Visit.day).where(Visit.rules_version < RULES_VERSION).distinct()
    return db.session.execute(older.order_by(Visit.share_id, Visit.day)).all()  # type: ignore[return-value]  # none is without a day


def reclassify(share_id: int, day: date) -> Corrected:
    """A share's visits of one day, by the present rules. What was kept without its headers has no day, and stays."""
    share, found = db.session.get_one(Share, share_id), _visits(share_id, day)
    before = {one.visitor for one in found if one.verdict == Verdict.HUMAN}
    # Their first visit is forgotten, or was kept without its headers: they stay counted.
    elsewhere = {one.visitor for one in found if one.verdict == Verdict.REPEAT} - before
    counted, fetched_at, changed = set(elsewhere), [], 0
    for row in found:
        visit = _as_it_was(row, row.visitor in counted)
        verdict = clicks.classify(visit)
        changed += verdict != row.verdict
        row.verdict, row.rules_version = verdict.value, RULES_VERSION
        counted |= {row.visitor} if verdict is Verdict.HUMAN else set()
        fetched_at += [row.at] if has_fetched(share.network, visit) else []
    people_at = [one.at for one in found if one.verdict == Verdict.HUMAN]
    more = _first_ones(share_id, day, counted - before - elsewhere) - len(before - counted)
    tell(share_id, day, more, people_at, fetched_at)
    return Corrected(changed, more)


def _visits(share_id: int, day: date) -> Sequence[Visit]:
    """Locked: whoever does the same meanwhile finds them done."""
    statement = select(Visit).where(Visit.share_id == share_id, Visit.day == day)
    return db.session.scalars(statement.order_by(Visit.at, Visit.id).with_for_update()).all()


def _as_it_was(row: Visit, counted: bool) -> clicks.Visit:
    headers = (row.user_agent or "", row.purpose or "", row.fetch_mode or "")
    return clicks.Visit(row.method or "", *headers, row.age or 0, bool(row.by_sharer), counted)


def _first_ones(share_id: int, day: date, visitors: set[bytes]) -> int:
    """How many of those that are people after all no click of this moment has counted."""
    return sum(first_of_day(share_id, day, visitor) for visitor in sorted(visitors))
