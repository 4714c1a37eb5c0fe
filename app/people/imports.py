"""What a list of people would change, worked out before anything is: steps, teams to be made, and problems.

An empty cell changes nothing, “-” empties it. Who is not in the list is left alone. A list with a problem in it
is not imported at all. The language is the person's own choice: a list gives it to newcomers only.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from app.people import written
from app.people.chains import circles
from app.people.models import MONDAY_TO_FRIDAY
from app.people.plans import Known, Plan, Register, Step
from app.people.sheets import NEEDED, Problem, Row, Sheet
from app.people.team_tree import TeamTree
from app.people.written import NOTHING, Unreadable

LONGEST_SHOWN = 80
MOST_IN_CIRCLE = 6
NO_ROLES = written.roles(NOTHING)
AT_FIRST = {
    "title": "",
    "title_en": None,
    "working_days": MONDAY_TO_FRIDAY,
    "team": None,
    "manager": None,
} | NO_ROLES
SET = {"name", "employed_from", *AT_FIRST}
Reader = Callable[[str], Any]


def plan(sheet: Sheet, register: Register) -> Plan:
    """What a sheet would change in the register."""
    tree = TeamTree(register.teams)
    made = Plan(tree, [], list(sheet.problems), sheet.unknown)
    _plant(sheet, tree)
    lines: dict[str, int] = {}
    readers = _readers(tree, register.today)
    for row in sheet.rows:
        facts, wrong = _read(row, sheet, readers)
        email = facts.get("email", "")
        if email and lines.setdefault(email, row.line) != row.line:
            wrong.append(_problem(row, sheet, "email", "twice", {"line": lines[email]}))
        made.problems.extend(wrong)
        if not wrong:
            made.steps.append(_step(row.line, facts, register.people.get(email), register.today))
    rows = {row.line: row for row in sheet.rows}
    made.problems.extend(_wrong_managers(made, register, sheet, rows, lines))
    made.problems.extend(_no_admin_left(made, register, sheet, rows))
    made.problems.sort(key=lambda problem: problem.line)
    return made


def _plant(sheet: Sheet, tree: TeamTree) -> None:
    """New teams first: a row may name one that a later row's path brings. What is wrong is said of its own row."""
    for row in sheet.rows:
        try:
            tree.plant(row.cells.get("team", NOTHING))
        except Unreadable:
            continue


def _readers(tree: TeamTree, today: date) -> dict[str, Reader]:
    return {
        "name": written.name,
        "email": written.address,
        "team": lambda text: None if text == NOTHING else tree.find(text),
        "title": lambda text: "" if text == NOTHING else written.line(text, written.LONGEST_TITLE),
        "title_en": lambda text: None if text == NOTHING else written.line(text, written.LONGEST_TITLE),
        "manager": lambda text: None if text == NOTHING else written.address(text),
        "roles": written.roles,
        "working_days": written.working_days,
        "employed_from": lambda text: written.day(text, today),
        "language": written.language,
    }


def _read(row: Row, sheet: Sheet, readers: dict[str, Reader]) -> tuple[dict[str, Any], list[Problem]]:
    facts: dict[str, Any] = {}
    wrong: list[Problem] = []
    for name, reader in readers.items():
        if name in NEEDED or name in row.cells:
            try:
                facts[name] = reader(row.cells.get(name, ""))
            except Unreadable as reason:
                wrong.append(_problem(row, sheet, name, reason.reason, reason.values))
    return facts, wrong


def _problem(row: Row, sheet: Sheet, name: str, reason: str, values: dict[str, Any] | None = None) -> Problem:
    given = shown(row.cells.get(name, ""))
    return Problem(row.line, sheet.headings.get(name, name), given, reason, values or {})


def shown(given: str) -> str:
    """What stood in a cell, short and without signs that cannot be seen."""
    short = given if len(given) <= LONGEST_SHOWN else f"{given[: LONGEST_SHOWN - 1]}…"
    return "".join(sign if sign.isprintable() or sign == " " else "�" for sign in short)


def _step(line: int, facts: dict[str, Any], known: Known | None, today: date) -> Step:
    email, roles = facts["email"], facts.get("roles", {})
    given = {name: value for name, value in (facts | roles).items() if name in SET}
    if known is None:
        chosen = {"locale": facts["language"]} if "language" in facts else {}
        new = AT_FIRST | {"employed_from": today} | given | chosen
        return Step(line, "new", None, email, facts["name"], new, {})
    if known.left:
        new = AT_FIRST | {"employed_from": today} | given
        return Step(line, "back", known.id, email, facts["name"], new, {})
    if given.get("title", known.title) != known.title:
        given = {"title_en": None} | given  # the English title belonged to the old one
    new = {name: value for name, value in given.items() if getattr(known, name) != value}
    old = {name: getattr(known, name) for name in new}
    kind = "moved" if "team" in new else "changed" if new else "unchanged"
    return Step(line, kind, known.id, email, facts["name"], new, old)


def _wrong_managers(
    made: Plan, register: Register, sheet: Sheet, rows: dict[int, Row], lines: dict[str, int]
) -> Iterator[Problem]:
    """Managers whom nobody knows, oneself, and circles; managers may stand anywhere in the list."""
    there = {known.email for known in register.people.values() if not known.left} | lines.keys()
    given = {step.email: step for step in made.steps if step.new.get("manager")}
    for step in given.values():
        manager = step.new["manager"]
        if manager == step.email:
            yield _problem(rows[step.line], sheet, "manager", "own-manager", {"name": step.name})
        elif manager not in there:
            yield _problem(rows[step.line], sheet, "manager", "no-manager")
    leads = {known.email: known.manager for known in register.people.values() if not known.left}
    leads |= {step.email: step.new["manager"] for step in made.steps if "manager" in step.new}
    for circle in circles(leads):
        # A column that slipped down a row makes a circle of thousands.
        told = circle if len(circle) <= MOST_IN_CIRCLE else [*circle[:MOST_IN_CIRCLE], "…"]
        names = " → ".join([*told, circle[0]])
        for email in circle if len(circle) > 1 else []:
            if email in given:
                yield _problem(rows[given[email].line], sheet, "manager", "circle", {"names": names})


def _no_admin_left(made: Plan, register: Register, sheet: Sheet, rows: dict[int, Row]) -> Iterator[Problem]:
    before = {known.email for known in register.people.values() if known.is_admin and not known.left}
    losing = [step for step in made.steps if step.old.get("is_admin")]
    gaining = any(step.new.get("is_admin") for step in made.steps)
    if before and not gaining and before <= {step.email for step in losing}:
        for step in losing:
            yield _problem(rows[step.line], sheet, "roles", "last-admin")
