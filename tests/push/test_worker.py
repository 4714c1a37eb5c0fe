"""The worker is woken, sweeps, says that it lives, and stops when asked; the web server does without it."""

import logging
import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
import time_machine
from sqlalchemy import select
from time_machine import escape_hatch

from app import heartbeat, outbox
from app.db import db, writing
from app.heartbeat import Heartbeat
from app.push import subscriptions
from tests.conftest import NOW
from tests.working import Worker

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def worker(service, settings):
    """One that has swept once. `now()` is what its clock says."""
    with Worker(settings, NOW, **service.settings) as running:
        wait_for(running, beats, 30)
        [began], seen = beats(), time.monotonic()
        running.now = lambda: began + timedelta(seconds=time.monotonic() - seen)
        time.sleep(1)
        yield running


def beats():
    db.session.rollback()
    return list(db.session.scalars(select(Heartbeat.at)))


def wait_for(worker, true, seconds):
    for _try in range(int(seconds * 50)):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError(worker.log.read_text())


def put(app, person_id, key, at=NOW, due_at=None):
    """As a request does it: with its own context, whose end wakes the worker."""
    words = {"title": "t", "body": "b", "path": "/", "lang": "da", "tag": "t", "badge": None}
    [device] = subscriptions.live(person_id, at)
    message = {
        "person": person_id,
        "subscription": device.id,
        "words": words,
        "ttl": 600,
        "topic": None,
        "urgency": "low",
    }
    db.session.rollback()
    # huey's clock is the machine's, which the test has stopped.
    with time_machine.travel(escape_hatch.time.time()), app.app_context(), writing():
        outbox.put("push", key, message, at, due_at, at + HOUR)


def test_what_a_request_writes_is_sent_within_seconds_each_time(app, cast, subscribed, service, worker):
    phone = subscribed("anna")
    for number in range(3):
        put(app, cast.anna.id, f"n-{number}")
        # Its own sweep comes only each quarter of a minute.
        wait_for(worker, lambda wanted=number + 1: len(service.messages(phone.device)) == wanted, 4)


def test_what_is_due_in_a_moment_is_sent_then(app, cast, subscribed, service, worker):
    phone, at = subscribed("anna"), worker.now()
    put(app, cast.anna.id, "undone", at, at + 4 * SECOND)
    put(app, cast.anna.id, "kept", at, at + 4 * SECOND)
    time.sleep(2)
    with writing():
        assert outbox.take_back(["undone"], at + 2 * SECOND) == 1
    assert service.messages(phone.device) == []
    wait_for(worker, lambda: service.messages(phone.device), 8)
    time.sleep(1)
    assert len(service.messages(phone.device)) == 1


def test_it_stops_when_asked_and_says_so(worker):
    assert heartbeat.is_alive(NOW)
    assert worker.stop() == 0
    assert beats() == []
    assert worker.log.read_text() == ""


def test_ready_says_within_a_minute_that_the_worker_is_dead(app, client, clock):
    with writing():
        heartbeat.beat(NOW)
    for after, status in ((0, 200), (59, 200), (60, 503)):
        with clock(NOW + after * SECOND):
            answer = client.get("/readyz")
            assert (answer.status_code, answer.json["worker"]) == (status, status == 200)
    with writing():
        heartbeat.beat(NOW + HOUR)
        heartbeat.stop()
    with clock(NOW + HOUR):
        assert client.get("/readyz").json["worker"] is False


@pytest.fixture
def unreachable(app, settings):
    """huey's store cannot be written to."""
    if settings["DATABASE_URL"]:
        with psycopg.connect(settings["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("CREATE VIEW huey_task AS SELECT 1 AS id")
        yield
        return
    file = settings["DATA_DIR"] / "worker.sqlite3"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE IF NOT EXISTS held (id)")
        other.commit()
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.rollback()


def test_a_request_neither_fails_nor_waits_when_the_worker_cannot_be_woken(
    app, cast, subscribed, unreachable, caplog
):
    subscribed("anna")
    began = time.monotonic()
    with caplog.at_level(logging.WARNING, "app"):
        put(app, cast.anna.id, "n-1")
    assert time.monotonic() - began < 1
    assert "the worker was not woken and will look by itself" in caplog.text
    assert outbox.is_due("push", NOW)
