"""All stories: by topic, by words and by what one has saved, the newest first, a page at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.db import db
from app.given import number
from app.people.viewer import Viewer
from app.stories.models import Saving, Story, StoryTopic
from app.stories.queries import Reader, is_open
from app.stories.words import has_words

A_PAGE = 20
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
WRITTEN = re.compile(r"([0-9]{1,17})-([0-9]{1,10})")


class Place(NamedTuple):
    """Behind which story a page begins; written as microseconds since 1970 and the story's id."""

    at: datetime
    story_id: int

    def __str__(self) -> str:
        return f"{(self.at - BEGINNING) // timedelta(microseconds=1)}-{self.story_id}"


def place(text: str) -> Place | None:
    """The place that a text means; None for what means none."""
    found = WRITTEN.fullmatch(text)
    try:
        return found and Place(BEGINNING + timedelta(microseconds=int(found[1])), number(found[2]))
    except ValueError:
        return None


class Wanted(NamedTuple):
    """What one looks for: of a topic, with some words, among what one has saved; all of it when nothing is said."""

    topic_id: int | None = None
    words: str = ""
    saved: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found; how many there are on all pages; and behind which place there is more."""

    stories: Sequence[Story]
    count: int
    more: Place | None


def browse(viewer: Viewer, at: datetime, wanted: Wanted, behind: Place | None = None) -> Found:
    """What is open to someone and wanted, behind a place that an earlier page named."""
    fits = and_(is_open(Reader.of(viewer), at), *_fits(viewer, wanted))
    page = select(Story).where(fits).order_by(Story.publish_at.desc(), Story.id.desc()).limit(A_PAGE + 1)
    stories = db.session.scalars(page.where(_is_behind(behind)) if behind else page).all()
    count = db.session.scalar(select(func.count()).select_from(Story).where(fits)) or 0
    last = stories[A_PAGE - 1] if len(stories) > A_PAGE else None
    more = Place(last.publish_at, last.id) if last and last.publish_at else None
    return Found(stories[:A_PAGE], count, more)


def _fits(viewer: Viewer, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.topic_id:
        about = select(StoryTopic.story_id).where(StoryTopic.topic_id == wanted.topic_id)
        conditions.append(Story.id.in_(about))
    if wanted.words:
        conditions.append(has_words(wanted.words))
    if wanted.saved:
        conditions.append(Story.id.in_(select(Saving.story_id).where(Saving.person_id == viewer.id)))
    return conditions


def _is_behind(place: Place) -> ColumnElement[bool]:
    same_moment = and_(Story.publish_at == place.at, Story.id < place.story_id)
    return or_(Story.publish_at < place.at, same_moment)
