"""What waits at the desk: stories to look at, drafts out of feeds, drafts of our own, and what employees have told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from app.db import db
from app.people.models import Person
from app.stories.cards import Face, faces
from app.stories.discarding import answer_waits
from app.stories.editing import Draft
from app.stories.gate import orphaned
from app.stories.models import Answer, Question, Story
from app.stories.sources import Origin
from app.stories.wrongs import said_wrong_now

KINDS = ("all", "look", "told", "feeds", "drafts")
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Concern:
    """A live story that needs a curator: how many say that something in it is wrong, or who has left it waiting."""

    face: Face
    wrong: int
    left_by: Person | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft: its card's face, what it lacks before it can be published, where it comes from or who began it."""

    story: Story
    face: Face
    lacking: Sequence[str]
    origin: Origin | None
    begun_by: str | None

    @property
    def at(self) -> datetime:
        return self.story.edited_at


@dataclass(frozen=True, slots=True)
class Told:
    """An employee's answer to a question of the day."""

    answer: Answer
    question: Question
    person: Person

    @property
    def at(self) -> datetime:
        return self.answer.at


def counts(at: datetime) -> dict[str, int]:
    """How much waits, of each kind and in all."""
    waiting = select(func.count()).select_from(Answer).where(answer_waits())
    found = {
        "look": len(said_wrong_now(at).keys() | orphaned(at).keys()),
        "told": db.session.scalar(waiting) or 0,
    }
    for kind in ("feeds", "drafts"):
        drafts = select(func.count()).select_from(Story).where(is_draft(kind))
        found[kind] = db.session.scalar(drafts) or 0
    return {"all": sum(found.values())} | found


def is_draft(kind: str = "all") -> ColumnElement[bool]:
    """A draft that nobody has discarded; of a feed, of a curator, or either."""
    draft = (Story.state == "draft") & Story.discarded_at.is_(None)
    if kind == "all":
        return draft
    return draft & (Story.created_by_id.is_(None) if kind == "feeds" else Story.created_by_id.is_not(None))


def waiting(kind: str, at: datetime) -> Sequence[Concern | Proposal | Told]:
    """What waits, of one of KINDS: what is live and needs a look, then the rest, the newest first."""
    rest: list[Proposal | Told] = []
    if kind in ("all", "told"):
        rest += told()
    if kind not in ("told", "look"):
        rest += proposals(is_draft(kind))
    ordered = sorted(rest, key=lambda one: one.at, reverse=True)
    return [*(_concerns(at) if kind in ("all", "look") else []), *ordered][:MOST_SHOWN]


def _concerns(at: datetime) -> list[Concern]:
    numbers, left = said_wrong_now(at), orphaned(at)
    found = faces(numbers.keys() | left.keys())
    return [Concern(found[one], numbers.get(one, 0), left.get(one)) for one in sorted(found)]


def told() -> list[Told]:
    """What employees have told, the newest first."""
    rows = db.session.execute(
        select(Answer, Question, Person)
        .join(Question, Question.id == Answer.question_id)
        .join(Person, Person.id == Answer.person_id)
        .where(answer_waits())
        .order_by(Answer.at.desc(), Answer.id.desc())
        .limit(MOST_SHOWN)
    )
    return [Told(*row) for row in rows]


def proposals(wanted: ColumnElement[bool]) -> list[Proposal]:
    """Drafts with all that a row of the queue shows of them."""
    rows = db.session.execute(
        select(Story, Origin, Person.name)
        .outerjoin(Origin, Origin.story_id == Story.id)
        .outerjoin(Person, Person.id == Story.created_by_id)
        .where(wanted)
        .order_by(Story.edited_at.desc(), Story.id.desc())
        .limit(MOST_SHOWN)
    ).all()
    found = faces([story.id for story, _origin, _name in rows])
    return [
        Proposal(story, found[story.id], lacking(found[story.id]), origin, name)
        for story, origin, name in rows
    ]


def lacking(face: Face) -> list[str]:
    """What a draft must still have: of purpose, why, topic and alt."""
    story = face.story
    draft = Draft(
        texts={"title": story.title, "why": story.why, "alt": story.alt},
        purpose_id=story.purpose_id,
        picture_id=story.picture_id,
        topics=[face.topic.id] if face.topic else [],
    )
    return [name for name, wrong in draft.problems(publishing=True).items() if wrong == "missing"]
