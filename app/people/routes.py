"""Signing in and out."""

from flask import Blueprint, Response, current_app, make_response, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.config import PRODUCTION
from app.db import writing
from app.given import text as typed
from app.people import sign_ins, this_device
from app.people.passwords import verified
from app.web import access, go_to, respond, safe_next

people = Blueprint("people", __name__)
LONGEST_ADDRESS = 254


@people.get("/sign-in")
@access.public
def sign_in() -> AnyResponse:
    """The sign-in page; who is signed in already goes on to Today."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")), 303)
    return form(email=typed(request.args.get("email", ""))[:LONGEST_ADDRESS])


@people.post("/sign-in")
@access.public
def begin_sign_in() -> AnyResponse:
    """Check a password. The same answer for an unknown account; a kind 429 after many tries."""
    email = typed(request.form.get("email", ""))[:LONGEST_ADDRESS]
    counted = sign_ins.subjects(current_app.secret_key, email, request.remote_addr or "")  # type: ignore[arg-type]  # config.py makes it text
    with writing():
        wait = sign_ins.wait_seconds(counted, clock.now())
        tries = [] if wait else sign_ins.note_try(counted, clock.now())
    if wait:
        return paused(form(429, email, many_tries(wait)), wait)
    account = sign_ins.account_of(email)
    if not verified(account[1] if account else None, request.form.get("password", "")):
        return form(422, email, _("That address and password do not go together. Try again."))
    if account is None or (account[2] and current_app.config["FORTAEL_ENV"] == PRODUCTION):
        return form(422, email, _("That address and password do not go together. Try again."))
    with writing():
        sign_ins.forgive(counted[0][0], tries)
        token = this_device.begin(account[0], clock.now())
    return this_device.enter(token, request.form.get("next"))


def form(status: int = 200, email: str = "", error: str = "", email_error: str = "") -> Response:
    """The sign-in page with what was typed; `email_error` is said beside the address alone."""
    going_to = request.values.get("next", "")
    return respond(
        "people/sign_in.html", status=status, email=email, error=error, email_error=email_error, next=going_to
    )


def many_tries(seconds: int) -> str:
    """That there is to be a pause, and how long."""
    return str(
        ngettext(
            "There have been many tries. Wait a minute and try again. Your account is fine.",
            "There have been many tries. Wait %(num)d minutes and try again. Your account is fine.",
            -(-seconds // 60),
        )
    )


def paused(page: Response, seconds: int) -> Response:
    """The page, saying when it may be tried again."""
    page.headers["Retry-After"] = str(seconds)
    return page


@people.post("/sign-out")
@access.signed_in
def sign_out() -> AnyResponse:
    """End this device's sign-in for good, and clear what the browser kept."""
    with writing():
        sign_ins.end(current_user.id, current_user.sign_in_id, clock.now())
    return signed_out()


@people.post("/sign-out-everywhere")
@access.signed_in
def sign_out_everywhere() -> AnyResponse:
    """End all of the person's sign-ins for good."""
    with writing():
        sign_ins.end_all(current_user.id, clock.now())
    return signed_out()


def signed_out() -> AnyResponse:
    """Go to sign-in with the browser's caches and storage cleared."""
    logout_user()
    session.clear()
    response = go_to(url_for("people.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@people.post("/language")
@access.public
def choose_language() -> AnyResponse:
    """Danish or English on this device, before signing in."""
    response = make_response(redirect(url_for("people.sign_in"), 303))
    chosen = "en" if request.form.get("language") == "en" else "da"
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie("language", chosen, max_age=365 * 86400, samesite="Lax", httponly=True, secure=secure)
    return response
