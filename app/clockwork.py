"""huey: the clock, the workers and the wake-up. Nothing that must not be lost stands in its store."""

import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any

import psycopg
from flask import Flask, current_app, g
from huey import SqliteHuey
from huey.api import Huey, TaskWrapper
from huey.serializer import SignedSerializer

# Further ahead than this, the worker's own sweep is early enough.
SOON = 60.0
# A request waits no longer than this for huey's store.
PATIENCE = 0.2
_turn = threading.Lock()


def clockwork(config: Mapping[str, Any], patience: float = 5) -> Huey:
    """huey on its own store: a file in DATA_DIR, or PostgreSQL when that is the database.

    What stands there is signed, for huey unpickles it. `patience` is how many seconds a locked file is waited for.
    """
    address, signed = config["SQLALCHEMY_DATABASE_URI"], SignedSerializer(config["SECRET_KEY"], "worker")
    if address.startswith("postgresql"):
        from huey import PostgresHuey  # only then: it asks for psycopg when imported

        dsn = address.replace("+psycopg", "", 1)
        return PostgresHuey("fortael", serializer=signed, dsn=dsn, connect_timeout=5)
    file = str(config["DATA_DIR"] / "worker.sqlite3")
    return SqliteHuey("fortael", serializer=signed, filename=file, fsync=False, timeout=patience)


def delivery(huey: Huey, once: Callable[[], None]) -> TaskWrapper:
    """The task that both sides know by its name: the web server asks for it, the worker does `once`."""

    def deliver() -> None:
        once()

    return huey.task(name="deliver")(deliver)


def wake_in(seconds: float) -> None:
    """Ask the worker to look after its steps in so many seconds, once this request, job or command is through.

    Best effort: what it is not asked for, its sweep finds. A transaction that was undone wakes it for nothing.
    """
    if seconds < SOON:
        g.setdefault("wakes", set()).add(max(0.0, seconds))


def init_app(app: Flask) -> None:
    """Wake the worker at the end of what has put a step into the outbox."""
    app.teardown_appcontext(_wake)


def _wake(_error: BaseException | None) -> None:
    wakes = g.get("wakes")
    if not wakes:
        return
    try:
        task = _task()
        # A connection for each: wakes are few, and none is left to break, or to stand in the way of a fork.
        # One after the other, for threads share the storage, and it closes what another has closed.
        with _turn, closing(task.huey.storage):
            for seconds in wakes:
                task.schedule(delay=seconds) if seconds else task()
    except (sqlite3.Error, psycopg.Error) as reason:
        # The next one begins anew.
        current_app.extensions.pop("wake-up", None)
        current_app.logger.warning(
            "the worker was not woken and will look by itself: %s", type(reason).__name__
        )


def _task() -> TaskWrapper:
    """This process's own way to the store."""
    known = current_app.extensions
    if "wake-up" not in known:
        known["wake-up"] = delivery(clockwork(current_app.config, PATIENCE), lambda: None)
    return known["wake-up"]
