"""One message to each of a person's devices: a step in the outbox, sent and recorded by `push.jobs`."""

from datetime import datetime
from typing import Any

from app import outbox
from app.push import subscriptions

KIND = "push"


def put(
    person_id: int,
    notice_key: str,
    words: dict[str, Any],
    ttl: int,
    topic: str | None,
    urgency: str,
    at: datetime,
    expires_at: datetime,
) -> int:
    """Write down that a person is told on each device that may be told now; how many devices that are.

    `words` are the arguments of `messages.payload`, but for the address of the app. The push service keeps the
    message for `ttl` seconds at most, and never past `expires_at`. The same notice reaches a device once.
    """
    devices = subscriptions.live(person_id, at)
    message = {"words": words, "ttl": ttl, "topic": topic, "urgency": urgency}
    for device in devices:
        whom = {"person": person_id, "subscription": device.id}
        outbox.put(KIND, f"push:{notice_key}:{device.id}", whom | message, at, expires_at=expires_at)
    return len(devices)
