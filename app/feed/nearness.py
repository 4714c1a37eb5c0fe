"""Which teams are near someone's own."""

from functools import lru_cache


@lru_cache(4000)
def is_near(mine: str, other: str) -> bool:
    """Whether one team stands one step below the other, by their paths such as /1/4/.

    The one at the top is near to none: all stand below it.
    """
    upper, lower = sorted((mine, other), key=len)
    return lower.startswith(upper) and lower.count("/") - upper.count("/") == 1 and upper.count("/") > 2
