"""Who is paid: the facts of a person that an entry and its roll-ups need."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from app.db import db
from app.people.hours import ZoneFacts, local_date
from app.people.models import Membership, Person


@dataclass(frozen=True, slots=True)
class Payee:
    """A person on one local day."""

    id: int
    team_id: int | None
    today: date
    zone: str
    plays: bool


def payee(person_id: int, at: datetime) -> Payee:
    """The person at an instant, with the team of that local day. Raises NoResultFound for nobody."""
    row = db.session.execute(
        select(Person.zone, Person.next_zone, Person.next_zone_at, Person.date_floor, Person.play).where(
            Person.id == person_id
        )
    ).one()
    today = local_date(ZoneFacts(row.zone, row.next_zone, row.next_zone_at, row.date_floor), at)
    zone = row.next_zone if row.next_zone_at and row.next_zone_at <= at else row.zone
    return Payee(person_id, team_on(person_id, today), today, zone, row.play == "full")


def team_on(person_id: int, day: date) -> int | None:
    """The team a person belonged to on a day."""
    return db.session.execute(
        select(Membership.team_id)
        .where(
            Membership.person_id == person_id,
            Membership.from_date <= day,
            or_(Membership.to_date.is_(None), Membership.to_date >= day),
        )
        .order_by(Membership.id.desc())
        .limit(1)
    ).scalar()
