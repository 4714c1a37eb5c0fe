"""Signing in and out. A sign-in is a random token per device; 90 days after its last use it ends."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, func, or_, select, update

from app.db import db, queue_for
from app.people.models import Person, SignIn, SignInLink, SignInTry
from app.people.viewer import token_hash

LIVES = timedelta(days=90)
WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 5
CODES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 100


def account_of(email: str) -> tuple[int, str | None, bool] | None:
    """Id, password hash and whether it is a demo account, of someone employed with this address."""
    row = db.session.execute(
        select(Person.id, Person.password_hash, Person.is_demo).where(
            Person.email == email.strip().casefold(), Person.left_at.is_(None)
        )
    ).one_or_none()
    return (row.id, row.password_hash, row.is_demo) if row else None


def begin(person_id: int, device: str, at: datetime) -> str:
    """Sign a device in; returns its token, which is kept nowhere else. The first time, the person has joined."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignIn(
            person_id=person_id,
            token_hash=token_hash(token),
            device=device[:80],
            created_at=at,
            seen_at=at,
            expires_at=at + LIVES,
        )
    )
    first = update(Person).where(Person.id == person_id, Person.joined_at.is_(None))
    db.session.execute(first.values(joined_at=at))
    return token


def prolong(sign_in_id: int, at: datetime) -> None:
    """The device was used: its 90 days begin anew."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
        .values(seen_at=at, expires_at=at + LIVES)
    )


def end(person_id: int, sign_in_id: int, at: datetime) -> None:
    """Sign one of a person's devices out, for good."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )


def end_all(person_id: int, at: datetime, but: int | None = None) -> None:
    """Sign a person out everywhere, or everywhere but on one device."""
    statement = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    db.session.execute(statement.where(SignIn.id != (but or 0)).values(ended_at=at))


def wait_seconds(subjects: list[tuple[bytes, int]], at: datetime) -> int:
    """Seconds until another try is welcome, over (subject, tries allowed) pairs; 0 when it is now.

    Tries of the same subject at once wait for each other here, until their transaction ends.
    """
    for subject in sorted(subject for subject, _allowed in subjects):
        queue_for(subject)
    return max(_wait(subject, allowed, at) for subject, allowed in subjects)


def _wait(subject: bytes, allowed: int, at: datetime) -> int:
    tries = list(
        db.session.scalars(
            select(SignInTry.at)
            .where(SignInTry.subject == subject, SignInTry.at > at - WINDOW)
            .order_by(SignInTry.at.desc())
            .limit(allowed)
        )
    )
    return int((tries[-1] + WINDOW - at).total_seconds()) + 1 if len(tries) >= allowed else 0


def note_try(subjects: list[tuple[bytes, int]], at: datetime) -> list[int]:
    """Count a try before its password is checked, so that tries at once cannot slip past; their ids."""
    tries = [SignInTry(subject=subject, at=at) for subject, _allowed in subjects]
    db.session.add_all(tries)
    db.session.flush()
    return [tried.id for tried in tries]


def forgive(account: bytes, tries: list[int]) -> None:
    """A sign-in that worked: it was no failure, and it clears those of its account."""
    db.session.execute(delete(SignInTry).where(or_(SignInTry.subject == account, SignInTry.id.in_(tries))))


def subjects(
    secret: str, email: str, address: str, what: str = "account", allowed: int = TRIES_PER_ACCOUNT
) -> list[tuple[bytes, int]]:
    """What a try is counted against, as keyed hashes: the account, and the address.

    Passwords, links and codes of an account are counted apart: who guesses one does not close the others.
    """
    return [
        (_keyed(secret, f"{what}:{email.strip().casefold()}"), allowed),
        (_keyed(secret, f"address:{_network(address)}"), TRIES_PER_ADDRESS),
    ]


def _network(address: str) -> str:
    """Whom an address belongs to: with IPv6, a household has a whole network of 64 bits."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ip_network((int(found) >> 64 << 64, 64)))


def _keyed(secret: str, text: str) -> bytes:
    return hmac.digest(secret.encode(), text.encode(), hashlib.sha256)


def open_sign_ins(person_id: int, at: datetime) -> list[SignIn]:
    """The devices a person is signed in on, the last used first."""
    return list(
        db.session.scalars(
            select(SignIn)
            .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > at)
            .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        )
    )


def forget_old(at: datetime) -> int:
    """Delete tries and links past their time, and sign-ins that ended 30 days ago; returns how many rows went."""
    links = db.session.execute(delete(SignInLink).where(SignInLink.expires_at < at))
    tries = db.session.execute(delete(SignInTry).where(SignInTry.at < at - WINDOW))
    long_ago = at - timedelta(days=30)
    old = db.session.execute(
        delete(SignIn).where(func.coalesce(SignIn.ended_at, SignIn.expires_at) < long_ago)
    )
    return int(links.rowcount + tries.rowcount + old.rowcount)  # type: ignore[attr-defined]  # a DELETE has a row count
