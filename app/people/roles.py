"""The roles that a story may be for, as bits of a number."""

from enum import IntFlag
from typing import Any

from sqlalchemy import ColumnElement, case


class Role(IntFlag):
    """What someone is at work. Everyone is an employee or a manager; a leader or a curator is that besides."""

    EMPLOYEE = 1
    MANAGER = 2
    LEADER = 4
    CURATOR = 8


def roles(is_manager: bool, is_leader: bool, is_curator: bool) -> Role:
    """All that someone is."""
    held = Role.MANAGER if is_manager else Role.EMPLOYEE
    held |= Role.LEADER if is_leader else Role(0)
    return held | (Role.CURATOR if is_curator else Role(0))


def roles_as_column(is_manager: Any, is_leader: Any, is_curator: Any) -> ColumnElement[int]:
    """The same of a statement's columns."""
    return (
        case((is_manager, int(Role.MANAGER)), else_=int(Role.EMPLOYEE))
        + case((is_leader, int(Role.LEADER)), else_=0)
        + case((is_curator, int(Role.CURATOR)), else_=0)
    )
