"""Two curators tap at once, in two processes on one database: one of them decides, and it is written down once."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text

from tests.running import ROOT, environment, seed

ROUNDS = 20


@pytest.fixture
def place(server, tmp_path) -> Iterator[tuple]:
    """The demo's database, and two curators who are ready."""
    address = server.create("curating") if server else ""
    more = {"DATABASE_URL": address}
    seed(tmp_path, 20, **more)
    driver = (
        address.replace("postgresql://", "postgresql+psycopg://") or f"sqlite:///{tmp_path}/fortael.sqlite3"
    )
    engine = create_engine(driver)
    curators = [
        subprocess.Popen([sys.executable, "-m", "tests.desk.racing"], cwd=ROOT, text=True, env=environment(tmp_path, **more),
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _curator in range(2)
    ]  # fmt: skip
    for curator in curators:
        assert curator.stdout.readline() == "ready\n", curator.communicate()[1]
    yield engine, curators
    for curator in curators:
        _out, err = curator.communicate(timeout=30)
        assert curator.returncode == 0, err
    engine.dispose()


def rows(engine, statement):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def tap(curators, verb, story_id):
    """Both tap; whether they overlapped, and how many changed something."""
    begins = time.time() + 0.1
    for curator in curators:
        curator.stdin.write(f"{verb} {story_id} {begins}\n")
        curator.stdin.flush()
    one, other = (json.loads(curator.stdout.readline()) for curator in curators)
    return max(one[0], other[0]) < min(one[1], other[1]), one[2] + other[2]


def test_of_two_taps_at_once_one_decides(place):
    engine, curators = place
    waits = "SELECT id FROM stories WHERE leader_id IS NOT NULL AND told_at IS NULL AND state = 'published'"
    story_id = rows(engine, waits)[0][0]
    seen = [tap(curators, verb, story_id) for _round in range(ROUNDS) for verb in ("release", "wait")]
    assert any(overlapped for overlapped, _changed in seen)
    assert {changed for _overlapped, changed in seen} == {1}
    log = rows(engine, f"SELECT opened FROM leader_overrides WHERE story_id = {story_id} ORDER BY id")
    assert [bool(opened) for (opened,) in log] == [True, False] * ROUNDS


def test_of_two_who_find_a_story_right_at_once_one_does(place):
    engine, curators = place
    story_id = rows(
        engine, "SELECT id FROM stories WHERE state = 'published' AND leader_id IS NULL ORDER BY id"
    )[0][0]
    seen = []
    for turn in range(5):
        people = rows(engine, "SELECT id FROM people ORDER BY id LIMIT 15")[3 * turn : 3 * turn + 3]
        for (person,) in people:
            say_wrong(engine, person, story_id)
        seen.append(tap(curators, "right", story_id))
    assert any(overlapped for overlapped, _changed in seen)
    assert [changed for _overlapped, changed in seen] == [1] * 5
    assert rows(engine, "SELECT count(*) FROM found_right") == [(5,)]


def say_wrong(engine, person_id, story_id):
    """Written through the driver, past our own guard of readers."""
    at = datetime.now(UTC).replace(tzinfo=None if engine.dialect.name == "sqlite" else UTC)
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "PRAGMA query_only=OFF" if engine.dialect.name == "sqlite" else "SET TRANSACTION READ WRITE"
        )
        connection.execute(
            text("DELETE FROM dismissals WHERE person_id = :person AND story_id = :story"),
            {"person": person_id, "story": story_id},
        )
        connection.execute(
            text(
                "INSERT INTO dismissals (person_id, story_id, reason, at) VALUES (:person, :story, 'wrong', :at)"
            ),
            {"person": person_id, "story": story_id, "at": str(at)},
        )
        connection.commit()
