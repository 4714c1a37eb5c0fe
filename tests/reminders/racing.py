"""One of two schedulers that run at once: `python -m tests.reminders.racing NUMBER` (0 gives everyone a phone).

Each line that it reads is an instant: it looks for who deserves a reminder then, tells some people the same
news as the other does, delivers, and prints when it began and ended and how many it reminded.
"""

import json
import random
import sys
import time
from datetime import datetime, timedelta

from sqlalchemy import select

from app import clock, create_app
from app.db import db, writing
from app.people.models import Person, SignIn
from app.push.models import Subscription
from app.push.notice_jobs import deliver
from app.push.notices import Tiding, take_back, tell
from app.reminders import jobs

# Small pages, so that both have something to take.
jobs.AT_ONCE = 3


def give_phones(at: datetime) -> None:
    """Everyone may be told on a device."""
    with writing():
        for person_id in db.session.scalars(select(Person.id)).all():
            sign_in = SignIn(
                person_id=person_id, token_hash=b"token %d" % person_id, device="phone", created_at=at, seen_at=at,
                expires_at=at + timedelta(days=60),
            )  # fmt: skip
            db.session.add(sign_in)
            db.session.flush()
            db.session.add(
                Subscription(
                    person_id=person_id, sign_in_id=sign_in.id, endpoint=f"https://push.example/{person_id}",
                    public_key=b"k", secret=b"s", key_id="key", name="phone", created_at=at, seen_at=at,
                )
            )  # fmt: skip


def race(number: int) -> None:
    """Do what a worker does, at each instant that is given."""
    chance = random.Random(number)  # noqa: S311  # who is told what first is no secret
    print("ready", flush=True)
    for line in sys.stdin:
        at = datetime.fromisoformat(line.strip())
        began = time.time()
        told = jobs.remind(at)
        _news(at, chance)
        steps = deliver(at)
        print(json.dumps([began, time.time(), told, steps]), flush=True)


def _news(at: datetime, chance: random.Random) -> None:
    """Both tell the same people the same, in an order of their own; some of it is taken back."""
    people = list(db.session.scalars(select(Person.id).order_by(Person.id).limit(12)))
    chance.shuffle(people)
    for person_id in people:
        key = f"news:{person_id}:{at.isoformat()}"
        with writing():
            tell(Tiding(person_id, "shoutout", key, "/"), at)
        if person_id % 4 == 0:
            with writing():
                take_back(key, at)


if __name__ == "__main__":
    with create_app().app_context():
        race(int(sys.argv[1])) if int(sys.argv[1]) else give_phones(clock.now())
