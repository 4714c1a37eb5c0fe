"""People come, move, get roles and leave."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from app.db import db
from app.people import sign_ins
from app.people.models import Membership, Person, Team
from app.people.passwords import hashed


class EmailTaken(Exception):
    """Somebody has this address already."""


def add_team(name: str, parent: Team | None = None, name_en: str | None = None) -> Team:
    """A team in the tree, below its parent."""
    team = Team(name=name, name_en=name_en, parent_id=parent.id if parent else None)
    db.session.add(team)
    db.session.flush()
    team.path = f"{parent.path if parent else '/'}{team.id}/"
    return team


def employ(
    name: str, email: str, at: datetime, *, from_date: date, team: Team | None = None, **facts: Any
) -> Person:
    """Someone begins, in a team when one is given. Raises EmailTaken.

    `facts` are further columns of Person. An address is kept folded to lower case.
    """
    email = email.strip().casefold()
    if db.session.scalar(select(Person.id).where(Person.email == email)):
        raise EmailTaken(email)
    person = Person(name=name.strip(), email=email, employed_from=from_date, created_at=at, **facts)
    db.session.add(person)
    db.session.flush()
    if team is not None:
        db.session.add(Membership(person_id=person.id, team_id=team.id, from_date=from_date))
        db.session.flush()
    return person


def move(person_id: int, team: Team, from_date: date) -> None:
    """Someone changes team on a day. What they earned before stays with the old team."""
    day_before = from_date - timedelta(days=1)
    db.session.execute(
        update(Membership)
        .where(Membership.person_id == person_id, Membership.to_date.is_(None))
        .values(to_date=day_before)
    )
    db.session.add(Membership(person_id=person_id, team_id=team.id, from_date=from_date))
    db.session.flush()


def set_password(person_id: int, password: str, at: datetime) -> None:
    """A new password; every device is signed out. Raises ValueError when it is too short or too long."""
    kept = hashed(password)
    db.session.execute(update(Person).where(Person.id == person_id).values(password_hash=kept))
    sign_ins.end_all(person_id, at)


def leave(person_id: int, at: datetime, last_day: date) -> None:
    """Someone leaves: their sign-ins end now and for good; what they did stays in the books."""
    db.session.execute(
        update(Person)
        .where(Person.id == person_id, Person.left_at.is_(None))
        .values(left_at=at, employed_to=last_day, password_hash=None)
    )
    current = (Membership.person_id == person_id, Membership.to_date.is_(None))
    db.session.execute(delete(Membership).where(*current, Membership.from_date > last_day))
    db.session.execute(update(Membership).where(*current).values(to_date=last_day))
    sign_ins.end_all(person_id, at)
