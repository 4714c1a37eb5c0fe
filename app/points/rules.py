"""The rules of points: what a deed pays, in which version, and how its entry is keyed (product.md, "Points")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """Which cap an entry falls under."""

    SELF = "self"
    RECEIVED = "received"
    BONUS = "bonus"


RECEIVED = frozenset({"THANK-R", "SHOUT-R", "SPOT-R"})
BONUS = frozenset({"GOAL", "QUEST", "WELCOME"})


def kind_of(code: str) -> Kind:
    """A code's kind: received, bonus, or else one's own deed."""
    if code in RECEIVED:
        return Kind.RECEIVED
    return Kind.BONUS if code in BONUS else Kind.SELF


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code pays from a day on, with its limits by name."""

    code: str
    version: int
    amount: int
    valid_from: date
    limits: Mapping[str, int] = field(default_factory=dict)


def rule_on(rules: Sequence[Rule], code: str, local_date: date) -> Rule:
    """The version of a rule that an entry's local date chooses. Raises ValueError when there is none yet."""
    valid = [rule for rule in rules if rule.code == code and rule.valid_from <= local_date]
    if not valid:
        raise ValueError(f"no rule {code} on {local_date}")
    return max(valid, key=lambda rule: rule.valid_from)


def entry_key(code: str, source: str, person_id: int, period: str | None = None) -> str:
    """The idempotency key, unique in the database: `rule:source:person[:period]`."""
    parts = [code, source, str(person_id)]
    return ":".join([*parts, period] if period else parts)
