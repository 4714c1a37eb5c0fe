"""Twenty-four shout-outs of one manager at once, from two processes, against a budget of five."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from sqlalchemy import Engine, text

from tests.points.test_race import number, place
from tests.running import ROOT, environment, flask
from tests.shoutouts.racing import PATIENCE

__all__ = ["place"]

BUDGET, PHONES, PROCESSES = 5, 12, 2
GIVEN = "s.giver_id = (SELECT id FROM people WHERE email = 'mads@fjordby.example') AND s.did LIKE 'du_%' AND s.did LIKE '%satte%'"


def run(folder: Path, settings: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.shoutouts.racing", *arguments], cwd=ROOT, text=True,
        env=environment(folder, **settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def set_budget(engine: Engine) -> int:
    """Five are left of the month; how many are used already."""
    mads = "SELECT id FROM people WHERE email = 'mads@fjordby.example'"
    used = number(
        engine,
        f"SELECT coalesce(max(used), 0) FROM budget_months WHERE giver_id = ({mads}) AND month = (SELECT max(month) FROM budget_months)",
    )
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only=OFF")
        else:
            connection.exec_driver_sql("SET TRANSACTION READ WRITE")
        for name in ("least", "most"):
            connection.execute(
                text(
                    "INSERT INTO settings (key, value, from_date, set_at) VALUES (:key, :value, '2020-01-01', '2020-01-01')"
                ),
                {"key": f"shoutout_budget_{name}", "value": str(used + BUDGET)},
            )
        connection.execute(text("UPDATE organisation SET version = version + 1"))
    return used


def receivers(engine: Engine) -> list[str]:
    """Colleagues to whom Mads has not given, and who are not above him."""
    statement = """SELECT id FROM people WHERE email LIKE 'kollega%' AND id NOT IN (SELECT person_id FROM shoutout_receivers)
        AND id NOT IN (SELECT manager_id FROM people WHERE manager_id IS NOT NULL) ORDER BY id LIMIT 24"""
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
            f"SELECT used FROM budget_months ORDER BY month DESC, (used = {used + BUDGET}) DESC LIMIT 1",
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
