"""Every setting in one table, read from the environment, refusing nonsense.

A secret may also be given as a file: `SECRET_KEY_FILE=/run/secrets/key`.
"""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import ObsoleteHeaderDefect
from email.headerregistry import HeaderRegistry
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_pem_x509_certificates

PRODUCTION = "production"


class SettingError(Exception):
    """A setting that cannot be used; the message names it and says what is wanted."""


@dataclass(frozen=True)
class Setting:
    """One line of the table: its name, its default as text, and what it means."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("FORTAEL_ENV", "development", "development, test or production"),
    Setting("DATA_DIR", "instance", "folder of the SQLite file, pictures and generated keys"),
    Setting("DATABASE_URL", "", "empty: SQLite in DATA_DIR; else postgresql://user:password@host/name"),
    Setting("PUBLIC_URL", "", "the address people use, such as https://fortael.example.dk"),
    Setting("HOST", "127.0.0.1", "the address the web server listens on"),
    Setting("PORT", "8000", "the port the web server listens on"),
    Setting("WEB_WORKERS", "1", "processes of the web server"),
    Setting("SECRET_KEY", "", "at least 32 characters; made in DATA_DIR outside production"),
    Setting("VAPID_PRIVATE_KEY", "", "PEM key for push; made in DATA_DIR outside production"),
    Setting("VAPID_OLD_PRIVATE_KEYS", "", "former PEM keys, one after another: devices that know them go on"),
    Setting("VAPID_CONTACT", "", "what push services write to: mailto:you@example.dk; empty: PUBLIC_URL"),
    Setting(
        "PUSH_HOSTS",
        "fcm.googleapis.com, jmt17.google.com, android.googleapis.com, *.push.services.mozilla.com, "
        "*.push.apple.com, *.notify.windows.com",
        "push services that are sent to, with commas; *. stands for any name before it",
    ),
    Setting("PUSH_CA", "", "for tests: PEM certificates that push services are known by instead"),
    Setting("SMTP_HOST", "", "the mail server; empty: letters are written to DATA_DIR/outbox"),
    Setting("SMTP_PORT", "", "its port; empty: 587 with starttls, 465 with tls, 25 with none"),
    Setting("SMTP_TLS", "starttls", "starttls, tls or none"),
    Setting("SMTP_USER", "", "whom to sign in as at the mail server, if it asks"),
    Setting("SMTP_PASSWORD", "", "the password that goes with it"),
    Setting("MAIL_FROM", "", "whom letters come from, such as Fortæl <fortael@example.dk>"),
    Setting("PROXY_COUNT", "0", "how many proxies stand in front and set X-Forwarded-*"),
    Setting("TRUSTED_HOSTS", "", "further host names, with commas; PUBLIC_URL's is always trusted"),
    Setting(
        "FETCH_ALLOW",
        "",
        "host:port, with commas: web addresses with a port of their own that may be fetched",
    ),
    Setting("HTMX_LOCAL", "false", "true: never ask the CDN for htmx, serve our own copy only"),
    Setting("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
    Setting("FORTAEL_NOW", "", "for tests: the instant at which time starts, such as 2026-11-23T08:00+00:00"),
)
TEST_ONLY = ("FORTAEL_NOW", "PUSH_CA")
SMTP_PORTS = {"starttls": "587", "tls": "465", "none": "25"}
ENVIRONMENTS = ("development", "test", PRODUCTION)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
HOST_NAME = re.compile(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[?[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*\]?")
LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
# Its last label begins with a letter, so that no way to write an IP address is a name.
NAME = rf"(?:{LABEL}\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?"
PUBLIC_HOST = re.compile(rf"(?:\*\.)?{LABEL}\.{NAME}")
TEST_HOST = re.compile(rf"{NAME}(?::\d{{1,5}})?|{NAME}={NAME}:\d{{1,5}}|\*\.{LABEL}\.{NAME}")
PRIVATE_HOST = re.compile(r"(?:.*\.)?(?:localhost|local|localdomain|internal|intranet|lan|home|corp|arpa)")
PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----", re.DOTALL)


def from_environment(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The settings as Flask's config keys. Raises SettingError on nonsense."""
    given = os.environ if environment is None else environment
    raw = {setting.name: _given(given, setting) for setting in SETTINGS}
    if raw["FORTAEL_ENV"] not in ENVIRONMENTS:
        raise SettingError("FORTAEL_ENV must be development, test or production")
    data_dir = _folder(raw, "DATA_DIR")
    config: dict[str, Any] = raw | {
        "DATA_DIR": data_dir,
        "HOST": _host(raw["HOST"], "HOST"),
        "LOG_LEVEL": _log_level(raw, "LOG_LEVEL"),
        "PORT": _number(raw, "PORT", 1, 65535),
        "WEB_WORKERS": _number(raw, "WEB_WORKERS", 1, 64),
        "PROXY_COUNT": _number(raw, "PROXY_COUNT", 0, 5),
        "HTMX_LOCAL": _yes_or_no(raw, "HTMX_LOCAL"),
        "FORTAEL_NOW": _instant(raw, "FORTAEL_NOW"),
        "FETCH_ALLOW": _places(raw, "FETCH_ALLOW"),
        "SQLALCHEMY_DATABASE_URI": _database(raw["DATABASE_URL"], data_dir),
    }
    config["PUBLIC_URL"] = _public_url(raw["PUBLIC_URL"], config)
    config["PUSH_HOSTS"] = _push_hosts(raw)
    config["PUSH_CA"] = _certificates(raw["PUSH_CA"])
    config["VAPID_CONTACT"] = _contact(raw["VAPID_CONTACT"]) or config["PUBLIC_URL"]
    config |= _mail(raw)
    _refuse_in_production(raw, config)
    return config | _secrets(raw, data_dir) | _cookies(config) | _hosts(config)


