"""The day's choice of stories, as a pure function (product.md, "Today")."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

FAR_AWAY = datetime.max.replace(tzinfo=UTC)
SOON = timedelta(days=3)


class Candidate(NamedTuple):
    """A story that is open to someone, and what it is to them.

    `asked`: they are the leader whom it waits for. `from_near_team`: from one step above or below their own team.
    """

    story_id: int
    published_at: datetime
    topics: Collection[int] = ()
    asked: bool = False
    from_own_team: bool = False
    from_near_team: bool = False
    by_leader: bool = False
    seen_before: bool = False
    expires_at: datetime | None = None
    told: bool = False
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen story and why: asked, topic, team, near, leader, expiring, new, other, or kept.

    `also` is a second reason that holds, of topic, team, near, leader and expiring.
    """

    story_id: int
    reason: str
    also: str = ""


def choose(
    candidates: Iterable[Candidate],
    follows: frozenset[int],
    slots: int,
    at: datetime,
    taken: Sequence[int] = (),
) -> list[Choice]:
    """Fill a person's slots; what is `taken` stays put, in its order.

    First what they are asked to go first with. Then the best topic match; of equal ones those not on an earlier
    Today, then what expires sooner, then the newest. One is from the person's team or a leader, when there is one:
    if need be it takes the last place, but never the only one of a day, which is the best match's. Never one that
    was told or dismissed. The answer does not depend on the order of the candidates. `at` is when the choice is
    made: only what expires within three days of it is said to expire soon.
    """
    known = {one.story_id: one for one in candidates}
    free = [one for one in known.values() if one.story_id not in taken and not one.told and not one.dismissed]
    ordered = sorted(free, key=lambda one: _rank(one, follows))
    room = max(0, slots - len(taken))
    chosen = ordered[:room]
    closer = any(_is_close(known[story]) for story in taken if story in known)
    if slots > 1 and not closer and not any(map(_is_close, chosen)):
        chosen[-1:] = [next(filter(_is_close, ordered), chosen[-1])] if chosen else []
    return [Choice(story, "kept") for story in taken] + [
        Choice(one.story_id, *_why(one, follows, at)) for one in chosen
    ]


def _is_close(one: Candidate) -> bool:
    return one.asked or one.from_own_team or one.from_near_team or one.by_leader


def _rank(one: Candidate, follows: frozenset[int]) -> tuple[object, ...]:
    return (
        not one.asked,
        -len(follows.intersection(one.topics)),
        one.seen_before,
        one.expires_at or FAR_AWAY,
        -one.published_at.timestamp(),
        -one.story_id,
    )


def _why(one: Candidate, follows: frozenset[int], at: datetime) -> list[str]:
    """The one or two reasons that say most."""
    if one.asked:
        return ["asked"]
    soon = one.expires_at is not None and one.expires_at <= at + SOON and not one.seen_before
    hold = {
        "topic": not follows.isdisjoint(one.topics),
        "team": one.from_own_team,
        "near": one.from_near_team,
        "leader": one.by_leader,
        "expiring": soon,
    }
    reasons = [reason for reason, holds in hold.items() if holds]
    return reasons[:2] or ["other" if one.seen_before else "new"]
