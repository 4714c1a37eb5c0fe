"""Danish and English: catalogues read straight from their .po files, and the language of a request."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from flask_login import current_user

LANGUAGES = ("da", "en")
FOLDER = Path(__file__).parent.parent / "translations"


class Catalogues(Domain):  # type: ignore[misc]  # flask-babel ships no types
    """Texts from `translations/<language>/…/messages.po`, kept in memory; English is the source."""

    def get_translations(self) -> Translations:
        return _texts()


class Texts(Babel):  # type: ignore[misc]  # flask-babel ships no types
    """Flask-Babel with our catalogues."""

    domain_instance = Catalogues()


@cache
def catalogue(lang: str) -> Translations:
    """All texts of one language; an unknown language has the English source texts."""
    path = FOLDER / lang / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Translations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=lang))
    compiled.seek(0)
    return Translations(compiled)


def _texts() -> Translations:
    """What templates read: the same catalogue as Babel's own, found in a quarter of the time."""
    locale = get_locale()
    return catalogue(locale.language if locale else LANGUAGES[0])


def language() -> str:
    """The signed-in person's language, else the browser's, else Danish."""
    if not has_request_context():
        return LANGUAGES[0]
    user = current_user._get_current_object()
    if user and user.is_authenticated:
        return str(user.locale)
    return visitors_language()


def visitors_language() -> str:
    """The language of whoever asks, without a look at who is signed in: chosen in this browser, else its own."""
    chosen = request.cookies.get("language") or request.accept_languages.best_match(LANGUAGES)
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def twin(row: Any, field: str, lang: str | None = None) -> str:
    """A text that the organisation wrote: its English twin for English readers, when there is one."""
    if (lang or language()) == "en" and (english := getattr(row, f"{field}_en")):
        return str(english)
    return str(getattr(row, field) or "")


def zone() -> str:
    """The zone that times are shown in: the person's, else Denmark's."""
    if has_request_context() and current_user and current_user.is_authenticated:
        return str(current_user.zone)
    return "Europe/Copenhagen"


def init_app(app: Flask) -> None:
    """Let pages and messages speak the person's language."""
    Texts(
        app,
        default_locale=LANGUAGES[0],
        locale_selector=language,
        timezone_selector=zone,
    )
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # Babel has added the extension
        gettext=lambda text: _texts().gettext(text),
        ngettext=lambda one, many, number: _texts().ngettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.filters["twin"] = twin
