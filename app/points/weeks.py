"""A person's weeks, and when a week closes, shows and freezes in the organisation's zone."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, bindparam, select

from app.organisation.queries import Facts
from app.people.hours import is_neutral, monday
from app.people.viewer import Viewer
from app.points.models import PersonWeek
from app.points.rhythm import LONGEST_WALK, Rhythm, line
from app.prepared import Prepared

RESULT_AT = time(10)
FREEZES_AFTER = timedelta(hours=72)
WEEKS = Prepared(
    select(PersonWeek.week, PersonWeek.active_days).where(
        PersonWeek.person_id == bindparam("person_id", type_=Integer),
        PersonWeek.week >= bindparam("since"),
        PersonWeek.active_days > 0,
    )
)


def frozen_at(week: date, zone: str) -> datetime:
    """A week, named by its Monday, is frozen 72 hours after the next Monday 10:00."""
    return datetime.combine(week + timedelta(days=7), RESULT_AT, ZoneInfo(zone)) + FREEZES_AFTER


def rhythm_of(viewer: Viewer, facts: Facts, day: date) -> tuple[Rhythm, int]:
    """The person's rhythm up to the week of a day, and that week's active days. One statement."""
    this_week = monday(day)
    since = this_week - timedelta(weeks=LONGEST_WALK)
    rows = WEEKS.rows(person_id=viewer.id, since=since)
    days = {row.week: row.active_days for row in rows}
    active = frozenset(week for week, active in days.items() if active >= viewer.weekly_goal)
    began, working_days = viewer.employed_from, viewer.working_days
    drawn = _line(active, this_week, began, working_days, facts.holidays, facts.pause_weeks)
    return drawn, days.get(this_week, 0)


@lru_cache(4000)
def _line(
    active: frozenset[date],
    this_week: date,
    began: date,
    working_days: int,
    holidays: frozenset[date],
    pause_weeks: frozenset[date],
) -> Rhythm:
    start = monday(began)

    def neutral(week: date) -> bool:
        return is_neutral(week, working_days, holidays, pause_weeks, began if week == start else None)

    return line(active, neutral, this_week, start=start)
