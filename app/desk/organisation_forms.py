"""The organisation's forms. Only the fields named here exist; each problem has its words."""

from datetime import date
from zoneinfo import available_timezones

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.given import text
from app.language import LANGUAGES
from app.organisation.named import Refused

LONGEST = {
    "name": 120,
    "name_en": 120,
    "promise": 160,
    "promise_en": 160,
    "disclosure": 160,
    "disclosure_en": 160,
}
NEEDED = ("name", "disclosure")


def said(wrong: Refused) -> str:
    """A refusal's sentence."""
    words = {
        "missing": _("This is missing."),
        "too-long": _("That is too long: at most %(most)s characters."),
        "same-name": _("That is there already."),
        "too-many": _("At most %(most)s at a time. Retire one first."),
        "range": _("Write a number from %(least)s to %(most)s."),
        "tag": _("Write letters, digits, “-”, “_”, “.” or {network}; at most 60 of them."),
        "not-to-come": _("Choose a day from tomorrow on, within a year."),
    }
    return str(words[wrong.reason] % wrong.values) if wrong.values else str(words[wrong.reason])


def about_from(form: MultiDict[str, str]) -> tuple[dict[str, str | None], dict[str, str]]:
    """What the organisation says of itself, and the problems by field."""
    texts = {name: " ".join(text(form.get(name, "")).split()) for name in LONGEST}
    problems = {
        name: said(Refused("too-long", most=most))
        for name, most in LONGEST.items()
        if len(texts[name]) > most
    }
    problems |= {name: said(Refused("missing")) for name in NEEDED if not texts[name]}
    choices = {"zone": available_timezones(), "locale": set(LANGUAGES)}
    for name, offered in choices.items():
        if form.get(name) not in offered:
            problems[name] = _("Choose one of those on the list.")
    about = {name: given or (None if name.endswith("_en") else "") for name, given in texts.items()}
    return about | {name: form.get(name) for name in choices}, problems


def day_from(form: MultiDict[str, str]) -> date | None:
    """The day from which something holds."""
    try:
        return date.fromisoformat(form.get("from_date", ""))
    except ValueError:
        return None
