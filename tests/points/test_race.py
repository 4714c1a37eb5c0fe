"""Four processes tell, replay and withdraw the same shares at once: nothing is doubled, nothing lost.

RACE_SECONDS says how long; `make race` takes a minute on each database.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.postgres import Server
from tests.running import ROOT, environment, flask, seed

SECONDS = os.environ.get("RACE_SECONDS", "4")
PROCESSES = 4


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


def run(folder: Path, settings: dict[str, str]) -> list[list[tuple[float, float, int, str]]]:
    """What each process saw."""
    racers = [
        subprocess.Popen([sys.executable, "-m", "tests.racing", str(number), SECONDS], cwd=ROOT, text=True,
                         env=environment(folder, **settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for number in range(PROCESSES)
    ]  # fmt: skip
    said = [racer.communicate(timeout=float(SECONDS) + 60) for racer in racers]
    for racer, (_out, err) in zip(racers, said, strict=True):
        assert racer.returncode == 0, err
        assert "locked" not in err
    return [json.loads(out) for out, _err in said]


def overlaps(seen: list[list[tuple[float, float, int, str]]]) -> int:
    """How many requests of one process began while one of the next was under way."""
    return sum(
        other[0] <= one[0] <= other[1] for mine, theirs in pairwise(seen) for one in mine for other in theirs
    )


def number(engine: Engine, statement: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(statement)).scalar_one())


def test_four_processes_at_once_double_nothing_and_lose_nothing(place):
    folder, settings, engine = place
    seen = run(folder, settings)
    requests = [one for mine in seen for one in mine]
    assert {status for _began, _ended, status, _path in requests} == {303}
    assert len(requests) > 100
    assert overlaps(seen) > 20
    assert (
        number(
            engine,
            "SELECT count(*) - count(DISTINCT person_id || '/' || story_id || '/' || network) FROM shares",
        )
        == 0
    )
    assert number(engine, "SELECT count(*) - count(DISTINCT key) FROM ledger_entries") == 0
    entries = "FROM ledger_entries WHERE code = 'SHARE' AND reverses_id IS NULL AND source_kind = 'share'"
    told = "SELECT count(*) FROM shares WHERE said_at IS NOT NULL AND disclosed"
    assert number(engine, f"SELECT count(*) - count(DISTINCT source_id) {entries}") == 0
    assert number(engine, f"{told} AND id NOT IN (SELECT source_id {entries})") == 0
    assert "equal the ledger" in flask(folder, "points", "verify", **settings)
