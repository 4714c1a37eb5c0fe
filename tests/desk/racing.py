"""One of two curators who tap at once: `python -m tests.desk.racing`.

Each line that it reads is a verb and a story; it prints when it began and ended and whether it was the one who changed something.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from app import clock, create_app
from app.db import db, writing
from app.people.models import Person
from app.stories import gate, wrongs

VERBS: dict[str, Callable[[int, int, datetime], bool]] = {
    "release": gate.open_without_leader,
    "wait": gate.wait_again,
    "right": wrongs.find_right,
}


def race() -> None:
    """Do what is asked, as Karen."""
    karen = db.session.scalars(select(Person.id).where(Person.email.startswith("karen@"))).one()
    db.session.rollback()
    print("ready", flush=True)
    for line in sys.stdin:
        verb, story_id, begins = line.split()
        time.sleep(max(0, float(begins) - time.time()))
        began = time.time()
        with writing():
            changed = VERBS[verb](int(story_id), karen, clock.now())
        print(json.dumps([began, time.time(), changed]), flush=True)


if __name__ == "__main__":
    with create_app().app_context():
        race()
