"""What stands on the desk's shelves: stories by state, and how they fare."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from app.db import db
from app.stories.models import Dismissal, Story

SHELVES = ("live", "scheduled", "past")
WRONG_REACHES_CURATOR = 3


def on_shelf(shelf: str, at: datetime) -> ColumnElement[bool]:
    """Which stories stand on a shelf: live, scheduled or past."""
    expired = Story.expires_at <= at
    return {
        "live": (Story.state == "published")
        & (Story.publish_at <= at)
        & or_(Story.expires_at.is_(None), ~expired),
        "scheduled": (Story.state == "published") & (Story.publish_at > at),
        "past": (Story.state == "withdrawn") | ((Story.state == "published") & expired),
    }[shelf]


def stories(shelf: str, at: datetime) -> Sequence[Story]:
    """A shelf's stories, the last edited first."""
    statement = select(Story).where(on_shelf(shelf, at)).order_by(Story.edited_at.desc(), Story.id.desc())
    return db.session.scalars(statement.limit(200)).all()


def counts(at: datetime) -> dict[str, int]:
    """How much stands on each shelf."""
    return {
        shelf: db.session.scalar(select(func.count()).select_from(Story).where(on_shelf(shelf, at))) or 0
        for shelf in SHELVES
    }


def said_wrong(story_ids: Sequence[int]) -> Mapping[int, int]:
    """How many said that something in a story is wrong, for stories where at least three did. Never who."""
    rows = db.session.execute(
        select(Dismissal.story_id, func.count().label("number"))
        .where(Dismissal.reason == "wrong", Dismissal.story_id.in_(story_ids))
        .group_by(Dismissal.story_id)
        .having(func.count() >= WRONG_REACHES_CURATOR)
    )
    return {row.story_id: row.number for row in rows}
