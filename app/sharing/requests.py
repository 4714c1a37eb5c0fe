"""A request to tell may come many times, in any order, from any of a person's devices: it is done once.

Its key is made by the server with each fresh form, or by the phone, and stays with what waits for a network.
"""

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select, update

from app.db import db, insert_once
from app.sharing.models import Share, ShareRequest

KEY = re.compile(r"[\w-]{16,43}", re.ASCII)
KEPT = timedelta(days=30)


def fresh() -> str:
    """A key for a fresh form: 128 bits that nobody guesses."""
    return secrets.token_urlsafe(16)


def read(given: str) -> str:
    """The key that a form carries; "" for none, or for what is none, and then nothing is remembered."""
    return given if KEY.fullmatch(given) else ""


def is_anothers(key: str, person_id: int) -> bool:
    """Whether somebody else has used the key."""
    return bool(_owned(key, ShareRequest.person_id != person_id))


def share_of(key: str, person_id: int) -> int | None:
    """The share that the person's request made when it first arrived; None when it has not."""
    return _owned(key, ShareRequest.person_id == person_id)


def _owned(key: str, by: ColumnElement[bool]) -> int | None:
    statement = select(ShareRequest.share_id).where(ShareRequest.key == key, by)
    return db.session.scalar(statement)


def once(key: str, person_id: int, at: datetime, make: Callable[[], int]) -> int | None:
    """Make the request's share, or find the one that it made. None when the key is another person's.

    Of two at the same moment the second waits here until the first has ended. Without a key it is always made.
    """
    if not key:
        return make()
    if insert_once(ShareRequest, key=key, person_id=person_id, at=at) is None:
        return share_of(key, person_id)
    share_id = make()
    db.session.execute(update(ShareRequest).where(ShareRequest.key == key).values(share_id=share_id))
    return share_id


def says_first(key: str) -> bool:
    """Whether the request says for the first time that its share is posted. Too late once that was withdrawn."""
    if not key:
        return True
    withdrawn_since = exists().where(Share.id == ShareRequest.share_id, Share.withdrawn_at > ShareRequest.at)
    unsaid = update(ShareRequest).where(ShareRequest.key == key, ~ShareRequest.said, ~withdrawn_since)
    return bool(db.session.execute(unsaid.values(said=True)).rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def forget_old(at: datetime) -> int:
    """Delete the keys of more than 30 days ago; how many."""
    gone = db.session.execute(delete(ShareRequest).where(ShareRequest.at < at - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE has a row count
