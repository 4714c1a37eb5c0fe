"""docs/self-hosting.md is followed word for word, its folders laid elsewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.running import ROOT

DOCUMENT = (ROOT / "docs" / "self-hosting.md").read_text(encoding="utf-8")
ADMIN = "Inger Bo\ninger@example.dk\nen rigtig god sætning\nen rigtig god sætning\nSydby\n"


def block(beginning: str) -> str:
    """The indented block that begins so."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", DOCUMENT, re.MULTILINE)
    plain = [re.sub(r"^    ", "", one, flags=re.MULTILINE).strip() for one in blocks]
    [found] = [one for one in plain if one.startswith(beginning)]
    return f"{found}\n"


@pytest.fixture
def machine(tmp_path):
    """Folders for /srv/fortael, /etc/fortael and the others, and a shell in which they are these."""
    for name in ("srv", "etc", "var", "backups"):
        (tmp_path / name).mkdir()
    for entry in ROOT.iterdir():
        if not entry.name.startswith(".") and entry.name != "instance":
            (tmp_path / "srv" / entry.name).symlink_to(entry)
    (tmp_path / "srv" / ".venv").symlink_to(sys.prefix)

    def moved(words: str) -> str:
        for there, here in (
            ("/srv/fortael", "srv"),
            ("/etc/fortael", "etc"),
            ("/var/lib/fortael", "var"),
            ("/var/backups/fortael", "backups"),
        ):
            words = words.replace(there, str(tmp_path / here))
        return words

    def shell(script: str, said: str = "") -> str:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        done = subprocess.run(
            ["sh", "-eu", "-c", moved(script)],
            input=said,
            capture_output=True,
            text=True,
            env=kept,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    shell.moved = moved  # type: ignore[attr-defined]  # a shell that also tells where things are
    return shell


def test_the_document_leads_to_a_production_with_its_admin_and_a_backup(machine, server, tmp_path):
    database = server.create("hosted") if server else ""
    machine(block("umask"))
    for name in ("secret", "vapid.pem"):
        assert (tmp_path / "etc" / name).stat().st_mode & 0o777 == 0o600
    (tmp_path / "etc" / "env").write_text(machine.moved(block("FORTAEL_ENV")) + f"DATABASE_URL={database}\n")
    settings = block("cd /srv/fortael\nset -a")
    assert "can sign in" in machine(settings + block(".venv/bin/flask db upgrade"), ADMIN)
    create, restore = block(".venv/bin/flask backup").splitlines()
    machine(settings + create)
    engine = create_engine(
        database.replace("postgresql://", "postgresql+psycopg://")
        or f"sqlite:///{tmp_path}/var/fortael.sqlite3"
    )
    machine(settings + ".venv/bin/flask people import docs/people.csv")
    machine(settings + restore)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name, left_at FROM people")).all() == [("Inger Bo", None)]
    engine.dispose()
    assert not Path(tmp_path / "srv" / "instance").exists()


def test_the_settings_for_mail_are_read_as_they_stand(machine, tmp_path):
    machine(block("umask"))
    (tmp_path / "etc" / "smtp-password").write_text("hemmeligt\n")
    (tmp_path / "etc" / "env").write_text(
        machine.moved(block("FORTAEL_ENV")) + machine.moved(block("SMTP_HOST"))
    )
    ask = "import wsgi; print(*(wsgi.app.config[one] for one in ('MAIL_FROM', 'SMTP_PASSWORD', 'SMTP_PORT')))"
    said = machine(block("cd /srv/fortael\nset -a") + f'.venv/bin/python -c "{ask}"')
    assert said == "Fortæl <fortael@example.dk> hemmeligt 587\n"


def test_the_unit_stops_bin_run_and_lets_it_stop_the_others():
    unit = block("[Unit]")
    assert "KillMode=mixed" in unit
    assert "EnvironmentFile=/etc/fortael/env" in unit
    assert "ExecStart=/srv/fortael/.venv/bin/python bin/run" in unit
