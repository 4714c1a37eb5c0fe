"""The two commands as people meet them: it starts, says where it is, and ends when asked, leaving nothing behind."""

import http.client
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from app import config
from tests.cast import PASSWORD
from tests.postgres import free_port
from tests.running import ROOT, copy, environment, flask, seed

PATIENCE = 30


@pytest.fixture(scope="module")
def seeded(server, tmp_path_factory):
    """A folder, and on PostgreSQL a database, with the demo organisation."""
    folder = tmp_path_factory.mktemp("seeded")
    address = server.create("seeded") if server else ""
    return seed(folder, 20, DATABASE_URL=address), address


class Run:
    """`bin/run` in a process group of its own, as a terminal starts it."""

    def __init__(self, folder: Path, log: Path, **more: str) -> None:
        self.host, self.port, self.log = more.get("HOST", "127.0.0.1"), free_port(), log
        settings = environment(folder, PORT=str(self.port)) | more
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "bin/run"], cwd=ROOT, env=settings, stdout=out, stderr=out, start_new_session=True
            )  # fmt: skip

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, true) -> None:
        until = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < until, self.said()
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> http.client.HTTPResponse:
        """One request; an answer of 0 when nobody is there."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=10)
        try:
            connection.request(
                method, path, body, headers | {"Content-Type": "application/x-www-form-urlencoded"}
            )
            answer = connection.getresponse()
            answer.text = answer.read().decode()  # type: ignore[attr-defined]  # so that one can go on reading
            return answer
        finally:
            connection.close()

    def is_ready(self) -> bool:
        try:
            return (
                self.ask("/healthz", Host=self.name).status == 200
                and self.ask("/readyz", Host=self.name).status == 200
            )
        except OSError:
            return False

    name = "localhost"

    def family(self) -> list[int]:
        """It and all that it has started."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                except OSError:
                    continue
        found = [self.process.pid]
        for one in found:
            found += [child for child, parent in parents.items() if parent == one]
        return found

    def end(self, by: signal.Signals = signal.SIGINT) -> int:
        """Press Ctrl-C; the exit code."""
        os.killpg(self.process.pid, by)
        return self.process.wait(20)


@pytest.fixture
def run(tmp_path):
    """`run(folder)`; whatever a test leaves is ended."""
    started = []

    def start(folder, **more):
        started.append(Run(folder, tmp_path / f"log-{len(started)}", **more))
        return started[-1]

    yield start
    for one in started:
        for pid in one.family() if one.process.poll() is None else ():
            os.kill(pid, signal.SIGKILL)
        one.process.wait(10)


def is_alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_says_where_it_is_and_ends_both_when_asked(run, seeded, tmp_path, by):
    folder, address = seeded
    mine = copy(folder, tmp_path / "mine") if not address else folder
    if address:
        # Ready is when this worker has been heard of, not the one before it.
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DELETE FROM heartbeats")
    app = run(mine, DATABASE_URL=address)
    app.wait_for(app.is_ready)
    assert f"http://localhost:{app.port}" in app.said()
    for words in ("anna@fjordby.example", "astrid@fjordby.example", PASSWORD, "Ctrl-C"):
        assert words in app.said()
    family = app.family()
    assert len(family) >= 3
    assert app.end(by) == 0
    assert app.said().rstrip().endswith("Stopped.")
    assert "Traceback" not in app.said()
    assert [pid for pid in family if is_alive(pid)] == []
    with pytest.raises(OSError, match="refused"):
        app.ask("/healthz")
    for key in ("secret-key", "vapid-private-key.pem"):
        assert stat.S_IMODE((mine / key).stat().st_mode) == 0o600


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.0])
def test_stopped_in_its_first_moments_it_ends_soon_and_without_a_traceback(run, seeded, seconds):
    folder, address = seeded
    app = run(folder, DATABASE_URL=address)
    app.wait_for(lambda: "Ctrl-C" in app.said())
    time.sleep(seconds)
    family, began = app.family(), time.monotonic()
    assert app.end() == 0
    assert time.monotonic() - began < 10
    assert app.said().rstrip().endswith("Stopped.")
    assert "Traceback" not in app.said()
    assert [pid for pid in family if is_alive(pid)] == []


