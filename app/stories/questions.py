"""The question of the day, which asks for people's own stories. Questions take turns by date.

They are kept in memory until the organisation's version rises, and a new one lets it rise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import Row, or_, select, update

from app.db import db, place
from app.organisation.actions import touch
from app.stories.models import Answer, Question, Story

SHOWN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is kept in memory."""

    id: int
    text: str
    text_en: str | None
    hint: str
    hint_en: str | None


def add_question(text: str, text_en: str | None = None, hint: str = "", hint_en: str | None = None) -> int:
    """One more question takes its turns; its id."""
    question = Question(text=text, text_en=text_en, hint=hint, hint_en=hint_en)
    db.session.add(question)
    touch()
    return question.id


def questions() -> Sequence[Question]:
    """All questions: those that are asked, then those retired."""
    return db.session.scalars(select(Question).order_by(Question.retired_at.is_not(None), Question.id)).all()


def retire_question(question_id: int, at: datetime | None) -> None:
    """Ask it no more; with None, ask it again. Answers stay."""
    db.session.execute(update(Question).where(Question.id == question_id).values(retired_at=at))
    touch()


def question_of(day: date, organisation_version: int) -> Asked | None:
    """The question of a day, if there are any."""
    asked = _kept(place(), organisation_version)
    return asked[day.toordinal() % len(asked)] if asked else None


@lru_cache(8)
def _kept(_database: str, _organisation_version: int) -> tuple[Asked, ...]:
    columns = (Question.id, Question.text, Question.text_en, Question.hint, Question.hint_en)
    rows = db.session.execute(select(*columns).where(Question.retired_at.is_(None)).order_by(Question.id))
    return tuple(Asked(*row) for row in rows)


def open_question(question_id: int) -> Question | None:
    """A question that is still asked."""
    question = db.session.get(Question, question_id)
    return question if question and question.retired_at is None else None


def settled(person_id: int, at: datetime) -> Sequence[Row[Answer, Story | None]]:
    """What became of someone's answers of the last 90 days: declined, or a story that is out; the newest first."""
    out = (Story.state == "published") & (Story.publish_at <= at)
    return db.session.execute(
        select(Answer, Story)
        .outerjoin(Story, (Story.id == Answer.story_id) & out)
        .where(Answer.person_id == person_id, Answer.at > at - SHOWN)
        .where(or_(Answer.declined_at.is_not(None), Story.id.is_not(None)))
        .order_by(Answer.at.desc(), Answer.id.desc())
    ).all()


def forget() -> None:
    """Drop what is kept (a restored database may repeat a version)."""
    _kept.cache_clear()
