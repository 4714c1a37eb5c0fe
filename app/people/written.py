"""How facts about people are written in lists and forms, in Danish and English, and what they mean.

Each reader raises Unreadable, whose reason has its words in `people/reasons.py`.
"""

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_TITLE = 120, 254, 120
NOTHING = "-"
CURATORS = {"hr": "hr", "kommunikation": "communications", "communications": "communications"}
ROLES = {
    "leder": "is_manager", "manager": "is_manager", "frontleder": "is_leader", "leader": "is_leader",
    "administrator": "is_admin", "admin": "is_admin",
}  # fmt: skip
NO_ROLE = ("medarbejder", "employee")
LANGUAGES = {"da": "da", "dansk": "da", "danish": "da", "en": "en", "engelsk": "en", "english": "en"}
WEEK = (
    ("mandag", "monday"), ("tirsdag", "tuesday"), ("onsdag", "wednesday"), ("torsdag", "thursday"),
    ("fredag", "friday"), ("lørdag", "saturday"), ("søndag", "sunday"),
)  # fmt: skip
ADDRESS = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[^@\s<>()\[\],;:\\\"]+")
EARLIEST = date(1950, 1, 1)


class Unreadable(ValueError):
    """What is written means nothing here. `values` are what the reason's words name."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


def line(text: str, most: int) -> str:
    """One line of text, as it is written but for what stands around it and breaks it."""
    if any(unicodedata.category(sign) in ("Cc", "Cs") and not sign.isspace() for sign in text):
        raise Unreadable("strange-sign")
    one = " ".join(text.split())
    if len(one) > most:
        raise Unreadable("too-long", most=most)
    return one


def name(text: str) -> str:
    """A person's name, which nobody is without."""
    found = line(text, LONGEST_NAME)
    if not found or found == NOTHING:
        raise Unreadable("missing")
    return found


def address(text: str) -> str:
    """An e-mail address, folded to lower case."""
    found = line(text, LONGEST_ADDRESS).casefold()
    if not found:
        raise Unreadable("missing")
    if not ADDRESS.fullmatch(found) or not found.isprintable():
        raise Unreadable("not-an-address")
    return found


def roles(text: str) -> dict[str, Any]:
    """All four role columns of a person: those named, and no others."""
    found: dict[str, Any] = {
        "is_manager": False, "is_leader": False, "is_admin": False, "curates_for": None
    }  # fmt: skip
    for written in re.split(r"[,;/+|]", line(text, 200)):
        one = " ".join(written.casefold().split())
        if one in ROLES:
            found[ROLES[one]] = True
        elif one and one not in (*NO_ROLE, NOTHING):
            desk = _curates(one)
            if found["curates_for"] not in (None, desk):
                raise Unreadable("two-desks")
            found["curates_for"] = desk
    return found


def _curates(written: str) -> str:
    desk = re.sub(r"^(redaktør|curator)[ :]*(for )?", "", written)
    if not desk:
        raise Unreadable("which-desk")
    if desk not in CURATORS:
        raise Unreadable("no-role")
    return CURATORS[desk]


def working_days(text: str) -> int:
    """Seven bits, bit 0 for Monday, of “1,2,4,5”, “1-5”, “ma-fr” or “mon, tue”. At least one day."""
    bits = 0
    for written in re.split(r"[,;/+\s]+", re.sub(r"\s*[-–]\s*", "-", line(text, 200).casefold())):
        first, _dash, last = written.partition("-")
        if first:
            start, end = _weekday(first), _weekday(last or first)
            if end < start:
                raise Unreadable("no-days")
            bits |= sum(1 << place for place in range(start, end + 1))
    if not bits:
        raise Unreadable("no-days")
    return bits


def _weekday(written: str) -> int:
    written = written.rstrip(".")
    if written in tuple("1234567"):
        return int(written) - 1
    found = [place for place, names in enumerate(WEEK) if any(one.startswith(written) for one in names)]
    if len(written) < 2 or len(found) != 1:
        raise Unreadable("no-days")
    return found[0]


def day(text: str, today: date) -> date:
    """A date as 2026-12-01 or 1-12-2026, 1.12.2026, 1/12/2026; until a year from today."""
    parts = re.fullmatch(
        r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-./](\d{1,2})[-./](\d{4})", text.strip(), re.ASCII
    )
    if parts is None:
        raise Unreadable("no-date")
    year, month, number, number2, month2, year2 = parts.groups()
    try:
        found = date(int(year or year2), int(month or month2), int(number or number2))
    except ValueError as reason:
        raise Unreadable("no-date") from reason
    if not EARLIEST <= found <= today + timedelta(days=366):
        raise Unreadable("far-date")
    return found


def language(text: str) -> str:
    """da or en."""
    try:
        return LANGUAGES[text.strip().casefold()]
    except KeyError as reason:
        raise Unreadable("no-language") from reason
