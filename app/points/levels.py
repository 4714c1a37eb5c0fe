"""Levels: lifetime points, never lost (product.md, "Points")."""

from dataclasses import dataclass

STARTS = (0, 50, 150, 350, 700, 1200, 2000, 3200, 5000, 8000)


@dataclass(frozen=True, slots=True)
class Level:
    """A level from 1, how far to the next in whole percent, and the points still missing; 100 and 0 at the top."""

    number: int
    percent: int
    missing: int


def level_of(points: int) -> Level:
    """The level of a lifetime total."""
    number = sum(points >= start for start in STARTS) or 1
    if number == len(STARTS):
        return Level(number, 100, 0)
    start, end = STARTS[number - 1], STARTS[number]
    return Level(number, 100 * max(0, points - start) // (end - start), end - max(0, points))
