"""The page Reminders: how often, when, about what, and how much a locked screen shows."""

from typing import NamedTuple

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.me import week
from app.people.windows import Span, default_days, own_days
from app.push import choices, wording
from app.push.choices import SLOTS, HoursRefused
from app.push.models import PushChoices
from app.web import access, go_to, respond, toast

reminders = Blueprint("reminders", __name__)
ALL_DAYS = 0b1111111


@reminders.get("/me/reminders")
@access.signed_in
def page() -> Response:
    """What one has chosen about being told, with one's hours drawn."""
    return _page()


def _page(status: int = 200, wrong: str = "") -> Response:
    chosen = choices.choices_of(current_user.id)
    days = _days(chosen)
    lang = current_user.locale
    return respond(
        "me/reminders.html",
        status=status,
        wrong=wrong,
        chosen=chosen,
        example=wording.text("stories", current_user.id, lang),
        slots=SLOTS,
        bars=week.bars(days, chosen.slot),
        stretches=week.stretches(days, lang),
        names=week.day_names(lang, "short"),
    )


def _days(chosen: PushChoices) -> tuple[Span | None, ...]:
    if chosen.hours:
        return own_days(chosen.hours, chosen.at_night)
    return default_days(current_user.working_days)


@reminders.post("/me/reminders/choices/<what>")
@access.signed_in
def choose(what: str) -> AnyResponse:
    """One choice: how often, when, about what, or how."""
    if what not in ("stories", *choices.CHOICES):
        abort(404)
    try:
        name, value = _given(what, request.form.get("value", ""))
        with writing():
            choices.choose(current_user.id, name, value, clock.now())
    except ValueError:
        return _page(422, what)
    return go_to(url_for("reminders.page", _anchor=what))


def _given(what: str, given: str) -> tuple[str, object]:
    """The choice's name and value. Raises ValueError for a switch that is neither on nor off."""
    if what == "slot":
        return what, given or None
    if what == "stories_a_week":
        return what, int(given) if given in tuple("012345") else given
    if given not in ("", "on"):
        raise ValueError(given)
    return ("stories_a_week", 2 if given else 0) if what == "stories" else (what, bool(given))


@reminders.post("/me/reminders/answer")
@access.signed_in
def answer() -> AnyResponse:
    """After six without an answer we ask: shall we write again?"""
    with writing():
        choices.go_on(current_user.id, clock.now())
        if request.form.get("value") != "yes":
            choices.choose(current_user.id, "stories_a_week", 0, clock.now())
    return go_to(url_for("reminders.page"))


class Row(NamedTuple):
    """A day of the form, as it stands or was typed: whether it has hours, and from when to when."""

    is_on: bool
    start: str
    end: str


@reminders.get("/me/reminders/hours")
@access.signed_in
def hours() -> Response:
    """One's hours, day by day."""
    chosen = choices.choices_of(current_user.id)
    usual = default_days(ALL_DAYS)
    spans = [(bool(span), span or usual[day]) for day, span in enumerate(_days(chosen))]
    rows = [Row(is_on, f"{span[0]:%H:%M}", f"{span[1]:%H:%M}") for is_on, span in spans if span]
    return _hours(rows, chosen.at_night, is_own=chosen.hours is not None)


def _hours(
    rows: list[Row], at_night: bool, wrong: HoursRefused | None = None, is_own: bool = False
) -> Response:
    return respond(
        "me/hours.html",
        status=422 if wrong else 200,
        rows=rows,
        at_night=at_night,
        wrong=wrong,
        is_own=is_own,
        names=week.day_names(current_user.locale, "wide"),
    )


@reminders.post("/me/reminders/hours")
@access.signed_in
def change_hours() -> AnyResponse:
    """Own hours, or the usual ones again."""
    if request.form.get("action") == "usual":
        with writing():
            choices.forget_hours(current_user.id, clock.now())
        toast(_("The usual hours hold again."))
        return go_to(url_for("reminders.page", _anchor="hours"))
    at_night, rows = bool(request.form.get("at_night")), _typed()
    try:
        with writing():
            days = [(row.start, row.end) if row.is_on else None for row in rows]
            choices.choose_hours(current_user.id, days, at_night, clock.now())
    except HoursRefused as reason:
        return _hours(rows, at_night, reason)
    toast(_("Saved. We keep to your hours."))
    return go_to(url_for("reminders.page", _anchor="hours"))


def _typed() -> list[Row]:
    form = request.form
    return [
        Row(f"day-{day}" in form, form.get(f"from-{day}", ""), form.get(f"to-{day}", "")) for day in range(7)
    ]
