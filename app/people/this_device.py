"""Signing this device in, whichever way somebody has shown who they are."""

from datetime import datetime

from flask import request, session
from flask_login import current_user, login_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.people import sign_ins
from app.people.devices import device_name
from app.people.viewer import viewer
from app.web import go_to, safe_next


def begin(person_id: int, at: datetime) -> str:
    """End what this device was signed in as, and begin anew, in the caller's transaction; the new token."""
    if current_user.is_authenticated:
        sign_ins.end(current_user.id, current_user.sign_in_id, at)
    return sign_ins.begin(person_id, device_name(request.user_agent.string), at)


def enter(token: str, going_to: str | None) -> AnyResponse:
    """Let a sign-in that has begun hold, with a session of its own, and go where it was going."""
    session.clear()
    session.permanent = True
    login_user(viewer(token, clock.now()))
    return go_to(safe_next(going_to))
