"""Was it shared? Asked once of each text that was written, when the person comes back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, or_, select, update

from app.db import db
from app.sharing.models import SAID, Share

# Within the first minute the question is still on the page that asks it; after a week, the share still waits under
# one's own shares, and is not asked about.
ASKED_AFTER, ASKED_FOR = timedelta(minutes=1), timedelta(days=7)


def waiting_for_answer(person_id: Any, since: Any, until: Any) -> ScalarSelect[int]:
    """The share to ask a person about: of the texts written between two instants, the last that has had no answer.

    For statements that are kept: each may be a parameter.
    """
    unsaid = or_(Share.rung < SAID, Share.composed_at > Share.withdrawn_at)
    unanswered = select(Share.id).where(Share.person_id == person_id, Share.asked_at.is_(None), unsaid)
    newest = unanswered.order_by(Share.composed_at.desc(), Share.id.desc()).limit(1)
    return newest.where(Share.composed_at > since, Share.composed_at <= until).scalar_subquery()


def not_yet(share_id: int, person_id: int, at: datetime) -> None:
    """The person puts the answer off: the draft is kept, and Today does not ask again."""
    theirs = update(Share).where(Share.id == share_id, Share.person_id == person_id)
    db.session.execute(theirs.where(Share.asked_at.is_(None)).values(asked_at=at))