def _given(given: Mapping[str, str], setting: Setting) -> str:
    in_file = given.get(f"{setting.name}_FILE")
    if in_file:
        try:
            return Path(in_file).read_text(encoding="utf-8").strip() or setting.default
        except OSError as reason:
            raise SettingError(f"{setting.name}_FILE cannot be read: {reason.strerror}") from reason
        except ValueError as reason:
            raise SettingError(f"{setting.name}_FILE must name a file of UTF-8 text") from reason
    return given.get(setting.name, "").strip() or setting.default


def _folder(raw: Mapping[str, str], name: str) -> Path:
    """The folder, made when it is not there."""
    folder = Path(raw[name]).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise SettingError(f"{name} must be a folder: {reason.strerror}") from reason
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingError(f"{name} must be a folder that can be written to")
    return folder


def _host(text: str, name: str) -> str:
    if HOST_NAME.fullmatch(text):
        return text
    raise SettingError(f"{name} must hold host names alone, such as fortael.example.dk: not {text!r}")


def _log_level(raw: Mapping[str, str], name: str) -> str:
    level = raw[name].upper()
    if level in LOG_LEVELS:
        return level
    raise SettingError(f"{name} must be DEBUG, INFO, WARNING or ERROR")


def _number(raw: Mapping[str, str], name: str, least: int, most: int) -> int:
    if raw[name].isdecimal() and len(raw[name]) < 10 and least <= int(raw[name]) <= most:
        return int(raw[name])
    raise SettingError(f"{name} must be a whole number from {least} to {most}")


def _yes_or_no(raw: Mapping[str, str], name: str) -> bool:
    if raw[name].lower() in {"true", "1", "yes", "on"}:
        return True
    if raw[name].lower() in {"false", "0", "no", "off"}:
        return False
    raise SettingError(f"{name} must be true or false")


def _instant(raw: Mapping[str, str], name: str) -> datetime | None:
    if not raw[name]:
        return None
    try:
        instant = datetime.fromisoformat(raw[name])
    except ValueError as reason:
        raise SettingError(f"{name} must be an instant such as 2026-11-23T08:00+00:00") from reason
    if instant.tzinfo is None:
        raise SettingError(f"{name} must say its offset, such as +00:00")
    return instant


def _places(raw: Mapping[str, str], name: str) -> list[str]:
    """Hosts with their ports, as `host:port`; in production none that lies in a private network."""
    found = []
    for place in (one.strip().lower() for one in raw[name].split(",") if one.strip()):
        host, _, port = place.rpartition(":")
        if not HOST_NAME.fullmatch(host) or not port.isdecimal() or not 0 < int(port[:6]) < 65536:
            raise SettingError(
                f"{name} must hold hosts with ports, such as news.example.dk:8443: not {place!r}"
            )
        if raw["FORTAEL_ENV"] == PRODUCTION and _is_private(host):
            raise SettingError(f"{name} must not name a private address in production: {place}")
        found.append(f"{host.strip('[]')}:{port}")
    return found


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        return host.rstrip(".").endswith("localhost")


def _database(url: str, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'fortael.sqlite3'}"
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return url
    raise SettingError("DATABASE_URL must start with postgresql:// or sqlite:///")


def _public_url(url: str, config: Mapping[str, Any]) -> str:
    if not url and config["FORTAEL_ENV"] == PRODUCTION:
        raise SettingError("PUBLIC_URL must be set in production, such as https://fortael.example.dk")
    url = (url or f"http://{_own_name(str(config['HOST']))}:{config['PORT']}").rstrip("/")
    if not _is_bare_address(url):
        raise SettingError("PUBLIC_URL must look like https://fortael.example.dk, without a path")
    if config["FORTAEL_ENV"] == PRODUCTION and not url.startswith("https://"):
        raise SettingError("PUBLIC_URL must begin with https:// in production")
    return url


def _own_name(host: str) -> str:
    """What a browser on this machine calls the address that the web server listens on."""
    if host in ("127.0.0.1", "0.0.0.0", "::1", "::"):  # noqa: S104  # it is named, not listened on
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _mail(raw: Mapping[str, str]) -> dict[str, Any]:
    """How letters leave, and whom they come from."""
    host = raw["SMTP_HOST"] and _host(raw["SMTP_HOST"], "SMTP_HOST")
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
        "SMTP_PORT": _number(given, "SMTP_PORT", 1, 65535),
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


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _is_bare_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            url.startswith((f"http://{parts.netloc}", f"https://{parts.netloc}"))
            and HOST_NAME.fullmatch(parts.hostname or "") is not None
            and parts.port != 0
            and not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
        )
    except ValueError:
        return False


