"""Four processes tell, replay and withdraw the same shares at once: nothing is doubled, nothing lost.

RACE_SECONDS says how long; `make race` takes a minute on each database.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.postgres import Server
from tests.running import ROOT, environment, flask, seed

SECONDS = os.environ.get("RACE_SECONDS", "4")
PROCESSES = 4
Request = tuple[float, float, int, str]


@pytest.fixture
def place(server: Server | None, tmp_path: Path) -> Iterator[tuple[Path, dict[str, str], Engine]]:
    """A seeded database of its own: its folder, its settings and a connection to look in."""
    address = server.create("race") if server else ""
    seed(tmp_path, 30, DATABASE_URL=address)
    driver = (
        address.replace("postgresql://", "postgresql+psycopg://") or f"sqlite:///{tmp_path}/fortael.sqlite3"
    )
    engine = create_engine(driver)
    yield tmp_path, {"DATABASE_URL": address}, engine
    engine.dispose()


def run(folder: Path, settings: dict[str, str]) -> list[list[Request]]:
    """What each process saw, from the moment when all were ready."""
    racers = [
        subprocess.Popen([sys.executable, "-m", "tests.racing", str(number), SECONDS], cwd=ROOT, text=True,
                         env=environment(folder, **settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for number in range(PROCESSES)
    ]  # fmt: skip
    for racer in racers:
        assert racer.stdout
        if racer.stdout.readline() != "ready\n":
            raise AssertionError(racer.communicate()[1])
    began = time.time()
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = [racer.communicate(timeout=float(SECONDS) + 60) for racer in racers]
    for racer, (_out, err) in zip(racers, said, strict=True):
        assert racer.returncode == 0, err
        assert "locked" not in err
        assert "deadlock" not in err
    return [[one for one in json.loads(out) if one[0] >= began] for out, _err in said]


def under_way_at_once(seen: list[list[Request]]) -> int:
    """How many requests began while each of the other processes had one under way."""
    return sum(
        all(any(other[0] <= one[0] <= other[1] for other in theirs) for theirs in seen if theirs is not mine)
        for mine in seen
        for one in mine
    )


def number(engine: Engine, statement: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(statement)).scalar_one())


# Each finds what must not be: its rows are wrong.
STANDING = "e.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_entries r WHERE r.reverses_id = e.id)"
WRONG = {
    "a share is doubled": "SELECT person_id, story_id, network FROM shares GROUP BY 1, 2, 3 HAVING count(*) > 1",
    "an entry is doubled": "SELECT key FROM ledger_entries GROUP BY 1 HAVING count(*) > 1",
    "a share is paid twice": "SELECT source_id FROM ledger_entries WHERE source_kind = 'share' AND reverses_id IS NULL "
    "GROUP BY source_id, code HAVING count(*) > 1",
    "a told share has no entry": "SELECT id FROM shares WHERE said_at IS NOT NULL AND disclosed AND id NOT IN "
    "(SELECT source_id FROM ledger_entries WHERE source_kind = 'share' AND code = 'SHARE')",
    "an entry has no told share": "SELECT id FROM ledger_entries WHERE source_kind = 'share' AND source_id NOT IN "
    "(SELECT id FROM shares WHERE said_at IS NOT NULL)",
    "a withdrawn share keeps points": "SELECT s.id FROM shares s JOIN ledger_entries e ON e.source_kind = 'share' AND "
    "e.source_id = s.id WHERE s.withdrawn_at IS NOT NULL GROUP BY s.id HAVING sum(e.amount) <> 0",
    "more than one share a day is counted": f"SELECT person_id, local_date FROM ledger_entries e WHERE code = 'SHARE' AND "
    f"cap IS NULL AND {STANDING} GROUP BY 1, 2 HAVING count(*) > 1",
    "a day pays more than its cap": "SELECT person_id, local_date FROM ledger_entries WHERE kind = 'self' GROUP BY 1, 2 "
    "HAVING sum(amount) > 20",
    "a story's tellers are miscounted": "SELECT id FROM stories WHERE tellers <> (SELECT count(DISTINCT person_id) FROM shares "
    "WHERE story_id = stories.id AND rung >= 3 AND withdrawn_at IS NULL)",
    "a visitor is doubled or lost": "SELECT d.share_id FROM click_days d WHERE d.people <> (SELECT count(*) FROM visitor_days v "
    "WHERE v.share_id = d.share_id AND v.day = d.day)",
    "a story stands twice in a day": "SELECT person_id, local_date, story_id FROM picks GROUP BY 1, 2, 3 HAVING count(*) > 1",
}


def test_four_processes_at_once_double_nothing_and_lose_nothing(place):
    folder, settings, engine = place
    seen = run(folder, settings)
    requests = [one for mine in seen for one in mine]
    statuses = Counter(status for _began, _ended, status, _path in requests)
    assert set(statuses) <= {200, 302, 303}, statuses
    assert min(len(mine) for mine in seen) > 20
    assert under_way_at_once(seen) > len(requests) / 4
    for what, statement in WRONG.items():
        with engine.connect() as connection:
            assert connection.execute(text(statement)).all() == [], what
    for table, where in (
        ("ledger_entries", "reverses_id IS NOT NULL"),
        ("click_days", "people > 1"),
        ("picks", "slot > 0"),
    ):
        assert number(engine, f"SELECT count(*) FROM {table} WHERE {where}"), (
            f"the race never came to {table}"
        )
    assert "equal the ledger" in flask(folder, "points", "verify", **settings)
