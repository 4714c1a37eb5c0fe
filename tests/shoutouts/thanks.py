"""What tests of shout-outs do again and again: give one and let its ten seconds pass."""

import re
from datetime import timedelta

import time_machine
from sqlalchemy import select

from app.db import db, writing
from app.organisation import actions as organisation
from app.people.models import Person
from app.shoutouts import jobs
from app.shoutouts.models import BudgetMonth, Receiver, Shoutout
from tests.conftest import NOW

DID = "Du blev en time længere fredag og hjalp den nye vikar i gang på ruten."
LED = "Hun kom tilbage mandag og sagde, at hun gerne vil søge fast."
LATER = NOW + timedelta(seconds=10)


def form(*people, did=DID, led=LED, value=(), audience="organisation", promise="counts", nonce="a", **more):
    """The fields of the form, as a browser sends them."""
    to = [str(getattr(one, "id", one)) for one in people]
    return {"to": to, "did": did, "led": led, "value": list(value), "audience": audience, "promise": promise, "nonce": nonce} | more  # fmt: skip


def give(browser, *people, **fields):
    """Give it; its id. The form is sent as it is, so tell what is not the usual."""
    answer = browser.post("/shoutouts", data=form(*people, **fields))
    assert answer.status_code == 303, problems_in(answer)
    return db.session.scalar(select(Shoutout.id).order_by(Shoutout.id.desc()).limit(1))


def problems_in(answer):
    """What a refused form says is wrong."""
    return re.findall(r'class="(?:err|note r[^"]*)"[^>]*>.*?<span>(.*?)</span>', answer.text)


def deliver(at=LATER):
    """Let the worker take what is due at an instant; time is as it was afterwards."""
    with time_machine.travel(at, tick=False):
        taken = jobs.deliver(at)
    db.session.rollback()
    return taken


def led_by(manager, *people):
    """Let people report to a manager."""
    with writing():
        for one in people:
            db.session.get_one(Person, one.id).manager_id = manager.id


def add_values():
    """Two values of the organisation; their ids."""
    with writing():
        return [
            organisation.add_value(*names).id for names in (("Mod", "Courage"), ("Ordentlighed", "Decency"))
        ]


def part_of(shoutout_id, person):
    """Somebody's own part of a shout-out, as it stands."""
    db.session.rollback()
    return db.session.get(Receiver, (shoutout_id, person.id))


def used(person):
    """What of a giver's month is used."""
    db.session.rollback()
    return db.session.scalar(select(BudgetMonth.used).where(BudgetMonth.giver_id == person.id))
