"""Who leads whom in Fjordby, and the shout-outs of three weeks: given, delivered and answered by the verbs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from sqlalchemy import select, update

from app import outbox
from app.db import db
from app.demo.organisation import TEAMS
from app.demo.tellings import DEEDS, EFFECTS
from app.organisation.models import Value
from app.people.models import Person
from app.shoutouts import actions, giving
from app.shoutouts.budget import budget_of
from app.shoutouts.receivers import caps_of

MOST_REPORTS = 12
# How many of a manager's working days hold a shout-out.
OFTEN = 0.3
ARRIVES = giving.TIME_TO_UNDO


class Leader(NamedTuple):
    """A manager of the demo: who reports to them, and what kind of work they thank for."""

    id: int
    department: str
    reports: Sequence[int]


@dataclass(frozen=True, slots=True)
class Thanks:
    """The demo's managers, and the chance that decides for them; the same seed thanks the same people."""

    leaders: Sequence[Leader]
    values: Sequence[int]
    random: Random

    def one_day(self, moments: Sequence[datetime]) -> None:
        """Of the managers each thanks somebody now and then, at one of the day's moments."""
        for leader, at in zip(
            self.leaders, sorted(self.random.choices(moments, k=len(self.leaders))), strict=True
        ):
            if self.random.random() < OFTEN:
                count = 1 if self.random.random() < 0.8 else 2
                self.give(leader, self.random.sample(leader.reports, min(count, len(leader.reports))), at)

    def give(self, leader: Leader, people: Sequence[int], at: datetime, answer: bool = True) -> None:
        """One shout-out that arrives, and what its receivers say to it, unless it has just come."""
        text = self.random.choice(DEEDS[leader.department]), self.random.choice(EFFECTS)
        values = sorted(self.random.sample(self.values, self.random.choice((1, 1, 2))))
        audience = self.random.choice(("organisation", "organisation", "team"))
        key = f"demo:{at.isoformat()}"
        gift = giving.Gift(leader.id, _promised(leader.id, people, at), *text, values, audience, key)
        shoutout_id = giving.give(gift, at)
        actions.deliver(shoutout_id, at + ARRIVES)
        outbox.take_back([giving.step_key(shoutout_id)], at + ARRIVES)
        for person_id in people if answer else ():
            self._answer(
                shoutout_id, person_id, audience, at + timedelta(minutes=self.random.randint(5, 300))
            )

    def _answer(self, shoutout_id: int, person_id: int, proposed: str, at: datetime) -> None:
        audience = self.random.choices((proposed, "organisation", "team", "private"), (6, 2, 1, 1))[0]
        actions.decide(shoutout_id, person_id, audience, at)
        if self.random.random() < 0.6:
            actions.smile(shoutout_id, person_id, at)


def _promised(giver_id: int, people: Sequence[int], at: datetime) -> dict[int, bool]:
    """What the form would have promised."""
    caps = caps_of(giver_id, people, at)
    enough = budget_of(giver_id, at).left >= len(people)
    return {person_id: enough and person_id not in caps for person_id in people}


def appoint(people: dict[str, int], crowd: Sequence[tuple[int, str]], number: int) -> Thanks:
    """Mads leads his team in the north; each other team is led by the first of its own, and all by Lone."""
    of_team: dict[str, list[int]] = {}
    for person_id, team in crowd:
        of_team.setdefault(team, []).append(person_id)
    of_team["north"] = [people["mads"], people["anna"], people["liv"], *of_team.get("north", [])]
    of_team.setdefault("library", [people["birgit"]]).append(people["omar"])
    leaders = [
        Leader(first, TEAMS[team][1], reports[:MOST_REPORTS])
        for team, (first, *reports) in of_team.items()
        if reports
    ]
    for leader in leaders:
        _led_by(leader.id, leader.reports)
    called = update(Person).where(
        Person.id.in_([leader.id for leader in leaders]), Person.is_leader.is_(False)
    )
    db.session.execute(called.values(title="Teamleder", title_en="Team manager"))
    _led_by(people["lone"], [*(leader.id for leader in leaders), people["birgit"], people["jens"]])
    values = db.session.scalars(select(Value.id).order_by(Value.id)).all()
    return Thanks(leaders, values, Random(f"thanks:{number}"))  # noqa: S311  # a believable past, not a secret


def _led_by(manager_id: int, people: Sequence[int]) -> None:
    db.session.execute(
        update(Person).where(Person.id.in_(people), Person.id != manager_id).values(manager_id=manager_id)
    )
