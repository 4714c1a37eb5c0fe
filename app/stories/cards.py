"""Story cards, rendered once per story, version, language, state and age, and kept.

A card changes only when its story's version or the organisation's does, so what is kept is right on
the next request after an edit or a telling, whichever process made it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select

from app.db import db, place
from app.people.models import Person
from app.stories.ages import Age
from app.stories.models import LeaderTold, Picture, Story, Topic
from app.stories.queries import minutes_to_read, topics_of

MOST_KEPT = 4000
_kept: dict[tuple[object, ...], Markup] = {}


class Look(NamedTuple):
    """How a card is drawn: `large` once at the top of Today, `brief` with its `age` in the list of all stories."""

    story_id: int
    version: int
    large: bool = False
    saved: bool = False
    told: bool = False
    brief: bool = False
    age: Age | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """What a card shows of a story; `told` is when each of its leaders did, by their ids."""

    story: Story
    topic: Topic | None
    picture: Picture | None
    minutes: int
    leaders: Sequence[Person]
    told: Mapping[int, datetime]

    @property
    def colleagues(self) -> int:
        """How many others have told it."""
        return max(0, self.story.tellers - len(self.leaders))


def cards(looks: Sequence[Look], lang: str, organisation_version: int) -> list[Markup]:
    """The cards, in their order; only those not kept cost statements."""
    here = place()
    keys = [(here, organisation_version, lang, look) for look in looks]
    missing = [look.story_id for look, key in zip(looks, keys, strict=True) if key not in _kept]
    found = faces(missing) if missing else {}
    if len(_kept) > MOST_KEPT:
        _kept.clear()
    for look, key in zip(looks, keys, strict=True):
        if key not in _kept and look.story_id in found:
            _kept[key] = draw(found[look.story_id], look, lang)
    return [_kept[key] for key in keys if key in _kept]


def draw(face: Face, look: Look, lang: str) -> Markup:
    """One card as HTML."""
    html = render_template("stories/_card.html", face=face, story=face.story, look=look, lang=lang)
    return Markup(html)  # noqa: S704  # the template has escaped it


def forget() -> None:
    """Drop all kept cards (a restored database may repeat a version)."""
    _kept.clear()


def faces(story_ids: Iterable[int]) -> dict[int, Face]:
    """What the cards of some stories show, in four statements at most."""
    ids = list(story_ids)
    stories = db.session.execute(
        select(Story, Picture).outerjoin(Picture, Picture.id == Story.picture_id).where(Story.id.in_(ids))
    ).all()
    topics, leaders = topics_of(ids), _leaders(ids)
    return {
        story.id: Face(
            story=story,
            topic=topics[story.id][0] if story.id in topics else None,
            picture=picture,
            minutes=minutes_to_read(story),
            leaders=[leader for leader, _at in leaders.get(story.id, [])],
            told={leader.id: at for leader, at in leaders.get(story.id, [])},
        )
        for story, picture in stories
    }


def _leaders(story_ids: list[int]) -> dict[int, list[tuple[Person, datetime]]]:
    rows = db.session.execute(
        select(LeaderTold.story_id, Person, LeaderTold.at)
        .join(Person, Person.id == LeaderTold.person_id)
        .where(LeaderTold.story_id.in_(story_ids))
        .order_by(LeaderTold.at)
    )
    found: dict[int, list[tuple[Person, datetime]]] = {}
    for story_id, person, at in rows:
        found.setdefault(story_id, []).append((person, at))
    return found
