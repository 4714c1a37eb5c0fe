"""The shelf: what may be chosen of the stories, kept in memory so that nobody's day reads them all again.

It is kept for each database under a version, which stands in one row that every verb raises that changes what may
be chosen. Whoever reads that row after they have read the stories, and finds the shelf's own version in it, knows
that the shelf is whole and right. What time decides is decided when the shelf is looked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime, db, place
from app.people.models import Team
from app.prepared import Prepared
from app.stories.models import LeaderTold, Story, StoryAudience, StoryTopic
from app.stories.queries import Reader, has_gone_first

# An expired story stands a while longer: not all clocks are alike.
EXPIRED_KEPT = timedelta(days=1)


class ShelfVersion(Base):
    """One row: the number that `touch()` raises."""

    __tablename__ = "shelf"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]


VERSION = Prepared(select(ShelfVersion.version).where(ShelfVersion.id == 1))
_is_out = Story.state == "published"
STORIES = Prepared(
    select(
        Story.id,
        Story.created_at,
        Story.publish_at,
        Story.expires_at,
        Story.for_roles,
        Story.leader_id,
        and_(Story.leader_id.is_not(None), ~has_gone_first(None)).label("waits"),
        exists().where(LeaderTold.story_id == Story.id).label("by_leader"),
        func.coalesce(Team.path, "").label("team_path"),
    )
    .outerjoin(Team, Team.id == Story.team_id)
    .where(
        _is_out, or_(Story.expires_at.is_(None), Story.expires_at > bindparam("since", type_=UTCDateTime()))
    )
    .order_by(Story.id)
)
TOPICS = Prepared(
    select(StoryTopic.story_id, StoryTopic.topic_id)
    .join(Story, Story.id == StoryTopic.story_id)
    .where(_is_out)
    .order_by(StoryTopic.position)
)
AUDIENCES = Prepared(
    select(StoryAudience.story_id, StoryAudience.team_id)
    .join(Story, Story.id == StoryAudience.story_id)
    .where(_is_out)
)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A published story, as far as it matters for choosing it. `audience` holds the ids of teams; none is everyone.

    `waits`: its leader has not told it yet, and no curator has let it go without.
    """

    id: int
    created_at: datetime
    publish_at: datetime
    expires_at: datetime | None
    topics: tuple[int, ...]
    audience: frozenset[int]
    for_roles: int
    leader_id: int | None
    waits: bool
    by_leader: bool
    team_path: str

    def is_open(self, reader: Reader, at: datetime) -> bool:
        """What `stories.queries.is_open` says of it, without asking the database."""
        for_them = (
            (not self.audience or not self.audience.isdisjoint(teams_on(reader.team_path)))
            and (not self.for_roles or bool(self.for_roles & reader.roles))
            and not self.waits
        )
        is_live = self.publish_at <= at and (self.expires_at is None or self.expires_at > at)
        return is_live and (self.leader_id == reader.id or for_them)


@dataclass(frozen=True, slots=True)
class Shelf:
    """All stories that are published and not long expired, at one version; those whose time comes later, too.

    Before `since` none of them was there, so nobody can have seen, told or dismissed one.
    """

    version: int
    since: datetime
    stories: tuple[Shelved, ...]


_kept: dict[str, Shelf] = {}


def kept(at: datetime) -> Shelf:
    """The shelf that this process has; whether it is still right is for the asker to see."""
    return _kept.get(place()) or read(at)


def read(at: datetime) -> Shelf:
    """The shelf as it is committed, kept from now on. The version is read first: the rest may be newer, never older."""
    version, stories = VERSION.one().version, tuple(_stories(at))
    since = min((story.created_at for story in stories), default=at)
    shelf = _kept[place()] = Shelf(version, since, stories)
    return shelf


def touch() -> None:
    """What may be chosen has changed. Called last, when the story is locked: all who change some take turns here."""
    db.session.flush()
    db.session.execute(update(ShelfVersion).values(version=ShelfVersion.version + 1))


def forget() -> None:
    """Drop what is kept (a restored database may repeat a version)."""
    _kept.clear()


@lru_cache(4000)
def teams_on(path: str) -> frozenset[int]:
    """The ids of the teams on a path such as /1/4/."""
    return frozenset(int(step) for step in path.split("/") if step)


def _stories(at: datetime) -> Iterable[Shelved]:
    rows, topics, audience = STORIES.rows(since=at - EXPIRED_KEPT), _by_story(TOPICS), _by_story(AUDIENCES)
    for row in rows:
        yield Shelved(
            **row._asdict(),
            topics=tuple(topics.get(row.id, ())),
            audience=frozenset(audience.get(row.id, ())),
        )


def _by_story(parts: Prepared) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for story_id, part_id in parts.rows():
        found.setdefault(story_id, []).append(part_id)
    return found
