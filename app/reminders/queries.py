"""What a look at many people asks, in as few statements as it takes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Exists, ScalarSelect, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.db import db
from app.feed.models import DayOpened, Pick
from app.organisation.queries import facts
from app.people.hours import local_date, zone_at
from app.people.models import Membership, Person, Team
from app.people.roles import roles_as_column
from app.people.windows import Hours
from app.push.models import NextLook, Notice, PushChoices, Subscription
from app.push.receivers import CHOICES, LOOK_BACK, PERSON, hours_of
from app.push.subscriptions import stands
from app.reminders.turns import Candidate, slot_of
from app.sharing.models import SAID, Share
from app.stories.models import Dismissal, Reading, Story
from app.stories.queries import Reader, is_open

HABIT = timedelta(days=30)
LONG = timedelta(days=180)
TOLD = ("push", "mail")


OWN_TEAM = aliased(Team)
REPORT = aliased(Person)
LEADS = or_(Person.is_manager, exists().where(REPORT.manager_id == Person.id, REPORT.left_at.is_(None)))


class Look(NamedTuple):
    """Someone who is looked at: whether it is time for a reminder, and what it takes to decide."""

    person_id: int
    to_remind: bool
    employed: bool
    slot: time
    today: date
    who: Candidate


def due_looks(at: datetime, most: int) -> list[Look]:
    """Up to `most` people whose look is due, each held until we commit. Needs `writing()`."""
    wanted = (
        select(NextLook.person_id, NextLook.to_remind)
        .where(NextLook.at <= at)
        .order_by(NextLook.at, NextLook.person_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    due = {row.person_id: row.to_remind for row in db.session.execute(wanted)}
    return _looks(due, at) if due else []


def _looks(due: dict[int, bool], at: datetime) -> list[Look]:
    organisation = facts()
    reminded, opened = _reminded(list(due), at), _opened(list(due), at)
    looks = []
    for row in db.session.execute(_people(list(due), at)):
        hours = hours_of(row, organisation)
        looks.append(
            Look(
                row.id, due[row.id], row.left_at is None,
                slot_of(row.slot, _times(hours, opened[row.id], at)), local_date(hours.zone, at),
                _candidate(row, hours, reminded[row.id]),
            )
        )  # fmt: skip
    return looks


def _candidate(row: Any, hours: Hours, reminded: Sequence[date]) -> Candidate:
    return Candidate(
        hours=hours,
        wish=row.stories_a_week,
        reachable=row.has_device or (row.by_mail and row.opened_at is not None),
        has_stories=row.has_stories,
        opened_at=row.opened_at,
        reminded_at=row.reminded_at,
        reminded=reminded,
        unanswered=row.unanswered,
        stopped=row.stopped_at is not None,
        comebacks=row.comebacks,
    )


def _people(ids: Sequence[int], at: datetime) -> Select[*tuple[Any, ...]]:
    last = (
        select(DayOpened.at)
        .where(DayOpened.person_id == Person.id)
        .order_by(DayOpened.local_date.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    return (
        select(
            *PERSON, *CHOICES,
            last.label("opened_at"),
            select(func.max(Notice.sent_at)).where(*_reminders(at)).scalar_subquery().label("reminded_at"),
            _count(at, Notice.sent_at > func.coalesce(last, Person.created_at)).label("unanswered"),
            exists().where(Subscription.person_id == Person.id, stands(at)).label("has_device"),
            _has_stories(at).label("has_stories"),
        )
        .outerjoin(PushChoices, PushChoices.person_id == Person.id)
        .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.to_date.is_(None))
        .outerjoin(OWN_TEAM, OWN_TEAM.id == Membership.team_id)
        .where(Person.id.in_(ids))
    )  # fmt: skip


def _reminders(at: datetime) -> Sequence[ColumnElement[bool]]:
    return (
        Notice.person_id == Person.id,
        Notice.local_date >= (at - LONG).date(),
        Notice.kind == "stories",
        Notice.sent_as.in_(TOLD),
    )


def _count(at: datetime, when: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(Notice).where(*_reminders(at), when).scalar_subquery()


def _has_stories(at: datetime) -> ColumnElement[bool]:
    """Something that they may tell and have neither told, read, dismissed, nor had in an earlier Today."""
    done = (
        _theirs(Share, Share.rung >= SAID, Share.withdrawn_at.is_(None)),
        _theirs(Pick, Pick.local_date >= (at - LONG).date()),
        _theirs(Dismissal),
        _theirs(Reading),
    )
    path = func.coalesce(OWN_TEAM.path, "")
    who = Reader(Person.id, path, roles_as_column(LEADS, Person.is_leader, Person.curates_for.is_not(None)))
    fresh = select(Story.id).where(is_open(who, at), *(~one for one in done))
    return exists(fresh.correlate_except(Story))


def _theirs(table: type[Share | Pick | Dismissal | Reading], *more: ColumnElement[bool]) -> Exists:
    """Whether there is a row of the person and the story of the statements around."""
    mine = (table.person_id == Person.id, table.story_id == Story.id)
    return exists().where(*mine, *more).correlate_except(table)


def _reminded(ids: Sequence[int], at: datetime) -> dict[int, list[date]]:
    rows = db.session.execute(
        select(Notice.person_id, Notice.local_date).where(
            Notice.person_id.in_(ids),
            Notice.local_date >= (at - LOOK_BACK).date(),
            Notice.kind == "stories",
            Notice.sent_as.in_(TOLD),
        )
    )
    return _by_person(rows)


def _opened(ids: Sequence[int], at: datetime) -> dict[int, list[datetime]]:
    rows = db.session.execute(
        select(DayOpened.person_id, DayOpened.at).where(
            DayOpened.person_id.in_(ids), DayOpened.local_date >= (at - HABIT).date()
        )
    )
    return _by_person(rows)


def _by_person(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for person_id, value in rows:
        found[person_id].append(value)
    return found


def _times(hours: Hours, opened: Sequence[datetime], at: datetime) -> list[time]:
    here = ZoneInfo(zone_at(hours.zone, at))
    return [moment.astimezone(here).time() for moment in opened]
