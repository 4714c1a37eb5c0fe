"""Statements of hot pages: compiled once for each kind of database and run on the driver's own cursor.

SQLAlchemy writes the SQL and converts the values; what is spared is its work at each execution, ten times
what SQLite itself needs. They only read, and see what is committed when they are asked.
"""

from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, g
from sqlalchemy import Dialect, Select

from app.db import db

Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement for one kind of database: its SQL, its parameters' names and conversions, its rows' conversions."""

    sql: str
    by_position: tuple[str, ...] | None
    constants: dict[str, Any]
    given: dict[str, Convert]
    columns: tuple[tuple[int, Callable[[Any], Any]], ...]


class Prepared:
    """`Prepared(select(Person.id, Person.name)…)`; `.rows(person_id=7)` gives rows with the columns as attributes."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self.row: Any = namedtuple("Row", [column.key for column in statement.selected_columns])  # type: ignore[misc]  # named by the columns  # noqa: PYI024
        self.plans: dict[str, Plan] = {}

    def rows(self, **values: Any) -> list[Any]:
        """All rows for these parameters."""
        plan = self.plans.get(db.engine.dialect.name) or self._plan(db.engine.dialect)
        cursor = _reader().cursor()
        try:
            cursor.execute(plan.sql, _parameters(plan, values))
            return [self.row._make(_converted(row, plan)) for row in cursor]
        finally:
            cursor.close()

    def one(self, **values: Any) -> Any:
        """The first row, or None."""
        return next(iter(self.rows(**values)), None)

    def _plan(self, dialect: Dialect) -> Plan:
        compiled: Any = self.statement.compile(dialect=dialect)
        types = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
        writes = {name: kind.bind_processor(dialect) for name, kind in types.items()}
        wanted = {name for name, bind in compiled.binds.items() if bind.required}
        reads = [
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in self.statement.selected_columns
        ]
        plan = self.plans[dialect.name] = Plan(
            sql=str(compiled),
            by_position=tuple(compiled.positiontup) if compiled.positional else None,
            constants={
                name: _convert(writes[name], bind.effective_value)
                for name, bind in compiled.binds.items()
                if name not in wanted
            },
            given={name: writes[name] for name in wanted},
            columns=tuple((place, convert) for place, convert in enumerate(reads) if convert),
        )
        return plan


def _convert(convert: Convert, value: Any) -> Any:
    return convert(value) if convert else value


def _parameters(plan: Plan, values: dict[str, Any]) -> Any:
    found = plan.constants | {name: _convert(convert, values[name]) for name, convert in plan.given.items()}
    return found if plan.by_position is None else [found[name] for name in plan.by_position]


def _converted(row: Any, plan: Plan) -> list[Any]:
    values = list(row)
    for place, convert in plan.columns:
        values[place] = convert(values[place])
    return values


def _reader() -> Any:
    """A connection from the pool, for as long as the request (or the job) lasts."""
    if "reader" not in g:
        g.reader = db.engine.raw_connection()
    return g.reader


def _put_back(_error: BaseException | None) -> None:
    reader = g.pop("reader", None)
    if reader is not None:
        reader.close()


def init_app(app: Flask) -> None:
    """Give a request's connection back when it is over."""
    app.teardown_appcontext(_put_back)
