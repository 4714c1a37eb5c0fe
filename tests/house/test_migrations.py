"""Migrations, from nothing to head, make what the models say, triggers included."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from app.db import db


def triggers():
    if db.engine.dialect.name == "sqlite":
        rows = db.session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        rows = db.session.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
    return sorted(row[0] for row in rows)


def test_migrated_tables_are_those_of_the_models(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_the_ledger_has_its_guards(app):
    found = triggers()
    assert found, "no trigger at all"
    assert all("ledger" in name for name in found)
    assert len(found) >= 2
