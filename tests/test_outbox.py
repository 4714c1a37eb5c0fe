"""The outbox: written with its cause, claimed by one alone, done once; what nobody may do any more is dropped."""

import json
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import outbox
from app.db import db, writing
from app.outbox import Outgoing
from tests.conftest import NOW
from tests.running import ROOT, environment

KIND = "letter"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _app(app):
    """Every test here has a database."""


def put(key="one", at=NOW, **more):
    with writing():
        return outbox.put(KIND, key, {"to": "Anna"}, at, **more)


def claim(at=NOW, most=10, **more):
    with writing():
        return outbox.claim(KIND, at, most, **more)


def row(key="one"):
    db.session.rollback()
    return db.session.scalars(select(Outgoing).where(Outgoing.key == key)).one()


def test_a_step_is_claimed_done_and_keeps_no_payload():
    put()
    [step] = claim()
    assert (step.key, step.payload, step.tries) == ("one", {"to": "Anna"}, 1)
    with writing():
        assert outbox.done(step, NOW + SECOND, "201")
    assert (row().state, row().said, row().ended_at) == ("done", "201", NOW + SECOND)
    assert row().payload == {}
    assert row().lease is None
    assert claim(NOW + HOUR) == []


def test_the_same_cause_is_written_once():
    first = put()
    assert first is not None
    assert put() is None
    [step] = claim()
    with writing():
        outbox.done(step, NOW)
    assert put() is None
    assert claim() == []


def test_a_cause_that_is_undone_leaves_no_step():
    with suppress(RuntimeError), writing():
        outbox.put(KIND, "one", {}, NOW)
        raise RuntimeError
    assert claim() == []


def test_what_is_not_due_waits_and_the_first_due_comes_first():
    put("late", due_at=NOW + HOUR)
    put("second", due_at=NOW + 2 * SECOND)
    put("first", due_at=NOW + SECOND)
    assert claim() == []
    assert not outbox.is_due(KIND, NOW)
    assert outbox.is_due(KIND, NOW + SECOND)
    assert [step.key for step in claim(NOW + 2 * SECOND, most=1)] == ["first"]
    assert [step.key for step in claim(NOW + 2 * SECOND)] == ["second"]


def test_kinds_are_claimed_apart():
    put()
    with writing():
        assert outbox.claim("other", NOW, 10) == []


def test_a_lease_that_ran_out_is_claimed_again_and_the_late_answer_changes_nothing():
    put()
    [old] = claim(lease=2 * SECOND)
    assert claim(NOW + SECOND) == []
    assert not outbox.is_due(KIND, NOW + SECOND)
    [new] = claim(NOW + 2 * SECOND)
    assert new.tries == 2
    for late in (outbox.done, outbox.failed, outbox.dropped):
        with writing():
            assert not late(old, NOW + 3 * SECOND, "late")
    with writing():
        assert not outbox.later(old, NOW + HOUR)
    assert (row().state, row().due_at, row().lease) == ("waiting", NOW, new.lease)
    with writing():
        assert outbox.failed(new, NOW + 3 * SECOND, "no such box")
    with writing():
        assert not outbox.done(new, NOW + 4 * SECOND)
    assert (row().state, row().said) == ("failed", "no such box")


def test_what_is_put_off_waits_until_then():
    put()
    [step] = claim()
    with writing():
        assert outbox.later(step, NOW + HOUR, "busy")
    assert claim(NOW + HOUR - SECOND) == []
    [again] = claim(NOW + HOUR)
    assert (again.tries, again.payload) == (2, {"to": "Anna"})


def test_what_has_expired_is_dropped_and_never_handed_out():
    put("short", expires_at=NOW + SECOND)
    put("long", expires_at=NOW + HOUR)
    assert [step.key for step in claim(NOW + SECOND)] == ["long"]
    assert (row("short").state, row("short").said, row("short").payload) == ("dropped", "too late", {})


