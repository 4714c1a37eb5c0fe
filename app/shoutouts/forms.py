"""What the form of a shout-out carries, and what is wrong with it."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from app.given import number
from app.given import text as typed
from app.organisation.queries import Facts
from app.shoutouts.giving import Gift
from app.shoutouts.models import AUDIENCES
from app.shoutouts.wording import is_too_like

MOST_CHARACTERS = 10_000
MOST_VALUES = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and chosen. `to` says of each receiver whether the page told that they get no points.

    `nonce` is the form's own: with what it carries it names the shout-out, so that a double tap gives once.
    """

    to: Mapping[int, bool] = field(default_factory=dict)
    did: str = ""
    led: str = ""
    values: tuple[int, ...] = ()
    audience: str = "organisation"
    free: bool = False
    words: str = ""
    nonce: str = ""

    def gift(self, giver_id: int) -> Gift:
        """What is to be given, as it was promised."""
        promised = {person_id: not (self.free or free) for person_id, free in self.to.items()}
        return Gift(giver_id, promised, self.did, self.led, self.values, self.audience, self.key())

    def key(self) -> str:
        """What names the shout-out that this form gives."""
        carried = (self.nonce, sorted(self.to), self.did, self.led, self.values, self.audience)
        return hashlib.sha256(repr(carried).encode("utf-8", "surrogatepass")).hexdigest()

    def anew(self) -> "Draft":
        """The same, to be sent as another one."""
        return replace(self, nonce=secrets.token_urlsafe(12))


def typed_draft() -> Draft:
    """What the form of this request carries."""
    form = request.form
    return Draft(
        to=_to(form.getlist("to")),
        did=typed(form.get("did", "")),
        led=typed(form.get("led", "")),
        values=tuple(sorted(set(form.getlist("value", type=number)))),
        audience=form.get("audience", ""),
        free=form.get("promise") == "free",
        words=form.get("q", "").strip()[:80],
        nonce=form.get("nonce", "")[:40] or secrets.token_urlsafe(12),
    )


def _to(given: Iterable[str]) -> dict[int, bool]:
    found = {}
    for one in given:
        name, _colon, told = one.partition(":")
        try:
            found[number(name)] = told == "free"
        except ValueError:
            found[0] = False  # nobody: said so beside the field
    return found


def problems(draft: Draft, organisation: Facts, day: Any, last: Iterable[str]) -> dict[str, str]:
    """A sentence for each field that is not right; empty when the shout-out may be given."""
    found = {
        "to": _wrong_people(draft, organisation.setting("shoutout_receivers", day)),
        "value": _wrong_values(draft, organisation),
        "audience": "" if draft.audience in AUDIENCES else _("Choose one of the three."),
    }
    found |= wrong_words(draft.did, draft.led, organisation.setting("shoutout_characters", day), last)
    return {name: said for name, said in found.items() if said}


def _wrong_people(draft: Draft, most: int) -> str:
    if not draft.to:
        return str(_("Choose who it is for."))
    return str(_("Choose at most %(most)s people.", most=most)) if len(draft.to) > most else ""


def _wrong_values(draft: Draft, organisation: Facts) -> str:
    known = set(draft.values) <= set(organisation.values)
    if known and not organisation.values:
        return ""
    return "" if known and 1 <= len(draft.values) <= MOST_VALUES else str(_("Choose one or two values."))


def wrong_words(did: str, led: str, least: int, last: Iterable[str]) -> dict[str, str]:
    """What is wrong with the two texts, each beside its field."""
    found = {name: _too_long(text) for name, text in (("did", did), ("led", led))}
    if not did:
        found["did"] = str(_("Write what they did. One sentence is enough."))
    if not led:
        found["led"] = str(_("Write what it led to. One sentence is enough."))
    if any(found.values()):
        return {name: said for name, said in found.items() if said}
    missing = least - len(did) - len(led)
    if missing > 0:
        return {"led": ngettext("%(num)s character more, so that they can feel what you mean.", "%(num)s characters more, so that they can feel what you mean.", missing)}  # fmt: skip
    if is_too_like(f"{did} {led}", last):
        return {
            "did": str(
                _("This is almost what you have written before. Say it as only this time can be told.")
            )
        }
    return {}


def _too_long(text: str) -> str:
    if len(text) <= MOST_CHARACTERS:
        return ""
    return str(_("That is too long: at most %(most)s characters.", most=format_decimal(MOST_CHARACTERS)))
