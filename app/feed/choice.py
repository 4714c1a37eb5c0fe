"""The day's choice of stories, as a pure function (product.md, "Today")."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FAR_AWAY = datetime.max.replace(tzinfo=UTC)
SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that is open to someone, and what it is to them."""

    story_id: int
    published_at: datetime
    topics: frozenset[int] = frozenset()
    from_own_team: bool = False
    by_leader: bool = False
    seen_before: bool = False
    expires_at: datetime | None = None
    told: bool = False
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen story and why: topic, team, leader, expiring, new, other or kept."""

    story_id: int
    reason: str


def choose(
    candidates: Iterable[Candidate],
    follows: frozenset[int],
    slots: int,
    at: datetime,
    taken: Sequence[int] = (),
) -> list[Choice]:
    """Fill a person's slots; what is `taken` stays put, in its order.

    The best topic match comes first; of equal ones those not on an earlier Today, then what expires
    sooner, then the newest. One is from the person's team or a leader, when there is one. Never one that
    was told or dismissed. The answer does not depend on the order of the candidates. `at` is when the
    choice is made: only what expires within three days of it is said to expire soon.
    """
    known = {one.story_id: one for one in candidates}
    free = [one for one in known.values() if one.story_id not in taken and not one.told and not one.dismissed]
    ordered = sorted(free, key=lambda one: _rank(one, follows))
    room = max(0, slots - len(taken))
    chosen = ordered[:room]
    closer = any(_is_close(known[story]) for story in taken if story in known)
    if room and not closer and not any(map(_is_close, chosen)):
        chosen[-1:] = [next(filter(_is_close, ordered), chosen[-1])] if chosen else []
    return [Choice(story, "kept") for story in taken] + [
        Choice(one.story_id, _why(one, follows, at)) for one in chosen
    ]


def _is_close(one: Candidate) -> bool:
    return one.from_own_team or one.by_leader


def _rank(one: Candidate, follows: frozenset[int]) -> tuple[object, ...]:
    return (
        -len(one.topics & follows),
        one.seen_before,
        one.expires_at or FAR_AWAY,
        -one.published_at.timestamp(),
        -one.story_id,
    )


def _why(one: Candidate, follows: frozenset[int], at: datetime) -> str:
    if one.topics & follows:
        return "topic"
    if one.from_own_team:
        return "team"
    if one.by_leader:
        return "leader"
    if one.seen_before:
        return "other"
    return "expiring" if one.expires_at and one.expires_at <= at + SOON else "new"
