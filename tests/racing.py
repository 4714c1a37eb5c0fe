"""One of the processes of a race: tells, replays, withdraws and follows the same shares as the others.

`python -m tests.racing SEED SECONDS`; says "ready", waits for a line, and prints each request's start, end and
status as JSON.
"""

import json
import random
import sys
import time

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from app.db import db
from app.demo.seeding import PASSWORD
from app.sharing.models import SAID, Share

PEOPLE = ("anna", "mads", "omar", "liv")
LEAST = 30  # requests of each, on a busy machine too
NETWORKS = ("linkedin", "facebook", "intranet", "other")
TEXT = "Jeg havde tre minutter for lidt i morges. Alligevel satte jeg mig ned og drak kaffen med hende."


AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


class Phone:
    """A phone, signed in when somebody is named, that notes each of its requests."""

    def __init__(self, client: FlaskClient, name: str, seen: list[tuple[float, float, int, str]]) -> None:
        self.client, self.seen = client, seen
        if not name:
            return
        self.token = client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
        self.post("/sign-in", email=f"{name}@fjordby.example", password=PASSWORD)
        self.token = client.get("/me/settings").text.split('name="csrf_token" value="')[1].split('"')[0]

    def post(self, path: str, **form: str) -> str:
        """The address that the answer leads to."""
        began = time.time()
        answer = self.client.post(path, data=form, headers={"X-CSRF-Token": self.token})
        self.seen.append((began, time.time(), answer.status_code, path))
        return answer.location or ""

    def get(self, path: str, address: str = "127.0.0.1") -> str:
        """A page, as a browser at an address asks for it."""
        began = time.time()
        answer = self.client.get(
            path, headers={"User-Agent": AGENT}, environ_overrides={"REMOTE_ADDR": address}
        )
        self.seen.append((began, time.time(), answer.status_code, path))
        return answer.text


def settled_links(app: Flask) -> list[str]:
    """Short links that the seeded past has left: a click on a fresh one is not counted."""
    newest = (
        select(Share.token)
        .where(Share.rung >= SAID, Share.withdrawn_at.is_(None))
        .order_by(Share.said_at.desc())
    )
    with app.app_context():
        return [f"/s/{token}" for token in db.session.scalars(newest.limit(3))]


def race(number: int, seconds: float) -> list[tuple[float, float, int, str]]:
    """Everyone tells the same few stories, over and over."""
    app = create_app()
    chance = random.Random(number)  # noqa: S311  # which share comes next is no secret
    seen: list[tuple[float, float, int, str]] = []
    phones = [Phone(app.test_client(), name, seen) for name in PEOPLE]
    stranger = Phone(app.test_client(), "", seen)
    links = settled_links(app)
    print("ready", flush=True)
    sys.stdin.readline()
    until, at_last = time.time() + seconds, time.time() + 5 * seconds
    while time.time() < until or (len(seen) < LEAST and time.time() < at_last):
        phone, network = chance.choice(phones), chance.choice(NETWORKS)
        posting = phone.post(
            f"/stories/{chance.randint(1, 4)}/shares", text=TEXT, network=network, disclosed="1"
        )
        if chance.random() < 0.2:
            phone.get("/")
        if chance.random() < 0.3:
            stranger.get(chance.choice(links), f"203.0.113.{chance.randint(1, 6)}")
        if not posting.endswith("/posting"):
            continue
        for _tap in range(chance.randint(1, 3)):
            phone.post(posting)
        if chance.random() < 0.3:
            phone.post(posting.replace("/posting", "/withdrawal"))
    return seen


if __name__ == "__main__":
    json.dump(race(int(sys.argv[1]), float(sys.argv[2])), sys.stdout)
