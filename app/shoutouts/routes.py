"""The wall, giving and receiving a shout-out, and the manager's home."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.given import number
from app.shoutouts import actions, giving, pages, queries
from app.shoutouts.forms import Draft, problems, typed_draft, wrong_words
from app.shoutouts.models import Shoutout
from app.web import access, go_to, toast

shoutouts = Blueprint("shoutouts", __name__)


@shoutouts.get("/shoutouts")
@access.signed_in
def wall() -> Response:
    """The tab: the wall, and for a manager their home, unless they ask for a view."""
    view = request.args.get("view", "")
    if current_user.is_manager and view not in queries.WALLS:
        return pages.lead()
    return pages.wall(view if view in queries.WALLS else "all", request.args.get("before", type=number))


@shoutouts.get("/shoutouts/new")
@access.manager
def new() -> Response:
    """The form: empty, for somebody, or with what was just undone."""
    draft = _undone(request.args.get("again", 0, type=number)) or Draft(to=dict.fromkeys(request.args.getlist("to", type=number), False))  # fmt: skip
    return pages.form(draft.anew(), folded=True)


def _undone(shoutout_id: int) -> Draft | None:
    """What was taken back before anyone saw it, to be written on."""
    before = queries.own(current_user.id, shoutout_id)
    if before is None or before.undone_at is None:
        return None
    values = tuple(value for value in (before.value_id, before.second_value_id) if value)
    to = dict.fromkeys(actions.receivers_of(before.id), False)
    return Draft(to, before.did, before.led, values, before.audience)


@shoutouts.post("/shoutouts/new")
@access.manager
def find() -> Response:
    """The form as it stands, with colleagues by that name. Nothing is given."""
    return pages.form(typed_draft())


@shoutouts.post("/shoutouts")
@access.manager
def give() -> AnyResponse:
    """Give it, as the form has promised; when that cannot be, nothing is given and the form says what can."""
    draft, now = typed_draft(), clock.now()
    last = queries.last_texts(current_user.id, draft.key())
    if wrong := problems(draft, pages.organisation(), current_user.local_date(now), last):
        return pages.form(draft, wrong)
    try:
        with writing():
            shoutout_id = giving.give(draft.gift(current_user.id), now)
    except giving.CannotCount as broken:
        return pages.form(draft, pages.cannot_count(draft, broken.caps))
    except giving.Gone:
        return pages.form(
            draft, {"to": _("Somebody you chose is not here any more, or it is yourself. Choose again.")}
        )
    except giving.Undone:
        return pages.form(
            draft.anew(), {"promise": _("You took this one back. Tap once more to send it after all.")}
        )
    toast(_("Sent. It arrives in ten seconds."), undo=url_for("shoutouts.undo", shoutout_id=shoutout_id))
    return go_to(url_for("shoutouts.wall", view="all"))


@shoutouts.post("/shoutouts/<int:shoutout_id>/undo")
@access.signed_in
def undo(shoutout_id: int) -> AnyResponse:
    """Take it back before it arrives, and write on."""
    _own_or_404(shoutout_id)
    with writing():
        undone = actions.undo(shoutout_id, current_user.id, clock.now())
    if undone:
        toast(_("Undone. Nobody has seen it, and what you wrote is here."))
        return go_to(url_for("shoutouts.new", again=shoutout_id))
    toast(_("It has arrived. You can still withdraw it."))
    return go_to(pages.address(shoutout_id))


@shoutouts.get("/shoutouts/<int:shoutout_id>")
@access.signed_in
def one(shoutout_id: int) -> Response:
    """One shout-out. The receiver's first look is kept, so that it is new no more."""
    found = _open_or_404(shoutout_id)
    mine = found.receiver(current_user.id)
    if mine and mine.opened_at is None and request.method == "GET":
        with writing():
            actions.open_it(shoutout_id, current_user.id, clock.now())
    return pages.one(found)


@shoutouts.post("/shoutouts/<int:shoutout_id>/audience")
@access.signed_in
def decide(shoutout_id: int) -> AnyResponse:
    """The receiver decides who may see it."""
    found = _received_or_404(shoutout_id)
    given = request.form.get("audience", "")
    try:
        with writing():
            actions.decide(shoutout_id, current_user.id, given, clock.now())
    except ValueError:
        return pages.received(found, _("Choose one of those on the page."))
    toast(_("Saved. You can change it again."))
    return go_to(url_for("shoutouts.wall", view="mine"))


@shoutouts.post("/shoutouts/<int:shoutout_id>/smile")
@access.signed_in
def smile(shoutout_id: int) -> AnyResponse:
    """The receiver smiles back."""
    found = _received_or_404(shoutout_id)
    with writing():
        actions.smile(shoutout_id, current_user.id, clock.now())
    toast(_("%(name)s sees that you have read it with a smile.", name=found.row.giver.split()[0]))
    return go_to(pages.address(shoutout_id))


@shoutouts.get("/shoutouts/<int:shoutout_id>/edit")
@access.signed_in
def edit(shoutout_id: int) -> Response:
    """The words, to be corrected."""
    standing = _standing_or_404(shoutout_id)
    return pages.correction(shoutout_id, Draft(did=standing.did, led=standing.led))


@shoutouts.post("/shoutouts/<int:shoutout_id>/edit")
@access.signed_in
def correct(shoutout_id: int) -> AnyResponse:
    """Correct the words, within a quarter of an hour."""
    standing = _standing_or_404(shoutout_id)
    draft, now = typed_draft(), clock.now()
    least = pages.organisation().setting("shoutout_characters", current_user.local_date(now))
    if wrong := wrong_words(draft.did, draft.led, least, queries.last_texts(current_user.id, standing.key)):
        return pages.correction(shoutout_id, draft, wrong)
    with writing():
        corrected = actions.edit(shoutout_id, current_user.id, draft.did, draft.led, now)
    if not corrected:
        return pages.correction(shoutout_id, draft, {"did": _("A text can be corrected for 15 minutes. They are over; you can withdraw it instead.")})  # fmt: skip
    toast(_("Corrected."))
    return go_to(pages.address(shoutout_id))


@shoutouts.post("/shoutouts/<int:shoutout_id>/withdrawal")
@access.signed_in
def withdraw(shoutout_id: int) -> AnyResponse:
    """Take it back after it has arrived: a line stays."""
    _own_or_404(shoutout_id)
    with writing():
        withdrawn = actions.withdraw(shoutout_id, current_user.id, clock.now())
    toast(_("Withdrawn. The points are corrected.") if withdrawn else _("It is not there any more."))
    return go_to(url_for("shoutouts.wall", view="all"))


@shoutouts.get("/lead")
@access.manager
def lead() -> Response:
    """The manager's home: budget left, and who has waited."""
    return pages.lead()


@shoutouts.get("/lead/coverage")
@access.manager
def coverage() -> Response:
    """Has everyone heard something?"""
    return pages.covered()


def _open_or_404(shoutout_id: int) -> queries.Shown:
    return queries.shown(current_user, shoutout_id, clock.now()) or abort(404)


def _received_or_404(shoutout_id: int) -> queries.Shown:
    """One to the viewer, that has come and still stands."""
    found = _open_or_404(shoutout_id)
    if found.receiver(current_user.id) is None or found.row.withdrawn_at:
        abort(404)
    return found


def _own_or_404(shoutout_id: int) -> Shoutout:
    return queries.own(current_user.id, shoutout_id) or abort(404)


def _standing_or_404(shoutout_id: int) -> Shoutout:
    standing = _own_or_404(shoutout_id)
    return abort(404) if standing.undone_at or standing.withdrawn_at else standing
