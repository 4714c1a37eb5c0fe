"""One link, pressed and typed in several processes at once: one of them is signed in."""

import json
import subprocess
import sys
import time

import pytest
from sqlalchemy import create_engine, text

from tests.running import ROOT, environment, seed

PROCESSES, ROUNDS = 4, 8
GOOD, VOID = 303, {410, 422}


class Process:
    """`ask` and `use` of tests/people/at_once.py, in a process of its own; `told()` is its answer."""

    def __init__(self, folder, settings):
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.people.at_once"], cwd=ROOT, text=True, env=environment(folder, **settings),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def tell(self, *line):
        self.child.stdin.write(json.dumps(line) + "\n")
        self.child.stdin.flush()

    def told(self):
        line = self.child.stdout.readline()
        assert line, self.child.communicate()[1]
        return line if line == "ready\n" else json.loads(line)

    def end(self):
        _out, errors = self.child.communicate(timeout=20)
        assert self.child.returncode == 0, errors
        assert "locked" not in errors


@pytest.fixture
def place(server, tmp_path):
    """A seeded database of its own: processes on it, and a connection to look in."""
    address = server.create("links") if server else ""
    settings = {"DATABASE_URL": address, "PUBLIC_URL": "http://localhost"}
    seed(tmp_path, 30, **settings)
    engine = create_engine(
        address.replace("postgresql://", "postgresql+psycopg://") or f"sqlite:///{tmp_path}/fortael.sqlite3"
    )
    processes = [Process(tmp_path, settings) for _one in range(PROCESSES)]
    assert {one.told() for one in processes} == {"ready\n"}
    yield processes, engine
    for one in processes:
        one.end()
    engine.dispose()


def number(engine, table):
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_of_several_at_once_one_is_signed_in(place):
    processes, engine = place
    at_once = 0
    for turn in range(ROUNDS):
        processes[0].tell("ask", ("anna", "omar", "liv", "mads")[turn % 4] + "@fjordby.example")
        path, code, cookies = processes[0].told()
        before, moment = number(engine, "sign_ins"), time.time() + 0.4
        for place_, one in enumerate(processes):
            # Half of them press the button, in browsers of their own; half type the code where it was asked for.
            typed = place_ % 2
            one.tell("use", "/sign-in/code" if typed else path, code, cookies if typed else {}, moment)
        seen = [one.told() for one in processes]
        statuses = sorted(status for _began, _ended, status in seen)
        assert statuses[0] == GOOD
        assert set(statuses[1:]) <= VOID, statuses
        assert number(engine, "sign_ins") == before + 1
        assert number(engine, "sign_in_links") == 0
        at_once += max(began for began, _e, _s in seen) < min(ended for _b, ended, _s in seen)
    assert at_once, "in no round had all of them a request under way"
