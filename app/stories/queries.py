"""Questions about stories. `open_to` is the permission: what it does not give does not exist."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select

from app.db import db, has_word
from app.people.models import Team
from app.people.viewer import Viewer
from app.stories.models import (
    Angle,
    Dismissal,
    Picture,
    Reading,
    Saving,
    Story,
    StoryAudience,
    StoryTopic,
    Topic,
)


def is_live(at: datetime) -> ColumnElement[bool]:
    """Published, its time has come, and it has not expired."""
    return and_(
        Story.state == "published",
        Story.publish_at <= at,
        or_(Story.expires_at.is_(None), Story.expires_at > at),
    )


def is_for(team_path: str | ColumnElement[str]) -> ColumnElement[bool]:
    """For everyone, or for a team that stands on the path of teams, which may be a parameter or a column."""
    path = literal(team_path) if isinstance(team_path, str) else team_path
    audience = select(StoryAudience.story_id).where(StoryAudience.story_id == Story.id)
    above = audience.join(Team, Team.id == StoryAudience.team_id).where(path.startswith(Team.path))
    # The story, and a path that is a column, are those of the statement around.
    return or_(~exists(audience), exists(above.correlate_except(StoryAudience, Team)))


def open_to(viewer: Viewer, at: datetime) -> Select[Story]:
    """The stories that someone may read and tell now."""
    return select(Story).where(is_live(at), is_for(viewer.team_path))


def open_story(viewer: Viewer, story_id: int, at: datetime) -> Story | None:
    """One story, if it is open to this person."""
    return db.session.scalar(open_to(viewer, at).where(Story.id == story_id))


def all_stories(
    viewer: Viewer, at: datetime, topic_id: int | None = None, words: str = ""
) -> Sequence[Story]:
    """Everything open to someone, newest first, by topic and by words in title, why-line or text."""
    statement = open_to(viewer, at).order_by(Story.publish_at.desc(), Story.id.desc()).limit(200)
    if topic_id:
        on_topic = select(StoryTopic.story_id).where(StoryTopic.topic_id == topic_id)
        statement = statement.where(Story.id.in_(on_topic))
    for word in words.lower().split()[:6]:
        statement = statement.where(or_(*(has_word(column, word) for column in SEARCHED)))
    return db.session.scalars(statement).all()


SEARCHED = (Story.title, Story.title_en, Story.why, Story.why_en, Story.body, Story.body_en)


def topics() -> Sequence[Topic]:
    """All topics, in their order."""
    return db.session.scalars(select(Topic).order_by(Topic.position, Topic.id)).all()


def topics_of(story_ids: Sequence[int]) -> dict[int, list[Topic]]:
    """The topics of some stories, the shown one first."""
    rows = db.session.execute(
        select(StoryTopic.story_id, Topic)
        .join(Topic, Topic.id == StoryTopic.topic_id)
        .where(StoryTopic.story_id.in_(story_ids))
        .order_by(StoryTopic.story_id, StoryTopic.position)
    )
    found: dict[int, list[Topic]] = {}
    for story_id, topic in rows:
        found.setdefault(story_id, []).append(topic)
    return found


def angles_of(story_id: int) -> Sequence[Angle]:
    """A story's angles, in their order."""
    return db.session.scalars(select(Angle).where(Angle.story_id == story_id).order_by(Angle.position)).all()


def picture_of(story: Story) -> Picture | None:
    """A story's picture."""
    return db.session.get(Picture, story.picture_id) if story.picture_id else None


def reading_of(person_id: int, story_id: int) -> Reading | None:
    """What someone said of a story."""
    return db.session.get(Reading, (person_id, story_id))


def has_saved(person_id: int, story_id: int) -> bool:
    """Whether someone keeps a story for later."""
    return db.session.get(Saving, (person_id, story_id)) is not None


def has_dismissed(person_id: int, story_id: int) -> bool:
    """Whether someone said *not for me*."""
    return db.session.get(Dismissal, (person_id, story_id)) is not None


def minutes_to_read(story: Any) -> int:
    """Minutes to read a story and think of one's own, at 180 words a minute; at least 1."""
    return max(1, round(len((story.body or "").split()) / 180))
