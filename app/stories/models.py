"""Stories, their topics and angles, and what a person thinks of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime


class Topic(Base):
    """What a story is about."""

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str | None] = mapped_column(String(60))
    icon: Mapped[str] = mapped_column(String(30), default="sun")
    position: Mapped[int] = mapped_column(default=0)


class TopicFollow(Base):
    """A person wants to hear of a topic; one to five of them."""

    __tablename__ = "topic_follows"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)


class Picture(Base):
    """A re-encoded picture: two WebP files named by their content, `<name>-<width>.webp`."""

    __tablename__ = "pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    small_width: Mapped[int]
    small_height: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Story(Base):
    """Something worth telling onward. Live when published, its time has come and it has not expired.

    With a leader, who goes first, others see it from `told_at`, when that leader has told it, or from
    `overridden_at`, when a curator let it go without. `for_roles` are bits of people.roles; 0 is everyone.
    `version` rises with each edit and whenever what its card says of its tellers changes. A draft that nobody
    wants is `discarded_at`, can be brought back, and is deleted after 30 days. What no curator made comes from a feed.
    """

    __tablename__ = "stories"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name="state"),
        CheckConstraint(
            "state <> 'published' OR (purpose_id IS NOT NULL AND why <> '' AND publish_at IS NOT NULL "
            "AND (picture_id IS NULL OR alt <> ''))",
            name="publishable",
        ),
        CheckConstraint("for_roles BETWEEN 0 AND 15", name="for_roles"),
        Index("ix_stories_live", "state", "publish_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str | None] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(String(200), default="")
    why_en: Mapped[str | None] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    body_en: Mapped[str | None] = mapped_column(Text)
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("purposes.id"))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    alt: Mapped[str] = mapped_column(String(250), default="")
    alt_en: Mapped[str | None] = mapped_column(String(250))
    source_url: Mapped[str | None] = mapped_column(String(1000))
    source_name: Mapped[str | None] = mapped_column(String(80))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    leader_line: Mapped[str] = mapped_column(String(400), default="")
    leader_line_en: Mapped[str | None] = mapped_column(String(400))
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    overridden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    for_roles: Mapped[int] = mapped_column(default=0, server_default="0")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    publish_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tellers: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    discarded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class StoryTopic(Base):
    """A story's topics; position 0 is the one its card shows."""

    __tablename__ = "story_topics"

    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class StoryAudience(Base):
    """A team, with all below it, that a story is for. A story without any is for everyone."""

    __tablename__ = "story_audiences"

    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)


class LeaderTold(Base):
    """A leader has told this story onward: their name stands on its card."""

    __tablename__ = "leaders_told"

    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class LeaderOverride(Base):
    """A curator let a story go without its leader, or had it wait again: a log that is only written to."""

    __tablename__ = "leader_overrides"

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    curator_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    opened: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Angle(Base):
    """A question that helps someone find their own words; never finished text."""

    __tablename__ = "angles"
    __table_args__ = (UniqueConstraint("story_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(40))
    label_en: Mapped[str | None] = mapped_column(String(40))
    question: Mapped[str] = mapped_column(String(160))
    question_en: Mapped[str | None] = mapped_column(String(160))
    starter: Mapped[str] = mapped_column(String(120), default="")
    starter_en: Mapped[str | None] = mapped_column(String(120))


class Reading(Base):
    """A person opened a story and said whether it was useful."""

    __tablename__ = "readings"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    useful: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Dismissal(Base):
    """*Not for me*, with one of four reasons. Managers never see it; three "wrong" reach the curator."""

    __tablename__ = "dismissals"
    __table_args__ = (
        CheckConstraint("reason IN ('not-mine', 'uncomfortable', 'wrong', 'no-time')", name="reason"),
        Index("ix_dismissals_story_id_reason", "story_id", "reason"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(15))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class FoundRight(Base):
    """A curator has looked at a story that colleagues said was wrong, and found it right: what was said before is settled."""

    __tablename__ = "found_right"

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    curator_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Saving(Base):
    """A person keeps a story for later."""

    __tablename__ = "savings"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Question(Base):
    """A question of the day, which asks for the person's own story. They take turns by date."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(160), unique=True)
    text_en: Mapped[str | None] = mapped_column(String(160))
    hint: Mapped[str] = mapped_column(String(160), default="")
    hint_en: Mapped[str | None] = mapped_column(String(160))
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Answer(Base):
    """A person's own story, told to a question; it waits at the desk until a curator has used or declined it.

    A declined one has the curator's `note` to its teller.
    """

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("person_id", "question_id", "local_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    local_date: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    story_id: Mapped[int | None] = mapped_column(ForeignKey("stories.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(String(400), default="", server_default="")
