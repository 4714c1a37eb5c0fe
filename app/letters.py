"""A letter as an e-mail: text first, and the same as simple HTML with one button; nothing remote, nothing tracked.

`templates/mail/<template>.txt` holds both: its first line is the subject, and `button(label, path)` is an address on
a line of its own in the text, a button in the HTML. What people wrote is put in as it stands.
"""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_babel import force_locale
from jinja2 import Environment
from markupsafe import Markup, escape

LONG = {"items"}  # values that may have several lines
PLAIN = SMTP.clone(cte_type="7bit")  # every mail server takes that
NOTICE = {"name", "title", "body", "items", "path"}
# What each template is given.
VALUES: dict[str, set[str]] = {
    "digest": NOTICE,
    "invitation": {"name", "inviter", "organisation", "path"},
    "shoutout": NOTICE,
    "sign-in": {"name", "organisation", "code", "path"},
    "stories": NOTICE,
    "test": {"path"},
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one address, in `da` or `en`; `values` are those that its template asks for."""

    to: str
    template: str
    locale: str
    values: dict[str, str]


def written(letter: Letter, key: str, at: datetime) -> EmailMessage:
    """The letter as it is sent; its Message-ID follows from the key. Raises ValueError for an address that is none."""
    subject, text = _text(letter)
    message = EmailMessage(policy=PLAIN)
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = Address(addr_spec=_address(letter.to))
    message["Subject"] = subject
    message["Date"] = at
    message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{message['From'].addresses[0].domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text)
    message.add_alternative(_html(letter, subject), subtype="html")
    message["Content-Language"] = letter.locale
    return message


def _address(to: str) -> str:
    """The address, with a domain of other letters than ASCII as mail servers know it."""
    name, _at, domain = to.rpartition("@")
    try:
        address = f"{name}@{domain.encode('idna').decode()}"
        header: Any = HeaderRegistry()("To", address)
        if [one.addr_spec for one in header.addresses] == [address]:
            return address
    except (ValueError, IndexError):
        pass  # what the codec or the parser stumbles over
    raise ValueError("that is no e-mail address")


def _text(letter: Letter) -> tuple[str, str]:
    """Subject and text."""

    def button(label: str, path: str) -> str:
        return f"{label}:\n{_public(path)}"

    with force_locale(letter.locale):
        template = current_app.jinja_env.get_template(f"mail/{letter.template}.txt")
        subject, _line, text = template.render(_values(letter), button=button).partition("\n")
    return _one_line(subject), f"{text.strip()}\n"


def _html(letter: Letter, subject: str) -> str:
    """The same text as HTML. Only what our template says is a button is one."""

    def button(label: str, path: str) -> Markup:
        return Markup('<a class="button" href="{}">{}</a>').format(_public(path), label)

    escaping = _escaping(current_app.jinja_env)
    with force_locale(letter.locale):
        whole = escaping.get_template(f"mail/{letter.template}.txt").render(_values(letter), button=button)
    paragraphs = [_broken(Markup(one)) for one in whole.strip().split("\n\n")[1:]]  # noqa: S704  # the template escapes
    page = escaping.get_template("mail/letter.html")
    return page.render(lang=letter.locale, subject=subject, paragraphs=paragraphs)


@cache
def _escaping(environment: Environment) -> Environment:
    """The same templates, with all that they are given escaped."""
    return environment.overlay(autoescape=True, finalize=_broken)


def _values(letter: Letter) -> dict[str, str]:
    return {name: one if name in LONG else " ".join(one.split()) for name, one in letter.values.items()}


def _broken(value: object) -> object:
    """HTML knows no line breaks but its own."""
    return escape(value).replace("\n", Markup("<br>")) if isinstance(value, str) else value


def _public(path: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}{path}"


def _one_line(subject: str) -> str:
    """A subject in which nothing can begin a header of its own."""
    return "".join(one for one in " ".join(subject.split()) if one >= " " and one != "\x7f")
