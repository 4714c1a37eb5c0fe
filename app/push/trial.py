"""A test message to one device, sent while its owner waits. Manners do not count it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.db import insert_once
from app.push import wording
from app.push.messages import Message, MessageRefused, Sealer, payload
from app.push.models import Notice, Subscription
from app.push.sending import Hosts
from app.push.sending import send as send_all

PATH = "/me/messages"
APART = 10
LIVES = 600
GONE, REFUSED, NO_ANSWER, UNSENDABLE = (404, 410), (401, 403), 0, 400


def begin(person_id: int, at: datetime) -> int | None:
    """Note that a test is sent; its number, or None when the person sent one in the same ten seconds."""
    key = f"test:{person_id}:{int(at.timestamp()) // APART}"
    return insert_once(
        Notice, person_id=person_id, kind="test", key=key, path=PATH, created_at=at, due_at=at,
        sent_as="push", sent_at=at,
    )  # fmt: skip


def send(device: Subscription, lang: str, number: int, config: Mapping[str, Any]) -> int:
    """Send it now; the status that the push service answers, NO_ANSWER or UNSENDABLE."""
    title, body = wording.text("test", number, lang)
    text = payload(title, body, PATH, lang, "test", None, config["PUBLIC_URL"])
    try:
        sealed = Sealer.of(config).seal(
            Message(
                device.endpoint,
                device.public_key,
                device.secret,
                device.key_id,
                text,
                LIVES,
                "test",
                "normal",
            )
        )
    except MessageRefused:
        return UNSENDABLE
    return send_all([sealed], Hosts.of(config))[0].status
