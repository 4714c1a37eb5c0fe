"""Which push services are sent to, and whom they may write to."""

import re
from collections.abc import Mapping

from cryptography.x509 import load_pem_x509_certificates

from app.config.values import PRODUCTION, SettingError

LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
# Its last label begins with a letter, so that no way to write an IP address is a name.
NAME = rf"(?:{LABEL}\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?"
PUBLIC_HOST = re.compile(rf"(?:\*\.)?{LABEL}\.{NAME}")
TEST_HOST = re.compile(rf"{NAME}(?::\d{{1,5}})?|{NAME}={NAME}:\d{{1,5}}|\*\.{LABEL}\.{NAME}")
PRIVATE_HOST = re.compile(r"(?:.*\.)?(?:localhost|local|localdomain|internal|intranet|lan|home|corp|arpa)")


def hosts(raw: Mapping[str, str]) -> tuple[str, ...]:
    """Names, each for https on its own port; outside production also name:port, and name=host:port to reach it."""
    named = tuple(host.strip().lower() for host in raw["PUSH_HOSTS"].split(",") if host.strip())
    in_production = raw["FORTAEL_ENV"] == PRODUCTION
    for host in named:
        if in_production and (not PUBLIC_HOST.fullmatch(host) or PRIVATE_HOST.fullmatch(host)):
            raise SettingError(
                f"PUSH_HOSTS must hold public names alone in production, without ports and addresses: not {host!r}"
            )
        if not TEST_HOST.fullmatch(host):
            raise SettingError(f"PUSH_HOSTS must hold names such as *.push.apple.com: not {host!r}")
    return named


def certificates(pem: str) -> str:
    """The certificates as they stand, when they are some."""
    try:
        if pem:
            load_pem_x509_certificates(pem.encode())
    except ValueError as reason:
        raise SettingError("PUSH_CA must hold certificates in PEM format") from reason
    return pem


def contact(address: str) -> str:
    """An address that a push service may write to."""
    if not address or re.fullmatch(r"mailto:[^@\s]+@[^@\s]+|https://[^\s/]+\S*", address):
        return address
    raise SettingError("VAPID_CONTACT must look like mailto:you@example.dk or https://example.dk")