def _refuse_in_production(raw: Mapping[str, str], config: Mapping[str, Any]) -> None:
    if config["FORTAEL_ENV"] != PRODUCTION:
        return
    for name in TEST_ONLY:
        if raw[name]:
            raise SettingError(f"{name} is for tests and is refused in production")
    for name in ("SECRET_KEY", "VAPID_PRIVATE_KEY"):
        if not raw[name]:
            raise SettingError(f"{name} (or {name}_FILE) must be set in production")
    if raw["SMTP_HOST"] and config["SMTP_TLS"] == "none" and not _is_loopback(raw["SMTP_HOST"]):
        raise SettingError("SMTP_TLS must be starttls or tls in production, unless SMTP_HOST is this machine")


def _push_hosts(raw: Mapping[str, str]) -> tuple[str, ...]:
    """Names, each for https on its own port; outside production also name:port, and name=host:port to reach it."""
    hosts = tuple(host.strip().lower() for host in raw["PUSH_HOSTS"].split(",") if host.strip())
    in_production = raw["FORTAEL_ENV"] == PRODUCTION
    for host in hosts:
        if in_production and (not PUBLIC_HOST.fullmatch(host) or PRIVATE_HOST.fullmatch(host)):
            raise SettingError(
                f"PUSH_HOSTS must hold public names alone in production, without ports and addresses: not {host!r}"
            )
        if not TEST_HOST.fullmatch(host):
            raise SettingError(f"PUSH_HOSTS must hold names such as *.push.apple.com: not {host!r}")
    return hosts


def _certificates(pem: str) -> str:
    try:
        if pem:
            load_pem_x509_certificates(pem.encode())
    except ValueError as reason:
        raise SettingError("PUSH_CA must hold certificates in PEM format") from reason
    return pem


def _contact(address: str) -> str:
    if not address or re.fullmatch(r"mailto:[^@\s]+@[^@\s]+|https://[^\s/]+\S*", address):
        return address
    raise SettingError("VAPID_CONTACT must look like mailto:you@example.dk or https://example.dk")


def _secrets(raw: Mapping[str, str], data_dir: Path) -> dict[str, Any]:
    key = raw["SECRET_KEY"] or _kept(data_dir / "secret-key", lambda: secrets.token_urlsafe(48))
    vapid = raw["VAPID_PRIVATE_KEY"] or _kept(data_dir / "vapid-private-key.pem", _new_vapid_key)
    if len(key) < 32:
        raise SettingError("SECRET_KEY must have at least 32 characters")
    if not _is_vapid_key(vapid):
        raise SettingError("VAPID_PRIVATE_KEY must be a private EC key (prime256v1) in PEM format")
    return {
        "SECRET_KEY": key,
        "VAPID_PRIVATE_KEY": vapid,
        "VAPID_OLD_PRIVATE_KEYS": _vapid_keys(raw["VAPID_OLD_PRIVATE_KEYS"]),
    }


def _vapid_keys(text: str) -> tuple[str, ...]:
    keys = tuple(found[0] for found in PEM.finditer(text))
    if PEM.sub("", text).strip() or not all(_is_vapid_key(key) for key in keys):
        raise SettingError("VAPID_OLD_PRIVATE_KEYS must hold private EC keys (prime256v1) in PEM format")
    return keys


def _is_vapid_key(pem: str) -> bool:
    try:
        key = serialization.load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)


def _kept(path: Path, make: Any) -> str:
    """The file's text; made on the first start, readable by its owner alone."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="utf-8").strip()


def _new_vapid_key() -> str:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem.decode()


def _cookies(config: Mapping[str, Any]) -> dict[str, Any]:
    secure = str(config["PUBLIC_URL"]).startswith("https://")
    return {
        "SESSION_COOKIE_NAME": "__Host-fortael" if secure else "fortael",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # The server decides when a sign-in ends (90 days, rolling); the cookie only has to outlive it.
        "PERMANENT_SESSION_LIFETIME": 400 * 24 * 3600,
        "SESSION_REFRESH_EACH_REQUEST": False,
    }


def _hosts(config: Mapping[str, Any]) -> dict[str, Any]:
    """The hosts that are answered; the public one stands first, for it is looked for with each request."""
    hosts = [urlsplit(str(config["PUBLIC_URL"])).hostname, *str(config["TRUSTED_HOSTS"]).split(",")]
    if config["FORTAEL_ENV"] != PRODUCTION:
        hosts += ["localhost", "127.0.0.1", str(config["HOST"])]
    named = dict.fromkeys(host.strip() for host in hosts if host and host.strip())
    return {"TRUSTED_HOSTS": [_host(host, "TRUSTED_HOSTS") for host in named]}
