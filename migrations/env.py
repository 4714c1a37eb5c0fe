"""Runs the migrations on the app's own engine, in one transaction a step."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

import app.feed.models
import app.heartbeat
import app.organisation.models
import app.outbox
import app.people.models
import app.points.models
import app.push.models
import app.sharing.models
import app.stories.models  # noqa: F401 — imported so that the metadata knows every table
from app.db import Base, may_write
from app.stories.words import is_of_index


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with may_write(), engine.connect() as connection:
        _let_tables_be_copied(connection)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            include_name=lambda name, _kind, _parents: not is_of_index(name),
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


def _let_tables_be_copied(connection: Connection) -> None:
    """To change a table, SQLite's is copied and the old one dropped, though others refer to it: nothing looks meanwhile.

    The connection is not used again by anyone who counts on the references.
    """
    connection.detach()
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")


run()