def test_a_port_that_is_taken_is_said_in_a_sentence(run, seeded):
    folder, address = seeded
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        app = run(folder, DATABASE_URL=address, PORT=str(other.getsockname()[1]))
        assert app.process.wait(PATIENCE) == 1
    assert "Set PORT" in app.said()
    assert "Traceback" not in app.said()


def test_one_that_dies_takes_the_other_along_and_says_so(run, seeded):
    folder, address = seeded
    app = run(folder, DATABASE_URL=address)
    app.wait_for(app.is_ready)
    family = app.family()
    os.kill(family[1], signal.SIGKILL)
    assert app.process.wait(PATIENCE) == 1
    assert "ended by itself" in app.said()
    until = time.monotonic() + 10
    while [pid for pid in family if is_alive(pid)] and time.monotonic() < until:
        time.sleep(0.1)
    assert [pid for pid in family if is_alive(pid)] == []


def test_ctrl_c_while_it_fills_the_database_leaves_it_empty(run, server, tmp_path):
    address = server.create("empty") if server else ""
    folder = tmp_path / "empty"
    app = run(folder, DATABASE_URL=address)
    app.wait_for(lambda: "Filling" in app.said())
    time.sleep(1.5)
    assert app.end() == 130
    assert "Traceback" not in app.said()
    with pytest.raises(AssertionError, match="Nobody has the address"):
        flask(folder, "people", "leave", "anna@fjordby.example", DATABASE_URL=address)


@pytest.fixture
def production(server, tmp_path):
    """The settings of a production of its own, with an empty database."""
    folder = tmp_path / "production"
    folder.mkdir()
    (folder / "secret").write_text("s" * 48)
    config.from_environment({"DATA_DIR": str(tmp_path / "keys")})
    shutil.copy(tmp_path / "keys" / "vapid-private-key.pem", folder / "vapid.pem")
    return {
        "FORTAEL_ENV": "production", "PUBLIC_URL": "https://fortael.example.dk", "SECRET_KEY_FILE": str(folder / "secret"),
        "VAPID_PRIVATE_KEY_FILE": str(folder / "vapid.pem"), "DATABASE_URL": server.create("production") if server else "",
        "HOST": "127.0.0.2",
    }  # fmt: skip


def test_in_production_nothing_is_seeded_and_the_first_admin_signs_in(run, production, tmp_path):
    folder = tmp_path / "production"
    app = run(folder, **production)
    app.name = "fortael.example.dk"
    app.wait_for(app.is_ready)
    assert "fjordby" not in app.said()
    assert PASSWORD not in app.said()
    (folder / "password").write_text("en rigtig god sætning\n")
    flask(
        folder, "people", "create-admin", "--name", "Inger Bo", "--email", "Inger@example.dk",
        "--organisation", "Sydby", "--password-file", str(folder / "password"), **production,
    )  # fmt: skip
    page = app.ask("/sign-in", Host=app.name)
    cookie = cookie_of(page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    form = urlencode({"email": "inger@example.dk", "password": "en rigtig god sætning", "csrf_token": token})
    answer = app.ask("/sign-in", "POST", form, Host=app.name, Cookie=cookie)
    assert answer.status == 303, answer.text
    set_cookie = answer.getheader("Set-Cookie")
    assert set_cookie.startswith("__Host-fortael=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(set_cookie.split("; "))
    assert "Domain" not in set_cookie
    pages = {
        path: app.ask(path, Host=app.name, Cookie=cookie_of(answer))
        for path in ("/", "/teams", "/me", "/stories")
    }
    assert {page.status for page in pages.values()} == {200}
    assert "Inger" in pages["/me"].text
    assert pages["/me"].getheader("Strict-Transport-Security")
    assert app.ask("/sign-in", Host="localhost").status == 400
    assert app.end() == 0


def cookie_of(answer):
    cookies = SimpleCookie(answer.getheader("Set-Cookie"))
    return "; ".join(f"{name}={one.value}" for name, one in cookies.items())


def test_production_does_not_start_without_its_address(run, production, tmp_path):
    app = run(tmp_path / "production", **production | {"PUBLIC_URL": ""})
    assert app.process.wait(PATIENCE) == 1
    assert app.said().startswith("Setting: PUBLIC_URL must")


def test_make_is_a_front_door_for_it():
    assert shutil.which("make")
    said = subprocess.run(["make", "-n", "run"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "bin/run" in said
