"""One of the processes of a race: tells, replays and withdraws the same shares as the others.

`python -m tests.racing SEED SECONDS`; prints each request's start, end and status as JSON.
"""

import json
import random
import sys
import time

from flask.testing import FlaskClient

from app import create_app
from app.demo.seeding import PASSWORD

PEOPLE = ("anna", "mads", "omar", "liv")
NETWORKS = ("linkedin", "facebook", "intranet", "other")
TEXT = "Jeg havde tre minutter for lidt i morges. Alligevel satte jeg mig ned og drak kaffen med hende."


class Phone:
    """A signed-in phone that notes each of its requests."""

    def __init__(self, client: FlaskClient, name: str, seen: list[tuple[float, float, int, str]]) -> None:
        self.client, self.seen = client, seen
        self.token = client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
        self.post("/sign-in", email=f"{name}@fjordby.example", password=PASSWORD)
        self.token = client.get("/me/settings").text.split('name="csrf_token" value="')[1].split('"')[0]

    def post(self, path: str, **form: str) -> str:
        """The address that the answer leads to."""
        began = time.time()
        answer = self.client.post(path, data=form, headers={"X-CSRF-Token": self.token})
        self.seen.append((began, time.time(), answer.status_code, path))
        return answer.location or ""


def race(number: int, seconds: float) -> list[tuple[float, float, int, str]]:
    """Everyone tells the same few stories, over and over."""
    app = create_app()
    chance = random.Random(number)  # noqa: S311  # which share comes next is no secret
    seen: list[tuple[float, float, int, str]] = []
    phones = [Phone(app.test_client(), name, seen) for name in PEOPLE]
    until = time.time() + seconds
    while time.time() < until:
        phone, network = chance.choice(phones), chance.choice(NETWORKS)
        posting = phone.post(
            f"/stories/{chance.randint(1, 4)}/shares", text=TEXT, network=network, disclosed="1"
        )
        if not posting.endswith("/posting"):
            continue
        for _tap in range(chance.randint(1, 3)):
            phone.post(posting)
        if chance.random() < 0.3:
            phone.post(posting.replace("/posting", "/withdrawal"))
    return seen


if __name__ == "__main__":
    json.dump(race(int(sys.argv[1]), float(sys.argv[2])), sys.stdout)
