"""Any error as a page in the person's language, with a number to say to support when it is ours."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, make_response
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from app.db import db
from app.language import language
from app.web import is_fragment, respond

ERRORS: dict[int, Callable[[], tuple[str, str]]] = {
    400: lambda: (
        _("That did not arrive as it should"),
        _("Nothing is lost. Go back, load the page again and try once more."),
    ),
    403: lambda: (_("That is not yours to open"), _("You are signed in, but this page is for others.")),
    404: lambda: (_("There is nothing here"), _("The page may have moved, or the link is missing its end.")),
    405: lambda: (_("That cannot be done here"), _("Go back and use the button on the page.")),
    410: lambda: (_("This link has said goodbye"), _("What it led to has been withdrawn or has expired.")),
    413: lambda: (
        _("That was too big"),
        _(
            "Pictures may be up to 10 MB, and a text must end somewhere. Go back, make it smaller and try again."
        ),
    ),
    429: lambda: (
        _("Just a moment"),
        _("There have been many tries in a short time. Wait a little and try again."),
    ),
    500: lambda: (
        _("Something broke on our side"),
        _("You did nothing wrong, and your draft is kept. Try again in a moment."),
    ),
}


def show_error(error: Exception, **context: Any) -> AnyResponse:
    """Any error as a page (or a toast for HTMX) in the person's language; never a stack trace."""
    if not isinstance(error, HTTPException):
        current_app.logger.error("unexpected error %s", reference(), exc_info=error)
        error = InternalServerError()
    if isinstance(error.response, AnyResponse):
        return error.response
    db.session.rollback()
    try:
        return respond(
            "shared/error.html",
            "shared/_error.html",
            error.code or 500,
            **_said(error.code or 500),
            **context,
        )
    except SQLAlchemyError:
        current_app.logger.exception("unexpected error %s", reference())
        return _error_for_nobody()


def _said(code: int) -> dict[str, Any]:
    title, text = ERRORS.get(code, ERRORS[400] if code < 500 else ERRORS[500])()
    return {"title": title, "text": text, "code": code, "reference": reference() if code >= 500 else None}


def _error_for_nobody() -> Response:
    """When not even the person who asks can be read: the page of a stranger, past all that reads."""
    g._login_user = AnonymousUserMixin()
    page = current_app.jinja_env.get_template("shared/_error.html" if is_fragment() else "shared/error.html")
    return make_response(page.render(_said(500), person=None, organisation=None, lang=language()), 500)


def reference() -> str:
    """A short number that a person can say to support and that stands in the log."""
    if "reference" not in g:
        g.reference = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    return str(g.reference)


def init_app(app: Flask) -> None:
    """Show every error so."""
    for handled in (HTTPException, CSRFError, Exception):
        app.register_error_handler(handled, show_error)
