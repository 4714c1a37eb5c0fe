"""Questions about stories. `open_to` is the permission: what it does not give does not exist."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select

from app.db import db
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


class Reader(NamedTuple):
    """Who would read a story: each may be a value, a parameter or a column of the statement around."""

    id: Any
    team_path: Any
    roles: Any

    @classmethod
    def of(cls, viewer: Viewer) -> "Reader":
        return cls(viewer.id, viewer.team_path, int(viewer.roles))


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


def is_for_role(roles: Any) -> ColumnElement[bool]:
    """For every role, or for one of these: bits, which may be a number, a parameter or a column."""
    return or_(Story.for_roles == 0, Story.for_roles.op("&")(roles) != 0)


def has_gone_first(person_id: Any) -> ColumnElement[bool]:
    """No leader goes first, or that one has told it, or is the person; or a curator let it go without."""
    return or_(
        Story.leader_id.is_(None),
        Story.told_at.is_not(None),
        Story.overridden_at.is_not(None),
        Story.leader_id == person_id,
    )


def is_open(reader: Reader, at: datetime) -> ColumnElement[bool]:
    """Whether a story may be read and told now by someone. The whole permission stands here.

    The leader who goes first is let in whomever the story is for: they are asked to tell it to those.
    """
    for_them = and_(is_for(reader.team_path), is_for_role(reader.roles), has_gone_first(reader.id))
    return and_(is_live(at), or_(Story.leader_id == reader.id, for_them))


def open_to(viewer: Viewer, at: datetime) -> Select[Story]:
    """The stories that someone may read and tell now."""
    return select(Story).where(is_open(Reader.of(viewer), at))


def open_story(viewer: Viewer, story_id: int, at: datetime) -> Story | None:
    """One story, if it is open to this person."""
    return db.session.scalar(open_to(viewer, at).where(Story.id == story_id))


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


def audiences_of(story_ids: Sequence[int]) -> dict[int, list[Team]]:
    """The teams that each of some stories is for; one that is for all teams is not there."""
    rows = db.session.execute(
        select(StoryAudience.story_id, Team)
        .join(Team, Team.id == StoryAudience.team_id)
        .where(StoryAudience.story_id.in_(story_ids))
        .order_by(Team.path, Team.id)
    )
    found: dict[int, list[Team]] = {}
    for story_id, team in rows:
        found.setdefault(story_id, []).append(team)
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
