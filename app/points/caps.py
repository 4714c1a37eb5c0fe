"""What is left to pay, decided from the totals on the person's locked day and week rows.

A deed that is capped still gets an entry, of what is left or 0, which names the cap.
"""

from dataclasses import dataclass

from app.points.rules import Kind, Rule, kind_of

SELF_A_DAY = 20
SELF_A_WEEK = 60
RECEIVED_A_WEEK = 50


@dataclass(frozen=True, slots=True)
class Earned:
    """What a person has so far: points by kind, and the deeds that are counted."""

    self_today: int = 0
    self_week: int = 0
    received_week: int = 0
    reads_today: int = 0
    shares_today: int = 0
    shares_week: int = 0


@dataclass(frozen=True, slots=True)
class Award:
    """Points to pay, and the cap that held some back; None when the rule is paid in full."""

    amount: int
    cap: str | None = None


def award(rule: Rule, earned: Earned) -> Award:
    """What one deed pays on its own."""
    if rule.code == "READ" and earned.reads_today >= rule.limits["day"]:
        return Award(0, "reads-a-day")
    return _within(Award(rule.amount), kind_of(rule.code), earned)


def award_share(share: Rule, own: Rule | None, earned: Earned) -> tuple[Award, Award | None]:
    """What a share pays, and its own words with it: counted or not, and halved, together."""
    paid = _within(_counted(share, share, earned), Kind.SELF, earned)
    if own is None:
        return paid, None
    after = Earned(
        self_today=earned.self_today + paid.amount,
        self_week=earned.self_week + paid.amount,
        received_week=earned.received_week,
    )
    return paid, _within(_counted(own, share, earned), Kind.SELF, after)


def _counted(rule: Rule, share: Rule, earned: Earned) -> Award:
    """One share a day; in a week the first ones in full, the next by half (each entry rounded up), then 0."""
    limits = share.limits
    if earned.shares_today >= limits["day"]:
        return Award(0, "shares-a-day")
    if earned.shares_week < limits["week_full"]:
        return Award(rule.amount)
    if earned.shares_week < limits["week_full"] + limits["week_half"]:
        return Award((rule.amount + 1) // 2, "half-share")
    return Award(0, "shares-a-week")


def _within(wanted: Award, kind: Kind, earned: Earned) -> Award:
    """Cut an award to what the caps of its kind leave; the first cap that bites is named."""
    rooms = {
        Kind.SELF: (("day", SELF_A_DAY - earned.self_today), ("week", SELF_A_WEEK - earned.self_week)),
        Kind.RECEIVED: (("received-week", RECEIVED_A_WEEK - earned.received_week),),
        Kind.BONUS: (),
    }[kind]
    cap, room = min(rooms, key=lambda one: one[1], default=("", wanted.amount))
    if wanted.amount <= room:
        return wanted
    return Award(max(0, room), cap)
