"""How a setting's text becomes a value, or is refused with a sentence that names it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

PRODUCTION = "production"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
HOST_NAME = re.compile(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[?[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*\]?")


class SettingError(Exception):
    """A setting that cannot be used; the message names it and says what is wanted."""


@dataclass(frozen=True)
class Setting:
    """One line of the table: its name, its default as text, and what it means."""

    name: str
    default: str
    meaning: str


def given(environment: Mapping[str, str], setting: Setting) -> str:
    """What was given, in the environment or in a file that it names; else the default."""
    in_file = environment.get(f"{setting.name}_FILE")
    if in_file:
        try:
            return Path(in_file).read_text(encoding="utf-8").strip() or setting.default
        except OSError as reason:
            raise SettingError(f"{setting.name}_FILE cannot be read: {reason.strerror}") from reason
        except ValueError as reason:
            raise SettingError(f"{setting.name}_FILE must name a file of UTF-8 text") from reason
    return environment.get(setting.name, "").strip() or setting.default


def folder(raw: Mapping[str, str], name: str) -> Path:
    """The folder, made when it is not there."""
    path = Path(raw[name]).resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise SettingError(f"{name} must be a folder: {reason.strerror}") from reason
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingError(f"{name} must be a folder that can be written to")
    return path


def host(text: str, name: str) -> str:
    """A host's name or address, without a port."""
    if HOST_NAME.fullmatch(text):
        return text
    raise SettingError(f"{name} must hold host names alone, such as fortael.example.dk: not {text!r}")


def log_level(raw: Mapping[str, str], name: str) -> str:
    """The name of a level, in capitals."""
    level = raw[name].upper()
    if level in LOG_LEVELS:
        return level
    raise SettingError(f"{name} must be DEBUG, INFO, WARNING or ERROR")


def number(raw: Mapping[str, str], name: str, least: int, most: int) -> int:
    """A whole number within bounds."""
    if raw[name].isdecimal() and len(raw[name]) < 10 and least <= int(raw[name]) <= most:
        return int(raw[name])
    raise SettingError(f"{name} must be a whole number from {least} to {most}")


def yes_or_no(raw: Mapping[str, str], name: str) -> bool:
    """True or false, as people write them."""
    if raw[name].lower() in {"true", "1", "yes", "on"}:
        return True
    if raw[name].lower() in {"false", "0", "no", "off"}:
        return False
    raise SettingError(f"{name} must be true or false")


def instant(raw: Mapping[str, str], name: str) -> datetime | None:
    """An instant with its offset, if there is one."""
    if not raw[name]:
        return None
    try:
        found = datetime.fromisoformat(raw[name])
    except ValueError as reason:
        raise SettingError(f"{name} must be an instant such as 2026-11-23T08:00+00:00") from reason
    if found.tzinfo is None:
        raise SettingError(f"{name} must say its offset, such as +00:00")
    return found


def places(raw: Mapping[str, str], name: str) -> list[str]:
    """Hosts with their ports, as `host:port`; in production none that lies in a private network."""
    found = []
    for place in (one.strip().lower() for one in raw[name].split(",") if one.strip()):
        where, _, port = place.rpartition(":")
        if not HOST_NAME.fullmatch(where) or not port.isdecimal() or not 0 < int(port[:6]) < 65536:
            raise SettingError(
                f"{name} must hold hosts with ports, such as news.example.dk:8443: not {place!r}"
            )
        if raw["FORTAEL_ENV"] == PRODUCTION and _is_private(where):
            raise SettingError(f"{name} must not name a private address in production: {place}")
        found.append(f"{where.strip('[]')}:{port}")
    return found


def _is_private(name: str) -> bool:
    try:
        return not ip_address(name.strip("[]")).is_global
    except ValueError:
        return name.rstrip(".").endswith("localhost")


def is_loopback(name: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name == "localhost"
