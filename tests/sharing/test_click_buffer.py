"""A click is written behind the answer, at most a second late, by a real server; and nothing that is slow is waited for."""

import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection

import pytest
from sqlalchemy import create_engine, text

from tests.running import Running, copy, seed
from tests.sharing.test_clicks import IPHONE

WITHIN = 1.0  # second, as promised
MARGIN = 1.5  # for this machine, which does other things, too


@pytest.fixture(scope="module")
def seeded(server, tmp_path_factory):
    """A seeded organisation; on PostgreSQL its database is the module's own."""
    address = server.create("clicks") if server else ""
    return seed(tmp_path_factory.mktemp("clicks"), 20, DATABASE_URL=address), address


@pytest.fixture
def place(seeded, tmp_path):
    """A folder of its own, settings, and a connection to look in."""
    folder, address = seeded
    if not address:
        folder = copy(folder, tmp_path / "copy")
    url = address.replace("postgresql://", "postgresql+psycopg://") or f"sqlite:///{folder}/fortael.sqlite3"
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in ("visits", "visitor_days", "click_days", "visitor_salts"):
            _past_the_guard(connection, f"DELETE FROM {table}")
    yield folder, {"DATABASE_URL": address, "PROXY_COUNT": "1"}, engine
    engine.dispose()


def _past_the_guard(connection, statement):
    """Our own listener lets nothing be written outside writing(): past it, through the driver."""
    reads = connection.dialect.name == "sqlite"
    connection.exec_driver_sql("PRAGMA query_only=OFF" if reads else "SET TRANSACTION READ WRITE")
    connection.exec_driver_sql(statement)


def link(engine):
    """A short link that the seeded past has left: a click on a fresh one is not counted."""
    told = "SELECT token FROM shares WHERE rung >= 3 AND withdrawn_at IS NULL ORDER BY said_at DESC LIMIT 1"
    return f"/s/{one(engine, told)}"


def one(engine, statement):
    with engine.connect() as connection:
        return connection.execute(text(statement)).scalar()


def people(engine):
    return one(engine, "SELECT coalesce(sum(people), 0) FROM click_days")


def click(app, path, number=1):
    """Somebody's click: the answer, and how many seconds it took."""
    connection = HTTPConnection("127.0.0.1", app.port, timeout=30)
    began = time.monotonic()
    connection.request("GET", path, headers={
        "User-Agent": IPHONE, "Host": f"localhost:{app.port}", "X-Forwarded-For": f"198.51.{number // 250}.{number % 250 + 1}",
    })  # fmt: skip
    answer = connection.getresponse()
    answer.read()
    took = time.monotonic() - began
    connection.close()
    return answer, took


def until(seconds, holds):
    """Whether it holds within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def test_a_click_is_counted_within_a_second(place):
    folder, settings, engine = place
    path = link(engine)
    with Running(folder, **settings) as app:
        answer, _took = click(app, path)
        assert answer.status == 302
        assert answer.getheader("Set-Cookie") is None
        assert until(WITHIN + MARGIN, lambda: people(engine) == 1)
        click(app, path, 2)
        assert until(WITHIN + MARGIN, lambda: people(engine) == 2)


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_what_waits_is_written_when_the_server_is_stopped(place, asked):
    folder, settings, engine = place
    path = link(engine)
    with Running(folder, **settings) as app:
        click(app, path)
        assert until(WITHIN + MARGIN, lambda: people(engine) == 1)
        assert click(app, path, 2)[0].status == 302
        app.process.send_signal(asked)
        app.process.wait(15)
        assert people(engine) == 2


def test_two_processes_share_a_days_salt_and_count_a_visitor_once(place):
    folder, settings, engine = place
    path = link(engine)
    with Running(folder, **settings) as one_server, Running(folder, **settings) as another:
        for app in (one_server, another):
            for number in range(5):
                click(app, path, number)
        assert until(2 * (WITHIN + MARGIN), lambda: one(engine, "SELECT count(*) FROM visits") == 10)
    assert people(engine) == 5
    assert one(engine, "SELECT count(*) FROM visitor_salts") == 1


HOLD = {
    # Longer than a connection waits for SQLite's lock, so that writing fails and is tried again.
    "sqlite": """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
database.execute("ROLLBACK")
""",
    "postgresql": """
import psycopg, sys
with psycopg.connect(sys.argv[1]) as database:
    database.execute("LOCK TABLE click_days, visitor_days, visits, shares IN EXCLUSIVE MODE")
    print("held", flush=True)
    sys.stdin.readline()
""",
}


def held(engine, folder, settings):
    """Another process that keeps all others from writing until it hears a line."""
    where = settings["DATABASE_URL"] or f"{folder}/fortael.sqlite3"
    program = [sys.executable, "-c", HOLD[engine.dialect.name], where]
    holder = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    return holder


def test_links_answer_at_once_while_nobody_can_write_and_nothing_is_lost(place):
    folder, settings, engine = place
    path, took, began = link(engine), [], time.monotonic()
    with Running(folder, **settings) as app:
        click(app, path, 0)
        assert until(WITHIN + MARGIN, lambda: people(engine) == 1)
        with held(engine, folder, settings) as holder:

            def has_waited():
                """Some seconds; on SQLite until writing has failed, so that it must be tried again."""
                answer, one_took = click(app, path, len(took) % 30 + 1)
                assert (answer.status, people(engine)) == (302, 1)
                took.append(one_took)
                failed = engine.dialect.name != "sqlite" or "wait for the database" in app.log()
                return failed and time.monotonic() - began > 4 and len(took) > 30

            assert until(40, has_waited)
            holder.communicate("let go\n")
        assert sorted(took)[len(took) // 2] < 0.1
        assert max(took) < 1.5
        assert until(15, lambda: people(engine) == 31)
        assert until(15, lambda: one(engine, "SELECT count(*) FROM visits") == len(took) + 1)


def test_a_killed_server_loses_a_second_and_no_more(place):
    folder, settings, engine = place
    path = link(engine)
    with Running(folder, **settings) as app:
        click(app, path, 1)
        assert until(WITHIN + MARGIN, lambda: people(engine) == 1)
        click(app, path, 2)
        os.killpg(app.process.pid, signal.SIGKILL)
        app.process.wait(10)
    assert people(engine) in (1, 2)
