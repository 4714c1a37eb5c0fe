"""The signed session cookie, its signature checked once for each value that comes."""

from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

MOST_KEPT = 4000


class Cookies(SecureCookieSessionInterface):
    """Flask's own, but that it remembers what it has read: a device sends the same cookie with each request.

    A sign-in that has ended stays ended: the database decides that, not the cookie.
    """

    def __init__(self, app: Flask) -> None:
        serializer = self.get_signing_serializer(app)
        assert serializer is not None  # noqa: S101  # config.py always sets a key
        self._serializer: URLSafeTimedSerializer = serializer
        self._most_seconds = int(app.permanent_session_lifetime.total_seconds())
        self._read = lru_cache(MOST_KEPT)(self._verified)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """The session of the request's cookie, or an empty one."""
        value = request.cookies.get(self.get_cookie_name(app))
        kept = self._read(value) if value else {}
        # What can be changed in place (the flashes' list) is copied, so that what is kept stays as it came.
        return self.session_class(
            {key: list(one) if isinstance(one, list) else one for key, one in kept.items()}
        )

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie when something in it has changed."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed and "Cookie" not in response.headers.get("Vary", ""):
            response.vary.add("Cookie")

    def _verified(self, value: str) -> dict[str, Any]:
        try:
            return dict(self._serializer.loads(value, max_age=self._most_seconds))
        except BadSignature:
            return {}
