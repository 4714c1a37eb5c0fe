"""How much a person, and a team, weighs in a week: scheduled working days over full-time days.

Weights are in thousandths, so that sums are exact. Leaders, curators and admins weigh nothing, and a
week without full-time days is not scored.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Row, Select, or_, select

from app.db import db
from app.organisation import queries as organisation
from app.people.hours import full_time_days, scheduled_days, weight
from app.people.models import Membership, Person


@dataclass(frozen=True, slots=True)
class Strength:
    """A team's counted people and their weights in a week, by person."""

    weights: dict[int, int]

    @property
    def size(self) -> int:
        return len(self.weights)

    @property
    def weight(self) -> int:
        return sum(self.weights.values())


def strengths(week: date, team_ids: list[int] | None = None) -> dict[int, Strength]:
    """The strength of some teams, or of all, in a week. Teams without counted people are not in it."""
    statement = counted_memberships(week)
    if team_ids is not None:
        statement = statement.where(Membership.team_id.in_(team_ids))
    facts = organisation.facts()
    found: dict[int, dict[int, int]] = {}
    for row in db.session.execute(statement):
        people = found.setdefault(row.team_id, {})
        people[row.person_id] = people.get(row.person_id, 0) + _thousandths(row, week, facts)
    return {team: Strength(weights) for team, weights in found.items()}


def counted_memberships(week: date) -> Select[int, int, date, date | None, date, date | None, int]:
    """The memberships that touch a week, of people whom the board counts."""
    sunday = week + timedelta(days=6)
    return (
        select(
            Membership.person_id,
            Membership.team_id,
            Membership.from_date,
            Membership.to_date,
            Person.employed_from,
            Person.employed_to,
            Person.working_days,
        )
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.from_date <= sunday,
            or_(Membership.to_date.is_(None), Membership.to_date >= week),
            Person.employed_from <= sunday,
            or_(Person.employed_to.is_(None), Person.employed_to >= week),
            Person.is_leader.is_(False),
            Person.is_admin.is_(False),
            Person.curates_for.is_(None),
        )
    )


def _thousandths(
    row: Row[int, int, date, date | None, date, date | None, int], week: date, facts: organisation.Facts
) -> int:
    days = scheduled_days(
        week,
        row.working_days,
        facts.holidays,
        facts.pause_weeks,
        max(row.from_date, row.employed_from),
        min((day for day in (row.to_date, row.employed_to) if day), default=None),
    )
    return round(1000 * weight(days, full_time_days(week, facts.holidays)))
