"""The leader gate: a story that names a leader waits for that leader, or for a curator's word (product.md, "Leaders first")."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Update, select, update
from sqlalchemy.orm import aliased

from app.db import db
from app.people.models import Person
from app.stories import shelf
from app.stories.models import LeaderOverride, LeaderTold, Story
from app.stories.queries import is_live


def waits() -> ColumnElement[bool]:
    """A published story whose leader has not told it, and that no curator has let go without."""
    return (
        (Story.state == "published")
        & Story.leader_id.is_not(None)
        & Story.told_at.is_(None)
        & Story.overridden_at.is_(None)
    )


def waiting_for(leader_id: int, at: datetime) -> Sequence[Story]:
    """The live stories that a leader is asked to tell first, what expires soonest first."""
    mine = select(Story).where(Story.leader_id == leader_id, waits(), is_live(at))
    return db.session.scalars(mine.order_by(Story.expires_at, Story.id)).all()


def waited_for(story_ids: Sequence[int]) -> Mapping[int, Person]:
    """Whom those of some stories wait for that do wait; a leader may have left meanwhile."""
    rows = db.session.execute(
        select(Story.id, Person)
        .join(Person, Person.id == Story.leader_id)
        .where(waits(), Story.id.in_(story_ids))
    )
    return {row[0]: row[1] for row in rows}


def orphaned(at: datetime) -> Mapping[int, Person]:
    """The live stories that wait for a leader who has left: only a curator can help them on."""
    rows = db.session.execute(
        select(Story.id, Person)
        .join(Person, Person.id == Story.leader_id)
        .where(waits(), is_live(at), Person.left_at.is_not(None))
    )
    return {row[0]: row[1] for row in rows}


def open_without_leader(story_id: int, curator_id: int, at: datetime) -> bool:
    """A curator lets a story go that waits for its leader; whether it waited until now. Logged once."""
    return _overridden(update(Story).where(waits()), story_id, curator_id, at, opened=True)


def wait_again(story_id: int, curator_id: int, at: datetime) -> bool:
    """What was let go waits for its leader after all; whether it was let go until now. Logged once."""
    let_go = (Story.overridden_at.is_not(None), Story.leader_id.is_not(None), Story.told_at.is_(None))
    return _overridden(update(Story).where(*let_go), story_id, curator_id, at, opened=False)


def _overridden(change: Update, story_id: int, curator_id: int, at: datetime, *, opened: bool) -> bool:
    """Of two who tap at once the database lets one through."""
    db.session.flush()
    change = change.where(Story.id == story_id).values(overridden_at=at if opened else None)
    leader_id = db.session.execute(change.returning(Story.leader_id)).scalar()
    if leader_id is None:
        return False
    _log(story_id, leader_id, curator_id, at, opened)
    shelf.touch()
    return True


def _log(story_id: int, leader_id: int, curator_id: int, at: datetime, opened: bool) -> None:
    db.session.add(
        LeaderOverride(story_id=story_id, leader_id=leader_id, curator_id=curator_id, opened=opened, at=at)
    )
    db.session.flush()


def log_of(story_id: int) -> Sequence[Row[LeaderOverride, str, str]]:
    """What curators decided for a story, the newest first: each with the names of the leader and the curator."""
    leader, curator = aliased(Person), aliased(Person)
    return db.session.execute(
        select(LeaderOverride, leader.name, curator.name)
        .join(leader, leader.id == LeaderOverride.leader_id)
        .join(curator, curator.id == LeaderOverride.curator_id)
        .where(LeaderOverride.story_id == story_id)
        .order_by(LeaderOverride.id.desc())
    ).all()


def hand_to(story: Story, leader_id: int | None, curator_id: int | None, at: datetime) -> None:
    """Another leader goes first: it opens if that one has told the story, and what a curator let go counts no more.

    With nobody to wait for, a story that waited is let go: that is logged too.
    """
    waited = story.state == "published" and not story.told_at and not story.overridden_at
    if waited and story.leader_id and leader_id is None and curator_id:
        _log(story.id, story.leader_id, curator_id, at, opened=True)
    told = select(LeaderTold.at).where(LeaderTold.story_id == story.id, LeaderTold.person_id == leader_id)
    story.told_at = db.session.scalar(told) if leader_id else None
    story.overridden_at = None


def leader_told(story_id: int, person_id: int, at: datetime | None) -> bool:
    """Someone has told a story, or withdrawn it (None): if they are its leader, and whether, it opens or waits again."""
    theirs = update(Story).where(Story.id == story_id, Story.leader_id == person_id)
    return bool(db.session.execute(theirs.values(told_at=at)).rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count
