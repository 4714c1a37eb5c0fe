"""The saturation guard: on which networks so many have told a story today that another place or day is better.

It proposes (product.md, "Saturation guard"); it never blocks, and nothing is hidden by it.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from app.db import db
from app.organisation.queries import Facts
from app.people.models import Membership, Person, Team
from app.people.roles import roles_as_column
from app.sharing.models import Share
from app.sharing.queries import TOLD
from app.stories.models import Story
from app.stories.queries import is_for, is_for_role


def crowded(story_id: int, organisation: Facts, at: datetime) -> set[str]:
    """The networks on which enough people have told a story on this day of the organisation.

    Enough are as many as the organisation says, or its share of the story's audience if that is more. One statement,
    and a second that counts the audience when it matters.
    """
    day = at.astimezone(ZoneInfo(organisation.zone)).date()
    least = organisation.setting("crowd_least", day)
    tellers = {
        network: people for network, people in _tellers(story_id, organisation, at).items() if people >= least
    }
    if not tellers:
        return set()
    part = organisation.setting("crowd_percent", day) * _audience(story_id)
    return {network for network, people in tellers.items() if 100 * people >= part}


def _tellers(story_id: int, organisation: Facts, at: datetime) -> dict[str, int]:
    zone = ZoneInfo(organisation.zone)
    midnight = datetime.combine(at.astimezone(zone), time(), zone)
    today = (Share.said_at >= midnight, Share.said_at < midnight + timedelta(days=1))
    rows = db.session.execute(
        select(Share.network, func.count().label("people"))
        .where(Share.story_id == story_id, *today, TOLD)
        .group_by(Share.network)
    )
    return {row.network: row.people for row in rows}


def _audience(story_id: int) -> int:
    """How many who are employed a story is for, by their teams and roles."""
    current, team, report = aliased(Membership), aliased(Team), aliased(Person)
    has_report = exists().where(report.manager_id == Person.id, report.left_at.is_(None))
    roles = roles_as_column(Person.is_manager | has_report, Person.is_leader, Person.curates_for.is_not(None))
    people = (
        select(func.count(Person.id))
        .outerjoin(current, (current.person_id == Person.id) & current.to_date.is_(None))
        .outerjoin(team, team.id == current.team_id)
        .join(Story, Story.id == story_id)
        .where(Person.left_at.is_(None), is_for(func.coalesce(team.path, "")), is_for_role(roles))
    )
    return db.session.scalars(people).one()
