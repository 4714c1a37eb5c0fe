"""The first hours of a share: how many people clicked in each."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.db import db
from app.sharing.clicks import Verdict
from app.sharing.models import Share, Visit

HOURS = 6
AN_HOUR = timedelta(hours=1)
TALLEST = 45  # points, of a chart 74 high


@dataclass(frozen=True, slots=True)
class Hour:
    """People who clicked in an hour of the person's clock, and how high its bar is drawn."""

    begins: datetime
    people: int
    height: float


def first_hours(share: Share, zone: ZoneInfo) -> list[Hour]:
    """The hour in which a share was told and the next five; none when nobody clicked in them, or it is forgotten.

    Visits are kept for 30 days.
    """
    if share.said_at is None:
        return []
    local = share.said_at.astimezone(zone)
    # Counted on in UTC, where no hour is left out or comes twice.
    first = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    clicked = Counter((at - first) // AN_HOUR for at in _clicked_at(share.id, first))
    most = max(clicked.values(), default=0)
    return [
        Hour(
            (first + place * AN_HOUR).astimezone(zone),
            clicked[place],
            round(TALLEST * clicked[place] / most, 1),
        )
        for place in range(HOURS)
        if most
    ]


def _clicked_at(share_id: int, first: datetime) -> list[datetime]:
    within = (Visit.at >= first, Visit.at < first + HOURS * AN_HOUR)
    human = select(Visit.at).where(Visit.share_id == share_id, Visit.verdict == Verdict.HUMAN, *within)
    return list(db.session.scalars(human))
