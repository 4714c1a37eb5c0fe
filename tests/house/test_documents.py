"""The documents say what is true."""

import re
from pathlib import Path

import pytest
from flask.cli import AppGroup

from app.config import SETTINGS

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_is_at_most_100_lines_with_a_picture():
    assert len(README.splitlines()) <= 100
    assert "](docs/phone.png)" in README


@pytest.mark.parametrize("document", ["README.md", "docs/settings.md"])
def test_every_setting_is_named_and_none_that_is_not(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)`", text, re.MULTILINE)) == {one.name for one in SETTINGS}


def test_readme_names_every_command_and_none_that_is_not(app):
    ours = {
        f"{group} {name}"
        for group, command in app.cli.commands.items()
        if isinstance(command, AppGroup)
        for name in command.commands
    }
    named = {" ".join(one.split()[:2]) for one in re.findall(r"^\| `flask ([^`]+)`", README, re.MULTILINE)}
    assert named == ours | {"db upgrade"}


def test_readme_names_every_make_target():
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|    )make ([a-z-]+)", README)) == targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files_that_are_there(document):
    for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
        assert (document.parent / link).exists(), link


def test_the_licence_is_the_mpl():
    text = (ROOT / "LICENSE").read_text()
    assert text.startswith("Mozilla Public License Version 2.0")
    assert "Exhibit B" in text
