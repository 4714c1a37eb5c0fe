"""The worker is killed twenty times during a thousand deliveries: nothing is lost, and nothing that is recorded repeats."""

import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.db import db, writing
from app.outbox import Outgoing
from app.push import delivery, jobs
from tests.conftest import NOW
from tests.working import Worker

KILLS, NOTICES, DEVICES = 20, 100, 10
# Between two lives of the worker, all leases of the first run out.
LIFE = timedelta(minutes=5)
ANSWER_SECONDS = 0.03


@dataclass(frozen=True)
class Kill:
    """What stood in the database when the worker was dead, and how many messages had come by then."""

    claimed: frozenset[str]
    done: frozenset[str]
    received: int


def put_all(person_id):
    """A thousand steps that nobody is asked to do: only the worker's own sweep finds them."""
    with writing():
        for number in range(NOTICES):
            words = {
                "title": "t",
                "body": "b",
                "path": "/",
                "lang": "da",
                "tag": f"n-{number}",
                "badge": None,
            }
            more = {"ttl": 3600, "topic": f"topic-{number}", "urgency": "normal"}
            delivery.put(
                person_id, f"n-{number}", words, at=NOW, expires_at=NOW + 12 * timedelta(hours=1), **more
            )


def keys(*where):
    db.session.rollback()
    return frozenset(db.session.scalars(select(Outgoing.key).where(Outgoing.kind == "push", *where)))


def claimed_since(instant):
    return keys(Outgoing.state == "waiting", Outgoing.leased_until > instant)


def wait_for(true, worker, seconds=30.0):
    for _try in range(int(seconds * 200)):
        if found := true():
            return found
        assert worker.process.poll() is None, worker.log.read_text()
        time.sleep(0.005)
    raise AssertionError(worker.log.read_text())


def kill_one(worker, began, service, wait):
    """Kill it so many seconds after it has claimed something."""
    with worker:
        wait_for(lambda: claimed_since(began), worker)
        time.sleep(wait)
        worker.kill()
    # What was under way has arrived, too.
    time.sleep(5 * ANSWER_SECONDS)
    return Kill(claimed_since(began), keys(Outgoing.state == "done"), len(service.received))


def test_nothing_is_lost_and_nothing_recorded_is_sent_again(subscribed, service, cast, settings):
    service.delay = ANSWER_SECONDS
    first = subscribed("anna")
    devices = [first] + [subscribed("anna", first.sign_in_id) for _n in range(DEVICES - 1)]
    put_all(cast.anna.id)
    chance, kills, lives = random.Random(), [], 0  # noqa: S311  # moments, not secrets
    while len(kills) < KILLS and lives < 2 * KILLS:
        lives += 1
        began = NOW + lives * LIFE
        left = len(keys(Outgoing.state == "waiting"))
        # Each life may finish what leaves enough for the lives to come.
        most = 0.5 if left > (KILLS - len(kills) + 2) * jobs.AT_ONCE else 0.1
        kill = kill_one(Worker(settings, began, **service.settings), began, service, chance.uniform(0, most))
        if kill.claimed:
            kills.append(kill)
    assert len(kills) == KILLS, "not every kill hit claimed rows"
    finish(Worker(settings, NOW + (lives + 1) * LIFE, **service.settings))
    judge(kills, came(service, devices))


def finish(worker):
    with worker:
        wait_for(lambda: not keys(Outgoing.state == "waiting"), worker)
        assert worker.stop() == 0, worker.log.read_text()
    assert len(keys(Outgoing.state == "done")) == NOTICES * DEVICES


def came(service, devices):
    """Step and Topic of each message, in the order in which they came: as the device itself reads them."""
    device_of = {"/" + one.device.endpoint.split("/", 3)[3]: one for one in devices}
    found = []
    for message in service.received:
        assert message.status == 201
        device = device_of[message.path]
        tag = json.loads(device.device.open(message.body))["notification"]["tag"]
        found.append((f"push:{tag}:{device.id}", message.headers["topic"]))
    return found


def judge(kills, messages):
    times = Counter(key for key, _topic in messages)
    assert len(times) == NOTICES * DEVICES, "a message was lost"
    for kill in kills:
        again = {key for key, _topic in messages[kill.received :]} & kill.done
        assert not again, "what was recorded as acknowledged was sent again"
        assert len(kill.claimed) <= jobs.AT_ONCE
    hit = Counter(key for kill in kills for key in kill.claimed)
    for key, number in times.items():
        assert number - 1 <= hit[key], "a message came twice, and was under way at no kill"
    assert len(set(messages)) == len(times), "a message that came twice came with another Topic"
    doubles = len(messages) - len(times)
    print(
        f"{doubles} doubles of {len(messages)} messages, {sum(hit.values())} steps under way at {len(kills)} kills"
    )
    assert doubles <= sum(hit.values())
