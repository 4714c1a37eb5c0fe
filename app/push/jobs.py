"""What the clock asks of push: send what is due, and record what the push services answered."""

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app

from app import clock, outbox
from app.db import writing
from app.outbox import Claimed
from app.push import messages, subscriptions
from app.push.delivery import KIND
from app.push.messages import Message, MessageRefused, Sealed, Sealer
from app.push.sending import Answer, Hosts, answers_to
from app.push.subscriptions import Address

# As many are under way at once, and as many may go out twice when the worker is killed.
AT_ONCE = 100
MOST_TRIES = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
LONGEST_ASKED = timedelta(days=1)
GONE, REFUSED, NEVER = (404, 410), (401, 403), (400, 413)

logger = logging.getLogger(__name__)


# Host, status, and what is known instead of a status.
Trouble = tuple[str | None, int, str]


@dataclass(frozen=True, slots=True)
class Ready:
    """A step whose message is sealed for its device."""

    step: Claimed
    device_id: int
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Hopeless:
    """A step that nothing can be sent for, how it ends (`outbox.dropped` or `failed`), and why."""

    step: Claimed
    end: Callable[[Claimed, datetime, str], bool]
    why: str


def deliver(at: datetime) -> int:
    """Send up to 100 messages that are due and record each answer as it comes; how many steps were taken.

    Killed in between, it leaves steps whose lease runs out: they are sent again, with the same Topic.
    """
    with writing():
        steps = outbox.claim(KIND, at, AT_ONCE)
        devices = subscriptions.live_of({step.payload["subscription"] for step in steps}, at)
    prepared = [_prepared(step, devices.get(step.payload["subscription"]), at) for step in steps]
    _end([one for one in prepared if isinstance(one, Hopeless)], at)
    _send([one for one in prepared if isinstance(one, Ready)])
    return len(steps)


def _end(hopeless: Sequence[Hopeless], at: datetime) -> None:
    if hopeless:
        with writing():
            for one in hopeless:
                one.end(one.step, at, one.why)


def _send(ready: Sequence[Ready]) -> None:
    """Answers are written down as they come, for what is written down is not sent again."""
    troubles: Counter[Trouble] = Counter()
    for answers in answers_to([one.sealed for one in ready], Hosts.of(current_app.config)):
        if answers:
            sent = [(ready[place], answer) for place, answer in answers.items()]
            with writing():
                _record(sent, clock.now())
            troubles.update(_troubles(sent))
    _tell_the_log(troubles)


def _prepared(step: Claimed, device: Address | None, at: datetime) -> Ready | Hopeless:
    # A browser may be another person's by now.
    if device is None or device.person_id != step.payload["person"]:
        return Hopeless(step, outbox.dropped, "its device is gone")
    try:
        return Ready(step, device.id, _sealer().seal(_message(step, device, at)))
    except MessageRefused as reason:
        return Hopeless(step, outbox.failed, str(reason))
    except (ValueError, TypeError):
        logger.exception("a push message is not as it must be")
        return Hopeless(step, outbox.failed, "not as a message must be")


def _message(step: Claimed, device: Address, at: datetime) -> Message:
    given = step.payload
    text = messages.payload(**given["words"], public_url=current_app.config["PUBLIC_URL"])
    left = int((step.expires_at - at).total_seconds()) if step.expires_at else given["ttl"]
    return Message(
        device.endpoint, device.public_key, device.secret, device.key_id, text,
        max(1, min(given["ttl"], left)), given["topic"], given["urgency"],
    )  # fmt: skip


def _sealer() -> Sealer:
    """One per process, for it keeps signatures."""
    known: dict[str, Sealer] = current_app.extensions
    return known.get("sealer") or known.setdefault("sealer", Sealer.of(current_app.config))


def _record(sent: Sequence[tuple[Ready, Answer]], at: datetime) -> None:
    """What became of each message, as its push service says."""
    subscriptions.answered([one.device_id for one, answer in sent if _took(answer)])
    for one, answer in sent:
        if _took(answer):
            outbox.done(one.step, at, str(answer.status))
        elif answer.status in NEVER:
            outbox.failed(one.step, at, f"{answer.status}: too big, or the wrong key")
        elif answer.status in GONE and subscriptions.gone(one.device_id, at):
            outbox.dropped(one.step, at, "its device is gone")
        else:
            _try_later(one.step, answer, at)


def _took(answer: Answer) -> bool:
    return 200 <= answer.status < 300


def _try_later(step: Claimed, answer: Answer, at: datetime) -> None:
    due_at, said = at + _wait(step.tries, answer), str(answer.status or answer.said)
    if step.tries >= MOST_TRIES:
        outbox.failed(step, at, f"{said}; given up after {step.tries} tries")
    elif step.expires_at and due_at >= step.expires_at:
        outbox.dropped(step, at, f"{said}; later is too late")
    else:
        outbox.later(step, due_at, said)


def _wait(tries: int, answer: Answer) -> timedelta:
    """Twice as long each time, and as long as the service asks for; never all at the same moment."""
    own = (
        LONGEST_WAIT if answer.status in REFUSED else min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
    )
    asked = min(timedelta(seconds=answer.retry_after or 0), LONGEST_ASKED)
    return max(own, asked) * random.uniform(1, 1.5)  # noqa: S311  # no secret


def _troubles(sent: Sequence[tuple[Ready, Answer]]) -> Iterator[Trouble]:
    """Each push service by its host alone: a device's address is as good as a key to it."""
    for one, answer in sent:
        if not _took(answer) and answer.status not in GONE:
            yield urlsplit(one.sealed.endpoint).hostname, answer.status, answer.said


def _tell_the_log(troubles: Counter[Trouble]) -> None:
    for (host, status, said), number in troubles.items():
        if status in REFUSED:
            logger.error(
                "%s answered %s to %s of our messages: it refuses VAPID_PRIVATE_KEY", host, status, number
            )
        else:
            logger.warning("%s did not take %s of our messages: %s", host, number, status or said)
