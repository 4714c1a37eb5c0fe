"""Who is looking: the signed-in person as one row of plain facts, read with one statement."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask_login import UserMixin
from sqlalchemy import Boolean, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.db import UTCDateTime
from app.organisation.models import Organisation
from app.people.hours import ZoneFacts, local_date
from app.people.models import Membership, Person, SignIn, Team
from app.people.roles import Role, roles
from app.prepared import Prepared


@dataclass(slots=True, eq=False)
class Viewer(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """The signed-in person. `token` is this device's secret; `get_id` hands it to the session cookie."""

    token: str
    zone_facts: ZoneFacts
    sign_in_id: int
    seen_at: datetime
    id: int
    name: str
    email: str
    title_da: str
    title_en: str | None
    avatar: str | None
    locale: str
    theme: str
    play: str
    weekly_goal: int
    working_days: int
    employed_from: date
    is_manager: bool
    is_leader: bool
    is_admin: bool
    curates_for: str | None
    team_id: int | None
    team_path: str
    team_da: str
    team_en: str | None
    organisation_version: int

    def get_id(self) -> str:
        return self.token

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def is_curator(self) -> bool:
        return self.curates_for is not None

    @property
    def roles(self) -> Role:
        return roles(self.is_manager, self.is_leader, self.is_curator)

    @property
    def zone(self) -> str:
        return self.zone_facts.zone

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone_facts.zone)

    @property
    def title(self) -> str:
        return (self.locale == "en" and self.title_en) or self.title_da

    @property
    def team(self) -> str:
        return (self.locale == "en" and self.team_en) or self.team_da

    @property
    def tag(self) -> str:
        """Names this sign-in towards the browser's own caches; tells nothing else."""
        return _tag(self.token)

    def local_date(self, at: datetime) -> date:
        """The person's own calendar date."""
        return local_date(self.zone_facts, at)


@lru_cache(4000)
def _tag(token: str) -> str:
    return hashlib.sha256(b"cache:" + token.encode()).hexdigest()[:16]


def token_hash(token: str) -> bytes:
    """What the database keeps of a device's token."""
    return hashlib.sha256(token.encode()).digest()


Report = aliased(Person)

# First what ZoneFacts holds, then what Viewer does, in its order.
ROW = Prepared(
    select(
        Person.zone,
        Person.next_zone,
        Person.next_zone_at,
        Person.date_floor,
        SignIn.id.label("sign_in_id"),
        SignIn.seen_at,
        Person.id,
        Person.name,
        Person.email,
        Person.title.label("title_da"),
        Person.title_en,
        Person.avatar,
        Person.locale,
        Person.theme,
        Person.play,
        Person.weekly_goal,
        Person.working_days,
        Person.employed_from,
        # A manager has the role, or at least one direct report.
        or_(
            Person.is_manager, exists().where(Report.manager_id == Person.id, Report.left_at.is_(None))
        ).label("is_manager"),
        Person.is_leader,
        Person.is_admin,
        Person.curates_for,
        Membership.team_id,
        func.coalesce(Team.path, "").label("team_path"),
        func.coalesce(Team.name, "").label("team_da"),
        Team.name_en.label("team_en"),
        func.coalesce(Organisation.version, 0).label("organisation_version"),
    )
    .select_from(SignIn)
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.to_date.is_(None))
    .outerjoin(Team, Team.id == Membership.team_id)
    .outerjoin(Organisation, Organisation.id == 1)
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.ended_at.is_(None),
        SignIn.expires_at > bindparam("now", type_=UTCDateTime()),
        Person.left_at.is_(None),
        or_(bindparam("demo", type_=Boolean), Person.is_demo.is_(False)),
    )
)


def viewer(token: str, at: datetime, demo: bool = True) -> Viewer | None:
    """The person signed in with a device's token, if that sign-in still stands; a demo account only if wanted."""
    row = ROW.one(token_hash=token_hash(token), now=at, demo=demo)
    return _from(row, token, at) if row else None


def _from(row: Any, token: str, at: datetime) -> Viewer:
    facts = ZoneFacts(row.zone, row.next_zone, row.next_zone_at, row.date_floor)
    if facts.next_zone and facts.next_zone_at and facts.next_zone_at <= at:
        facts = ZoneFacts(facts.next_zone, None, None, facts.date_floor)
    return Viewer(token, facts, *row[4:])
