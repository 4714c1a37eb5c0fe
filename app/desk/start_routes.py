"""Getting started: what a new organisation still needs before anybody is invited."""

from flask import Response
from flask_login import current_user

from app.desk.routes import desk
from app.organisation.queries import facts
from app.people import search
from app.stories.queries import topics
from app.stories.questions import questions
from app.web import access, respond


@desk.get("/desk/start")
@access.admin
def start() -> Response:
    """The steps in their order, and which are taken."""
    decided, numbers = facts(current_user.organisation_version), search.numbers()
    done = {
        "about": bool(decided.promise_da),
        "purposes": bool(decided.purposes),
        "values": bool(decided.values),
        "topics": bool(topics()),
        "questions": any(question.retired_at is None for question in questions()),
        "teams": numbers["teams"] > 0,
        "people": numbers["people"] > 1,
        "curator": search.curators() > 0,
        "invitations": numbers["joined"] > 1,
    }
    return respond("desk/start.html", done=done)
