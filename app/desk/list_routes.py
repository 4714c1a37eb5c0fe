"""A list of people on the desk: brought, looked at, and imported when all of it is right."""

from contextlib import closing
from pathlib import Path

from flask import Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.desk.people_routes import today
from app.desk.routes import desk
from app.people import imports, lists, reasons, sheets
from app.people.enrolment import NotEnrolled, register
from app.people.exports import as_csv
from app.people.models import PeopleList
from app.people.plans import Plan
from app.people.sheets import Sheet, SheetRefused
from app.web import access, go_to, respond, toast

SAMPLE = Path(__file__).parent.parent.parent / "docs" / "people.csv"
MOST_SHOWN = 200


@desk.get("/desk/people/lists/new")
@access.admin
def new_list() -> Response:
    """Choose a file."""
    return _choose()


@desk.post("/desk/people/lists")
@access.admin
def bring_list() -> AnyResponse:
    """Keep the file, and look at what it would do."""
    sent = request.files.get("list")
    if sent is None or not sent.filename:
        return _choose(reasons.refused("no-file"))
    with closing(sent):
        content = sent.read(sheets.MOST_BYTES + 1)
    try:
        sheets.read(content)
    except SheetRefused as refused:
        return _choose(reasons.refused(refused.reason))
    with writing():
        list_id = lists.keep(current_user.id, imports.shown(sent.filename), content, clock.now())
    return go_to(url_for("desk.people_list_preview", list_id=list_id))


def _choose(error: str = "") -> Response:
    return respond("desk/new_list.html", status=422 if error else 200, error=error, headings=sheets.HEADINGS)


@desk.get("/desk/people/lists/<int:list_id>")
@access.admin
def people_list_preview(list_id: int) -> Response:
    """What the list would change and what is wrong in it; or what it has changed."""
    kept = _list_or_404(list_id)
    if kept.content is None:
        return respond("desk/imported.html", brought=kept, summary=reasons.summary(kept.counts or {}))
    sheet = sheets.read(kept.content)
    return _preview(kept, imports.plan(sheet, register(today())), sheet)


@desk.post("/desk/people/lists/<int:list_id>/import")
@access.admin
def import_list(list_id: int) -> AnyResponse:
    """Let it be true, if it does what was looked at."""
    kept = _list_or_404(list_id)
    sheet = sheets.read(kept.content) if kept.content is not None else Sheet([], {}, [], [])
    try:
        with writing():
            made = lists.let_in(list_id, sheet, clock.now(), today(), request.form.get("plan", ""))
    except NotEnrolled as nothing:
        return _preview(_list_or_404(list_id), nothing.plan, sheet, changed=True)
    except lists.ImportedAlready:
        toast(_("This list is imported already."))
    else:
        toast(
            _("Imported.") if made.changes else _("The list says what is here already. Nothing has changed.")
        )
    return go_to(url_for("desk.people_list_preview", list_id=list_id))


@desk.get("/desk/people/lists/<int:list_id>/bad-rows")
@access.admin
def bad_rows(list_id: int) -> Response:
    """The rows with a problem as a file of their own, to be put right."""
    kept = _list_or_404(list_id)
    sheet = sheets.read(kept.content or abort(404))
    made = imports.plan(sheet, register(today()))
    cells = {row.line: row.cells for row in sheet.rows}
    wrong: dict[int, list[str]] = {}
    for problem in made.problems:
        wrong.setdefault(problem.line, []).append(reasons.line(problem))
    head = [*sheet.headings.values(), _("Line"), _("What is wrong")]
    rows = [
        [*(cells.get(line, {}).get(field, "") for field in sheet.headings), line, " ".join(said)]
        for line, said in wrong.items()
    ]
    return _file(as_csv([head, *rows]), "bad-rows.csv")


@desk.get("/desk/people/sample")
@access.admin
def sample_list() -> Response:
    """A list as it may look."""
    return _file(SAMPLE.read_bytes(), "people.csv")


def _file(content: bytes, name: str) -> Response:
    response = current_app.response_class(content, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _preview(kept: PeopleList, made: Plan, sheet: Sheet, changed: bool = False) -> Response:
    return respond(
        "desk/preview_list.html", status=422 if changed else 200,
        brought=kept, plan=made, changed=changed, rows=len(sheet.rows), said=reasons.said, path=made.tree.path,
        summary=reasons.summary(reasons.counted(made)), most=MOST_SHOWN,
    )  # fmt: skip


def _list_or_404(list_id: int) -> PeopleList:
    return lists.find(list_id) or abort(404)
