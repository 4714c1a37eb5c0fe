"""What a person has answered to the question whether they may be told anything."""

from datetime import datetime

from sqlalchemy import update

from app.db import db, insert_once
from app.push.models import PushChoices


def answered(person_id: int, at: datetime) -> None:
    """They have said yes or no: it is not asked again."""
    insert_once(PushChoices, person_id=person_id)
    db.session.execute(
        update(PushChoices)
        .where(PushChoices.person_id == person_id, PushChoices.asked_at.is_(None))
        .values(asked_at=at)
    )
