"""A list of people as a file: CSV as spreadsheets write it, read into rows with their line numbers.

UTF-8 with or without a mark, UTF-16 with one, or Windows-1252; comma, semicolon or tab; Danish or English
headings in any order; cells in quotes may hold line breaks; empty lines are skipped.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_BYTES, MOST_ROWS = 5 * 1024 * 1024, 20_000
NEEDED = ("name", "email")
# The English name, then the Danish one, then what else a column may be called.
HEADINGS = {
    "name": ("name", "navn", "fulde navn", "full name"),
    "email": ("email", "mail", "e mail", "mailadresse", "e mailadresse", "emailadresse"),
    "team": ("team", "hold", "afdeling", "enhed", "department"),
    "title": ("title", "titel", "stilling", "stillingsbetegnelse", "job title"),
    "title_en": ("title en", "titel på engelsk", "engelsk titel", "english title", "title in english"),
    "manager": ("manager", "leder", "nærmeste leder", "leders mail", "manager email", "manager e mail"),
    "roles": ("roles", "roller", "rolle", "role"),
    "working_days": ("working days", "arbejdsdage", "workdays", "work days"),
    "employed_from": ("employed from", "ansat fra", "ansat", "startdato", "ansættelsesdato", "start date"),
    "language": ("language", "sprog"),
}
FIELDS = {heading: name for name, headings in HEADINGS.items() for heading in headings}
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class SheetRefused(ValueError):
    """The file cannot be read at all: too-big, too-many, workbook, not-text or empty."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line: the column as the file calls it, what stood there, and a reason with its values."""

    line: int
    column: str
    given: str
    reason: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line: the number of the line it begins on, and its cells by field."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file; its headings by field; the headings that mean nothing; and what could not be read."""

    rows: list[Row]
    headings: dict[str, str]
    unknown: list[str]
    problems: list[Problem]


def read(content: bytes) -> Sheet:
    """The sheet in a file's bytes. Raises SheetRefused."""
    if len(content) > MOST_BYTES:
        raise SheetRefused("too-big")
    records = _records(_text(content))
    line, titles = next(records, (1, None))
    if not titles:
        raise SheetRefused("empty")
    sheet = Sheet([], *_columns(titles), problems=[])
    sheet.problems.extend(_wrong_headings(line, titles, sheet.headings))
    if sheet.problems:
        return sheet
    places = [FIELDS.get(_folded(title)) for title in titles]
    for line, cells in records:
        _add(sheet, line, cells, places)
    if not sheet.rows and not sheet.problems:
        raise SheetRefused("empty")
    return sheet


def _text(content: bytes) -> str:
    if content.startswith(WORKBOOKS):
        raise SheetRefused("workbook")
    marked = next((encoding for mark, encoding in MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetRefused("not-text")


def _records(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each record that holds something, with the line it begins on; None where a quotation mark ends all sense."""
    lines = io.StringIO(text, newline=None)
    first = lines.readline()
    skipped = 1 if first.casefold().startswith("sep=") else 0
    if not skipped:
        lines.seek(0)
    reader = csv.reader(lines, delimiter=_delimiter(text, skipped), strict=True)
    begins = skipped + 1
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            yield begins, None
            return
        if any(cells):
            yield begins, cells
        begins = skipped + reader.line_num + 1


def _delimiter(text: str, skipped: int) -> str:
    """What the first line that holds something has most of, outside quotes."""
    written = (line for line in text.splitlines()[skipped:] if line.strip(" ;,\t"))
    bare = "".join(next(written, "").split('"')[::2])
    return max(";,\t", key=bare.count)


def _folded(title: str) -> str:
    return " ".join(title.casefold().replace("_", " ").replace("-", " ").split())


def _columns(titles: list[str]) -> tuple[dict[str, str], list[str]]:
    found: dict[str, str] = {}
    unknown = []
    for title in titles:
        known = FIELDS.get(_folded(title))
        if known:
            found.setdefault(known, title)
        elif title:
            unknown.append(title)
    return found, unknown


def _wrong_headings(line: int, titles: list[str], headings: dict[str, str]) -> Iterator[Problem]:
    fields = [known for title in titles if (known := FIELDS.get(_folded(title)))]
    for needed in NEEDED:
        if needed not in fields:
            yield Problem(line, needed, "", "no-column")
    for known in dict.fromkeys(fields):
        if fields.count(known) > 1:
            yield Problem(line, headings[known], headings[known], "column-twice")


def _add(sheet: Sheet, line: int, cells: list[str] | None, places: list[str | None]) -> None:
    if cells is None:
        sheet.problems.append(Problem(line, "", "", "open-quote"))
    elif any(cells[len(places) :]):
        sheet.problems.append(Problem(line, "", cells[len(places)], "more-cells"))
    elif len(sheet.rows) == MOST_ROWS:
        raise SheetRefused("too-many")
    else:
        given = zip(places, cells, strict=False)
        sheet.rows.append(Row(line, {name: cell for name, cell in given if name and cell}))
