"""Twenty-four shout-outs of one manager at once, from two processes, against a budget of five."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, create_engine, text

from app.db import may_write
from tests.points.test_race import number
from tests.postgres import Server
from tests.running import ROOT, environment, flask, seed
from tests.shoutouts.racing import PATIENCE

BUDGET, PHONES, PROCESSES = 5, 12, 2
MADS = "SELECT id FROM people WHERE email = 'mads@fjordby.example'"
GIVEN = f"s.giver_id = ({MADS}) AND s.did LIKE 'du%satte%'"


@pytest.fixture
def place(server: Server | None, tmp_path: Path) -> Iterator[tuple[Path, dict[str, str], Engine]]:
    """A seeded database of its own, a file on SQLite: its folder, its settings and a connection to look in."""
    address = server.create("budget") if server else ""
    seed(tmp_path, 60, DATABASE_URL=address)
    driver = address.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(driver or f"sqlite:///{tmp_path}/fortael.sqlite3")
    yield tmp_path, {"DATABASE_URL": address}, engine
    engine.dispose()


def run(folder: Path, settings: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.shoutouts.racing", *arguments], cwd=ROOT, text=True,
        env=environment(folder, **settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def set_budget(engine: Engine) -> int:
    """Five are left of the month; how many are used already."""
    month = datetime.now(ZoneInfo("Europe/Copenhagen")).date().replace(day=1)
    used = number(
        engine,
        f"SELECT coalesce(max(used), 0) FROM budget_months WHERE giver_id = ({MADS}) AND month = '{month}'",
    )
    setting = "INSERT INTO settings (key, value, from_date, set_at) VALUES (:key, :value, '2020-01-01', '2020-01-01')"
    with may_write(), engine.begin() as connection:
        for name in ("least", "most"):
            values = {"key": f"shoutout_budget_{name}", "value": str(used + BUDGET)}
            connection.execute(text(setting), values)
        connection.execute(text("UPDATE organisation SET version = version + 1"))
    return used


def receivers(engine: Engine) -> list[str]:
    """Colleagues to whom Mads has not given."""
    statement = f"""SELECT id FROM people WHERE email LIKE 'kollega%' AND id NOT IN (SELECT r.person_id
        FROM shoutout_receivers r JOIN shoutouts s ON s.id = r.shoutout_id WHERE s.giver_id = ({MADS})) ORDER BY id LIMIT 24"""
    with engine.connect() as connection:
        return [str(row.id) for row in connection.execute(text(statement))]


def at_once(one: list[float], other: list[float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def test_of_24_at_once_24_arrive_5_are_counted_and_each_giver_was_told_which(place):
    folder, settings, engine = place
    used = set_budget(engine)
    people = receivers(engine)
    assert len(people) == PHONES * PROCESSES
    racers = [run(folder, settings, *people[begin::PROCESSES]) for begin in range(PROCESSES)]
    for racer in racers:
        if racer.stdout.readline() != "ready\n":
            raise AssertionError(racer.communicate()[1])
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    seen = []
    for racer in racers:
        out, err = racer.communicate(timeout=PATIENCE * 2)
        assert racer.returncode == 0, err
        assert "Traceback" not in err, err
        assert "locked" not in err
        assert "deadlock" not in err
        seen.append(json.loads(out))
    phones = [phone for mine in seen for phone in mine]
    delivered = run(folder, settings, "deliver")
    assert delivered.communicate(timeout=PATIENCE)[1] == ""

    told = {phone["to"]: phone["promise"] == "counts" for phone in phones}
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                f"SELECT r.person_id, r.counted, s.delivered_at FROM shoutouts s JOIN shoutout_receivers r ON r.shoutout_id = s.id WHERE {GIVEN}"
            )
        ).all()
    assert len(rows) == 24
    assert all(row.delivered_at for row in rows)
    assert sum(bool(row.counted) for row in rows) == BUDGET
    assert {row.person_id: bool(row.counted) for row in rows} == told
    assert (
        number(
            engine,
            "SELECT sum(amount) FROM budget_entries WHERE key LIKE 'shoutout:%' AND shoutout_id IN (SELECT id FROM shoutouts s WHERE "
            + GIVEN
            + ")",
        )
        == BUDGET
    )
    assert (
        number(
            engine,
            f"SELECT used FROM budget_months WHERE giver_id = ({MADS}) ORDER BY month DESC LIMIT 1",
        )
        == used + BUDGET
    )
    paid = f"SELECT count(*) FROM ledger_entries e JOIN shoutouts s ON s.id = e.source_id AND e.source_kind = 'shoutout' WHERE e.code = 'SHOUT-R' AND {GIVEN}"
    assert number(engine, f"{paid} AND e.amount = 10 AND e.cap IS NULL") == BUDGET
    assert number(engine, f"{paid} AND e.amount = 0 AND e.cap = 'shoutout-budget'") == 24 - BUDGET
    assert "equal the ledger" in flask(folder, "points", "verify", **settings)

    # The proof that it was a race: first taps of both processes were under way at the same time.
    statuses = Counter(status for phone in phones for _began, _ended, status, _path in phone["requests"])
    assert statuses == {303: 24, 422: 24 - BUDGET}
    first = [[phone["requests"][0] for phone in mine] for mine in seen]
    assert sum(at_once(one, other) for one in first[0] for other in first[1]) > PHONES
    assert all(any(at_once(one, other) for other in first[1]) for one in first[0])
