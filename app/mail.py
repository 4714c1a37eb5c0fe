"""Letters: written with their cause, in the person's language, and sent by the worker.

A letter waits in the outbox sealed with a key made of SECRET_KEY, for it may hold a sign-in link. Sent twice by a worker that was killed, it carries the same Message-ID.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from app import outbox
from app.db import writing
from app.letters import VALUES, Letter, written
from app.postbox import NotNow, Postbox, Refused, Unreachable

__all__ = ["Letter", "deliver", "leave_out", "put", "send_now"]

LEASE = timedelta(minutes=3)
LIVES = timedelta(days=3)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
MOST_AT_ONCE = 50
MOST_PUT_OFF = 1000


def put(
    letter: Letter,
    key: str,
    at: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Write a letter down, in the transaction of its cause; the same key is sent once.

    It is dropped when it is not sent by `expires_at`, or in three days. A letter to nobody (`to` is empty) costs
    the same and is never sent. Raises ValueError when its values are not those of its template.
    """
    if set(letter.values) != VALUES[letter.template]:
        raise ValueError(f"{letter.template} needs {sorted(VALUES[letter.template])}")
    outbox.put("mail", key, _sealed(letter), at, due_at, expires_at or (due_at or at) + LIVES)


def _sealed(letter: Letter) -> dict[str, str]:
    return {"sealed": _seal().encrypt(json.dumps(asdict(letter)).encode()).decode()}


def _opened(payload: dict[str, str]) -> Letter:
    return Letter(**json.loads(_seal().decrypt(payload["sealed"])))


def leave_out(keys: Sequence[str], value: str) -> None:
    """Letters with these keys that are not sent yet go without one of their values."""

    def without(payload: dict[str, str]) -> dict[str, str]:
        try:
            letter = _opened(payload)
        except InvalidToken:  # it is never sent
            return payload
        return _sealed(replace(letter, values=letter.values | {value: ""}))

    outbox.rewrite("mail", keys, without)


def _seal() -> Fernet:
    secret: str = current_app.config["SECRET_KEY"]
    return Fernet(urlsafe_b64encode(sha256(f"letters:{secret}".encode()).digest()))


def deliver(at: datetime) -> int:
    """Send the letters that are due, at most fifty, over one connection; how many were taken up."""
    taken = 0
    with Postbox(current_app.config) as box:
        while taken < MOST_AT_ONCE and (step := _next(at)):
            taken += 1
            record = _attempt(step, box, at)
            with writing():
                record()
    return taken


def _next(at: datetime) -> outbox.Claimed | None:
    with writing():
        return next(iter(outbox.claim("mail", at, 1, LEASE)), None)


def _attempt(step: outbox.Claimed, box: Postbox, at: datetime) -> Callable[[], object]:
    """Send a letter; what is to be recorded of it."""
    try:
        letter = _opened(step.payload)
        if not letter.to:
            return partial(outbox.dropped, step, at, "to nobody")
        # The key alone may come again, in a database that was brought back; with its time it does not.
        box.post(written(letter, f"{step.key} {step.created_at.isoformat()}", at))
    except Unreachable as reason:
        current_app.logger.warning("letters wait, for the mail server cannot be used: %s", reason)
        return partial(_put_off_all, step, at, str(reason))
    except NotNow as reason:
        return partial(_put_off, step, at, str(reason))
    except (InvalidToken, ValueError, Refused) as reason:
        said = str(reason) if isinstance(reason, Refused) else "cannot be written"
        current_app.logger.warning("letter %s will not be sent: %s", step.id, said)
        return partial(outbox.failed, step, at, said)
    return partial(outbox.done, step, at)


def _put_off(step: outbox.Claimed, at: datetime, said: str, longer: timedelta = timedelta()) -> None:
    """Half a minute after the first try, then twice as long each time, up to an hour."""
    pause = min(FIRST_PAUSE * 2 ** min(step.tries - 1, 10), LONGEST_PAUSE)
    outbox.later(step, at + pause + longer, said)


def _put_off_all(step: outbox.Claimed, at: datetime, said: str) -> None:
    """No letter needs to find out for itself that the server does not answer.

    The one that did comes after them: it may be itself what the server hangs up on.
    """
    _put_off(step, at, said, timedelta(seconds=1))
    for waiting in outbox.claim("mail", at, MOST_PUT_OFF, LEASE):
        _put_off(waiting, at, said)


def send_now(letter: Letter, key: str, at: datetime) -> None:
    """Send a letter past the outbox. Raises NotNow, Refused, or ValueError for an address that is none."""
    with Postbox(current_app.config) as box:
        box.post(written(letter, key, at))
