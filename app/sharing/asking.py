"""Was it shared? Asked once of each text that was written, when the person comes back."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update

from app.db import db
from app.sharing.models import SAID, Share

# After a week, the share still waits under one's own shares, and is not asked about.
ASKED_FOR = timedelta(days=7)
UNANSWERED = and_(Share.asked_at.is_(None), or_(Share.rung < SAID, Share.composed_at > Share.withdrawn_at))


def waiting_for_answer(person_id: int, at: datetime) -> Share | None:
    """The share to ask the person about: the last text of seven days that has had no answer."""
    recent = Share.composed_at > at - ASKED_FOR
    newest = select(Share).where(Share.person_id == person_id, UNANSWERED, recent)
    return db.session.scalar(newest.order_by(Share.composed_at.desc(), Share.id.desc()).limit(1))


def not_yet(share_id: int, person_id: int, at: datetime) -> None:
    """The person puts the answer off: the draft is kept, and Today does not ask again."""
    theirs = update(Share).where(Share.id == share_id, Share.person_id == person_id)
    db.session.execute(theirs.where(Share.asked_at.is_(None)).values(asked_at=at))
