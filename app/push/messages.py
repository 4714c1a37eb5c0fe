"""Messages for push services: what they say, encrypted for one device, and signed by us.

`webpush` builds them (RFC 8291, RFC 8292). What it does not look after is looked after here: sizes, keys,
time to live, topic, urgency, and a signature that is made once for many messages.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from webpush import WebPush, WebPushSubscription

from app.push.shortening import shortened, size, sound
from app.push.signing import Signer, base64url

MOST_BYTES = 3993
WISHED_BYTES = 1000
TITLE_BYTES = 240
LEAST_TEXT_BYTES = 300
LONGEST_TTL = 28 * 24 * 3600
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
URGENCIES = ("very-low", "low", "normal", "high")


class MessageRefused(Exception):
    """A message that can never be sent. Its text holds nothing of the device's."""


class MessageTooBig(MessageRefused):
    """Its payload is more than a push service takes."""


class KeysRefused(MessageRefused):
    """The device's keys or address are none that a browser makes."""


class KeyUnknown(MessageRefused):
    """The device subscribed with a key of ours that is not among the settings."""


@dataclass(frozen=True, slots=True)
class Message:
    """One push to one device, not yet encrypted. `ttl` is in seconds; `key_id` names the key of ours."""

    endpoint: str = field(repr=False)
    public_key: bytes = field(repr=False)
    secret: bytes = field(repr=False)
    key_id: str
    payload: bytes = field(repr=False)
    ttl: int
    topic: str | None
    urgency: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A message as it goes over the wire, to the address that the browser gave."""

    endpoint: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def payload(
    title: str, body: str, path: str, lang: str, tag: str, badge: int | None, public_url: str
) -> bytes:
    """A declarative push message (W3C Push API) that leads to a page of ours; texts are cut to about 1 kB in all.

    `badge` is the number on the app's icon, 0 for none, None to leave it as it is.
    """
    if not path.startswith("/"):
        raise ValueError("a message leads to a page of ours")
    fields = {"navigate": f"{public_url}{path}", "lang": lang, "tag": tag}
    room = max(WISHED_BYTES - len(_declared("", "", fields, badge)), LEAST_TEXT_BYTES)
    title = shortened(sound(title), min(TITLE_BYTES, room))
    return _declared(title, shortened(sound(body), room - size(title)), fields, badge)


def _declared(title: str, body: str, fields: Mapping[str, str], badge: int | None) -> bytes:
    notification: dict[str, Any] = {"title": title, "body": body, **fields}
    message: dict[str, Any] = {"web_push": 8030, "notification": notification}
    if badge is not None:
        # Where it stands now, and where Safari 18.4 looked for it.
        message["app_badge"] = notification["app_badge"] = badge
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def are_keys(public_key: bytes, secret: bytes) -> bool:
    """Whether a browser can have made them: a point on P-256, uncompressed, and 16 bytes."""
    if len(secret) != 16 or len(public_key) != 65:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    except ValueError:
        return False
    return True


class Sealer:
    """Encrypts and signs. `key_id` and `public_key` (base64url, for subscribe()) are those of the current key.

    Made once per process. Threads may share it: nothing in it changes but signatures, which are made anew.
    """

    def __init__(self, private_keys: Sequence[str], contact: str) -> None:
        """`private_keys` in PEM, the current one first; `contact` is a mailto: or https: address of ours."""
        signers = [Signer(pem, contact) for pem in private_keys]
        self.key_id, self.public_key = signers[0].key_id, signers[0].public_key
        self._builders = {signer.key_id: _builder(signer) for signer in reversed(signers)}

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "Sealer":
        """With the keys and the contact of the settings: the process's one for them."""
        return _sealer(
            (config["VAPID_PRIVATE_KEY"], *config["VAPID_OLD_PRIVATE_KEYS"]), config["VAPID_CONTACT"]
        )

    def seal(self, message: Message) -> Sealed:
        """Ready to be sent. Raises MessageRefused, or ValueError for what is our own mistake."""
        builder = self._builders.get(message.key_id)
        if builder is None:
            raise KeyUnknown("the device subscribed with a key that is not among the settings")
        headers = _own_headers(message)
        body, authorization = _built(builder, message)
        return Sealed(message.endpoint, body, {"Authorization": authorization, **headers})


@cache
def _sealer(private_keys: tuple[str, ...], contact: str) -> Sealer:
    return Sealer(private_keys, contact)


def _own_headers(message: Message) -> dict[str, str]:
    if message.ttl < 1:
        raise ValueError("a message lives at least a second: with 0 it is lost when the device sleeps")
    if message.urgency not in URGENCIES:
        raise ValueError(f"urgency is one of {', '.join(URGENCIES)}")
    headers = {
        "TTL": str(min(message.ttl, LONGEST_TTL)),
        "Urgency": message.urgency,
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
    }
    if message.topic is None:
        return headers
    if not TOPIC.fullmatch(message.topic):
        raise ValueError("a topic has 1 to 32 characters of base64url")
    return {**headers, "Topic": message.topic}


def _built(builder: WebPush, message: Message) -> tuple[bytes, str]:
    """Body and signature. The library's own errors tell the device's address, and are not passed on."""
    if len(message.payload) > MOST_BYTES:
        raise MessageTooBig(f"{len(message.payload)} bytes, and {MOST_BYTES} are taken")
    keys = {"p256dh": base64url(message.public_key), "auth": base64url(message.secret)}
    built = None
    if len(message.public_key) == 65 and len(message.secret) == 16:
        try:
            subscription = WebPushSubscription.model_validate({"endpoint": message.endpoint, "keys": keys})
            built = builder.get(message.payload, subscription)
        except ValueError:
            built = None
    if built is None:
        raise KeysRefused("the device's keys or address are none that a browser makes")
    return built.encrypted, built.headers["authorization"]


def _builder(signer: Signer) -> WebPush:
    builder = WebPush(signer.pem, signer.public_pem, subscriber=signer.contact)
    builder.vapid = signer
    return builder
