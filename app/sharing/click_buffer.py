"""Clicks wait in this process's memory, at most a second, so that a short link answers without writing.

A process that is killed loses what waits; one that is stopped writes it first. While the database is busy or
away they wait on, and links go on answering as long as it can be read.
"""

import os
import sqlite3
import threading
from multiprocessing.util import Finalize
from weakref import WeakSet

from flask import Flask, current_app
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from app.db import writing
from app.sharing import visits
from app.sharing.visits import Click

GATHERED_FOR = 0.5  # seconds: with the writing itself, less than the one that is promised
TRIED_AGAIN_AFTER = 0.5  # seconds
AT_ONCE = 25  # in one transaction, so that others wait some hundredths of a second at most
MOST_WAITING = 10_000  # some ten megabytes; those that come then are not counted
# What is wrong with the database, not with a click. Its BEGIN is asked of the driver itself.
UNAVAILABLE = (
    OperationalError, InterfaceError, InternalError, NoneFree, sqlite3.OperationalError, OSError,
)  # fmt: skip


class ClickBuffer:
    """The clicks of one process that are not written down yet."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.begin()
        _all.add(self)

    def begin(self) -> None:
        """Empty, as a process has it that was just made: what its parent had is its parent's to write."""
        self.waiting: list[Click] = []
        self.left_out = 0
        self.thread: threading.Thread | None = None
        self.something = threading.Event()
        self.list_lock, self.one_writes = threading.Lock(), threading.Lock()

    def add(self, click: Click) -> None:
        """Let a click wait. When 10,000 do already, it is left out, and the log says so."""
        with self.list_lock:
            if len(self.waiting) >= MOST_WAITING:
                self.left_out += 1
                return
            self.waiting.append(click)
            self._be_started()
        self.something.set()

    def _be_started(self) -> None:
        """Write by itself from the first click on, but not under test, where nothing runs by itself."""
        if self.thread is None and not self.app.testing:
            self.thread = threading.Thread(target=self._write_on, name="clicks", daemon=True)
            self.thread.start()
            # Runs when the process ends by itself: at exit, and at the end of a server's worker, where atexit does not.
            Finalize(None, self.flush, exitpriority=1)

    def _write_on(self) -> None:
        pause = threading.Event()
        while True:
            self.something.wait()
            pause.wait(GATHERED_FOR)
            self.something.clear()
            if not self.flush():
                pause.wait(TRIED_AGAIN_AFTER)
                self.something.set()

    def flush(self) -> bool:
        """Write what waits, some at a time. False when the database was busy or away: the rest waits on."""
        with self.one_writes:
            self._say_what_is_left_out()
            at_once = AT_ONCE
            while piece := self.waiting[:at_once]:
                try:
                    self.write(piece)
                except UNAVAILABLE as reason:
                    self.app.logger.warning("clicks wait for the database: %s", type(reason).__name__)
                    return False
                except Exception:
                    if len(piece) > 1:
                        at_once = 1  # one of them cannot be written: find it
                        continue
                    self.app.logger.exception("a click cannot be written and is left out")
                with self.list_lock:
                    del self.waiting[: len(piece)]
        return True

    def write(self, piece: list[Click]) -> None:
        """In one transaction."""
        with self.app.app_context(), writing():
            visits.note(piece)

    def _say_what_is_left_out(self) -> None:
        with self.list_lock:
            left_out, self.left_out = self.left_out, 0
        if left_out:
            self.app.logger.warning("%d clicks are not counted: too many wait for the database", left_out)


_all: WeakSet[ClickBuffer] = WeakSet()


def _begin_all() -> None:
    for one in list(_all):
        one.begin()


os.register_at_fork(after_in_child=_begin_all)


def buffer() -> ClickBuffer:
    """This process's buffer."""
    known: ClickBuffer = current_app.extensions["click-buffer"]
    return known


def init_app(app: Flask) -> None:
    """Give the app its buffer."""
    app.extensions["click-buffer"] = ClickBuffer(app)
