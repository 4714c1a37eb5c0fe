"""Phones of the same people open Today at the same moment, from two processes: one choice, and all see it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from app.db import may_write
from tests.postgres import Server
from tests.racing import PEOPLE
from tests.running import ROOT, environment, seed

PHONES, PROCESSES, MORE = 3, 2, 5
PICKED = (
    "SELECT people.email, picks.slot, picks.story_id, picks.reason FROM picks JOIN people ON people.id = person_id "
    "WHERE local_date = (SELECT max(local_date) FROM days_opened) ORDER BY 1, 2"
)


@pytest.fixture
def place(server: Server | None, tmp_path: Path) -> Iterator[tuple[Path, dict[str, str], Engine]]:
    """A seeded database of its own, a file on SQLite: its folder, its settings and a connection to look in."""
    address = server.create("choosing") if server else ""
    seed(tmp_path, 30, DATABASE_URL=address)
    driver = address.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(driver or f"sqlite:///{tmp_path}/fortael.sqlite3")
    yield tmp_path, {"DATABASE_URL": address}, engine
    engine.dispose()


def let_there_be_more(engine: Engine) -> None:
    """The organisation gives more stories a day, so that each day has slots to fill."""
    with may_write(), engine.begin() as connection:
        connection.execute(
            text("INSERT INTO settings (key, value, from_date, set_at) VALUES ('stories_a_day', :most, :day, :at)"),
            {"most": str(MORE), "day": "2024-01-01", "at": "2024-01-01 00:00:00"},
        )  # fmt: skip
        connection.execute(text("UPDATE organisation SET version = version + 1"))


def picked(engine: Engine) -> dict[str, list[int]]:
    """What is written down of the day, by person; each with a reason."""
    found: dict[str, list[int]] = {}
    with engine.connect() as connection:
        for email, slot, story_id, reason in connection.execute(text(PICKED)):
            mine = found.setdefault(email.split("@")[0], [])
            assert slot == len(mine)
            assert reason
            mine.append(story_id)
    return found


def look_together(processes):
    """Each process's looks, all begun at the same moment."""
    for process in processes:
        line = process.stdout.readline()
        assert line == "ready\n", line + process.stderr.read()
    instant = time.time() + 1
    for process in processes:
        process.stdin.write(f"{instant}\n")
        process.stdin.flush()
    return [json.loads(process.stdout.readline()) for process in processes]


def at_once(one, other):
    return one["began"] < other["ended"] and other["began"] < one["ended"]


def check(seen, engine):
    """All who looked saw what is written down; and they did look at the same time."""
    written = picked(engine)
    assert set(written) == set(PEOPLE)
    for one in [look for looks in seen for look in looks]:
        assert one["status"] == 200
        # What was told stands last on the page.
        assert sorted(one["stories"]) == sorted(written[one["who"]]), one["who"]
    for name in PEOPLE:
        ours, theirs = [[look for look in looks if look["who"] == name] for looks in seen]
        assert len({tuple(look["stories"]) for look in ours + theirs}) == 1
        assert sum(at_once(one, other) for one in ours for other in theirs) > PHONES
    return written


@pytest.fixture
def processes(place):
    """Two processes with all phones signed in."""
    folder, settings, _engine = place
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.feed.racing", str(PHONES)], cwd=ROOT, text=True, env=environment(folder, **settings),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _process in range(PROCESSES)
    ]  # fmt: skip
    yield started
    for process in started:
        process.kill()
        process.communicate()


def test_phones_that_open_the_day_or_fill_it_at_once_choose_the_same(place, processes):
    engine = place[2]
    first = check(look_together(processes), engine)
    assert all(len(stories) == 3 for stories in first.values())
    let_there_be_more(engine)
    second = check(look_together(processes), engine)
    assert all(second[name][:3] == first[name] for name in PEOPLE)
    assert any(len(stories) > 3 for stories in second.values())
    for process in processes:
        _out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert "Traceback" not in err, err
