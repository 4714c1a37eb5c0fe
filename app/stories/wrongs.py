"""When three say that something in a story is wrong, it reaches the curators: how many, never who (product.md, "Today")."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from app.db import db
from app.stories.models import Dismissal, FoundRight, Story
from app.stories.queries import is_live

ENOUGH = 3
_settled = (
    select(func.max(FoundRight.at)).where(FoundRight.story_id == Story.id).correlate(Story).scalar_subquery()
)
SAID = (
    select(Dismissal.story_id, func.count().label("number"))
    .join(Story, Story.id == Dismissal.story_id)
    .where(Dismissal.reason == "wrong", Dismissal.at > Story.edited_at)
    .where(or_(_settled.is_(None), Dismissal.at > _settled))
    .group_by(Dismissal.story_id)
    .having(func.count() >= ENOUGH)
)


def said_wrong(story_ids: Sequence[int]) -> Mapping[int, int]:
    """How many say so of each of these stories, where it is three or more since a curator last edited it or found it right."""
    rows = db.session.execute(SAID.where(Dismissal.story_id.in_(story_ids)))
    return {row.story_id: row.number for row in rows}


def said_wrong_now(at: datetime) -> Mapping[int, int]:
    """The same, of all live stories."""
    return {row.story_id: row.number for row in db.session.execute(SAID.where(is_live(at)))}


def find_right(story_id: int, curator_id: int, at: datetime) -> bool:
    """A curator has looked, and it is right: settled until three more say otherwise. Whether there was something to settle."""
    db.session.execute(select(Story.id).where(Story.id == story_id).with_for_update())
    if story_id not in said_wrong([story_id]):
        return False
    db.session.add(FoundRight(story_id=story_id, curator_id=curator_id, at=at))
    db.session.flush()
    return True
