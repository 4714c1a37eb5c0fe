"""Statements of hot pages: compiled once for each kind of database and run on the driver's own cursor.

SQLAlchemy writes the SQL and converts the values; what is spared is its work at each execution, ten times
what SQLite itself needs. They only read, and see what is committed when they are asked.
"""

import threading
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, g
from sqlalchemy import Dialect, Engine, Select
from sqlalchemy.exc import DBAPIError

from app.db import address, db

Convert = Callable[[Any], Any]
_mine = threading.local()


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement for one kind of database.

    Its SQL; its parameters' names in order (None when the driver takes names); the values that it brings
    itself; and what converts the values given (by name) and the rows' values (by place).
    """

    sql: str
    order: tuple[str, ...] | None
    constants: dict[str, Any]
    given: tuple[tuple[str, Convert], ...]
    columns: tuple[tuple[int, Convert], ...]


class Prepared:
    """`Prepared(select(Person.id, Person.name)…)`; `.rows(person_id=7)` gives rows with the columns as attributes."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self.row: Any = namedtuple("Row", [column.key for column in statement.selected_columns])  # type: ignore[misc]  # named by the columns  # noqa: PYI024
        self.plans: dict[str, Plan] = {}

    def rows(self, **values: Any) -> list[Any]:
        """All rows for these parameters. Raises SQLAlchemy's DBAPIError, as its own way does."""
        try:
            return self._asked(values)
        except DBAPIError as reason:
            if not reason.connection_invalidated:
                raise
        return self._asked(values)  # the server was started anew since we last asked

    def _asked(self, values: dict[str, Any]) -> list[Any]:
        engine = db.engine
        dialect = engine.dialect
        plan = self.plans.get(dialect.name) or self._plan(dialect)
        reader = _reader(engine)
        try:
            cursor = reader.cursor()
            cursor.execute(plan.sql, _parameters(plan, values))
            rows = [self.row._make(_converted(row, plan)) for row in cursor]
            cursor.close()
        except dialect.loaded_dbapi.Error as reason:
            gone = dialect.is_disconnect(reason, reader, None)
            forget()
            if gone:
                engine.dispose()
            raise DBAPIError(plan.sql, None, reason, connection_invalidated=gone) from reason
        return rows

    def one(self, **values: Any) -> Any:
        """The first row, or None."""
        return next(iter(self.rows(**values)), None)

    def _plan(self, dialect: Dialect) -> Plan:
        compiled: Any = self.statement.compile(dialect=dialect)
        writes = {name: _type(bind, dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
        reads = [
            _type(column, dialect).result_processor(dialect, None)
            for column in self.statement.selected_columns
        ]
        plan = self.plans[dialect.name] = Plan(
            sql=str(compiled),
            order=tuple(compiled.positiontup) if compiled.positional else None,
            constants={
                name: write(bind.value) if (write := writes[name]) else bind.value
                for name, bind in compiled.binds.items()
                if not bind.required
            },
            given=tuple(
                (name, write) for name, write in writes.items() if write and compiled.binds[name].required
            ),
            columns=tuple((column, read) for column, read in enumerate(reads) if read),
        )
        return plan


def _type(part: Any, dialect: Dialect) -> Any:
    return part.type.dialect_impl(dialect)


def _parameters(plan: Plan, values: dict[str, Any]) -> Any:
    found = plan.constants | values
    for name, convert in plan.given:
        found[name] = convert(found[name])
    return found if plan.order is None else [found[name] for name in plan.order]


def _converted(row: Any, plan: Plan) -> list[Any]:
    values = list(row)
    for column, convert in plan.columns:
        values[column] = convert(values[column])
    return values


def _reader(engine: Engine) -> Any:
    """A connection to read by: on SQLite the thread's own, which cannot write; else one of the pool's for a request."""
    if engine.dialect.name == "sqlite":
        here = address(engine)
        return _mine.__dict__.get(here) or _mine.__dict__.setdefault(here, _own_reader(engine))
    if "reader" not in g:
        g.reader = engine.raw_connection()
    return g.reader.dbapi_connection


def _own_reader(engine: Engine) -> Any:
    pooled = engine.raw_connection()
    pooled.detach()
    connection: Any = pooled.dbapi_connection
    connection.execute("PRAGMA query_only=ON")
    return connection


def forget() -> None:
    """Let go of the connections of this thread."""
    while _mine.__dict__:
        _mine.__dict__.popitem()[1].close()
    _put_back()


def _put_back(_error: BaseException | None = None) -> None:
    reader = g.pop("reader", None)
    if reader is not None:
        reader.close()


def init_app(app: Flask) -> None:
    """Give a request's connection back when it is over."""
    app.teardown_appcontext(_put_back)
