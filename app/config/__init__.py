"""Every setting in one table, read from the environment, refusing nonsense.

A secret may also be given as a file: `SECRET_KEY_FILE=/run/secrets/key`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.config import keys, mail, push, values
from app.config.values import PRODUCTION, Setting, SettingError

__all__ = ["PRODUCTION", "SETTINGS", "SettingError", "from_environment"]

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
ENVIRONMENTS = ("development", "test", PRODUCTION)


def from_environment(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The settings as Flask's config keys. Raises SettingError on nonsense."""
    given = os.environ if environment is None else environment
    raw = {setting.name: values.given(given, setting) for setting in SETTINGS}
    if raw["FORTAEL_ENV"] not in ENVIRONMENTS:
        raise SettingError("FORTAEL_ENV must be development, test or production")
    data_dir = values.folder(raw, "DATA_DIR")
    config: dict[str, Any] = raw | {
        "DATA_DIR": data_dir,
        "HOST": values.host(raw["HOST"], "HOST"),
        "LOG_LEVEL": values.log_level(raw, "LOG_LEVEL"),
        "PORT": values.number(raw, "PORT", 1, 65535),
        "WEB_WORKERS": values.number(raw, "WEB_WORKERS", 1, 64),
        "PROXY_COUNT": values.number(raw, "PROXY_COUNT", 0, 5),
        "HTMX_LOCAL": values.yes_or_no(raw, "HTMX_LOCAL"),
        "FORTAEL_NOW": values.instant(raw, "FORTAEL_NOW"),
        "FETCH_ALLOW": values.places(raw, "FETCH_ALLOW"),
        "SQLALCHEMY_DATABASE_URI": _database(raw["DATABASE_URL"], data_dir),
        # What people wrote, addresses of devices and tokens stand in no error, and so in no log.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
    }
    config["PUBLIC_URL"] = _public_url(raw["PUBLIC_URL"], config)
    config["PUSH_HOSTS"] = push.hosts(raw)
    config["PUSH_CA"] = push.certificates(raw["PUSH_CA"])
    config["VAPID_CONTACT"] = push.contact(raw["VAPID_CONTACT"]) or config["PUBLIC_URL"]
    config |= mail.settings(raw)
    _refuse_in_production(raw, config)
    return config | keys.settings(raw, data_dir) | _cookies(config) | _hosts(config)


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


def _is_bare_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            url.startswith((f"http://{parts.netloc}", f"https://{parts.netloc}"))
            and values.HOST_NAME.fullmatch(parts.hostname or "") is not None
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
    if raw["SMTP_HOST"] and config["SMTP_TLS"] == "none" and not values.is_loopback(raw["SMTP_HOST"]):
        raise SettingError("SMTP_TLS must be starttls or tls in production, unless SMTP_HOST is this machine")


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
    return {"TRUSTED_HOSTS": [values.host(host, "TRUSTED_HOSTS") for host in named]}
