"""Pay a deed, and take a payment back. Both write entries and roll-ups in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.db import db, insert_once
from app.organisation import queries as organisation
from app.points import rollups
from app.points.caps import Award, award, award_share
from app.points.entries import Deed, Paid, Place, lock_all, locked, write
from app.points.models import Entry
from app.points.payee import Payee, payee
from app.points.queries import rules
from app.points.rules import Rule, entry_key, rule_on
from app.points.weeks import frozen_at


def pay_reading(deed: Deed) -> list[Paid]:
    """READ: opened a story and said what they thought of it. Pays once for each story."""
    who = payee(deed.person_id, deed.at)
    if not who.plays:
        return []
    rule = rule_on(rules(), "READ", who.today)
    return write(deed, who, [(rule, award(rule, locked(who.id, who.today)))])


def pay_share(deed: Deed, in_own_words: bool) -> list[Paid]:
    """SHARE, and OWN when it is in own words. Pays once for each share."""
    who = payee(deed.person_id, deed.at)
    if not who.plays:
        return []
    known = rules()
    share = rule_on(known, "SHARE", who.today)
    own = rule_on(known, "OWN", who.today) if in_own_words else None
    paid_share, paid_own = award_share(share, own, locked(who.id, who.today))
    awards = [(share, paid_share)]
    if own and paid_own:
        awards.append((own, paid_own))
    return write(deed, who, awards)


def pay_shoutout(gift: Deed, thanked: Mapping[int, str | None]) -> None:
    """SHOUT-G to the giver, and SHOUT-R to each whom they thanked, unless a cap is named for them.

    Pays once for each shout-out and person; who does not play gets no entry.
    """
    everyone = [payee(person_id, gift.at) for person_id in sorted({gift.person_id, *thanked})]
    playing = [who for who in everyone if who.plays]
    lock_all(Place(who.id, who.today, who.team_id) for who in playing)
    known = rules()
    for who in playing:
        if who.id == gift.person_id:
            write(gift, who, [(rule_on(known, "SHOUT-G", who.today), Award(0))])
        else:
            rule = shoutout_rule(known, who.today, len(thanked))
            cap = thanked[who.id]
            given = Award(0, cap) if cap else award(rule, locked(who.id, who.today))
            write(replace(gift, person_id=who.id), who, [(rule, given)])


def shoutout_rule(known: Sequence[Rule], day: date, receivers: int) -> Rule:
    """What one of so many receivers of a shout-out gets on a day."""
    rule = rule_on(known, "SHOUT-R", day)
    in_group = receivers > rule.limits["group_over"]
    return replace(rule, amount=rule.limits["group_amount"]) if in_group else rule


def take_back(person_id: int, source: tuple[str, int], at: datetime) -> int:
    """Reverse each entry of a source that is not reversed yet; returns the points taken back.

    Before its week's freeze a reversal takes the original's week, team and date; after it, only the
    lifetime total changes.
    """
    who = payee(person_id, at)
    zone = organisation.facts().zone
    originals = [entry for entry in _originals(source) if entry.person_id == person_id]
    return sum(_reverse(original, who, zone, at) for original in originals)


def take_back_all(source: tuple[str, int], at: datetime) -> int:
    """The same, from everyone whom a source has paid."""
    originals = _originals(source)
    lock_all(Place(one.person_id, one.local_date, one.team_id) for one in originals)
    zone = organisation.facts().zone
    return sum(_reverse(one, payee(one.person_id, at), zone, at) for one in originals)


def _originals(source: tuple[str, int]) -> Sequence[Entry]:
    return db.session.scalars(
        select(Entry)
        .where(
            Entry.source_kind == source[0],
            Entry.source_id == source[1],
            Entry.reverses_id.is_(None),
        )
        .order_by(Entry.person_id, Entry.id)
    ).all()


def _reverse(original: Entry, who: Payee, zone: str, at: datetime) -> int:
    week = original.scored_week
    frozen = week is None or at >= frozen_at(week, zone)
    entry = _reversal(original, None if frozen else week, who.today if frozen else original.local_date, at)
    if insert_once(Entry, **entry) is None:
        return 0
    rollups.add(rollups.Line.of(entry))
    return original.amount


def _reversal(original: Entry, week: date | None, day: date, at: datetime) -> dict[str, Any]:
    return {
        "key": entry_key("REVERSAL", f"entry:{original.id}", original.person_id),
        "person_id": original.person_id,
        "team_id": original.team_id,
        "code": original.code,
        "kind": original.kind,
        "rule_version": original.rule_version,
        "amount": -original.amount,
        "full_amount": original.full_amount,
        "cap": original.cap,
        "source_kind": original.source_kind,
        "source_id": original.source_id,
        "evidence": None,
        "local_date": day,
        "zone": original.zone,
        "at": at,
        "scored_week": week,
        "reverses_id": original.id,
    }
