"""The team board's arithmetic, first cut: raw participation and activity (product.md, "Team board").

Numbers come in thousandths, as the roll-ups keep them, and are compared as fractions: a border of a
band is hit exactly or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

BANDS = (Fraction(40, 100), Fraction(60, 100), Fraction(80, 100))
FULL_HOUSE = 15  # points for each full-time place
SMALLEST_TEAM = 5


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """A team's week. `weight`, `active_weight` and `capped_points` in thousandths; `size` and `active` in people."""

    team_id: int
    name: str
    size: int
    weight: int
    active: int = 0
    active_weight: int = 0
    capped_points: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A team with its score and place; teams with one score share a place (1, 2, 2, 4)."""

    place: int
    score: int
    team: TeamWeek


def participation(team: TeamWeek) -> Fraction:
    """P: the share of the team's places whose people did more than read."""
    return Fraction(team.active_weight, team.weight) if team.weight else Fraction(0)


def activity(team: TeamWeek) -> Fraction:
    """A: points for each full-time place."""
    return Fraction(team.capped_points, team.weight) if team.weight else Fraction(0)


def score(team: TeamWeek) -> int:
    """60·P + 40·min(1, A/15), a half rounded up; 0–100."""
    return floor(
        60 * participation(team) + 40 * min(Fraction(1), activity(team) / FULL_HOUSE) + Fraction(1, 2)
    )


def band(team: TeamWeek) -> int:
    """0 before dawn, 1 lit from 40 %, 2 bright from 60 %, 3 shining from 80 %."""
    return sum(participation(team) >= border for border in BANDS)


def missing(team: TeamWeek) -> int | None:
    """How many more colleagues of average weight reach the next band; None when it is the last."""
    reached = band(team)
    if reached == len(BANDS) or not team.weight or not team.size:
        return None
    wanted = BANDS[reached] * team.weight - team.active_weight
    return max(1, ceil(wanted / Fraction(team.weight, team.size)))


def ranked(teams: Sequence[TeamWeek]) -> list[Ranked]:
    """Teams by score, best first; ties share a place and stand by name."""
    scored = sorted(((score(team), team) for team in teams), key=lambda one: (-one[0], one[1].name))
    scores = [points for points, _team in scored]
    return [Ranked(scores.index(points) + 1, points, team) for points, team in scored]


def around(rows: Sequence[Ranked], team_id: int, each_side: int = 2) -> list[Ranked]:
    """A team with those just above and just below it; empty when it is not on the board."""
    at = next((place for place, row in enumerate(rows) if row.team.team_id == team_id), None)
    return [] if at is None else list(rows[max(0, at - each_side) : at + each_side + 1])