def test_what_was_under_way_when_its_time_ran_out_may_still_be_recorded():
    put(expires_at=NOW + SECOND)
    [step] = claim()
    assert claim(NOW + 2 * SECOND) == []
    with writing():
        assert outbox.done(step, NOW + 2 * SECOND)


def test_what_is_taken_back_is_not_handed_out_but_what_is_under_way_goes_on():
    put("waiting", due_at=NOW + HOUR)
    put("under way")
    [step] = claim()
    with writing():
        assert outbox.take_back(["waiting", "under way", "unknown"], NOW + SECOND) == 1
    assert (row("waiting").state, row("waiting").payload) == ("dropped", {})
    assert claim(NOW + HOUR)[0].key == "under way"
    with writing():
        assert outbox.take_back(["waiting", "under way"], NOW + 3 * HOUR) == 1
        assert not outbox.done(step, NOW + 3 * HOUR)


def test_what_has_ended_is_forgotten_after_a_fortnight_and_what_waits_is_not():
    put("old")
    put("waiting", due_at=NOW + 90 * 24 * HOUR)
    [step] = claim()
    with writing():
        outbox.done(step, NOW)
    with writing():
        assert outbox.forget_old(NOW + outbox.KEPT) == 0
    with writing():
        assert outbox.forget_old(NOW + outbox.KEPT + SECOND) == 1
    assert db.session.scalars(select(Outgoing.key)).all() == ["waiting"]


def test_status_counts_by_kind_and_state_and_tells_since_when():
    put("a", at=NOW - HOUR)
    put("b")
    put("c", due_at=NOW + HOUR)
    [first, _second] = claim()
    with writing():
        outbox.done(first, NOW)
    assert outbox.status(NOW) == [
        (KIND, "done", 1, NOW - HOUR),
        (KIND, "due", 1, NOW),
        (KIND, "waiting", 1, NOW + HOUR),
    ]


def test_processes_at_once_share_the_steps_and_none_is_claimed_twice(settings):
    with writing():
        for number in range(2000):
            outbox.put(KIND, f"{number:04}", {}, NOW)
    db.session.remove()
    more = {"DATABASE_URL": settings["DATABASE_URL"], "FORTAEL_ENV": "test"}
    command = [sys.executable, "-m", "tests.claiming", KIND, NOW.isoformat()]
    claimers = [
        subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env=environment(settings["DATA_DIR"], **more))
        for _one in range(4)
    ]  # fmt: skip
    for claimer in claimers:
        assert claimer.stdout.readline() == "ready\n", claimer.communicate()[1]
    for claimer in claimers:
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    said = [claimer.communicate(timeout=60) for claimer in claimers]
    assert [claimer.returncode for claimer in claimers] == [0] * 4, said
    claims = [json.loads(out) for out, _err in said]
    keys = [key for mine in claims for _began, _ended, keys in mine for key in keys]
    assert sorted(keys) == [f"{number:04}" for number in range(2000)]
    assert all(sum(len(keys) for *_times, keys in mine) > 50 for mine in claims)
    assert overlapping(claims) > 20


def overlapping(claims):
    """How many claims began while another process had one under way."""
    return sum(
        any(other[0] <= one[0] <= other[1] for theirs in claims if theirs is not mine for other in theirs)
        for mine in claims
        for one in mine
    )


def test_who_hosts_it_sees_what_is_due_and_whether_the_worker_is_far_behind(app, clock):
    put("a", at=NOW - HOUR, due_at=NOW)
    put("b", due_at=NOW + HOUR)
    said = app.test_cli_runner().invoke(args=["outbox", "status"])
    assert said.exit_code == 0
    assert said.output.split() == [KIND, "due", "1", "first", "due", "2026-11-25", "08:00", "UTC",
                                   KIND, "waiting", "1", "first", "due", "2026-11-25", "09:00", "UTC"]  # fmt: skip
    with clock(NOW + timedelta(minutes=11)):
        said = app.test_cli_runner().invoke(args=["outbox", "status"])
    assert said.exit_code == 1
    assert "is the worker running?" in said.output
