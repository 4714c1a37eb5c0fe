"""The worker as `bin/run` starts it, in a process of its own, on the database of the test."""

import os
import runpy
import signal
import subprocess
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.running import ROOT, environment


class Worker:
    """`with Worker(settings, now, PUSH_HOSTS="…") as worker:` runs until it is killed or the block ends."""

    def __init__(self, settings: dict[str, Any], now: datetime, **more: str) -> None:
        given = {
            "FORTAEL_ENV": "test",
            "DATABASE_URL": settings["DATABASE_URL"],
            "PUBLIC_URL": "http://localhost",
        }
        self.settings = environment(settings["DATA_DIR"], FORTAEL_NOW=now.isoformat(), **given | more)
        self.log = Path(settings["DATA_DIR"]) / "worker.log"
        self.command = command(settings)

    def __enter__(self) -> Self:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.settings, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """Ask it to end, as `bin/run` does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.kill()


def command(settings: dict[str, Any]) -> list[str]:
    """The worker's own line of `bin/run`."""
    here = Path.cwd()
    try:
        _web, worker = runpy.run_path(str(ROOT / "bin" / "run"))["commands"](settings)
    finally:
        os.chdir(here)
    return list(worker)
