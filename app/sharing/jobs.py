"""What the clock asks of sharing: to forget."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from app.db import db
from app.organisation.queries import facts
from app.sharing.models import ShareGram, Visit, VisitorDay, VisitorSalt
from app.sharing.told_words import REMEMBERED

VISITS_KEPT = timedelta(days=30)
# After its end a day's last clicks are still written down.
DAY_IS_WRITTEN = timedelta(minutes=5)


def forget_old_visits(at: datetime) -> int:
    """Delete visits of more than 30 days ago, and the salts and visitor hashes of days that are over; the rows
    that went.

    The daily counts stay for ever.
    """
    today = _written_day(at)
    gone = [
        db.session.execute(delete(Visit).where(Visit.at < at - VISITS_KEPT)),
        db.session.execute(delete(VisitorDay).where(VisitorDay.day < today)),
        db.session.execute(delete(VisitorSalt).where(VisitorSalt.day < today)),
    ]
    return sum(result.rowcount for result in gone)  # type: ignore[attr-defined]  # a DELETE has a row count


def _written_day(at: datetime) -> date:
    """The organisation's day whose clicks may still come."""
    try:
        zone = facts().zone
    except LookupError:
        zone = "UTC"
    return (at - DAY_IS_WRITTEN).astimezone(ZoneInfo(zone)).date()


def forget_old_words(at: datetime) -> int:
    """Delete the hashed words of what was told more than 30 days ago; the rows that went."""
    gone = db.session.execute(delete(ShareGram).where(ShareGram.at <= at - REMEMBERED))
    return gone.rowcount  # type: ignore[attr-defined,no-any-return]  # a DELETE has a row count
