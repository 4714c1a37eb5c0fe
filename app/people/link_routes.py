"""Signing in by mail: ask for a link, then press its button, or type its code where it was asked for."""

import re

from flask import Blueprint, Response, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.config import PRODUCTION
from app.db import writing
from app.given import text as typed
from app.people import links as verbs
from app.people import sign_ins, this_device
from app.people.routes import LONGEST_ADDRESS, form, many_tries, paused
from app.web import access, go_to, respond, safe_next, toast

links = Blueprint("links", __name__)
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
CODE = re.compile(r"[0-9]{6}")
LONGEST_NEXT = 500


@links.post("/sign-in/link")
@access.public
def ask() -> AnyResponse:
    """Send a link and a code. The same answer, whether the address is somebody's or not."""
    email = typed(request.form.get("email", ""))
    if len(email) > LONGEST_ADDRESS or not ADDRESS.fullmatch(email):
        wrong = _("Write your work e-mail, then we send the link.")
        return form(422, email[:LONGEST_ADDRESS], email_error=wrong)
    going_to = safe_next(request.form.get("next"))
    going_to = going_to if len(going_to) <= LONGEST_NEXT else "/"
    who = verbs.addressee(email, demo=current_app.config["FORTAEL_ENV"] != PRODUCTION)
    counted = _counted(email, "link")
    with writing():
        wait = sign_ins.wait_seconds(counted, clock.now())
        if not wait:
            noted = sign_ins.note_try(counted, clock.now())
            name = verbs.ask(who, email, going_to, noted, _secret(), clock.now())
    if wait:
        return paused(form(429, email, many_tries(wait)), wait)
    session.permanent = True
    session["asked"] = (name, email, going_to)
    if "again" in request.form:
        toast(_("Sent again"))
    return go_to(url_for("links.code"))


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _counted(email: str, what: str, allowed: int = sign_ins.TRIES_PER_ACCOUNT) -> list[tuple[bytes, int]]:
    return sign_ins.subjects(_secret(), email, request.remote_addr or "", what, allowed)


@links.get("/sign-in/code")
@access.public
def code() -> AnyResponse:
    """The page that waits for the code; who did not ask here, or is signed in, goes elsewhere."""
    if current_user.is_authenticated:
        return redirect("/", 303)
    return _code_form() if "asked" in session else redirect(url_for("people.sign_in"), 303)


def _code_form(status: int = 200, error: str = "", given: str = "") -> Response:
    _name, email, going_to = session["asked"]
    return respond(
        "people/sign_in_code.html", status=status, email=email, next=going_to, error=error, code=given
    )


@links.post("/sign-in/code")
@access.public
def begin_with_code() -> AnyResponse:
    """Check a code against the link that this browser asked for. The same answer for all that is wrong."""
    if "asked" not in session:
        return go_to(url_for("people.sign_in"))
    name, email, going_to = session["asked"]
    given = "".join(typed(request.form.get("code", "")).split())
    if not CODE.fullmatch(given):
        return _code_form(422, _("The code is the six digits in the letter."), given[:20])
    counted, at = _counted(email, "code", sign_ins.CODES_PER_ACCOUNT), clock.now()
    token = ""
    with writing():
        wait = sign_ins.wait_seconds(counted, at)
        tries = [] if wait else sign_ins.note_try(counted, at)
        if not wait and (person_id := verbs.use_code(name, given, _secret(), at)):
            sign_ins.forgive(counted[0][0], tries)
            token = this_device.begin(person_id, at)
    if wait:
        return paused(_code_form(429, many_tries(wait), given), wait)
    if not token:
        wrong = _("That code is not right, or no longer good. Try again, or have a new one sent.")
        return _code_form(422, wrong, given)
    return this_device.enter(token, going_to)


@links.get("/sign-in/link/<string(length=43):link_token>")
@access.public
def link(link_token: str) -> AnyResponse:
    """What a link in a letter opens: a button. Mail scanners open it too, so opening changes nothing."""
    who = verbs.whom(link_token, clock.now())
    if who is None and current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")), 303)
    return _link_page(link_token, who)


def _link_page(token: str, who: verbs.Addressee | None) -> AnyResponse:
    going_to = safe_next(request.values.get("next"))
    return respond(
        "people/sign_in_link.html", status=200 if who else 410, token=token, whom=who, next=going_to
    )


@links.post("/sign-in/link/<string(length=43):link_token>")
@access.public
def begin_with_link(link_token: str) -> AnyResponse:
    """The button: use the link up, in whichever browser it was opened."""
    with writing():
        person_id = verbs.use(link_token, _secret(), clock.now())
        entered = this_device.begin(person_id, clock.now()) if person_id else ""
    if not entered:
        return _link_page(link_token, None)
    return this_device.enter(entered, request.form.get("next"))
