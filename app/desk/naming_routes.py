"""What the organisation calls its own: purposes, values, topics and the questions of the day."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import db, writing
from app.desk.organisation_forms import said
from app.desk.routes import desk
from app.given import text
from app.organisation import named
from app.organisation.models import Purpose, Value
from app.organisation.named import Refused
from app.stories.models import Question, Topic
from app.stories.questions import add_question, questions, retire_question
from app.stories.topics import ICONS
from app.web import access, go_to, respond, toast

KINDS: dict[str, type[Any]] = {"purposes": Purpose, "values": Value, "topics": Topic}
QUESTION = {"text": 160, "text_en": 160, "hint": 160, "hint_en": 160}


@desk.get("/desk/organisation/<any(purposes, values, topics):kind>")
@access.admin
def names(kind: str) -> Response:
    """All of a kind, in their order; the retired ones last."""
    return _names(kind)


@desk.post("/desk/organisation/<any(purposes, values, topics):kind>")
@access.admin
def add_name(kind: str) -> AnyResponse:
    """One more."""
    try:
        with writing():
            named.add(KINDS[kind], *_given(), **_more(kind))
    except Refused as wrong:
        return _names(kind, 0, said(wrong))
    toast(_("Added."))
    return _back(kind)


@desk.post("/desk/organisation/<any(purposes, values, topics):kind>/<int:identity>")
@access.admin
def rename(kind: str, identity: int) -> AnyResponse:
    """Call it something else, wherever it stands."""
    _one_or_404(kind, identity)
    try:
        with writing():
            named.rename(KINDS[kind], identity, *_given(), **_more(kind))
    except Refused as wrong:
        return _names(kind, identity, said(wrong))
    toast(_("Saved."))
    return _back(kind)


@desk.post("/desk/organisation/<any(purposes, values, topics):kind>/<int:identity>/up")
@access.admin
def lift(kind: str, identity: int) -> AnyResponse:
    """One place further up."""
    _one_or_404(kind, identity)
    with writing():
        named.lift(KINDS[kind], identity)
    return _back(kind)


@desk.post("/desk/organisation/<any(purposes, values):kind>/<int:identity>/retirement")
@access.admin
def retire(kind: str, identity: int) -> AnyResponse:
    """Offer it no more; gone when nothing names it."""
    _one_or_404(kind, identity)
    with writing():
        gone = named.retire(KINDS[kind], identity, clock.now())
    toast(_("Removed.") if gone else _("Retired. What has it keeps it."))
    return _back(kind)


@desk.post("/desk/organisation/<any(purposes, values):kind>/<int:identity>/return")
@access.admin
def bring_back_name(kind: str, identity: int) -> AnyResponse:
    """Offer a retired one again."""
    _one_or_404(kind, identity)
    try:
        with writing():
            named.bring_back(KINDS[kind], identity)
    except Refused as wrong:
        return _names(kind, 0, said(wrong))
    return _back(kind)


@desk.get("/desk/organisation/questions")
@access.admin
def question_list() -> Response:
    """The questions that take turns by date."""
    return _questions()


@desk.post("/desk/organisation/questions")
@access.admin
def create_question() -> AnyResponse:
    """One more question takes its turns."""
    given = {name: " ".join(text(request.form.get(name, "")).split()) for name in QUESTION}
    problems = {
        name: said(Refused("too-long", most=most))
        for name, most in QUESTION.items()
        if len(given[name]) > most
    }
    if not given["text"]:
        problems["text"] = said(Refused("missing"))
    elif db.session.scalar(select(Question.id).where(Question.text == given["text"])):
        problems["text"] = said(Refused("same-name"))
    if problems:
        return _questions(problems)
    with writing():
        add_question(given["text"], given["text_en"] or None, given["hint"], given["hint_en"] or None)
    toast(_("Added."))
    return go_to(url_for("desk.question_list"))


@desk.post("/desk/organisation/questions/<int:identity>/<any(retirement, return):turn>")
@access.admin
def turn_question(identity: int, turn: str) -> AnyResponse:
    """Ask it no more, or again."""
    if db.session.get(Question, identity) is None:
        abort(404)
    with writing():
        retire_question(identity, clock.now() if turn == "retirement" else None)
    return go_to(url_for("desk.question_list"))


def _questions(problems: dict[str, str] | None = None) -> Response:
    return respond(
        "desk/questions.html", status=422 if problems else 200,
        questions=questions(), problems=problems or {}, values=request.form,
    )  # fmt: skip


def _given() -> tuple[str, str]:
    return request.form.get("name", ""), request.form.get("name_en", "")


def _more(kind: str) -> dict[str, Any]:
    """A topic's icon: one of those offered, else none is changed."""
    icon = request.form.get("icon", "")
    return {"icon": icon} if kind == "topics" and icon in ICONS else {}


def _names(kind: str, wrong: int | None = None, problem: str = "") -> Response:
    table = KINDS[kind]
    rows = db.session.scalars(select(table).order_by(table.position, table.id)).all()
    return respond(
        "desk/names.html", status=422 if problem else 200, kind=kind, icons=ICONS, most=named.MOST_PURPOSES,
        rows=[row for row in rows if not getattr(row, "retired_at", None)],
        retired=[row for row in rows if getattr(row, "retired_at", None)],
        wrong=wrong, problem=problem, values=request.form,
    )  # fmt: skip


def _back(kind: str) -> AnyResponse:
    return go_to(url_for("desk.names", kind=kind))


def _one_or_404(kind: str, identity: int) -> None:
    if db.session.get(KINDS[kind], identity) is None:
        abort(404)
