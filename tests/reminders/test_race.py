"""Two schedulers at once, on a file database with two processes and on PostgreSQL: nothing is sent twice."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.postgres import Server
from tests.push.test_manners import at
from tests.running import ROOT, environment, flask, seed

NOW = "2026-11-23T05:00:00Z"
INSTANTS = [
    at(f"2026-11-{day}T{time}")
    for day in range(23, 28)
    for time in ("06:00", "08:45", "10:15", "12:15", "14:30", "16:30")
]


@pytest.fixture
def place(server: Server | None, tmp_path: Path) -> Iterator[tuple[Path, dict[str, str], Engine]]:
    """A seeded database of its own in which everyone has a phone."""
    address = server.create("reminding") if server else ""
    more = {"DATABASE_URL": address, "FORTAEL_NOW": NOW}
    seed(tmp_path, 40, **more)
    driver = (
        address.replace("postgresql://", "postgresql+psycopg://") or f"sqlite:///{tmp_path}/fortael.sqlite3"
    )
    engine = create_engine(driver)
    given = subprocess.run(
        [sys.executable, "-m", "tests.reminders.racing", "0"], cwd=ROOT, env=environment(tmp_path, **more)
    )
    assert given.returncode == 0
    yield tmp_path, more, engine
    engine.dispose()


def rows(engine: Engine, statement: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def run(folder: Path, settings: dict[str, str]) -> list[list[list[float]]]:
    """What each of the two did at each instant; both begin together, and wait for each other at its end."""
    racers = [
        subprocess.Popen([sys.executable, "-m", "tests.reminders.racing", str(number)], cwd=ROOT, text=True,
                         env=environment(folder, **settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for number in (1, 2)
    ]  # fmt: skip
    for racer in racers:
        assert racer.stdout
        if racer.stdout.readline() != "ready\n":
            raise AssertionError(racer.communicate()[1])
    seen: list[list[list[float]]] = [[], []]
    for instant in INSTANTS:
        for racer in racers:
            assert racer.stdin
            racer.stdin.write(f"{instant.isoformat()}\n")
            racer.stdin.flush()
        for mine, racer in zip(seen, racers, strict=True):
            assert racer.stdout
            line = racer.stdout.readline()
            assert line, racer.communicate()[1]
            mine.append(json.loads(line))
    for racer in racers:
        _out, err = racer.communicate(timeout=60)
        assert racer.returncode == 0, err
        assert "locked" not in err
        assert "deadlock" not in err
    return seen


# Each finds what must not be: its rows are wrong.
TOLD = "sent_as IN ('push', 'mail')"
WRONG = {
    "a notice is written twice": "SELECT person_id, key FROM notices GROUP BY person_id, key HAVING count(*) > 1",
    "a reminder is told twice on a day": f"SELECT person_id FROM notices WHERE kind = 'stories' AND {TOLD} GROUP BY person_id, local_date HAVING count(*) > 1",
    "more than two reminders a week": f"SELECT person_id FROM notices WHERE kind = 'stories' AND {TOLD} GROUP BY person_id HAVING count(*) > 2",
    "more than two pushes a day": "SELECT person_id FROM notices WHERE sent_as = 'push' GROUP BY person_id, local_date HAVING count(*) > 2",
    "more than five pushes a week": "SELECT person_id FROM notices WHERE sent_as = 'push' GROUP BY person_id HAVING count(*) > 5",
    "more than one letter a day beside them": "SELECT person_id FROM notices WHERE sent_as = 'mail' GROUP BY person_id, local_date HAVING count(*) > 1",
    "a push without its notice": "SELECT key FROM outbox WHERE kind = 'push' AND NOT EXISTS "
    "(SELECT 1 FROM notices n WHERE n.sent_as = 'push' AND outbox.key LIKE 'push:' || n.key || ':%')",
    "a told notice without its push": "SELECT key FROM notices n WHERE sent_as = 'push' AND NOT EXISTS "
    "(SELECT 1 FROM outbox o WHERE o.kind = 'push' AND o.key LIKE 'push:' || n.key || ':%')",
    "a notice is on its way twice": "SELECT n.key FROM notices n JOIN outbox o ON o.key LIKE 'push:' || n.key || ':%' GROUP BY n.key HAVING count(*) > 1",
    "a text comes twice": f"SELECT person_id FROM notices WHERE {TOLD} GROUP BY person_id, kind, text_number HAVING count(*) > 1",
    "what was taken back is told": f"SELECT key FROM notices WHERE kind = 'shoutout' AND person_id % 4 = 0 AND {TOLD}",
    "someone is told nothing": "SELECT id FROM people WHERE id NOT IN (SELECT person_id FROM notices)",
}  # fmt: skip


def test_two_schedulers_at_once_send_nothing_twice(place):
    folder, settings, engine = place
    seen = run(folder, settings)
    overlapping = sum(max(one[0], other[0]) < min(one[1], other[1]) for one, other in zip(*seen, strict=True))
    assert overlapping > len(INSTANTS) * 3 / 4
    assert all(sum(one[place] for one in mine) > 0 for mine in seen for place in (2, 3)), (
        "both had their share"
    )
    both = sum(one[2] > 0 and other[2] > 0 for one, other in zip(*seen, strict=True))
    assert both, "at one instant at least, both reminded someone"
    reminded = rows(engine, "SELECT count(*) FROM notices WHERE kind = 'stories'")[0][0]
    assert reminded == sum(one[2] for mine in seen for one in mine) > 40
    assert rows(engine, "SELECT count(*) FROM notices WHERE sent_as = 'digest'")[0][0] > 10
    assert rows(engine, "SELECT count(*) FROM notices WHERE sent_as = 'dropped'")[0][0] > 10
    for what, statement in WRONG.items():
        assert rows(engine, statement) == [], what
    assert "equal the ledger" in flask(folder, "points", "verify", **settings)
