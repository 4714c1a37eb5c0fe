"""Letters that invite people to sign in for the first time: at most one a day to each."""

from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import quote

from sqlalchemy import select

from app import mail, outbox
from app.db import db
from app.organisation.queries import facts
from app.people.models import Person


def waiting() -> int:
    """How many people have never signed in."""
    return len(_waiting())


def _waiting() -> list[Person]:
    never = (Person.joined_at.is_(None), Person.left_at.is_(None))
    return list(db.session.scalars(select(Person).where(*never).order_by(Person.id)))


def invite(person_id: int, inviter: str, at: datetime, day: date) -> bool:
    """Invite one person; False when they have been invited today."""
    return _write([db.session.get_one(Person, person_id)], inviter, at, day) == 1


def invite_all(inviter: str, at: datetime, day: date) -> int:
    """Invite everyone who has never signed in; how many letters that gave."""
    return _write(_waiting(), inviter, at, day)


def _write(people: Iterable[Person], inviter: str, at: datetime, day: date) -> int:
    prefix, organisation, written = f"invitation:{day}:", facts(), 0
    sent = set(
        db.session.scalars(
            select(outbox.Outgoing.key).where(outbox.Outgoing.key.startswith(prefix, autoescape=True))
        )
    )
    for person in people:
        if (key := f"{prefix}{person.id}") not in sent:
            values = {
                "name": person.name.split()[0],
                "inviter": inviter,
                "organisation": organisation.called(person.locale),
                "path": f"/sign-in?email={quote(person.email, safe='')}",
            }
            mail.put(mail.Letter(person.email, "invitation", person.locale, values), key, at)
            written += 1
    return written
