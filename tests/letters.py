"""The letters that were sent into the folder, as their readers get them."""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import current_app

from app import mail
from app.db import db


def delivered(at: datetime) -> list[EmailMessage]:
    """Send what waits; every letter that lies in the folder, the latest last."""
    db.session.rollback()
    mail.deliver(at)
    folder = current_app.config["DATA_DIR"] / "outbox"
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [read(file.read_bytes()) for file in files]


def read(content: bytes) -> EmailMessage:
    """A letter as Python's own reader understands it."""
    letter = message_from_bytes(content, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    return letter


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    """Its text, or with `html` its HTML."""
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def link_of(letter: EmailMessage) -> str:
    """The path of the address in it."""
    [address] = re.findall(r"^http://localhost(/\S*)$", text_of(letter), re.MULTILINE)
    return str(address)


def code_of(letter: EmailMessage) -> str:
    """The six digits in it."""
    [code] = re.findall(r"^(\d{6})$", text_of(letter), re.MULTILINE)
    return str(code)
