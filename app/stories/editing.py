"""A curator's draft: what a story may hold, what it lacks, and the verbs that change it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app.db import db
from app.stories import gate, shelf
from app.stories.addresses import address_of
from app.stories.models import Angle, Story, StoryAudience, StoryTopic

MOST_ANGLES = 3
LONGEST = {
    "title": 120, "title_en": 120, "why": 200, "why_en": 200, "body": 10_000, "body_en": 10_000, "alt": 250,
    "alt_en": 250, "source_url": 1000, "source_name": 80, "leader_line": 400, "leader_line_en": 400,
}  # fmt: skip
TEXTS = tuple(LONGEST)
ANGLE_TEXTS = {"label": 40, "question": 160, "starter": 120}


class ChangedMeanwhile(Exception):
    """Somebody else has edited the story since it was opened."""


@dataclass
class Draft:
    """All that a curator edits. Times are instants; problems name a field and what is wrong with it.

    An angle without a question is not kept; its name alone is offered by the form and means nothing.
    """

    texts: dict[str, str] = field(default_factory=dict)
    purpose_id: int | None = None
    picture_id: int | None = None
    leader_id: int | None = None
    team_id: int | None = None
    topics: list[int] = field(default_factory=list)
    audience: list[int] = field(default_factory=list)
    for_roles: int = 0
    angles: list[dict[str, str]] = field(default_factory=list)
    publish_at: datetime | None = None
    expires_at: datetime | None = None

    def problems(self, publishing: bool, at: datetime | None = None) -> dict[str, str]:
        """Field → one of: missing, too-long, not-an-address, before-publishing. Empty when all is well.

        `at` is the instant of publishing it now: a story may not have expired before it.
        """
        found = {name: "too-long" for name, most in LONGEST.items() if len(self.texts.get(name, "")) > most}
        if wrong := next(filter(None, map(_angle_wrong, self.angles)), None):
            found["angles"] = wrong
        if not self.texts.get("title"):
            found["title"] = "missing"
        if (typed := self.texts.get("source_url")) and "source_url" not in found:
            found |= _address_wrong(typed)
        begins = [instant for instant in (self.publish_at, at) if instant]
        if self.expires_at and begins and self.expires_at <= max(begins):
            found["expires_at"] = "before-publishing"
        if publishing:
            found |= dict.fromkeys(self._lacking(), "missing")
        return found

    def _lacking(self) -> Iterable[str]:
        needed = {
            "purpose": self.purpose_id,
            "why": self.texts.get("why"),
            "alt": self.texts.get("alt") if self.picture_id else "no picture",
            "topic": self.topics,
        }
        return (name for name, value in needed.items() if not value)


def _address_wrong(typed: str) -> dict[str, str]:
    try:
        too_long = len(address_of(typed)) > LONGEST["source_url"]
    except ValueError:
        return {"source_url": "not-an-address"}
    return {"source_url": "too-long"} if too_long else {}


def _angle_wrong(angle: dict[str, str]) -> str | None:
    if any(len(text) > ANGLE_TEXTS[name.removesuffix("_en")] for name, text in angle.items()):
        return "too-long"
    written = any(text for name, text in angle.items() if name not in ("label", "label_en"))
    return "missing" if written and not angle.get("question") else None


def create(draft: Draft, curator_id: int | None, at: datetime) -> Story:
    """A new draft."""
    story = Story(
        title=draft.texts["title"], state="draft", created_by_id=curator_id, created_at=at, edited_at=at
    )
    db.session.add(story)
    db.session.flush()
    _apply(story, draft, curator_id, at)
    return story


def edit(story: Story, draft: Draft, curator_id: int, at: datetime, seen: str) -> None:
    """Change a story; its version rises, and with it every kept card.

    `seen` is the fingerprint of the story as the curator opened it. Raises ChangedMeanwhile when it is another.
    """
    if fingerprint(story) != seen:
        raise ChangedMeanwhile
    _apply(story, draft, curator_id, at)
    story.version += 1
    story.edited_at, story.discarded_at = at, None
    db.session.flush()
    if story.state == "published":
        shelf.touch()


def _apply(story: Story, draft: Draft, curator_id: int | None, at: datetime) -> None:
    if draft.leader_id != story.leader_id:
        gate.hand_to(story, draft.leader_id, curator_id, at)
    for name in TEXTS:
        empty = None if name.endswith("_en") or name.startswith("source") else ""
        setattr(story, name, draft.texts.get(name) or empty)
    story.source_url = address_of(story.source_url) if story.source_url else None
    for name in ("purpose_id", "picture_id", "leader_id", "team_id", "for_roles"):
        setattr(story, name, getattr(draft, name))
    for name in ("publish_at", "expires_at"):
        # A published story has its times; left empty, they stay.
        kept = getattr(story, name) if story.state == "published" else None
        setattr(story, name, getattr(draft, name) or kept)
    for table in (StoryTopic, StoryAudience, Angle):
        db.session.execute(delete(table).where(table.story_id == story.id))
    db.session.add_all(
        StoryTopic(story_id=story.id, topic_id=topic, position=place)
        for place, topic in enumerate(draft.topics)
    )
    db.session.add_all(StoryAudience(story_id=story.id, team_id=team) for team in draft.audience)
    db.session.add_all(
        Angle(story_id=story.id, position=place, **angle)
        for place, angle in enumerate(angle for angle in draft.angles if angle["question"])
    )
    db.session.flush()


def publish(story: Story, at: datetime, lives: timedelta) -> None:
    """Let a story be seen, from now or from its own later instant; it expires after `lives` or when it says."""
    story.state = "published"
    story.publish_at = story.publish_at or at
    story.expires_at = story.expires_at or max(story.publish_at, at) + lives
    story.version += 1
    shelf.touch()


def unpublish(story: Story) -> None:
    """Take a published story off every Today; its short links say goodbye."""
    if story.state != "published":
        return
    story.state = "withdrawn"
    story.version += 1
    shelf.touch()


def fingerprint(story: Story) -> str:
    """Another one whenever a curator has changed the story; its `version` rises with its tellers too."""
    return hashlib.sha256(repr((story.state, story.discarded_at, draft_of(story))).encode()).hexdigest()[:16]


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
            db.session.scalars(
                select(StoryAudience.team_id)
                .where(StoryAudience.story_id == story.id)
                .order_by(StoryAudience.team_id)
            )
        ),
        for_roles=story.for_roles,
        angles=[{name: getattr(angle, name) or "" for name in names} for angle in angles],
        publish_at=story.publish_at,
        expires_at=story.expires_at,
    )
