"""A curator lets a story go that waits for its leader, has it wait again, or finds it right after all."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import db, writing
from app.desk.queue_routes import done
from app.desk.routes import desk, story_or_404
from app.people.models import Person
from app.stories import gate, wrongs
from app.stories.models import Story
from app.web import access, go_to, is_fragment, respond, toast


@desk.post("/desk/stories/<int:story_id>/release")
@access.curator
def let_go(story_id: int) -> AnyResponse:
    """Everybody sees it, though its leader has not told it."""
    story_or_404(story_id)
    with writing():
        let_go = gate.open_without_leader(story_id, current_user.id, clock.now())
    return _answer(story_id, _("Shown without waiting. It stands in the log.") if let_go else _meanwhile())


@desk.post("/desk/stories/<int:story_id>/release/undo")
@access.curator
def wait_again(story_id: int) -> AnyResponse:
    """It waits for its leader after all."""
    story_or_404(story_id)
    with writing():
        waits = gate.wait_again(story_id, current_user.id, clock.now())
    return _answer(story_id, _("It waits again. It stands in the log.") if waits else _meanwhile())


def _meanwhile() -> str:
    return str(_("Somebody was quicker. This is how it stands."))


def _answer(story_id: int, said: str) -> AnyResponse:
    if not is_fragment():
        toast(said)
        return go_to(url_for("editor.edit_story", story_id=story_id))
    story = story_or_404(story_id)
    answer: Response = respond("desk/_gate.html", story=story, **gate_of(story))
    toast(said, answer)
    return answer


def gate_of(story: Story | None) -> dict[str, Any]:
    """How a story stands with its leader, and what curators have decided: for `desk/_gate.html`."""
    leader = db.session.get(Person, story.leader_id) if story and story.leader_id else None
    return {
        "leader": leader,
        "waits": bool(story and story.id in gate.waited_for([story.id])),
        "log": gate.log_of(story.id) if story else [],
    }


@desk.post("/desk/stories/<int:story_id>/found-right")
@access.curator
def find_right(story_id: int) -> AnyResponse:
    """What colleagues said was wrong is right."""
    story_or_404(story_id)
    with writing():
        wrongs.find_right(story_id, current_user.id, clock.now())
    return done(_("Noted. You hear of it again when three more say so."))
