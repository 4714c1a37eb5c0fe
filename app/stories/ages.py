"""How old a story is to a reader, and how long it lives: what the list of all stories says in a word or two."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

SOON = timedelta(days=3)
A_WEEK = timedelta(days=7)
A_MOMENT = timedelta(microseconds=1)


class Age(NamedTuple):
    """What to say: new, yesterday, weekday, expires or published; and of which day.

    A card is kept under this too: what is said today is not said of it tomorrow.
    """

    said: str
    day: date


def age_of(story: Any, at: datetime, zone: ZoneInfo) -> Age:
    """What is said of a live story's age at an instant: first that it expires within three days, then how new it is."""
    today, published = at.astimezone(zone).date(), story.publish_at.astimezone(zone).date()
    last = (story.expires_at - A_MOMENT).astimezone(zone).date() if story.expires_at else None
    if last and last - today <= SOON:
        return Age("expires", last)
    if today - published < A_WEEK:
        said = {0: "new", 1: "yesterday"}.get((today - published).days, "weekday")
        return Age(said, published)
    return Age("expires", last) if last else Age("published", published)
