"""How a letter leaves: by SMTP, over one connection for all that are sent together, or into a folder."""

import os
import secrets
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from flask import current_app

PATIENCE = 20  # seconds for each answer of the mail server


class NotNow(Exception):
    """The letter may be sent later. Its text is a code or a few words of ours; `reply` is what the server said."""

    def __init__(self, said: str, reply: str = "") -> None:
        super().__init__(said)
        self.reply = reply


class Unreachable(NotNow):
    """No letter can be sent now: the mail server does not answer, or does not let us in."""


class Refused(Exception):
    """The letter will never be taken. Its text is the server's code; `reply` is what it said."""

    def __init__(self, said: str, reply: str = "") -> None:
        super().__init__(said)
        self.reply = reply


class Postbox:
    """`with Postbox(config) as box: box.post(letter)`; connects with the first letter and hangs up at the end."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = config
        self.connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.connection.quit()
            self._hang_up()

    def post(self, letter: EmailMessage) -> None:
        """Send one letter. Raises NotNow, Unreachable or Refused."""
        if not self.config["SMTP_HOST"]:
            _lay_down(letter, self.config["DATA_DIR"] / "outbox")
            return
        self.connection = self.connection or _connected(self.config)
        try:
            self.connection.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            self._say_no(*next(iter(refused.recipients.values())))
        except smtplib.SMTPResponseException as refused:
            self._say_no(refused.smtp_code, refused.smtp_error)
        except smtplib.SMTPNotSupportedError as reason:
            raise Refused("no SMTPUTF8", str(reason)) from reason
        except (OSError, smtplib.SMTPException) as reason:
            self._hang_up()
            raise Unreachable("no answer", str(reason)) from reason

    def _say_no(self, code: int, reply: bytes | str) -> None:
        if code == 421:  # it hangs up after that
            self._hang_up()
            raise Unreachable(str(code), _readable(reply))
        raise (Refused if code >= 500 else NotNow)(str(code), _readable(reply))

    def _hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def _connected(config: Mapping[str, Any]) -> smtplib.SMTP:
    """A connection, encrypted and signed in as the settings want it. Raises Unreachable."""
    try:
        return _let_in(_spoken_to(config), config)
    except ssl.SSLCertVerificationError as reason:
        raise Unreachable("certificate not trusted", reason.verify_message) from reason
    except smtplib.SMTPAuthenticationError as reason:
        raise Unreachable(f"sign-in refused, {reason.smtp_code}", _readable(reason.smtp_error)) from reason
    except smtplib.SMTPNotSupportedError as reason:
        raise Unreachable("not offered by the server", str(reason)) from reason
    except (OSError, smtplib.SMTPException) as reason:
        raise Unreachable("no connection", str(reason)) from reason


def _spoken_to(config: Mapping[str, Any]) -> smtplib.SMTP:
    host, port, name = config["SMTP_HOST"], config["SMTP_PORT"], urlsplit(config["PUBLIC_URL"]).hostname
    if config["SMTP_TLS"] == "tls":
        return smtplib.SMTP_SSL(host, port, name, timeout=PATIENCE, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, name, timeout=PATIENCE)


def _let_in(connection: smtplib.SMTP, config: Mapping[str, Any]) -> smtplib.SMTP:
    try:
        if config["SMTP_TLS"] == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if config["SMTP_USER"]:
            connection.login(config["SMTP_USER"], config["SMTP_PASSWORD"])
    except BaseException:
        connection.close()
        raise
    return connection


def _readable(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply


def _lay_down(letter: EmailMessage, folder: Path) -> None:
    """Without a mail server: a file that only its owner may read; the same letter lies there once."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{sha256(letter['Message-ID'].encode()).hexdigest()[:16]}.eml"
    fresh = folder / f".{path.name}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(letter.as_bytes())
    fresh.replace(path)
    current_app.logger.warning("SMTP_HOST is not set: a letter lies in %s", path)
