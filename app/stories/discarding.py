"""What nobody wants: drafts that are discarded and can be brought back, and answers that are declined with thanks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Update, exists, update
from sqlalchemy import delete as remove

from app.db import db
from app.stories.models import Angle, Answer, Story, StoryAudience, StoryTopic
from app.stories.sources import Origin

LONGEST_NOTE = 400


def answer_waits() -> ColumnElement[bool]:
    """An answer that is not declined, and of which no draft stands."""
    used = exists().where(Story.id == Answer.story_id, Story.discarded_at.is_(None))
    return Answer.declined_at.is_(None) & ~used


def discard(story_id: int, at: datetime) -> bool:
    """Nobody wants this draft; whether it was one until now. An answer that it was made of waits again."""
    return _changed(
        update(Story)
        .where(Story.id == story_id, Story.state == "draft", Story.discarded_at.is_(None))
        .values(discarded_at=at)
    )


def bring_back(story_id: int) -> bool:
    """It is wanted after all."""
    return _changed(
        update(Story).where(Story.id == story_id, Story.discarded_at.is_not(None)).values(discarded_at=None)
    )


def decline(answer_id: int, note: str, at: datetime) -> bool:
    """An answer becomes no story this time; its teller reads the note. Whether it waited until now."""
    return _changed(
        update(Answer).where(Answer.id == answer_id, answer_waits()).values(declined_at=at, note=note)
    )


def take_up_again(answer_id: int) -> bool:
    """A declined answer waits again."""
    return _changed(
        update(Answer)
        .where(Answer.id == answer_id, Answer.declined_at.is_not(None))
        .values(declined_at=None, note="")
    )


def _changed(statement: Update) -> bool:
    return bool(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def delete(story_ids: Sequence[int]) -> None:
    """Delete discarded drafts with all that is theirs. Their pages stay known, so that no feed brings them again."""
    for table in (Answer, Origin):
        db.session.execute(update(table).where(table.story_id.in_(story_ids)).values(story_id=None))
    for part in (StoryTopic, StoryAudience, Angle):
        db.session.execute(remove(part).where(part.story_id.in_(story_ids)))
    db.session.execute(remove(Story).where(Story.id.in_(story_ids)))
