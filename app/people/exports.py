"""What leaves as CSV: read as text by every spreadsheet, never as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as spreadsheets in Denmark read them: semicolons, and UTF-8 with a mark."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([_tame(str(cell)) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def _tame(cell: str) -> str:
    """A cell that a spreadsheet would work out begins with an apostrophe; “-” alone is no formula."""
    return f"'{cell}" if cell.startswith(FORMULA) and cell != "-" else cell
