"""A mail server that the app sends by, and letters to send."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app import mail
from app.db import writing
from tests.conftest import NOW
from tests.mail.server import MailServer


@pytest.fixture
def sends_by(app: Flask) -> Iterator[Callable[..., None]]:
    """`sends_by(server, SMTP_TLS="tls")` lets the app send by a mail server."""
    kept = dict(app.config)

    def use(server: MailServer, **more: Any) -> None:
        app.config.update({"SMTP_HOST": "127.0.0.1", "SMTP_PORT": server.port, "SMTP_TLS": "none",
                           "MAIL_FROM": "Fortæl i Fjordby <fortael@fjordby.example>"} | more)  # fmt: skip

    yield use
    app.config.update(kept)


@pytest.fixture
def mailbox(sends_by: Callable[..., None]) -> Iterator[MailServer]:
    """A mail server that takes every letter of the app's."""
    with MailServer() as running:
        sends_by(running)
        yield running


@pytest.fixture
def write(app: Flask) -> Callable[..., None]:
    """`write("key", to="…", template="…", locale="…", …values)` puts a letter into the outbox."""

    def put(
        key: str, to: str = "anna@fjordby.example", template: str = "test", locale: str = "da", **more: Any
    ) -> None:
        times = {name: more.pop(name) for name in ("at", "due_at", "expires_at") if name in more}
        with writing():
            mail.put(
                mail.Letter(to, template, locale, {"path": "/"} | more), key, times.pop("at", NOW), **times
            )

    return put
