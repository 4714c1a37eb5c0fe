"""The week rhythm, in its simple form: which of the last twelve weeks that count were active.

A neutral week is drawn between them and not counted; freezes, repairs and absence come later.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Literal, NamedTuple

State = Literal["active", "quiet", "neutral"]
WEEKS = 12
LONGEST_WALK = 60


class Week(NamedTuple):
    """One week of the line, named by its Monday."""

    monday: date
    state: State


class Rhythm(NamedTuple):
    """The line, oldest week first, without this week; and whether this week's goal is reached."""

    drawn: tuple[Week, ...]
    active_count: int
    counted: int
    this_week_done: bool


def line(
    active: AbstractSet[date],
    neutral: Callable[[date], bool],
    this_week: date,
    weeks: int = WEEKS,
    start: date | None = None,
) -> Rhythm:
    """Walk back from last week until `weeks` counted ones, `start`, or 60 weeks.

    A week in which the goal was reached is active, neutral or not.
    """
    drawn: list[Week] = []
    counted = 0
    monday = this_week - timedelta(weeks=1)
    while counted < weeks and len(drawn) < LONGEST_WALK and (start is None or monday >= start):
        state: State = "active" if monday in active else "neutral" if neutral(monday) else "quiet"
        drawn.append(Week(monday, state))
        counted += state != "neutral"
        monday -= timedelta(weeks=1)
    while drawn and drawn[-1].state == "neutral":
        drawn.pop()
    active_count = sum(week.state == "active" for week in drawn)
    return Rhythm(tuple(reversed(drawn)), active_count, counted, this_week in active)
