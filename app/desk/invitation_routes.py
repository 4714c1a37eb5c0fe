"""The desk invites: one person, or all who have never signed in."""

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.desk.people_routes import employed_or_404, today
from app.desk.routes import desk
from app.people import invitations as letters
from app.web import access, go_to, respond, toast


@desk.get("/desk/people/invitations")
@access.admin
def invitations() -> Response:
    """How many have never signed in. Never who."""
    return respond("desk/invitations.html", waiting=letters.waiting())


@desk.post("/desk/people/invitations")
@access.admin
def invite_all() -> AnyResponse:
    """A letter to each of them."""
    with writing():
        written = letters.invite_all(current_user.name, clock.now(), today())
    toast(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", written))
    return go_to(url_for("desk.people_list"))


@desk.post("/desk/people/<int:person_id>/invitation")
@access.admin
def invite(person_id: int) -> AnyResponse:
    """A letter to one person."""
    someone = employed_or_404(person_id)
    with writing():
        written = letters.invite(person_id, current_user.name, clock.now(), today())
    said = _("The letter is on its way to %(name)s.") if written else _("%(name)s has had a letter today.")
    toast(said % {"name": someone.name})
    return go_to(url_for("desk.person", person_id=person_id))
