"""Who leads whom: nobody may come to lead themselves through others."""

from collections.abc import Mapping
from typing import TypeVar

Who = TypeVar("Who")


def circles(manager_of: Mapping[Who, Who | None]) -> list[list[Who]]:
    """Each circle of people who lead each other, from one to their manager and on."""
    found: list[list[Who]] = []
    done: set[Who] = set()
    for start in manager_of:
        chain: dict[Who, int] = {}
        here: Who | None = start
        while here is not None and here not in done and here not in chain:
            chain[here] = len(chain)
            here = manager_of.get(here)
        if here is not None and here in chain:
            found.append(list(chain)[chain[here] :])
        done.update(chain)
    return found
