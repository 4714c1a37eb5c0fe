"""How letters leave, and whom they come from."""

from collections.abc import Mapping
from email.errors import ObsoleteHeaderDefect
from email.headerregistry import HeaderRegistry
from typing import Any

from app.config import values
from app.config.values import SettingError

SMTP_PORTS = {"starttls": "587", "tls": "465", "none": "25"}


def settings(raw: Mapping[str, str]) -> dict[str, Any]:
    """How letters leave, and whom they come from."""
    host = raw["SMTP_HOST"] and values.host(raw["SMTP_HOST"], "SMTP_HOST")
    tls = raw["SMTP_TLS"].lower()
    if tls not in SMTP_PORTS:
        raise SettingError("SMTP_TLS must be starttls, tls or none")
    for name in ("SMTP_USER", "SMTP_PASSWORD"):
        if not (raw[name].isascii() and raw[name].isprintable()):
            raise SettingError(f"{name} must be one line of ASCII characters")
    if host and bool(raw["SMTP_USER"]) != bool(raw["SMTP_PASSWORD"]):
        raise SettingError("SMTP_USER and SMTP_PASSWORD go together: set both, or neither")
    if host and not raw["MAIL_FROM"]:
        raise SettingError("MAIL_FROM must be set when SMTP_HOST is")
    given = {"SMTP_PORT": raw["SMTP_PORT"] or SMTP_PORTS[tls]}
    return {
        "SMTP_HOST": host,
        "SMTP_PORT": values.number(given, "SMTP_PORT", 1, 65535),
        "SMTP_TLS": tls,
        "MAIL_FROM": _sender(raw["MAIL_FROM"] or "Fortæl <fortael@localhost>"),
    }


def _sender(text: str) -> str:
    try:
        header: Any = HeaderRegistry()("From", text)
        sound = [one.addr_spec.isascii() for one in header.addresses] == [True] and text.isprintable()
        if sound and all(isinstance(defect, ObsoleteHeaderDefect) for defect in header.defects):
            return text
    except (ValueError, IndexError):
        pass  # what the parser itself stumbles over
    raise SettingError("MAIL_FROM must be one address, such as Fortæl <fortael@example.dk>")
