"""What the clock asks of sharing: to forget."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from app.db import db
from app.sharing.models import ShareGram, Visit, VisitorDay, VisitorSalt
from app.sharing.told_words import REMEMBERED

VISITS_KEPT = timedelta(days=30)
SALTS_KEPT = timedelta(days=2)


def forget_old_visits(at: datetime) -> int:
    """Delete visits of more than 30 days ago, and salts and visitor hashes of more than 2; the rows that went.

    The daily counts stay for ever.
    """
    before = (at - SALTS_KEPT).date()
    gone = [
        db.session.execute(delete(Visit).where(Visit.at < at - VISITS_KEPT)),
        db.session.execute(delete(VisitorDay).where(VisitorDay.day < before)),
        db.session.execute(delete(VisitorSalt).where(VisitorSalt.day < before)),
    ]
    return sum(result.rowcount for result in gone)  # type: ignore[attr-defined]  # a DELETE has a row count


def forget_old_words(at: datetime) -> int:
    """Delete the hashed words of what was told more than 30 days ago; the rows that went."""
    gone = db.session.execute(delete(ShareGram).where(ShareGram.at <= at - REMEMBERED))
    return gone.rowcount  # type: ignore[attr-defined,no-any-return]  # a DELETE has a row count
