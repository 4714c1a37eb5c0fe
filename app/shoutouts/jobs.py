"""What the clock asks of shout-outs: to deliver those whose ten seconds are over."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import outbox
from app.db import db, writing
from app.language import LANGUAGES, catalogue
from app.people.models import Person
from app.push.notices import Tiding, tell
from app.shoutouts import actions
from app.shoutouts.models import Shoutout

AT_ONCE = 20
logger = logging.getLogger(__name__)


def deliver(at: datetime) -> int:
    """Pay and tell the shout-outs that are due, each in a transaction of its own; how many steps it took.

    Trouble with one keeps no other waiting.
    """
    with writing():
        steps = outbox.claim("shoutout", at, AT_ONCE)
    for step in steps:
        try:
            with writing():
                _take(step, at)
        except Exception:
            logger.exception("step %s is not taken, and tried again later", step.id)
            with writing():
                outbox.put_off(step, at)
    return len(steps)


def _take(step: outbox.Claimed, at: datetime) -> None:
    if actions.deliver(step.payload["shoutout"], at):
        _tell(step.payload["shoutout"], at)
    outbox.done(step, at)


def _tell(shoutout_id: int, at: datetime) -> None:
    row = db.session.execute(
        select(Shoutout.did, Person.name)
        .join(Person, Person.id == Shoutout.giver_id)
        .where(Shoutout.id == shoutout_id)
    ).one()
    for person_id in actions.receivers_of(shoutout_id):
        key = actions.notice_key(shoutout_id, person_id)
        tell(Tiding(person_id, "shoutout", key, f"/shoutouts/{shoutout_id}", _words(row)), at)


def _words(row: Any) -> dict[str, tuple[str, str]]:
    return {
        lang: (catalogue(lang).gettext("%(name)s has written to you") % {"name": row.name}, row.did)
        for lang in LANGUAGES
    }
