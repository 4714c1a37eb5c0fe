"""Migrations, from nothing to head, make what the models say, and the ledger's guards word for word."""

import re
import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from app.db import db
from app.stories.words import is_of_index

LEDGERS = ("ledger_entries", "budget_entries")
OR_ITS_KEYS = dict.fromkeys(
    LEDGERS, " OR key = NEW.key OR (NEW.reverses_id IS NOT NULL AND reverses_id = NEW.reverses_id)"
) | {"leader_overrides": ""}
APPEND_ONLY = tuple(OR_ITS_KEYS)
COLUMNS = ("title", "title_en", "why", "why_en", "body", "body_en")
OLD, NEW = (", ".join(f"{row}.{name}" for name in ("id", *COLUMNS)) for row in ("OLD", "NEW"))
FORGET = f"INSERT INTO story_words(story_words, rowid, {', '.join(COLUMNS)}) VALUES ('delete', {OLD});"
KEEP = f"INSERT INTO story_words(rowid, {', '.join(COLUMNS)}) VALUES ({NEW});"
WORDS = {
    "story_words_insert": f"CREATE TRIGGER story_words_insert AFTER INSERT ON stories BEGIN {KEEP} END",
    "story_words_delete": f"CREATE TRIGGER story_words_delete AFTER DELETE ON stories BEGIN {FORGET} END",
    "story_words_update": f"CREATE TRIGGER story_words_update AFTER UPDATE OF id, {', '.join(COLUMNS)} ON stories "
    f"BEGIN {FORGET} {KEEP} END",
}
SQLITE_GUARDS = WORDS | {
    name: guard
    for ledger in APPEND_ONLY
    for name, guard in {
        f"{ledger}_no_update": f"CREATE TRIGGER {ledger}_no_update BEFORE UPDATE ON {ledger} "
        f"BEGIN SELECT RAISE(ABORT, '{ledger} is append-only'); END",
        f"{ledger}_no_delete": f"CREATE TRIGGER {ledger}_no_delete BEFORE DELETE ON {ledger} "
        f"BEGIN SELECT RAISE(ABORT, '{ledger} is append-only'); END",
        f"{ledger}_no_replace": f"CREATE TRIGGER {ledger}_no_replace BEFORE INSERT ON {ledger} "
        f"WHEN EXISTS (SELECT 1 FROM {ledger} WHERE id = NEW.id{OR_ITS_KEYS[ledger]}) BEGIN SELECT RAISE(IGNORE); END",
    }.items()
}
POSTGRESQL_GUARDS = {
    name: guard
    for ledger in APPEND_ONLY
    for name, guard in {
        f"{ledger}_no_change": f"CREATE TRIGGER {ledger}_no_change BEFORE DELETE OR UPDATE ON public.{ledger} "
        f"FOR EACH ROW EXECUTE FUNCTION {ledger}_append_only()",
        f"{ledger}_no_truncate": f"CREATE TRIGGER {ledger}_no_truncate BEFORE TRUNCATE ON public.{ledger} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {ledger}_append_only()",
    }.items()
}
POSTGRESQL_BODIES = {
    f"{ledger}_append_only": f"BEGIN RAISE EXCEPTION '{ledger} is append-only'; END" for ledger in APPEND_ONLY
}


def words(sql):
    """The same text however it is broken into lines, quoted and spaced."""
    return re.sub(r"\s+", " ", re.sub(r"\s*([(),])\s*", r"\1", sql.replace('"', ""))).strip()


def test_migrated_tables_are_those_of_the_models(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "include_name": lambda name, *_rest: not is_of_index(name)},
        )
        assert compare_metadata(context, db.metadata) == []


@pytest.fixture
def of_the_models(app, server, tmp_path):
    """A second database, made by the models alone."""
    url = "sqlite:///" + str(tmp_path / "models.sqlite3")
    if server:
        url = server.create("models").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    with engine.connect() as connection:
        # Our own listener lets nothing be written outside writing(): past it, through the driver.
        connection.exec_driver_sql("PRAGMA query_only=OFF" if not server else "SET TRANSACTION READ WRITE")
        db.metadata.create_all(connection)
        connection.commit()
    yield engine
    engine.dispose()


