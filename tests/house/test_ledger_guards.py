"""The database itself keeps its ledgers append-only, whoever asks."""

import sqlite3

import psycopg
import pytest

from app.db import db
from tests.sharing.test_telling import tell
from tests.shoutouts.thanks import give


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

    def rows(self, ledger):
        return self.connection.execute(f"SELECT * FROM {ledger} ORDER BY id").fetchall()


@pytest.fixture
def stranger(sign_in, story, cast):
    mads = sign_in("mads")
    tell(sign_in("anna"), story())
    mads.post(f"/shoutouts/{give(mads, cast.anna)}/undo")
    db.session.remove()
    one = Stranger()
    yield one
    one.connection.close()


FORBIDDEN = {
    "sqlite": (
        "UPDATE {ledger} SET amount = 99",
        "DELETE FROM {ledger}",
        "UPDATE OR REPLACE {ledger} SET id = id",
    ),
    "postgresql": (
        "UPDATE {ledger} SET amount = 99",
        "DELETE FROM {ledger}",
        "TRUNCATE {ledger}",
        "TRUNCATE {ledger} CASCADE",
        "INSERT INTO {ledger} SELECT * FROM {ledger} ON CONFLICT (id) DO UPDATE SET amount = 99",
    ),
}
# Points, and the budget of shout-outs with its reversal.
LEDGERS = ("ledger_entries", "budget_entries")


@pytest.mark.parametrize("ledger", LEDGERS)
def test_no_entry_is_changed_deleted_or_replaced(stranger, ledger):
    before = stranger.rows(ledger)
    assert len(before) == 2
    for statement in FORBIDDEN[db.engine.dialect.name]:
        with pytest.raises(stranger.errors):
            stranger.connection.execute(statement.format(ledger=ledger))
        assert stranger.rows(ledger) == before, statement


@pytest.mark.parametrize("ledger", LEDGERS)
def test_a_replacing_insert_changes_nothing_on_sqlite(stranger, ledger):
    """SQLite fires no DELETE trigger for REPLACE, so a third trigger drops the row that would replace another."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    before = stranger.rows(ledger)
    columns = [row[1] for row in stranger.connection.execute(f"PRAGMA table_info({ledger})")]
    for taken in ("id", "key", "reverses_id"):
        values = ", ".join(
            {"amount": "99", "id": "id + 1000", "key": "key || '!'"}.get(one, one) if one != taken else one
            for one in columns
        )
        rows = f"SELECT {values} FROM {ledger} WHERE {taken} IS NOT NULL"
        for verb in ("INSERT OR REPLACE", "REPLACE"):
            stranger.connection.execute(f"{verb} INTO {ledger} ({', '.join(columns)}) {rows}")
            assert stranger.rows(ledger) == before, (verb, taken)
