"""Push messages per CPU second, beside pywebpush as its README shows it: `make bench-push`.

Both encrypt and send the same 2,000 messages to the same devices, over TLS, to a push service in a process of
its own, in alternating rounds of one run; only this process's CPU counts. The service's count and devices of
both kinds that decrypt what came say that the work was done. Fails below 8 times pywebpush.
"""

import base64
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pywebpush
from cryptography.hazmat.primitives.asymmetric import ec

from app import config
from app.push import sending
from app.push.jobs import AT_ONCE
from app.push.messages import Message, Sealer, payload
from tests.push.answering import SecondVersion
from tests.push.service import Device

MESSAGES, DEVICES, ROUNDS = 2000, 300, 4
AT_LEAST = 8.0
PUBLIC_URL = "https://fortael.example.dk"
CONTACT = "mailto:it@fortael.example.dk"


def main() -> int:
    """Measure, print, and say whether the goal is met."""
    with tempfile.TemporaryDirectory() as folder, SecondVersion(Path(folder)) as service:
        settings = config.from_environment(
            {"DATA_DIR": folder, "PUBLIC_URL": PUBLIC_URL, "VAPID_CONTACT": CONTACT, **service.settings}
        )
        devices = [subscribed(service.url) for _one in range(DEVICES)]
        letters = [(devices[number % DEVICES], words(number)) for number in range(MESSAGES)]
        contestants = ours(settings), pywebpushs(settings)
        spent = [0.0, 0.0]
        for turn in range(ROUNDS):
            share = letters[turn::ROUNDS]
            for place, contestant in enumerate(contestants):
                spent[place] += cpu_of(contestant, share)
                check(service, share)
    rates = [MESSAGES / seconds for seconds in spent]
    print(f"Fortæl:     {rates[0]:6.0f} messages per CPU second ({spent[0]:.2f} s for {MESSAGES})")
    print(f"pywebpush:  {rates[1]:6.0f} messages per CPU second ({spent[1]:.2f} s for {MESSAGES})")
    print(f"Ratio:      {rates[0] / rates[1]:6.1f} (at least {AT_LEAST:.0f})")
    return rates[0] / rates[1] < AT_LEAST


def subscribed(url: str) -> Device:
    """A device with an endpoint of its own."""
    endpoint = f"{url}/push/{secrets.token_urlsafe(100)}"
    return Device(endpoint, ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16))


def words(number: int) -> bytes:
    """What a message says."""
    title, body = "Mads har set dig", f"Han har skrevet to linjer til dig om vagten, nr. {number}."
    return payload(title, body, f"/shout-outs/{number}", "da", f"shoutout-{number}", 1, PUBLIC_URL)


Letters = list[tuple[Device, bytes]]


def ours(settings: dict[str, Any]) -> Callable[[Letters], None]:
    """As the worker does it: as many as it claims at once are sealed, then sent."""
    sealer, hosts = Sealer.of(settings), sending.Hosts.of(settings)

    def deliver(letters: Letters) -> None:
        for start in range(0, len(letters), AT_ONCE):
            sealed = [
                sealer.seal(Message(device.endpoint, device.public_key, device.secret, sealer.key_id, said,
                                    3600, "shoutout", "normal"))
                for device, said in letters[start : start + AT_ONCE]
            ]  # fmt: skip
            answers = sending.send(sealed, hosts)
            assert all(answer.status == 201 for answer in answers), answers

    return deliver


def pywebpushs(settings: dict[str, Any]) -> Callable[[Letters], None]:
    """As its README does it: one call for each message, with the key's file and the claims."""
    key, chain = settings["DATA_DIR"] / "private_key.pem", settings["DATA_DIR"] / "push-service.pem"
    key.write_text(settings["VAPID_PRIVATE_KEY"])
    chain.write_text(settings["PUSH_CA"])
    os.environ["REQUESTS_CA_BUNDLE"] = str(chain)

    def deliver(letters: Letters) -> None:
        for device, said in letters:
            answer = pywebpush.webpush(
                subscription_info={"endpoint": device.endpoint, "keys": device.keys},
                data=said.decode(),
                vapid_private_key=str(key),
                vapid_claims={"sub": CONTACT},
            )
            assert answer.status_code == 201, answer

    return deliver


def cpu_of(deliver: Callable[[Letters], None], letters: Letters) -> float:
    """Seconds of this process's CPU that it costs."""
    before = time.process_time()
    deliver(letters)
    return time.process_time() - before


def check(service: SecondVersion, letters: Letters) -> None:
    """Every message came, and what came opens on its device. The service forgets them."""
    devices = {device.endpoint.removeprefix(service.url): device for device, _said in letters}
    came = service.received()
    opened = [devices[one["path"]].open(base64.b64decode(one["body"])) for one in came]
    assert sorted(opened) == sorted(said for _device, said in letters)


if __name__ == "__main__":
    sys.exit(main())
