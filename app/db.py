"""The database: connections that read by default, and one way to write.

SQLite's own transactions lose updates silently, so we begin them ourselves: plain for reads, on
query-only connections, and IMMEDIATE inside `writing()`.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ColumnElement, DateTime, Dialect, Engine, MetaData, event, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    """What every table's class descends from."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
_may_write: ContextVar[bool] = ContextVar("may_write", default=False)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


@contextmanager
def writing() -> Iterator[None]:
    """The one way to change something: reads inside it are fresh, and it commits at its end.

    Opened by routes, jobs and commands, never by actions, and never inside another.
    """
    if _may_write.get():
        raise RuntimeError("writing() does not nest")
    db.session.rollback()
    with ExitStack() as stack:
        stack.enter_context(_a_turn())
        stack.enter_context(may_write())
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


@contextmanager
def may_write() -> Iterator[None]:
    """Let transactions begun inside change things. For `writing()` and migrations alone."""
    token = _may_write.set(True)
    try:
        yield
    finally:
        _may_write.reset(token)


@contextmanager
def _a_turn() -> Iterator[None]:
    """SQLite lets a writer wait unfairly long for its lock; a file lock in front is fair."""
    path = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    with Path(f"{path}-turn").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def place() -> str:
    """Which database this is, as a key for what is kept in memory of it."""
    return address(db.engine)


@lru_cache(16)
def address(engine: Engine) -> str:
    """The same, of an engine at hand."""
    return str(engine.url)


def queue_for(name: bytes) -> None:
    """Whoever else asks for the same name waits until this transaction ends, as all writers do on SQLite."""
    if db.engine.dialect.name == "postgresql":
        number = int.from_bytes(name[:8], signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(number)))


def insert_once(model: type[Base], **values: Any) -> int | None:
    """Insert a row unless one of its unique keys is taken. Its id, or None when it was there."""
    db.session.flush()
    statement = _insertion(model, db.engine.dialect.name)
    identity: int | None = db.session.connection().execute(statement, values).scalar()
    return identity


@lru_cache
def _insertion(model: type[Base], database: str) -> Any:
    """The table's own statement, kept: to build one anew costs more than to execute it."""
    dialect = sqlite if database == "sqlite" else postgresql
    key = model.__mapper__.primary_key[0]
    return dialect.insert(model.__table__).on_conflict_do_nothing().returning(key)


def has_word(column: Any, word: str) -> ColumnElement[bool]:
    """Whether a word in lower case stands in a text, however it is written there."""
    # SQLite's lower() leaves ÆØÅ alone, so a word is also tried as written and capitalised.
    forms = {word, word.capitalize(), word.upper()}
    found = [column.contains(form, autoescape=True) for form in sorted(forms)]
    return or_(func.lower(column).contains(word, autoescape=True), *found)


@event.listens_for(Engine, "connect")
def _set_up(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA busy_timeout=5000")


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    may = _may_write.get()
    if connection.dialect.name == "sqlite":
        raw, info = connection.connection.dbapi_connection, connection.connection.info
        if info.get("may_write") is not may:
            raw.execute(f"PRAGMA query_only={'OFF' if may else 'ON'}")
            info["may_write"] = may
        raw.execute("BEGIN IMMEDIATE" if may else "BEGIN")
    elif not may:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
