"""What is wrong with a fact about someone, or with a list of people, in plain words of the reader's language."""

from collections.abc import Callable
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from app.people.plans import Plan
from app.people.sheets import MOST_ROWS, Problem

WORDS: dict[str, Callable[[], str]] = {
    "missing": lambda: _("This is missing."),
    "too-long": lambda: _("That is too long: at most %(most)s characters."),
    "strange-sign": lambda: _("There is a sign in it that cannot be read."),
    "not-an-address": lambda: _("The e-mail address is not whole."),
    "twice": lambda: _("Stands on line %(line)s, too."),
    "taken": lambda: _("Somebody has this address already."),
    "gone": lambda: _("This person has left meanwhile."),
    "no-team": lambda: _("There is no such team. To make it, write its path, such as “Health / North”."),
    "near-team": lambda: _("There is no such team. Did you mean “%(near)s”?"),
    "several-teams": lambda: _("Several teams are called that. Write the path, such as “%(path)s”."),
    "no-path": lambda: _("A path has at most %(most)s teams, each with a name."),
    "team-name": lambda: _("A team’s name does not begin with “/” and has no “ / ” in it."),
    "same-name": lambda: _("There is a team with this name beside it already."),
    "inside-itself": lambda: _("A team cannot stand under itself or under a team below it."),
    "own-manager": lambda: _("%(name)s cannot be their own manager."),
    "no-manager": lambda: _("Nobody here or in the list has this address."),
    "circle": lambda: _("They would lead each other in a circle: %(names)s."),
    "last-admin": lambda: _("Somebody must stay administrator."),
    "no-role": lambda: _("Write manager, leader, administrator, curator hr or curator communications."),
    "which-desk": lambda: _("Write curator hr or curator communications."),
    "two-desks": lambda: _("One curates for HR or for communications, not for both."),
    "no-days": lambda: _("Write for example “1,2,4,5”."),
    "no-date": lambda: _("Write a date such as 2026-12-01 or 1-12-2026."),
    "far-date": lambda: _("That date is too far away."),
    "no-language": lambda: _("Write da or en."),
    "no-column": lambda: _("The first line must name the columns. This one is missing."),
    "column-twice": lambda: _("This column stands there twice."),
    "more-cells": lambda: _("The row has more cells than the first line has columns."),
    "open-quote": lambda: _("A quotation mark is out of place. From here on nothing can be read."),
}
REFUSALS: dict[str, Callable[[], str]] = {
    "no-file": lambda: _("Choose a file first."),
    "empty": lambda: _("The file is empty."),
    "too-big": lambda: _("The file is too big. At most 5 MB can be read."),
    "too-many": lambda: _(
        "The file has too many rows. At most %(most)s can be read.", most=format_decimal(MOST_ROWS)
    ),
    "workbook": lambda: _("That is a workbook. Save it as CSV first, then choose the new file."),
    "not-text": lambda: _("That file cannot be read as text. Save it as CSV, best in UTF-8."),
}


def said(reason: str, values: dict[str, Any]) -> str:
    """A reason's sentence."""
    if reason == "no-team" and values.get("near"):
        reason = "near-team"
    return str(WORDS[reason]() % values) if values else str(WORDS[reason]())


def refused(reason: str) -> str:
    """Why a file cannot be read at all."""
    return str(REFUSALS[reason]())


def line(problem: Problem) -> str:
    """A problem as one line of text."""
    where = [_("line %(line)s", line=problem.line), problem.column, problem.given and f"“{problem.given}”"]
    return f"{', '.join(filter(None, where))}: {said(problem.reason, problem.values)}"


def refusal(bad_rows: int) -> str:
    """That nothing was done."""
    return str(
        ngettext(
            "%(num)s row is wrong. Nothing is imported.",
            "%(num)s rows are wrong. Nothing is imported.",
            bad_rows,
        )
    )


def counted(made: Plan) -> dict[str, int]:
    """What a plan does, in numbers."""
    kinds = ("new", "back", "moved", "changed", "unchanged")
    return {kind: made.count(kind) for kind in kinds} | {"teams": len(made.tree.new)}


def summary(counts: dict[str, int]) -> str:
    """The same, as a sentence's worth of words: 12 new, 7 moved to another team, 189 unchanged."""
    return ", ".join(str(word(counts[kind])) for kind, word in COUNTED.items() if counts.get(kind))


COUNTED: dict[str, Callable[[int], str]] = {
    "new": lambda n: ngettext("%(num)s new", "%(num)s new", n),
    "back": lambda n: ngettext("%(num)s comes back", "%(num)s come back", n),
    "moved": lambda n: ngettext("%(num)s moves to another team", "%(num)s move to another team", n),
    "changed": lambda n: ngettext("%(num)s changed", "%(num)s changed", n),
    "unchanged": lambda n: ngettext("%(num)s unchanged", "%(num)s unchanged", n),
    "teams": lambda n: ngettext("%(num)s new team", "%(num)s new teams", n),
}
