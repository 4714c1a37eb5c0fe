"""Finding people: by words in name, address and team, page by page, however many there are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.db import db, has_word
from app.people.models import Membership, Person, Team

PAGE = 50
SHOWN = ("all", "managers", "without-team")
Report = aliased(Person)
LEADS = or_(Person.is_manager, exists().where(Report.manager_id == Person.id, Report.left_at.is_(None)))


def people(words: str, show: str, after: int | None) -> tuple[Sequence[Row[*tuple[Any, ...]]], int | None]:
    """A page of people by name, and the number to go on after; of all, of managers, or of those without a team."""
    statement = _wanted(words, show).order_by(Person.name, Person.id).limit(PAGE + 1)
    last = db.session.execute(select(Person.name, Person.id).where(Person.id == after)).one_or_none()
    if last is not None:
        statement = statement.where(tuple_(Person.name, Person.id) > tuple_(*last))
    rows = db.session.execute(statement).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def _wanted(words: str, show: str) -> Select[*tuple[Any, ...]]:
    statement = (
        select(
            Person.id, Person.name, Person.email, Person.avatar, Person.working_days, Person.is_leader,
            Person.is_admin, Person.curates_for, LEADS.label("is_manager"), Team.name.label("team"), Team.name_en.label("team_en"),
        )
        .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.to_date.is_(None))
        .outerjoin(Team, Team.id == Membership.team_id)
        .where(Person.left_at.is_(None))
    )  # fmt: skip
    for word in words.lower().split()[:6]:
        statement = statement.where(_has(word))
    if show == "managers":
        statement = statement.where(LEADS)
    return statement.where(Membership.id.is_(None)) if show == "without-team" else statement


def _has(word: str) -> ColumnElement[bool]:
    return or_(*(has_word(column, word) for column in (Person.name, Person.email, Team.name, Team.name_en)))


def numbers() -> dict[str, int]:
    """How many are employed, how many of them have signed in, and how many teams there are."""
    here = select(func.count()).select_from(Person).where(Person.left_at.is_(None))
    return {
        "people": db.session.scalar(here) or 0,
        "joined": db.session.scalar(here.where(Person.joined_at.is_not(None))) or 0,
        "teams": db.session.scalar(select(func.count()).select_from(Team)) or 0,
    }


def curators() -> int:
    """How many curate the feed."""
    return (
        db.session.scalar(
            select(func.count()).where(Person.curates_for.is_not(None), Person.left_at.is_(None))
        )
        or 0
    )


def managers() -> Sequence[Row[str, str]]:
    """Names and addresses of the first few hundred who lead, to choose among while typing."""
    statement = select(Person.name, Person.email).where(LEADS, Person.left_at.is_(None)).order_by(Person.name)
    return db.session.execute(statement.limit(300)).all()


def reports(person_id: int) -> Sequence[Person]:
    """Whom someone leads, by name."""
    led = select(Person).where(Person.manager_id == person_id, Person.left_at.is_(None))
    return db.session.scalars(led.order_by(Person.name, Person.id)).all()
