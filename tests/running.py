"""Fortæl as people meet it: a real server on a free loopback port, with the demo organisation."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PATIENCE = 60


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a demo app in a folder is started with: htmx from our own copy, for there may be no network."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL")}
    return (
        kept
        | {"DATA_DIR": str(folder), "HTMX_LOCAL": "true", "PYTHONPATH": str(ROOT), "FLASK_APP": "wsgi"}
        | more
    )


def flask(folder: Path, *command: str, **more: str) -> str:
    """What a flask command prints."""
    done = subprocess.run(
        [str(BIN / "flask"), *command],
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def seed(folder: Path, people: int = 60, **more: str) -> Path:
    """A migrated database in the folder with the demo organisation."""
    flask(folder, "db", "upgrade", **more)
    flask(folder, "demo", "seed", "--people", str(people), **more)
    return folder


def copy(folder: Path, target: Path) -> Path:
    """A seeded folder once more, to be changed at will."""
    shutil.copytree(
        folder, target, ignore=shutil.ignore_patterns("assets", "*-wal", "*-shm", "fortael.sqlite3")
    )
    with (
        sqlite3.connect(folder / "fortael.sqlite3") as one,
        sqlite3.connect(target / "fortael.sqlite3") as two,
    ):
        one.backup(two)
    one.close()
    two.close()
    return target


class Running:
    """`with Running(folder) as app:` starts granian; `app.url` is where it answers."""

    def __init__(self, folder: Path, target: str = "wsgi:app", **more: str) -> None:
        self.folder, self.port, self.target = folder, free_port(), target
        self.url = f"http://localhost:{self.port}"
        self.more = more

    def __enter__(self) -> Self:
        settings = {"PORT": str(self.port), "PUBLIC_URL": self.url} | self.more
        command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
                   "--workers", "1", "--blocking-threads", "4", "--log-level", "warning", self.target]  # fmt: skip
        self._log = (self.folder / f"server-{self.port}.log").open("w")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment(self.folder, **settings), stdout=self._log, stderr=self._log,
            start_new_session=True,
        )  # fmt: skip
        self._wait()
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:  # noqa: S310  # our own address
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        self.stop()
        raise AssertionError(f"the server did not start:\n{self.log()}")

    def log(self) -> str:
        """What the server wrote."""
        return (self.folder / f"server-{self.port}.log").read_text()

    def stop(self) -> None:
        """End it now; a page that is open loses its server."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(10)
        self._log.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
