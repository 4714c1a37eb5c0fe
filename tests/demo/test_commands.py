"""The demo is the same twice, is kept and brought back whole, and never enters production."""

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.db import may_write
from tests.postgres import Server
from tests.running import BIN, ROOT, copy, environment, flask

TABLES = (
    "people",
    "teams",
    "memberships",
    "stories",
    "shares",
    "ledger_entries",
    "person_weeks",
    "team_weeks",
    "answers",
    "shoutouts",
    "shoutout_receivers",
    "budget_months",
    "budget_entries",
)
SEED = ("demo", "seed", "--people", "25", "--until", "2026-11-24")


def fill(folder: Path, server: Server | None, name: str) -> None:
    """Seed one more database."""
    folder.mkdir()
    if server:
        server.create(name)
    settings = of(folder, server, name)[0]
    flask(folder, "db", "upgrade", **settings)
    flask(folder, *SEED, **settings)


def of(folder: Path, server: Server | None, name: str) -> tuple[dict[str, str], str]:
    """The settings of a database, and the address to look in."""
    address = server.address(name) if server else ""
    driver = (
        address.replace("postgresql://", "postgresql+psycopg://") or f"sqlite:///{folder}/fortael.sqlite3"
    )
    return {"DATABASE_URL": address, "SECRET_KEY": "k" * 40}, driver


def rows(address: str) -> dict[str, list[str]]:
    """Every row of the tables that tell the demo's history, but for the salted password hashes."""
    engine = create_engine(address)
    with engine.connect() as connection:
        found = {
            table: [
                repr({key: value for key, value in row.items() if key != "password_hash"})
                for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).mappings()
            ]
            for table in TABLES
        }
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def seeded(tmp_path_factory, server):
    folder = tmp_path_factory.mktemp("demo") / "seeded"
    fill(folder, server, "seeded")
    return folder


@pytest.fixture
def first(seeded, tmp_path, server):
    """A copy of the seeded demo: its folder, its settings and the address to look in."""
    if server:
        shutil.copytree(seeded, tmp_path / "one")
        server.create("one", "seeded")
    else:
        copy(seeded, tmp_path / "one")
    return tmp_path / "one", *of(tmp_path / "one", server, "one")


def test_the_same_day_and_seed_give_the_same_history(first, tmp_path, server):
    fill(tmp_path / "two", server, "two")
    mine, other = rows(first[2]), of(tmp_path / "two", server, "two")[1]
    assert all(mine[table] for table in ("people", "shares", "ledger_entries"))
    assert mine == rows(other)


def test_a_backup_brings_everything_back(first, tmp_path):
    folder, settings, address = first
    before, pictures = rows(address), sorted(one.name for one in (folder / "pictures").iterdir())
    kept = tmp_path / "kept.tar.gz"
    flask(folder, "backup", "create", str(kept), **settings)
    assert kept.stat().st_mode & 0o777 == 0o600
    engine = create_engine(address)
    with may_write(), engine.begin() as connection:
        connection.execute(text("UPDATE people SET name = 'Ingen'"))
    engine.dispose()
    for picture in (folder / "pictures").iterdir():
        picture.unlink()
    assert rows(address) != before
    flask(folder, "backup", "restore", str(kept), "--force", **settings)
    assert rows(address) == before
    assert sorted(one.name for one in (folder / "pictures").iterdir()) == pictures
    flask(folder, "points", "verify", **settings)


def test_verify_fails_on_a_difference_and_rebuild_mends_it(first):
    folder, settings, address = first
    engine = create_engine(address)
    with may_write(), engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE person_totals SET points = points + 1 WHERE person_id = (SELECT min(person_id) FROM person_totals)"
            )
        )
    engine.dispose()
    assert run(folder, "points", "verify", **settings).returncode == 1
    flask(folder, "points", "rebuild", **settings)
    assert "equal the ledger" in flask(folder, "points", "verify", **settings)


def run(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / "flask"), *command],
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
    )


def test_a_database_with_people_is_not_seeded_again(first):
    folder, settings, _address = first
    again = run(folder, *SEED, **settings)
    assert again.returncode == 1
    assert "Traceback" not in again.stderr


def test_production_refuses_the_demo_and_asks_for_its_secrets(first):
    folder, settings, _address = first
    whole = settings | {"FORTAEL_ENV": "production", "PUBLIC_URL": "https://fortael.example.dk",
                        "VAPID_PRIVATE_KEY": (folder / vapid(folder)).read_text()}  # fmt: skip
    assert run(folder, *SEED, **whole).returncode == 1
    for missing in ("SECRET_KEY", "VAPID_PRIVATE_KEY"):
        refused = run(
            folder, "points", "verify", **{name: value for name, value in whole.items() if name != missing}
        )
        assert refused.returncode != 0
        assert missing in refused.stdout + refused.stderr


def vapid(folder: Path) -> str:
    """The key that was made on the first start; only its owner may read it."""
    [made] = [one for one in folder.iterdir() if "vapid" in one.name.lower()]
    assert made.stat().st_mode & 0o777 == 0o600
    return made.name


def test_a_file_that_is_no_backup_changes_nothing(first, tmp_path):
    folder, settings, address = first
    before = rows(address)
    (tmp_path / "text.tar.gz").write_text("no backup")
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as archive:
        archive.add(folder / "secret-key" if (folder / "secret-key").exists() else __file__, "elsewhere")
    (tmp_path / "fortael.sqlite3").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    (tmp_path / "fortael.pgdump").write_bytes(b"PGDMP" + b"x" * 5000)
    with tarfile.open(tmp_path / "damaged.tar.gz", "w:gz") as archive:
        for name in ("fortael.sqlite3", "fortael.pgdump"):
            archive.add(tmp_path / name, name)
    for name in ("text", "other", "damaged"):
        refused = run(folder, "backup", "restore", str(tmp_path / f"{name}.tar.gz"), "--force", **settings)
        assert refused.returncode == 1, name
        assert "Traceback" not in refused.stderr, refused.stderr
        assert rows(address) == before, name


@pytest.mark.parametrize(
    ("name", "email"), [("  ", "inger@x.dk"), ("Inger", "inger"), ("Inger", "@x.dk"), ("I" * 121, "i@x.dk")]
)
def test_an_administrator_has_a_name_and_an_address(app, name, email, tmp_path):
    (tmp_path / "password").write_text("en god lang sætning")
    words = [
        "people",
        "create-admin",
        "--name",
        name,
        "--email",
        email,
        "--password-file",
        str(tmp_path / "password"),
    ]
    answer = app.test_cli_runner().invoke(args=words)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")


def test_the_sample_list_of_people_fits_the_demo(first):
    folder, settings, _address = first
    said = flask(folder, "people", "import", str(ROOT / "docs" / "people.csv"), "--dry-run", **settings)
    assert "2 new, 1 changed, 3 unchanged" in said
