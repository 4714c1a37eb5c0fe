"""What people do with a story, short of telling it, and what telling it changes on its card."""

from datetime import date, datetime

from sqlalchemy import delete, select, update

from app.db import db, insert_once
from app.people.models import Person
from app.points.actions import pay_reading
from app.points.entries import Deed, Paid
from app.stories import gate, shelf
from app.stories.models import Answer, Dismissal, LeaderTold, Reading, Saving, Story

REASONS = ("not-mine", "uncomfortable", "wrong", "no-time")
LONGEST_ANSWER = 4000


def say_useful(person_id: int, story_id: int, at: datetime) -> list[Paid]:
    """The person read a story and found it useful."""
    return _read(person_id, story_id, True, at)


def say_not_for_me(person_id: int, story_id: int, reason: str, at: datetime, opened: bool) -> list[Paid]:
    """The person does not want a story, for one of REASONS; reading it first counts as reading.

    Raises ValueError for another reason.
    """
    if reason not in REASONS:
        raise ValueError(reason)
    insert_once(Dismissal, person_id=person_id, story_id=story_id, reason=reason, at=at)
    return _read(person_id, story_id, False, at) if opened else []


def _read(person_id: int, story_id: int, useful: bool, at: datetime) -> list[Paid]:
    if insert_once(Reading, person_id=person_id, story_id=story_id, useful=useful, at=at) is None:
        return []
    return pay_reading(Deed(person_id, ("story", story_id), at, {"useful": int(useful)}))


def bring_back(person_id: int, story_id: int) -> None:
    """Undo *not for me*. What was earned by reading stays."""
    db.session.execute(
        delete(Dismissal).where(Dismissal.person_id == person_id, Dismissal.story_id == story_id)
    )


def save(person_id: int, story_id: int, at: datetime) -> None:
    """Keep a story for later."""
    insert_once(Saving, person_id=person_id, story_id=story_id, at=at)


def unsave(person_id: int, story_id: int) -> None:
    """Keep it no longer."""
    db.session.execute(delete(Saving).where(Saving.person_id == person_id, Saving.story_id == story_id))


def answer(person_id: int, question_id: int, text: str, day: date, at: datetime) -> str:
    """A person's own story, told to the question of the day. One a day: what is kept, the first that came."""
    insert_once(Answer, person_id=person_id, question_id=question_id, local_date=day, text=text, at=at)
    kept = select(Answer.text).where(
        Answer.person_id == person_id, Answer.question_id == question_id, Answer.local_date == day
    )
    return db.session.scalars(kept).one()


def told(story_id: int, person_id: int, at: datetime) -> None:
    """One more person tells this story; a leader's name comes to stand on its card, and opens it when it waits."""
    _count_tellers(story_id, 1)
    leads = db.session.scalar(select(Person.is_leader).where(Person.id == person_id))
    if leads:
        insert_once(LeaderTold, story_id=story_id, person_id=person_id, at=at)
    opens = gate.leader_told(story_id, person_id, at)
    if leads or opens:
        shelf.touch()


def untold(story_id: int, person_id: int) -> None:
    """A person has withdrawn their last telling of this story."""
    _count_tellers(story_id, -1)
    led = db.session.execute(
        delete(LeaderTold).where(LeaderTold.story_id == story_id, LeaderTold.person_id == person_id)
    )
    waits = gate.leader_told(story_id, person_id, None)
    if led.rowcount or waits:  # type: ignore[attr-defined]  # a DELETE has a row count
        shelf.touch()


def _count_tellers(story_id: int, by: int) -> None:
    """Comes first: it locks the story, and a curator who hands it to another leader meanwhile is waited for."""
    db.session.execute(
        update(Story)
        .where(Story.id == story_id)
        .values(tellers=Story.tellers + by, version=Story.version + 1)
    )
