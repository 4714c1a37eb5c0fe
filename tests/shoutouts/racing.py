"""One of the processes of a race for a manager's budget: a dozen of their phones give at the same moment.

`python -m tests.shoutouts.racing RECEIVER…` says "ready" when each phone has read its form, waits for a line, and
prints of each phone what its form promised last, and of each of its requests the start, end and status, as JSON.
`python -m tests.shoutouts.racing deliver` lets everything arrive.
"""

import json
import sys
import threading
import time
from datetime import timedelta
from typing import Any

from app import create_app
from app.clock import now
from app.shoutouts import jobs
from tests.racing import Phone
from tests.shoutouts.thanks import LED, form

PATIENCE = 60


class Manager(Phone):
    """One phone of the manager, with the form open: it reads what the form promises, and holds it to that."""

    def open(self, receiver: int) -> None:
        self.receiver = receiver
        self.read(self.get(f"/shoutouts/new?to={receiver}"))

    def read(self, page: str) -> None:
        self.promise = page.split('name="promise" value="')[1].split('"')[0]

    def give(self) -> None:
        """Send; told that it cannot be as promised, send what is promised now."""
        for _tap in range(2):
            fields = form(self.receiver, did=words(self.receiver), led=LED, promise=self.promise, value=["1"])
            began = time.time()
            answer = self.client.post("/shoutouts", data=fields, headers={"X-CSRF-Token": self.token})
            self.seen.append((began, time.time(), answer.status_code, "/shoutouts"))
            if answer.status_code == 303:
                return
            self.read(answer.text)


def words(number: int) -> str:
    """A deed that is like no other number's."""
    return " ".join(
        f"{word}{number}"
        for word in ["du", "satte", "dig", "ned", "og", "hørte", "efter", "mens", "kaffen", "blev", "kold"]
    )


def race(receivers: list[int]) -> list[dict[str, Any]]:
    """Each phone gives to one of them."""
    app = create_app()
    phones = [Manager(app.test_client(), "mads", []) for _receiver in receivers]
    for phone, receiver in zip(phones, receivers, strict=True):
        phone.open(receiver)
        phone.seen.clear()
    print("ready", flush=True)
    sys.stdin.readline()
    together = threading.Barrier(len(phones))

    def tap(phone: Manager) -> None:
        together.wait(PATIENCE)
        phone.give()

    threads = [threading.Thread(target=tap, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return [{"to": one.receiver, "promise": one.promise, "requests": one.seen} for one in phones]


def deliver() -> list[dict[str, Any]]:
    """Let everything arrive, as the worker does."""
    with create_app().app_context():
        while jobs.deliver(now() + timedelta(seconds=11)):
            pass
    return []


if __name__ == "__main__":
    json.dump(
        deliver() if sys.argv[1:] == ["deliver"] else race([int(one) for one in sys.argv[1:]]), sys.stdout
    )
