"""Those who are to be told something: what manners ask of them, for many people in a few statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.db import db
from app.organisation.queries import Facts, facts
from app.people.hours import ZoneFacts, local_date
from app.people.models import Person
from app.people.windows import Hours, default_days, own_days
from app.push.manners import Receiver, Told
from app.push.models import Notice, PushChoices

# Two ISO weeks and a day, for whatever zone: as far back as caps and repeated texts go.
LOOK_BACK = timedelta(days=15)


@dataclass(slots=True)
class ToldOne:
    """A person as they stand while their notices are decided, one after the other."""

    id: int
    email: str
    name: str
    locale: str
    hours: Hours
    employed: bool
    stories_a_week: int
    shoutouts: bool
    detail: bool
    by_mail: bool
    told: list[Told] = field(default_factory=list)
    used: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    waiting: set[int] = field(default_factory=set)

    def receiver(self, notice_id: int) -> Receiver:
        """What manners know of them when one of their notices is decided."""
        more = bool(self.waiting - {notice_id})
        return Receiver(self.hours, self.stories_a_week, self.shoutouts, self.employed, more)

    def note(self, kind: str, number: int, at: datetime) -> None:
        """They have just been told something."""
        self.used[kind].insert(0, number)
        if kind != "test":
            self.told.append(Told(kind, local_date(self.hours.zone, at)))


PERSON = (
    Person.id, Person.email, Person.name, Person.locale, Person.zone, Person.next_zone, Person.next_zone_at,
    Person.date_floor, Person.working_days, Person.employed_from, Person.employed_to, Person.left_at,
)  # fmt: skip
# A column of push_choices, as it is for who has chosen nothing.
CHOICES = (
    func.coalesce(PushChoices.stories_a_week, 2).label("stories_a_week"),
    PushChoices.slot,
    PushChoices.hours,
    func.coalesce(PushChoices.at_night, False).label("at_night"),
    func.coalesce(PushChoices.shoutouts, True).label("shoutouts"),
    func.coalesce(PushChoices.detail, False).label("detail"),
    func.coalesce(PushChoices.by_mail, True).label("by_mail"),
    PushChoices.stopped_at,
    func.coalesce(PushChoices.comebacks, 0).label("comebacks"),
)


def hours_of(row: Any, organisation: Facts) -> Hours:
    """Someone's hours, from a row with PERSON's and CHOICES' columns."""
    days = own_days(row.hours, row.at_night) if row.hours else default_days(row.working_days)
    zone = ZoneFacts(row.zone, row.next_zone, row.next_zone_at, row.date_floor)
    return Hours(
        zone, days, organisation.holidays, organisation.pause_weeks, row.employed_from, row.employed_to
    )


def locked(person_ids: Iterable[int], at: datetime) -> dict[int, ToldOne]:
    """These people, each held so that nobody else decides for them until we commit. Needs `writing()`."""
    ids = sorted(set(person_ids))
    held = select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update(key_share=True)
    db.session.execute(held).all()
    organisation = facts()
    rows = db.session.execute(
        select(*PERSON, *CHOICES)
        .outerjoin(PushChoices, PushChoices.person_id == Person.id)
        .where(Person.id.in_(ids))
    )
    people = {
        row.id: ToldOne(
            row.id, row.email, row.name, row.locale, hours_of(row, organisation), row.left_at is None,
            row.stories_a_week, row.shoutouts, row.detail, row.by_mail,
        )
        for row in rows
    }  # fmt: skip
    for one in _told(ids, at):
        _remember(people[one.person_id], one)
    for person_id, notice_id in _waiting(ids, at):
        people[person_id].waiting.add(notice_id)
    return people


def _told(ids: Sequence[int], at: datetime) -> Iterable[Any]:
    return db.session.execute(
        select(Notice.person_id, Notice.kind, Notice.text_number, Notice.local_date, Notice.sent_at)
        .where(
            Notice.person_id.in_(ids),
            Notice.local_date >= (at - LOOK_BACK).date(),
            Notice.sent_as.in_(("push", "mail")),
        )
        .order_by(Notice.sent_at.desc(), Notice.id.desc())
    )


def _remember(who: ToldOne, one: Any) -> None:
    who.used[one.kind].append(one.text_number)
    if one.kind != "test":
        who.told.append(Told(one.kind, one.local_date))


def _waiting(ids: Sequence[int], at: datetime) -> Iterable[Any]:
    """News that waits and may be told by now: what may be bundled."""
    return db.session.execute(
        select(Notice.person_id, Notice.id).where(
            Notice.person_id.in_(ids),
            Notice.sent_as.is_(None),
            Notice.kind.in_(("shoutout", "digest")),
            Notice.due_at <= at,
        )
    )
