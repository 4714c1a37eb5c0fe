"""A person's devices that may be told. Each belongs to a sign-in, and counts only while that stands."""

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update

from app.db import db, insert_once
from app.people.models import Person, SignIn
from app.push.messages import are_keys
from app.push.models import MOST_DEVICES, Subscription
from app.push.sending import Hosts, is_allowed

LONGEST_NAME = 60
SUSPECT_FOR = timedelta(hours=1)


class SubscriptionRefused(Exception):
    """Not what a browser hands over, or not of a push service that is allowed."""


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser hands over when it says yes. `key_id` names the VAPID key that it subscribed with."""

    endpoint: str = field(repr=False)
    public_key: bytes = field(repr=False)
    secret: bytes = field(repr=False)
    key_id: str
    name: str

    @classmethod
    def of(cls, endpoint: str, p256dh: str, auth: str, key_id: str, name: str) -> Self:
        """From the texts of its JSON. Raises SubscriptionRefused."""
        return cls(endpoint, _bytes(p256dh), _bytes(auth), key_id, name)


def _bytes(base64url: str) -> bytes:
    try:
        plain = base64url.rstrip("=").encode("ascii")
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as reason:
        raise SubscriptionRefused("a key is not base64url") from reason


def subscribe(person_id: int, sign_in_id: int, browser: Browser, hosts: Hosts, at: datetime) -> None:
    """This browser may be told, as this person and as long as this sign-in stands. Raises SubscriptionRefused.

    A browser that is known is brought up to date and keeps its name; when it was another's, it is theirs no more.
    Of more than 16 devices the one that was not seen for the longest goes. `hosts` is the allow-list of push services.
    """
    _check(browser, hosts)
    # Two at once for one person come one after the other, so that both see 16.
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    here, mine = Subscription.endpoint == browser.endpoint, Subscription.person_id == person_id
    db.session.execute(delete(Subscription).where(here, ~mine))
    facts = {
        "sign_in_id": sign_in_id, "public_key": browser.public_key, "secret": browser.secret,
        "key_id": browser.key_id, "seen_at": at, "suspect_at": None,
    }  # fmt: skip
    new = {"person_id": person_id, "endpoint": browser.endpoint, "name": browser.name[:LONGEST_NAME]}
    if insert_once(Subscription, **new, **facts, created_at=at) is None:
        db.session.execute(update(Subscription).where(here, mine).values(**facts))
    _let_the_oldest_go(person_id)


def _check(browser: Browser, hosts: Hosts) -> None:
    if not is_allowed(browser.endpoint, hosts):
        raise SubscriptionRefused("not a push service that is allowed")
    if not are_keys(browser.public_key, browser.secret):
        raise SubscriptionRefused("not keys that a browser makes")


def _let_the_oldest_go(person_id: int) -> None:
    mine = Subscription.person_id == person_id
    last_seen = (Subscription.seen_at.desc(), Subscription.id.desc())
    kept = select(Subscription.id).where(mine).order_by(*last_seen).limit(MOST_DEVICES)
    db.session.execute(delete(Subscription).where(mine, Subscription.id.not_in(kept)))


def rename(person_id: int, subscription_id: int, name: str) -> bool:
    """Call a device what its owner calls it; whether it is theirs."""
    mine = (Subscription.id == subscription_id, Subscription.person_id == person_id)
    return _changed(update(Subscription).where(*mine).values(name=name[:LONGEST_NAME])) > 0


def unsubscribe(person_id: int, subscription_id: int) -> bool:
    """This device is not told any more; whether it was theirs."""
    mine = (Subscription.id == subscription_id, Subscription.person_id == person_id)
    return _changed(delete(Subscription).where(*mine)) > 0


def drop_others(sign_in_id: int, endpoint: str) -> None:
    """A sign-in has one browser, and that one subscription: what it had before this one is over."""
    before = (Subscription.sign_in_id == sign_in_id, Subscription.endpoint != endpoint)
    db.session.execute(delete(Subscription).where(*before))


def unsubscribe_browser(person_id: int, endpoint: str) -> bool:
    """The same, by what the browser itself knows."""
    mine = (Subscription.endpoint == endpoint, Subscription.person_id == person_id)
    return _changed(delete(Subscription).where(*mine)) > 0


def live(person_id: int, at: datetime) -> list[Subscription]:
    """The devices that a person may be told on now, the last seen first."""
    mine = select(Subscription).where(Subscription.person_id == person_id, stands(at))
    return list(db.session.scalars(mine.order_by(Subscription.seen_at.desc(), Subscription.id.desc())))


@dataclass(frozen=True, slots=True)
class Address:
    """What is needed to send to a device. It outlives the transaction that it was read in."""

    id: int
    person_id: int
    endpoint: str = field(repr=False)
    public_key: bytes = field(repr=False)
    secret: bytes = field(repr=False)
    key_id: str


def live_of(ids: Collection[int], at: datetime) -> dict[int, Address]:
    """Where to send, for those of these devices that may be told now."""
    columns = (getattr(Subscription, one.name) for one in fields(Address))
    found = db.session.execute(select(*columns).where(Subscription.id.in_(ids), stands(at)))
    return {row.id: Address(*row) for row in found}


def stands(at: datetime) -> ColumnElement[bool]:
    """A subscription's sign-in has not ended or expired, and its person is employed."""
    signed_in = select(SignIn.id).join(Person, Person.id == SignIn.person_id)
    return exists(
        signed_in.where(
            SignIn.id == Subscription.sign_in_id, SignIn.person_id == Subscription.person_id,
            SignIn.ended_at.is_(None), SignIn.expires_at > at, Person.left_at.is_(None),
        )
    )  # fmt: skip


def answered(ids: Collection[int]) -> None:
    """Their push service took a message: they are no longer suspect."""
    suspect = (Subscription.id.in_(ids), Subscription.suspect_at.is_not(None))
    db.session.execute(update(Subscription).where(*suspect).values(suspect_at=None))


def gone(subscription_id: int, at: datetime) -> bool:
    """Its push service says that it is gone. Once makes it suspect; again, a minute or more later, deletes it.

    Whether it is deleted.
    """
    it = Subscription.id == subscription_id
    again = Subscription.suspect_at <= at - timedelta(minutes=1)
    if _changed(delete(Subscription).where(it, again)):
        return True
    db.session.execute(
        update(Subscription).where(it, Subscription.suspect_at.is_(None)).values(suspect_at=at)
    )
    return False


def forget_ended(at: datetime) -> int:
    """Delete those whose sign-in has ended, and those that were suspect for an hour; returns how many."""
    suspect = and_(Subscription.suspect_at.is_not(None), Subscription.suspect_at <= at - SUSPECT_FOR)
    return _changed(delete(Subscription).where(or_(suspect, ~stands(at))))


def _changed(statement: Any) -> int:
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a DELETE has a row count
