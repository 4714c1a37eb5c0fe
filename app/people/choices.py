"""What people choose for themselves. Nobody else sees it."""

from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import select, update

from app.db import db
from app.people.hours import change_zone as changed
from app.people.models import Person
from app.people.viewer import Viewer

CHOICES: dict[str, tuple[object, ...]] = {
    "weekly_goal": (1, 2, 3),
    "play": ("full", "quiet", "off"),
    "theme": ("", "light", "dark"),
    "locale": ("da", "en"),
    "counts_clicks": (True, False),
}
COMMON_ZONES = ("Europe/Copenhagen", "Atlantic/Faroe", "America/Nuuk", "Europe/London", "Europe/Stockholm")
PARTS_OF_THE_WORLD = {
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"
}  # fmt: skip


def zones(current: str) -> list[str]:
    """The zones to choose among: the kingdom's and its neighbours' first, all named by a place but the current one."""
    places = sorted(zone for zone in available_timezones() if zone.partition("/")[0] in PARTS_OF_THE_WORLD)
    return list(dict.fromkeys((*COMMON_ZONES, current, *places)))


def choose(person_id: int, what: str, value: object) -> None:
    """Set one of CHOICES. Raises ValueError for a value that it does not offer."""
    if value not in CHOICES[what]:
        raise ValueError(value)
    db.session.execute(update(Person).where(Person.id == person_id).values({what: value}))


def counts_clicks(person_id: int) -> bool:
    """Whether clicks on someone's short links are counted."""
    return db.session.scalars(select(Person.counts_clicks).where(Person.id == person_id)).one()


def change_zone(viewer: Viewer, zone: str, at: datetime) -> datetime | None:
    """Another zone, from the next local midnight on; that instant, or None when nothing changes.

    Raises ValueError for a zone that does not exist.
    """
    if zone not in available_timezones():
        raise ValueError(zone)
    facts = changed(viewer.zone_facts, zone, at)
    db.session.execute(
        update(Person)
        .where(Person.id == viewer.id)
        .values(
            zone=facts.zone,
            next_zone=facts.next_zone,
            next_zone_at=facts.next_zone_at,
            date_floor=facts.date_floor,
        )
    )
    return facts.next_zone_at
