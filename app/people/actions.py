"""People come, move, get roles and leave."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from app.db import db, queue_for
from app.organisation.actions import touch
from app.people import sign_ins
from app.people.chains import circles
from app.people.models import Membership, Person, Team
from app.people.passwords import hashed


class EmailTaken(Exception):
    """Somebody has this address already."""


class LastAdmin(Exception):
    """Somebody must stay administrator."""


class Circle(Exception):
    """They would lead each other in a circle."""


def queue() -> None:
    """Whoever else changes people or teams waits until we are done, so that what was looked at still holds."""
    queue_for(b"people and teams")


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


def move(person_id: int, team: Team | None, from_date: date) -> None:
    """Someone changes team on a day, or leaves their team. What they earned before stays with the old team."""
    mine = (Membership.person_id == person_id, Membership.to_date.is_(None))
    db.session.execute(delete(Membership).where(*mine, Membership.from_date >= from_date))
    db.session.execute(update(Membership).where(*mine).values(to_date=from_date - timedelta(days=1)))
    if team is not None:
        db.session.add(Membership(person_id=person_id, team_id=team.id, from_date=from_date))
    db.session.flush()


def set_password(person_id: int, password: str, at: datetime) -> None:
    """A new password; every device is signed out. Raises ValueError when it is too short or too long."""
    kept = hashed(password)
    db.session.execute(update(Person).where(Person.id == person_id).values(password_hash=kept))
    sign_ins.end_all(person_id, at)


def leave(person_id: int, at: datetime, last_day: date, heir_id: int | None = None) -> None:
    """Someone leaves: their sign-ins end now and for good; what they did stays in the books.

    Whom they led is led by the heir from now on, or by nobody. Raises LastAdmin, or Circle when the heir
    is led by one of them.
    """
    queue()
    if is_last_admin(person_id):
        raise LastAdmin
    _inherit(person_id, heir_id)
    db.session.execute(
        update(Person)
        .where(Person.id == person_id, Person.left_at.is_(None))
        .values(left_at=at, employed_to=last_day, password_hash=None)
    )
    current = (Membership.person_id == person_id, Membership.to_date.is_(None))
    db.session.execute(delete(Membership).where(*current, Membership.from_date > last_day))
    db.session.execute(update(Membership).where(*current).values(to_date=last_day))
    sign_ins.end_all(person_id, at)
    touch()


def _inherit(person_id: int, heir_id: int | None) -> None:
    """Whom someone led is led by another; an heir out of their midst, by the manager of who leaves."""
    own = select(Person.manager_id).where(Person.id == person_id).scalar_subquery()
    led = update(Person).where(Person.manager_id == person_id).execution_options(synchronize_session=False)
    db.session.execute(led.where(Person.id == heir_id).values(manager_id=own))
    db.session.execute(led.values(manager_id=heir_id))
    rows = db.session.execute(select(Person.id, Person.manager_id).where(Person.manager_id.is_not(None)))
    if any(heir_id in circle for circle in circles({row[0]: row[1] for row in rows})):
        raise Circle


def is_last_admin(person_id: int) -> bool:
    """Whether nobody else administers."""
    admins = db.session.scalars(select(Person.id).where(Person.is_admin, Person.left_at.is_(None))).all()
    return list(admins) == [person_id]
