"""Today as a plain model that knows no database: what is open to whom, and what a day may hold."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TEAM_ABOVE = {"top": None, "north": "top", "library": "top"}


@dataclass
class Person:
    """One of the cast. `days` holds each day's stories in their order."""

    team: str
    roles: int
    leads: bool
    zone: str
    next_zone: str = ""
    next_zone_at: datetime | None = None
    floor: date | None = None
    follows: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    dismissed: set[int] = field(default_factory=set)
    days: dict[date, list[int]] = field(default_factory=dict)

    def zone_now(self, at):
        return self.next_zone if self.next_zone and at >= self.next_zone_at else self.zone

    def day(self, at):
        day = at.astimezone(ZoneInfo(self.zone_now(at))).date()
        return max(day, self.floor) if self.floor and (not self.next_zone or at >= self.next_zone_at) else day

    def move(self, zone, at):
        """Another zone from the next local midnight; none of the zones here has it skipped."""
        today, here = self.day(at), self.zone_now(at)
        self.zone, self.next_zone, self.next_zone_at, self.floor = here, "", None, today
        if zone != here:
            tomorrow = at.astimezone(ZoneInfo(here)).date() + timedelta(days=1)
            self.next_zone = zone
            self.next_zone_at = datetime.combine(tomorrow, time(), ZoneInfo(here)).astimezone(UTC)

    @property
    def settled(self):
        return self.told | self.dismissed


@dataclass
class Story:
    """A story; `opened` when its leader has told it or a curator let it go without."""

    id: int
    publish_at: datetime
    expires_at: datetime
    topics: list[int]
    audience: set[str]
    roles: int
    team: str | None
    leader: str | None
    told: bool = False
    overridden: bool = False
    out: bool = True
    led_by: set[str] = field(default_factory=set)

    @property
    def waits(self):
        return self.leader is not None and not self.told and not self.overridden

    def is_open(self, name, person, at):
        is_theirs = (not self.audience or bool(self.audience & {person.team, TEAM_ABOVE[person.team]})) and (
            self.roles == 0 or bool(self.roles & person.roles)
        )
        may = self.leader == name or (is_theirs and not self.waits)
        return self.out and self.publish_at <= at < self.expires_at and may

    def is_near(self, name, person):
        return self.team == person.team or bool(self.led_by) or (self.waits and self.leader == name)

    def place(self, name, person, day):
        """What comes first has the smallest."""
        seen = any(self.id in stories for earlier, stories in person.days.items() if earlier < day)
        return (
            not (self.waits and self.leader == name),
            -len(person.follows & set(self.topics)),
            seen,
            self.expires_at,
            -self.publish_at.timestamp(),
            -self.id,
        )


def wanted(stories, name, person, day, slots, at):
    """What the day holds after a look: what it held, and the best of what may be given."""
    taken = person.days.get(day, [])
    free = sorted(
        (
            one
            for one in stories.values()
            if one.is_open(name, person, at) and one.id not in taken and one.id not in person.settled
        ),
        key=lambda one: one.place(name, person, day),
    )
    best = free[: max(0, slots - len(taken))]
    near = [one for one in free if one.is_near(name, person)]
    held = [stories[story] for story in taken if stories[story].is_open(name, person, at)]
    if best and slots > 1 and near and not any(one.is_near(name, person) for one in held + best):
        best[-1] = near[0]
    return taken + [one.id for one in best]
