"""Flask-Login, told to read our viewer: one statement, no ORM, no context processor."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, current_user

from app import clock
from app.config import PRODUCTION
from app.db import writing
from app.language import language
from app.organisation.queries import facts
from app.people import sign_ins
from app.people.viewer import Viewer, viewer

ROLLS_AFTER = timedelta(days=1)


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
    app.after_request(_roll_and_tag)
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


def _roll_and_tag(response: Response) -> Response:
    """A deed of someone signed in lets the sign-in's 90 days begin anew, as the day's first Today does."""
    user = g.get("_login_user")
    if user is not None and user.is_authenticated:
        response.headers.add("X-Sign-In", user.tag)
        if request.method == "POST" and clock.now() - user.seen_at > ROLLS_AFTER:
            with writing():
                sign_ins.prolong(user.sign_in_id, clock.now())
    return response
