"""The database itself keeps the ledger append-only, whoever asks."""

import sqlite3

import psycopg
import pytest

from app.db import db
from tests.sharing.test_telling import tell


class Stranger:
    """A connection that is not ours."""

    def __init__(self) -> None:
        url = db.engine.url
        if db.engine.dialect.name == "sqlite":
            self.errors: type[Exception] = sqlite3.DatabaseError
            self.connection = sqlite3.connect(str(url.database), isolation_level=None)
        else:
            self.errors = psycopg.Error
            address = url.set(drivername="postgresql").render_as_string(hide_password=False)
            self.connection = psycopg.connect(address, autocommit=True)  # type: ignore[assignment]  # both execute

    def rows(self):
        return self.connection.execute("SELECT * FROM ledger_entries ORDER BY id").fetchall()


@pytest.fixture
def stranger(sign_in, story):
    tell(sign_in("anna"), story())
    db.session.remove()
    one = Stranger()
    yield one
    one.connection.close()


FORBIDDEN = {
    "sqlite": (
        "UPDATE ledger_entries SET amount = 99",
        "DELETE FROM ledger_entries",
        "UPDATE OR REPLACE ledger_entries SET id = id",
    ),
    "postgresql": (
        "UPDATE ledger_entries SET amount = 99",
        "DELETE FROM ledger_entries",
        "TRUNCATE ledger_entries",
        "TRUNCATE ledger_entries CASCADE",
        "INSERT INTO ledger_entries SELECT * FROM ledger_entries ON CONFLICT (id) DO UPDATE SET amount = 99",
    ),
}


def test_no_entry_is_changed_deleted_or_replaced(stranger):
    before = stranger.rows()
    assert len(before) == 2
    for statement in FORBIDDEN[db.engine.dialect.name]:
        with pytest.raises(stranger.errors):
            stranger.connection.execute(statement)
        assert stranger.rows() == before, statement


def test_a_replacing_insert_changes_nothing_on_sqlite(stranger):
    """SQLite fires no DELETE trigger for REPLACE, so a third trigger drops the row that would replace another."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    before = stranger.rows()
    columns = [row[1] for row in stranger.connection.execute("PRAGMA table_info(ledger_entries)")]
    for taken in ("id", "key"):
        values = ", ".join(
            {"amount": "99", "id": "id + 1000", "key": "key || '!'"}.get(one, one) if one != taken else one
            for one in columns
        )
        for verb in ("INSERT OR REPLACE", "REPLACE"):
            stranger.connection.execute(
                f"{verb} INTO ledger_entries ({', '.join(columns)}) SELECT {values} FROM ledger_entries"
            )
            assert stranger.rows() == before, (verb, taken)
