"""A list of people against those who are there: what each row would do, and what is wrong."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from app.people.sheets import Problem
from app.people.team_tree import Named, TeamTree


class Known(NamedTuple):
    """Someone in the database, who may have left. Their team is the one of today."""

    id: int
    email: str
    name: str
    title: str
    title_en: str | None
    working_days: int
    employed_from: date
    is_manager: bool
    is_leader: bool
    is_admin: bool
    curates_for: str | None
    manager: str | None
    team: int | None
    left: bool


class Register(NamedTuple):
    """Everyone by address, and every team, as they stand; and the organisation's date."""

    people: dict[str, Known]
    teams: list[Named]
    today: date


@dataclass(frozen=True, slots=True)
class Step:
    """What a row does: `kind` is new, back, moved, changed or unchanged.

    `new` holds what it sets and `old` what stood there: columns of a person, `team` (a number of the tree's),
    `manager` (an address) and, for newcomers, `locale`.
    """

    line: int
    kind: str
    person_id: int | None
    email: str
    name: str
    new: dict[str, Any]
    old: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a list would do, in its order, and all that is wrong with it."""

    tree: TeamTree
    steps: list[Step]
    problems: list[Problem]
    unknown: list[str] = field(default_factory=list)

    def count(self, kind: str) -> int:
        """How many steps are of a kind."""
        return sum(step.kind == kind for step in self.steps)

    @property
    def bad_rows(self) -> int:
        """How many lines have a problem."""
        return len({problem.line for problem in self.problems})

    @property
    def changes(self) -> list[Step]:
        """The steps that do something."""
        return [step for step in self.steps if step.kind != "unchanged"]

    @property
    def fingerprint(self) -> str:
        """Another one whenever the plan would do something else, or to something else."""
        told = repr((self.changes, self.tree.new, self.problems))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
