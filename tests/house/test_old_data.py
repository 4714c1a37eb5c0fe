"""What stood in a database before it was migrated stands there after, forward and back."""

from datetime import date, datetime

import pytest
from sqlalchemy import Engine, MetaData, Table, create_engine, text

from tests.running import flask

# Before stories waited for their leader.
BEFORE = "d7a3c6b9eb78"
SOMETHING = {
    int: 0,
    bool: False,
    str: "x",
    bytes: b"x",
    datetime: datetime(2026, 11, 1),  # noqa: DTZ001  # as SQLite keeps it
    date: date(2026, 11, 1),
}
LIVE = {
    "state": "published",
    "purpose_id": 1,
    "why": "Fordi",
    "publish_at": SOMETHING[datetime],
    "version": 1,
}
PERSON = {"locale": "da", "play": "full", "theme": "", "weekly_goal": 1}
ROWS = (
    ("people", {"id": 1, "email": "anna@fjordby.example", **PERSON}),
    ("people", {"id": 2, "email": "karen@fjordby.example", **PERSON}),
    ("purposes", {"id": 1}),
    ("teams", {"id": 1, "path": "/1/"}),
    ("stories", {"id": 1, "title": "Ældre drikker kaffe", "leader_id": 1, **LIVE}),
    ("stories", {"id": 2, "title": "En ny vej", "leader_id": 2, **LIVE}),
    ("stories", {"id": 3, "title": "Kladde", "leader_id": 2, "state": "draft", "version": 1}),
    ("story_audiences", {"story_id": 1, "team_id": 1}),
    ("leaders_told", {"story_id": 1, "person_id": 1}),
    ("savings", {"story_id": 1, "person_id": 1}),
    ("readings", {"story_id": 1, "person_id": 1}),
    ("dismissals", {"story_id": 2, "person_id": 1, "reason": "wrong"}),
    ("picks", {"story_id": 1, "person_id": 1, "slot": 0}),
    ("shares", {"id": 1, "story_id": 1, "person_id": 1, "network": "linkedin", "rung": 3}),
    ("visits", {"id": 1, "share_id": 1}),
    ("click_days", {"share_id": 1, "people": 1}),
)


@pytest.fixture
def place(server, tmp_path):
    """What migrates an older database with data in it, and an engine to look with."""
    address = server.create("older") if server else ""

    def migrate(*command: str) -> str:
        return flask(tmp_path, "db", *command, DATABASE_URL=address)

    migrate("upgrade", BEFORE)
    driver = address.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(driver or f"sqlite:///{tmp_path}/fortael.sqlite3")
    _fill(engine)
    yield migrate, engine
    engine.dispose()


def _fill(engine: Engine) -> None:
    tables = MetaData()
    tables.reflect(engine)
    # Written through the driver, past our own guard of readers.
    with engine.connect() as connection:
        sql = "PRAGMA query_only=OFF" if engine.dialect.name == "sqlite" else "SET TRANSACTION READ WRITE"
        connection.exec_driver_sql(sql)
        for name, given in ROWS:
            connection.execute(tables.tables[name].insert().values(_row(tables.tables[name], given)))
        connection.commit()
    engine.dispose()


def _row(table: Table, given: dict) -> dict:
    needed = [column for column in table.columns if not column.nullable and column.name not in given]
    return {column.name: SOMETHING[column.type.python_type] for column in needed} | given


def stands(engine: Engine) -> dict[str, int]:
    """How many rows each table has, once nothing refers to what is not there."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        found = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name, _given in ROWS}
    engine.dispose()
    return found


def test_what_people_did_survives_migrations_forward_and_back(place):
    migrate, engine = place
    before = stands(engine)
    migrate("upgrade")
    assert stands(engine) == before
    with engine.connect() as connection:
        gates = connection.execute(text("SELECT told_at, overridden_at FROM stories ORDER BY id")).all()
    assert [(bool(told), bool(let_go)) for told, let_go in gates] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    engine.dispose()
    migrate("downgrade", BEFORE)
    assert stands(engine) == before
    migrate("upgrade")
    assert stands(engine) == before
