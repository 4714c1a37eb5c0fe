"""What the composer's form holds: what was typed, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.given import text
from app.sharing.actions import LONGEST_TEXT
from app.sharing.models import ANGLES, NETWORKS
from app.sharing.requests import fresh, read

LONGEST_OPEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the composer's form holds. `angle` is one of ANGLES or ""; `key` is that of the request, see `requests`."""

    text: str
    network: str
    angle: str
    disclosed: bool
    opened_at: datetime
    key: str


def from_form(form: Mapping[str, str], now: datetime) -> Draft:
    """What was typed. What the page itself adds and cannot be believed is replaced by what is harmless."""
    angle = form.get("angle", "")
    return Draft(
        text=text(form.get("text", "")),
        network=form.get("network", ""),
        angle=angle if angle in ANGLES else "",
        disclosed="disclosed" in form,
        opened_at=_opened_at(form.get("opened", ""), now),
        key=read(form.get("key", "")) or fresh(),
    )


def _opened_at(given: str, now: datetime) -> datetime:
    """When the composer was opened, if the page says something believable; else now."""
    try:
        age = now.timestamp() - float(given)
    except ValueError:
        return now
    return now - timedelta(seconds=age) if 0 <= age <= LONGEST_OPEN.total_seconds() else now


def problem(draft: Draft) -> str:
    """What is wrong with a draft's text or network, in a sentence; or ""."""
    if not draft.text:
        return str(_("Write a sentence of your own first. One is enough."))
    if len(draft.text) > LONGEST_TEXT:
        count = len(draft.text)
        return str(_("That is a little long. 1,300 characters at most; you have %(count)s.", count=count))
    return "" if draft.network in NETWORKS else str(_("Choose where you share it."))
