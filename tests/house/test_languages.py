"""Danish and English are complete: nothing missing, fuzzy, unused, or left in English."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from jinja2 import Environment

from app.language import FOLDER

ROOT = Path(__file__).resolve().parent.parent.parent
# Words that are the same in both languages.
ALIKE = {
    "%(code)s, version %(version)s",
    "%(minutes)s min",
    "%(num)s person",
    "%(num)s point",
    "Administrator",
    "Computer",
    "HR",
    "Intranet",
    "Organisation",
    "Send",
    "point",
    "start",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def first(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


@pytest.fixture(scope="module")
def asked() -> set[str]:
    """Every text that code and templates ask for."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = set()
    for folder in ("app", "templates"):
        for _file, _line, text, *_rest in extract_from_dir(
            ROOT / folder, [(p.removeprefix(f"{folder}/"), m) for p, m in methods if p.startswith(folder)],
            {p.removeprefix(f"{folder}/"): o for p, o in options.items()},
        ):  # fmt: skip
            found.add(text[0] if isinstance(text, tuple) else text)
    return found


@pytest.fixture(scope="module")
def danish() -> Catalog:
    content = (FOLDER / "da" / "LC_MESSAGES" / "messages.po").read_bytes()
    return read_po(BytesIO(content), locale="da", abort_invalid=True)


def test_the_extraction_finds_texts_of_code_and_templates(asked):
    assert {"There is nothing here", "Done for today"} <= asked
    assert len(asked) > 300


def test_no_text_is_missing_and_none_is_unused(asked, danish):
    keys = {first(message) for message in danish if message.id}
    assert asked - keys == set()
    assert keys - asked == set()
    assert not danish.obsolete


def test_each_text_is_written_in_every_form_and_none_is_fuzzy(danish):
    for message in danish:
        if message.id:
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(forms), first(message)
            assert len(forms) == (2 if message.pluralizable else 1), first(message)
            assert not message.fuzzy, first(message)


def test_no_danish_text_is_english(danish):
    same = {
        first(one)
        for one in danish
        if one.id and first(one) == (one.string[0] if one.pluralizable else one.string)
    }
    assert {text for text in same if PLACEHOLDER.sub("", text).strip(" ·%+")} - ALIKE == set()


def test_placeholders_are_those_of_the_english_text(danish):
    for message in danish:
        if message.id:
            wanted = set(PLACEHOLDER.findall(" ".join(message.id if message.pluralizable else [message.id])))
            for form in message.string if message.pluralizable else [message.string]:
                assert set(PLACEHOLDER.findall(form)) <= wanted, form
            if not message.pluralizable:
                assert set(PLACEHOLDER.findall(message.string)) == wanted, first(message)


HIDDEN = re.compile(r"<(script|style|svg|title)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
# A macro may hold attributes alone.
ATTRIBUTE = re.compile(r'[\w-]+="[^"<>]*"')
NAMES = {"Fortæl", "OK", "iPhone", "Android", "Dansk", "English", "LinkedIn", "Facebook", "IPhone"}


@pytest.mark.parametrize("template", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_shows_a_word_that_is_not_translated(template):
    tokens = Environment(autoescape=True).lex(template.read_text(encoding="utf-8"))
    text = "".join(value if kind == "data" else " " for _line, kind, value in tokens)
    text = ATTRIBUTE.sub(" ", TAG.sub(" ", HIDDEN.sub(" ", text)))
    text = re.sub(r"&\w+;|&#\d+;", " ", text)
    assert set(re.findall(r"[A-Za-zÆØÅæøå]{2,}", text)) - NAMES == set()
