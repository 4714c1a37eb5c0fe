"""Whom a manager may thank, and who of them gets no points from that manager."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, case, func, or_, select

from app.db import db
from app.organisation.queries import facts
from app.people.models import Membership, Person, Team
from app.people.queries import managers_above
from app.people.viewer import Viewer
from app.points.queries import rules
from app.points.rules import rule_on
from app.shoutouts.budget import day_of
from app.shoutouts.models import Receiver, Shoutout

MOST_OFFERED = 12
# Why somebody gets no points: also the names of the caps on their entries.
BUDGET, PAIR, OWN_MANAGER = "shoutout-budget", "shoutout-pair", "shoutout-manager"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be thanked: as a chip shows them, with why they get no points, if so."""

    id: int
    name: str
    avatar: str | None
    team: str
    cap: str | None


def candidates(
    giver: Viewer, chosen: Sequence[int], words: str, at: datetime
) -> tuple[list[Candidate], list[Candidate]]:
    """Those chosen, and others to choose among: by the words of a name, own reports and own team first."""
    people = select(
        Person.id, Person.name, Person.avatar, Membership.team_id,
        (Team.name_en if giver.locale == "en" else Team.name).label("team"), Team.name.label("team_da"),
    ).outerjoin(
        Membership, (Membership.person_id == Person.id) & Membership.to_date.is_(None)
    ).outerjoin(Team, Team.id == Membership.team_id).where(may_be_thanked(giver.id))  # fmt: skip
    near = case((Person.manager_id == giver.id, 0), (Membership.team_id == giver.team_id, 1), else_=2)
    found = people.where(Person.id.not_in(chosen), *(_named(word) for word in words.split()[:4]))
    if not words.strip():
        found = found.where(near < 2)
    picked = db.session.execute(people.where(Person.id.in_(chosen)).order_by(Person.name, Person.id)).all()
    offered = db.session.execute(found.order_by(near, Person.name, Person.id).limit(MOST_OFFERED)).all()
    caps = caps_of(giver.id, [row.id for row in (*picked, *offered)], at)
    return [_candidate(row, giver, caps) for row in picked], [_candidate(row, giver, caps) for row in offered]


def may_be_thanked(giver_id: int) -> ColumnElement[bool]:
    """Everyone employed but oneself."""
    return Person.left_at.is_(None) & (Person.id != giver_id)


def _named(word: str) -> ColumnElement[bool]:
    # SQLite's lower() leaves ÆØÅ alone, so a word is also tried as written and capitalised.
    forms = {word, word.capitalize(), word.upper()}
    found = [Person.name.contains(form, autoescape=True) for form in sorted(forms)]
    return or_(func.lower(Person.name).contains(word.lower(), autoescape=True), *found)


def _candidate(
    row: Row[int, str, str | None, int | None, str | None, str], giver: Viewer, caps: dict[int, str]
) -> Candidate:
    elsewhere = row.team_id is not None and row.team_id != giver.team_id
    return Candidate(
        row.id, row.name, row.avatar, (row.team or row.team_da) if elsewhere else "", caps.get(row.id)
    )


def caps_of(giver_id: int, people: Collection[int], at: datetime) -> dict[int, str]:
    """Who of some people gets no points from this manager, whatever the budget, and why.

    One's own managers never do, nor who has had the counted ones of the last 30 days.
    """
    above = managers_above(giver_id) & set(people)
    limits = rule_on(rules(), "SHOUT-R", day_of(at, facts())).limits
    full = db.session.scalars(
        select(Receiver.person_id)
        .join(Shoutout, Shoutout.id == Receiver.shoutout_id)
        .where(
            Shoutout.giver_id == giver_id,
            Receiver.person_id.in_(people),
            Receiver.counted,
            Shoutout.given_at > at - timedelta(days=limits["pair_days"]),
            Shoutout.undone_at.is_(None),
            Shoutout.withdrawn_at.is_(None),
        )
        .group_by(Receiver.person_id)
        .having(func.count() >= limits["pair"])
    )
    return dict.fromkeys(full, PAIR) | dict.fromkeys(above, OWN_MANAGER)
