"""What the desk shows: stories by state, how they fare, and answers that wait."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, or_, select

from app.db import db
from app.people.models import Person
from app.stories.models import Answer, Dismissal, Question, Story

SHELVES = ("live", "scheduled", "drafts", "past", "answers")
WRONG_REACHES_CURATOR = 3


def on_shelf(shelf: str, at: datetime) -> ColumnElement[bool]:
    """Which stories stand on a shelf: live, scheduled, drafts or past."""
    expired = Story.expires_at <= at
    return {
        "live": (Story.state == "published")
        & (Story.publish_at <= at)
        & or_(Story.expires_at.is_(None), ~expired),
        "scheduled": (Story.state == "published") & (Story.publish_at > at),
        "drafts": Story.state == "draft",
        "past": (Story.state == "withdrawn") | ((Story.state == "published") & expired),
    }[shelf]


def stories(shelf: str, at: datetime) -> Sequence[Story]:
    """A shelf's stories, the last edited first."""
    statement = select(Story).where(on_shelf(shelf, at)).order_by(Story.edited_at.desc(), Story.id.desc())
    return db.session.scalars(statement.limit(200)).all()


def counts(at: datetime) -> dict[str, int]:
    """How much stands on each shelf."""
    found = {
        shelf: db.session.scalar(select(func.count()).select_from(Story).where(on_shelf(shelf, at))) or 0
        for shelf in SHELVES[:-1]
    }
    waiting = select(func.count()).select_from(Answer).where(Answer.story_id.is_(None))
    return found | {"answers": db.session.scalar(waiting) or 0}


def said_wrong(story_ids: Sequence[int]) -> Mapping[int, int]:
    """How many said that something in a story is wrong, for stories where at least three did. Never who."""
    rows = db.session.execute(
        select(Dismissal.story_id, func.count().label("number"))
        .where(Dismissal.reason == "wrong", Dismissal.story_id.in_(story_ids))
        .group_by(Dismissal.story_id)
        .having(func.count() >= WRONG_REACHES_CURATOR)
    )
    return {row.story_id: row.number for row in rows}


def answers() -> Sequence[Row[Answer, Question, Person]]:
    """Answers to the question of the day that no story has been made of, newest first."""
    return db.session.execute(
        select(Answer, Question, Person)
        .join(Question, Question.id == Answer.question_id)
        .join(Person, Person.id == Answer.person_id)
        .where(Answer.story_id.is_(None))
        .order_by(Answer.at.desc(), Answer.id.desc())
        .limit(100)
    ).all()
