"""Flask-Login, told to read our viewer: one statement, no ORM, no context processor."""

from typing import Any

from flask import Flask, Response, current_app, g, session
from flask_login import LoginManager, current_user

from app import clock
from app.config import PRODUCTION
from app.language import language
from app.organisation.queries import facts
from app.people.viewer import Viewer, viewer


class Devices(LoginManager):  # type: ignore[misc]  # flask-login ships no types
    """Who is signed in follows from the device's token alone: no remember cookie, no header, no look at the browser."""

    def _load_user(self) -> None:
        token = session.get("_user_id")
        self._update_request_context_with_user(_viewer(token) if token else None)


login_manager = Devices(add_context_processor=False)


def _viewer(token: str) -> Viewer | None:
    return viewer(token, clock.now(), demo=current_app.config["FORTAEL_ENV"] != PRODUCTION)


def init_app(app: Flask) -> None:
    """Let `current_user` be the viewer, and tag signed-in answers for the browser's own cache."""
    login_manager.init_app(app)
    app.after_request(_tag)
    app.context_processor(_who_and_where)


def _who_and_where() -> dict[str, Any]:
    """What every page may use: the viewer (or None), the organisation (or None) and the language."""
    user = current_user._get_current_object()
    person = user if user.is_authenticated else None
    try:
        organisation = facts(person.organisation_version if person else None)
    except LookupError:
        organisation = None
    return {"person": person, "organisation": organisation, "lang": language()}


def _tag(response: Response) -> Response:
    user = g.get("_login_user")
    if user is not None and user.is_authenticated:
        response.headers.add("X-Sign-In", user.tag)
    return response
