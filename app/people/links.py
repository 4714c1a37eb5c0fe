"""Signing in by mail: a link that works once, for ten minutes, and a code for who opens their mail elsewhere.

Whether an address belongs to somebody shows in nothing but that mailbox: for an unknown one the same rows are
written, to nobody. Token and code are kept as hashes alone; a link that is used or void is no longer there.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from sqlalchemy import ColumnElement, delete, literal, or_, select, update

from app import mail
from app.db import db
from app.organisation.queries import facts
from app.people import sign_ins
from app.people.models import Person, SignInLink
from app.people.viewer import token_hash

LIVES = timedelta(minutes=10)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter goes to, as plain facts: to be asked for once, and to cost the same for nobody."""

    id: int | None
    name: str
    email: str
    locale: str


NOBODY = Addressee(None, "", "", "da")
FACTS = select(Person.id, Person.name, Person.email, Person.locale).where(Person.left_at.is_(None))


def addressee(email: str, demo: bool) -> Addressee:
    """Who has an address, or NOBODY; a demo account only if wanted."""
    row = db.session.execute(
        FACTS.where(Person.email == email.strip().casefold(), or_(Person.is_demo.is_(False), literal(demo)))
    ).one_or_none()
    return Addressee(*row) if row else NOBODY


def ask(who: Addressee, email: str, going_to: str, noted: list[int], secret: str, at: datetime) -> bytes:
    """Send somebody a link that leads on to one of our pages; what the asking browser keeps of it.

    Older links to this address are void. `noted` are the tries that were counted for it, forgiven when it is used.
    """
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06}"
    name, address = token_hash(token), _address(secret, email)
    db.session.execute(delete(SignInLink).where(SignInLink.address_hash == address))
    db.session.add(
        SignInLink(
            person_id=who.id, token_hash=name, code_hash=_code(secret, name, code),
            address_hash=address, noted=noted, tries=0, created_at=at, expires_at=at + LIVES,
        )
    )  # fmt: skip
    path = f"/sign-in/link/{token}" + (f"?next={quote(going_to, safe='')}" if going_to != "/" else "")
    mail.put(_letter(who, code, path), f"sign-in:{name.hex()}", at, expires_at=at + LIVES)
    return name


def _letter(who: Addressee, code: str, path: str) -> mail.Letter:
    try:
        organisation = facts().called(who.locale)
    except LookupError:
        organisation = ""
    name = next(iter(who.name.split()), "")
    values = {"name": name, "organisation": organisation, "code": code, "path": path}
    return mail.Letter(who.email, "sign-in", who.locale, values)


def whom(token: str, at: datetime) -> Addressee | None:
    """Whom a link signs in, while it is good. Changes nothing."""
    row = db.session.execute(
        FACTS.join(SignInLink, SignInLink.person_id == Person.id).where(*_good(token_hash(token), at))
    ).one_or_none()
    return Addressee(*row) if row else None


def use(token: str, secret: str, at: datetime) -> int | None:
    """Use a link up: whom it signs in, or None when it is not good. Of several at once, one gets somebody."""
    return _take(_good(token_hash(token), at), secret)


def use_code(name: bytes, code: str, secret: str, at: datetime) -> int | None:
    """Use a link up by its code, in the browser that asked. The fifth wrong code makes the link void."""
    kept = db.session.execute(
        update(SignInLink)
        .where(*_good(name, at))
        .values(tries=SignInLink.tries + 1)
        .returning(SignInLink.code_hash)
    ).scalar()
    if kept is None or not hmac.compare_digest(kept, _code(secret, name, code)):
        return None
    return _take([SignInLink.token_hash == name], secret)


def _good(name: bytes, at: datetime) -> list[ColumnElement[bool]]:
    return [SignInLink.token_hash == name, SignInLink.expires_at > at, SignInLink.tries < TRIES]


def _take(which: list[ColumnElement[bool]], secret: str) -> int | None:
    link = db.session.execute(
        delete(SignInLink)
        .where(*which)
        .returning(SignInLink.person_id, SignInLink.address_hash, SignInLink.noted)
    ).one_or_none()
    person = db.session.get(Person, link.person_id) if link and link.person_id else None
    if link is None or person is None or person.left_at:
        return None
    if _address(secret, person.email) != link.address_hash:
        return None
    sign_ins.forgive(b"", link.noted)
    return person.id


def _address(secret: str, email: str) -> bytes:
    """An address as a keyed hash: a link is good only while its person has the address it was sent to."""
    return hmac.digest(secret.encode(), f"link:{email.strip().casefold()}".encode(), hashlib.sha256)


def _code(secret: str, name: bytes, code: str) -> bytes:
    return hmac.digest(secret.encode(), b"code:" + name + code.encode(), hashlib.sha256)