def parts(engine):
    """Each table as (columns, keys, indexes, checks), in words that both can be compared by."""
    found = inspect(engine)
    tables = {}
    for table in set(found.get_table_names()) - {"alembic_version", "sqlite_sequence"}:
        if is_of_index(table):
            continue
        tables[table] = {
            "columns": {
                one["name"]: (str(one["type"]), one["nullable"], one["default"] and "nextval" not in str(one["default"]))
                for one in found.get_columns(table)
                if not is_of_index(one["name"])
            },
            "primary key": found.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": sorted(
                (one["name"], one["constrained_columns"], one["referred_table"], one["referred_columns"], str(one["options"]))
                for one in found.get_foreign_keys(table)
            ),
            "unique": sorted((one["name"], one["column_names"]) for one in found.get_unique_constraints(table)),
            "checks": sorted((one["name"], words(one["sqltext"])) for one in found.get_check_constraints(table)),
            "indexes": sorted(
                (one["name"], one["column_names"], bool(one["unique"]), words(str(one.get("dialect_options", {}).get(f"{engine.dialect.name}_where", ""))))
                for one in found.get_indexes(table)
                if not is_of_index(one["name"])
            ),
        }  # fmt: skip
    return tables


def test_columns_keys_checks_and_indexes_are_those_of_the_models(app, of_the_models):
    migrated, wanted = parts(db.engine), parts(of_the_models)
    assert set(migrated) == set(wanted)
    for table in wanted:
        assert migrated[table] == wanted[table], table
    checks = [one for table in wanted.values() for one in table["checks"]]
    assert len(checks) > 15
    assert any(index[3] for table in wanted.values() for index in table["indexes"]), (
        "the partial index is compared too"
    )


def guards():
    if db.engine.dialect.name == "sqlite":
        rows = db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    else:
        rows = db.session.execute(
            text("SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")
        )
    return {name: " ".join(sql.split()) for name, sql in rows}


def test_each_ledger_has_its_guards_word_for_word(app):
    if db.engine.dialect.name == "sqlite":
        assert guards() == SQLITE_GUARDS
        return
    assert guards() == POSTGRESQL_GUARDS
    bodies = dict(
        db.session.execute(
            text("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        ).all()
    )
    assert {name: " ".join(body.split()) for name, body in bodies.items()} == POSTGRESQL_BODIES
    states = db.session.scalars(text("SELECT tgenabled FROM pg_trigger WHERE NOT tgisinternal")).all()
    assert set(states) == {"O"}


@pytest.mark.parametrize("ledger", LEDGERS)
def test_every_column_of_a_ledger_that_is_unique_is_guarded_against_replacing(app, ledger):
    """REPLACE deletes what stands in its way under any unique key: each must be named in the guard."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    with sqlite3.connect(str(db.engine.url.database)) as connection:
        unique = [row[1] for row in connection.execute(f"PRAGMA index_list({ledger})") if row[2]]
        columns = {row[2] for name in unique for row in connection.execute(f"PRAGMA index_info({name})")}
    connection.close()
    guard = guards()[f"{ledger}_no_replace"]
    assert columns == {"key", "reverses_id"}
    assert all(f"{one} = NEW.{one}" in guard for one in (*columns, "id"))


def test_the_index_of_words_is_made_word_for_word(app):
    if db.engine.dialect.name == "sqlite":
        made = db.session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'story_words'"))
        assert words(made) == words(
            f"CREATE VIRTUAL TABLE story_words USING fts5({', '.join(COLUMNS)}, content='stories', content_rowid='id',"
            " tokenize='unicode61 remove_diacritics 0', prefix='2 3')"
        )
        return
    made = db.session.scalar(
        text(
            "SELECT generation_expression FROM information_schema.columns"
            " WHERE table_name = 'stories' AND column_name = 'story_words'"
        )
    )
    for config in ("simple", "danish", "english"):
        assert made.count(f"to_tsvector('{config}'::regconfig") == 1
    assert all(re.search(rf"\b{name}\b", made) for name in COLUMNS)
    index = db.session.scalar(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'story_words_gin'"))
    assert index.endswith("USING gin (story_words)")
