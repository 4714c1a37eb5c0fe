"""What stands on the desk's shelves: stories by state."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from app.db import db
from app.stories.models import Story

SHELVES = ("live", "scheduled", "past")


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
