"""How many statements something asks."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event

from app import prepared
from app.db import db


class Statements(list[str]):
    """The SQL statements seen, without BEGIN, COMMIT, ROLLBACK and PRAGMA."""

    APART = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SET TRANSACTION")

    def note(self, statement: str) -> None:
        if not statement.lstrip().upper().startswith(self.APART):
            self.append(statement)


@contextmanager
def counted() -> Iterator[Statements]:
    """A list that grows with every statement, whoever asks the driver."""
    seen = Statements()

    class Counting(psycopg.Cursor[Any]):
        def execute(self, query: Any, *rest: Any, **more: Any) -> Any:
            seen.note(str(query))
            return super().execute(query, *rest, **more)

    def listen(connection: Any, *_rest: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(seen.note)
        else:
            connection.cursor_factory = Counting

    db.session.remove()
    prepared.forget()
    event.listen(db.engine, "checkout", listen)
    yield seen
    event.remove(db.engine, "checkout", listen)
    prepared.forget()
