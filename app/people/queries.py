"""Questions about people and teams."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.db import db
from app.people.models import Person, Team


def by_email(email: str) -> Person | None:
    """Someone employed, by their address."""
    return db.session.scalar(
        select(Person).where(Person.email == email.strip().casefold(), Person.left_at.is_(None))
    )


def nobody_yet() -> bool:
    """Whether there are no people at all."""
    return not db.session.scalar(select(func.count()).select_from(Person))


def leaders() -> Sequence[Person]:
    """The public faces of the programme, by name."""
    return db.session.scalars(
        select(Person).where(Person.is_leader, Person.left_at.is_(None)).order_by(Person.name)
    ).all()


def teams() -> Sequence[Team]:
    """All teams, parents before their children."""
    return db.session.scalars(select(Team).order_by(Team.path, Team.id)).all()


def demo_accounts() -> Sequence[Person]:
    """The demo organisation's accounts that have a password."""
    return db.session.scalars(
        select(Person).where(Person.is_demo, Person.password_hash.is_not(None)).order_by(Person.id)
    ).all()


def reports(person_id: int) -> Sequence[Person]:
    """Someone's direct reports, by name."""
    return db.session.scalars(
        select(Person)
        .where(Person.manager_id == person_id, Person.left_at.is_(None))
        .order_by(Person.name, Person.id)
    ).all()


def managers_above(person_id: int) -> set[int]:
    """Someone's manager, that one's manager, and so on to the top."""
    start = select(Person.manager_id.label("id")).where(Person.id == person_id)
    chain = start.cte("chain", recursive=True)
    chain = chain.union(select(Person.manager_id).join(chain, Person.id == chain.c.id))
    return set(db.session.scalars(select(chain.c.id).where(chain.c.id.is_not(None), chain.c.id != person_id)))
