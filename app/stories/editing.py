"""A curator's draft: what a story may hold, what it lacks, and the verbs that change it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete, select

from app.db import db
from app.stories.models import Angle, Story, StoryAudience, StoryTopic

MOST_ANGLES = 3
LONGEST = {
    "title": 120, "title_en": 120, "why": 200, "why_en": 200, "body": 10_000, "body_en": 10_000, "alt": 250,
    "alt_en": 250, "source_url": 1000, "source_name": 80, "leader_line": 400, "leader_line_en": 400,
}  # fmt: skip
TEXTS = tuple(LONGEST)
ANGLE_TEXTS = {"label": 40, "question": 160, "starter": 120}


@dataclass
class Draft:
    """All that a curator edits. Times are instants; problems name a field and what is wrong with it."""

    texts: dict[str, str] = field(default_factory=dict)
    purpose_id: int | None = None
    picture_id: int | None = None
    leader_id: int | None = None
    team_id: int | None = None
    topics: list[int] = field(default_factory=list)
    audience: list[int] = field(default_factory=list)
    angles: list[dict[str, str]] = field(default_factory=list)
    publish_at: datetime | None = None
    expires_at: datetime | None = None

    def problems(self, publishing: bool) -> dict[str, str]:
        """Field → one of: missing, too-long, not-an-address, before-publishing. Empty when all is well."""
        found = {name: "too-long" for name, most in LONGEST.items() if len(self.texts.get(name, "")) > most}
        if any(
            len(text) > ANGLE_TEXTS[name.removesuffix("_en")]
            for angle in self.angles
            for name, text in angle.items()
        ):
            found["angles"] = "too-long"
        if not self.texts.get("title"):
            found["title"] = "missing"
        if self.texts.get("source_url") and not is_address(self.texts["source_url"]):
            found["source_url"] = "not-an-address"
        if self.publish_at and self.expires_at and self.expires_at <= self.publish_at:
            found["expires_at"] = "before-publishing"
        if publishing:
            found |= dict.fromkeys(self._lacking(), "missing")
        return found

    def _lacking(self) -> Iterable[str]:
        needed = {
            "purpose": self.purpose_id,
            "why": self.texts.get("why"),
            "alt": self.texts.get("alt") if self.picture_id else "no picture",
            "topics": self.topics,
        }
        return (name for name, value in needed.items() if not value)


def is_address(text: str) -> bool:
    """Whether a text is an http or https address with a host."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, text))
    except ValueError:
        return False


def create(draft: Draft, curator_id: int | None, at: datetime) -> Story:
    """A new draft."""
    story = Story(
        title=draft.texts["title"], state="draft", created_by_id=curator_id, created_at=at, edited_at=at
    )
    db.session.add(story)
    db.session.flush()
    _apply(story, draft)
    return story


class Changed(Exception):
    """The story is not as it was when the curator began to edit it."""


def edit(story_id: int, version: int, draft: Draft, at: datetime) -> Story:
    """Change a story that stands at a version; it rises, and with it every kept card. Raises Changed."""
    wanted = select(Story).where(Story.id == story_id, Story.version == version).with_for_update()
    story = db.session.scalar(wanted.execution_options(populate_existing=True))
    if story is None:
        raise Changed(story_id)
    _apply(story, draft)
    story.version += 1
    story.edited_at = at
    db.session.flush()
    return story


def _apply(story: Story, draft: Draft) -> None:
    for name in TEXTS:
        empty = None if name.endswith("_en") or name.startswith("source") else ""
        setattr(story, name, draft.texts.get(name) or empty)
    for name in ("purpose_id", "picture_id", "leader_id", "team_id", "publish_at", "expires_at"):
        setattr(story, name, getattr(draft, name))
    for table in (StoryTopic, StoryAudience, Angle):
        db.session.execute(delete(table).where(table.story_id == story.id))
    db.session.add_all(
        StoryTopic(story_id=story.id, topic_id=topic, position=place)
        for place, topic in enumerate(draft.topics)
    )
    db.session.add_all(StoryAudience(story_id=story.id, team_id=team) for team in draft.audience)
    db.session.add_all(
        Angle(story_id=story.id, position=place, **angle) for place, angle in enumerate(draft.angles)
    )
    db.session.flush()


def publish(story: Story, publish_at: datetime, lives: timedelta) -> None:
    """Let a story be seen from an instant on; it expires after `lives` unless it says when itself."""
    story.state = "published"
    story.publish_at = publish_at
    story.expires_at = story.expires_at or publish_at + lives
    story.version += 1
    db.session.flush()


def unpublish(story: Story) -> None:
    """Take a story off every Today; its short links say goodbye."""
    story.state = "withdrawn"
    story.version += 1
    db.session.flush()


def draft_of(story: Story) -> Draft:
    """A story as a draft to edit."""
    angles = db.session.scalars(select(Angle).where(Angle.story_id == story.id).order_by(Angle.position))
    names = ("label", "question", "starter", "label_en", "question_en", "starter_en")
    return Draft(
        texts={name: getattr(story, name) or "" for name in TEXTS},
        purpose_id=story.purpose_id,
        picture_id=story.picture_id,
        leader_id=story.leader_id,
        team_id=story.team_id,
        topics=list(
            db.session.scalars(
                select(StoryTopic.topic_id)
                .where(StoryTopic.story_id == story.id)
                .order_by(StoryTopic.position)
            )
        ),
        audience=list(
            db.session.scalars(select(StoryAudience.team_id).where(StoryAudience.story_id == story.id))
        ),
        angles=[{name: getattr(angle, name) or "" for name in names} for angle in angles],
        publish_at=story.publish_at,
        expires_at=story.expires_at,
    )
