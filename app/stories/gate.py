"""The leader gate: a story that names a leader waits for that leader, or for a curator's word (product.md, "Leaders first")."""

from datetime import datetime

from sqlalchemy import select, update

from app.db import db
from app.stories.models import LeaderTold, Story


def hand_to(story: Story, leader_id: int | None) -> None:
    """Another leader goes first: it opens if that one has told the story, and what a curator let go counts no more."""
    told = select(LeaderTold.at).where(LeaderTold.story_id == story.id, LeaderTold.person_id == leader_id)
    story.told_at = db.session.scalar(told) if leader_id else None
    story.overridden_at = None


def leader_told(story_id: int, person_id: int, at: datetime | None) -> bool:
    """Someone has told a story, or withdrawn it (None): if they are its leader, and whether, it opens or waits again."""
    theirs = update(Story).where(Story.id == story_id, Story.leader_id == person_id)
    return bool(db.session.execute(theirs.values(told_at=at)).rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count
