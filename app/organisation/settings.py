"""The settings that an organisation may change: each within its range, and from a day that is still to come."""

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete

from app.db import db
from app.organisation.actions import change_setting
from app.organisation.models import Setting
from app.organisation.named import Refused, alone
from app.organisation.queries import DEFAULTS

# Numbers, with the least and the most that makes sense.
RANGES = {
    "stories_a_day": (1, 5), "story_lives_days": (1, 90), "short_link_lives_days": (7, 730),
    "crowd_least": (2, 500), "crowd_percent": (1, 100),
    "shoutout_budget_base": (0, 50), "shoutout_budget_per_report": (0, 10), "shoutout_budget_least": (0, 100),
    "shoutout_budget_most": (0, 500), "shoutout_receivers": (1, 10), "shoutout_characters": (1, 400),
}  # fmt: skip
TAGS = tuple(DEFAULTS["utm"])
TAG = re.compile(r"(?:[A-Za-z0-9._-]|\{network\}){1,60}")


def change(key: str, given: Any, from_date: date | None, today: date, at: datetime) -> None:
    """A setting's value from a day on, tomorrow or later: what has begun is not rewritten.

    What was to hold from the same day is replaced. `given` is a number's text, or the UTM tags by name. Raises
    Refused: range, tag or not-to-come.
    """
    value = _tags(given) if key == "utm" else _number(key, given)
    if from_date is None or not 0 < (from_date - today).days <= 366:
        raise Refused("not-to-come")
    alone()
    db.session.execute(delete(Setting).where(Setting.key == key, Setting.from_date == from_date))
    change_setting(key, value, from_date, at)


def _number(key: str, given: str) -> int:
    least, most = RANGES[key]
    if not (given.isdecimal() and len(given) < 5 and least <= int(given) <= most):
        raise Refused("range", least=least, most=most)
    return int(given)


def _tags(given: dict[str, str]) -> dict[str, str]:
    tags = {name: given.get(name, "").strip() for name in TAGS}
    if not all(TAG.fullmatch(tag) for tag in tags.values()):
        raise Refused("tag")
    return tags
