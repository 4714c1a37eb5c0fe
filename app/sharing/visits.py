"""Visits to short links, written down some at a time, and classified again when the rules have changed."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import insert, select, update

from app.db import db, insert_once
from app.people.models import SignIn
from app.sharing import clicks
from app.sharing.actions import climb
from app.sharing.clicks import RULES_VERSION, Verdict, has_fetched, visitor_hash
from app.sharing.models import CLICKED, FETCHED, ClickDay, Visit, VisitorDay, VisitorSalt


@dataclass(frozen=True, slots=True)
class Click:
    """A visit that is not written down yet, with the address it came from, which never is.

    `sign_in` is the hash of the sign-in's token that came with it; `day` is the organisation's.
    """

    share_id: int
    person_id: int
    network: str
    visit: clicks.Visit
    address: str
    sign_in: bytes | None
    day: date
    at: datetime


def note(visited: Iterable[Click]) -> None:
    """Classify and keep visits; a human one counts once for each visitor and day."""
    # Two processes that do this at once meet the same rows in the same order.
    ordered = sorted(visited, key=lambda one: (one.share_id, one.day, one.at))
    salts = {day: _salt(day) for day in sorted({one.day for one in ordered})}
    owners = _owners({one.sign_in for one in ordered if one.sign_in})
    for (share_id, day), group in groupby(ordered, key=lambda one: (one.share_id, one.day)):
        kept = [_classified(click, salts[day], owners) for click in group]
        people = [row["at"] for row in kept if row["verdict"] == Verdict.HUMAN]
        fetched = [row["at"] for row in kept if row.pop("fetched")]
        tell(share_id, day, len(people), people, fetched)
        db.session.execute(insert(Visit), kept)


def _salt(day: date) -> bytes:
    known = select(VisitorSalt.salt).where(VisitorSalt.day == day)
    if (salt := db.session.scalar(known)) is not None:
        return salt
    insert_once(VisitorSalt, day=day, salt=secrets.token_bytes(32))
    return db.session.scalars(known).one()


def _owners(sign_ins: set[bytes]) -> dict[bytes | None, int]:
    """Whose sign-ins these are: of those that have ended, too, for the phone is still theirs."""
    if not sign_ins:
        return {}
    whose = select(SignIn.token_hash, SignIn.person_id).where(SignIn.token_hash.in_(sign_ins))
    return {row.token_hash: row.person_id for row in db.session.execute(whose)}


def _classified(click: Click, salt: bytes, owners: dict[bytes | None, int]) -> dict[str, Any]:
    """The row of a click, and whether it was its network that fetched the page."""
    visit = replace(click.visit, by_sharer=owners.get(click.sign_in) == click.person_id)
    visitor = visitor_hash(salt, click.address, visit.user_agent)
    verdict = clicks.classify(visit)
    if verdict is Verdict.HUMAN and not first_of_day(click.share_id, click.day, visitor):
        verdict = clicks.classify(replace(visit, counted=True))
    return {
        "share_id": click.share_id, "day": click.day, "at": click.at, "visitor": visitor,
        "verdict": verdict.value, "rules_version": RULES_VERSION, "fetched": has_fetched(click.network, visit),
        "method": visit.method, "user_agent": visit.user_agent, "purpose": visit.purpose,
        "fetch_mode": visit.fetch_mode, "age": visit.age, "by_sharer": visit.by_sharer,
    }  # fmt: skip


def first_of_day(share_id: int, day: date, visitor: bytes) -> bool:
    return insert_once(VisitorDay, share_id=share_id, day=day, visitor=visitor) is not None


def tell(
    share_id: int, day: date, more: int, people_at: Sequence[datetime], fetched_at: Sequence[datetime]
) -> None:
    """So many people more on a day; and the share climbs to what was seen first."""
    if more:
        insert_once(ClickDay, share_id=share_id, day=day, people=0)
        on_day = update(ClickDay).where(ClickDay.share_id == share_id, ClickDay.day == day)
        db.session.execute(on_day.values(people=ClickDay.people + more))
    for rung, times in ((CLICKED, people_at), (FETCHED, fetched_at)):
        if times:
            climb(share_id, rung, min(times))
