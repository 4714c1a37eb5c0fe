"""A list of people becomes true: all of it in one transaction, or nothing."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import aliased

from app.db import db
from app.organisation.actions import touch
from app.people.actions import add_team, move, queue
from app.people.imports import plan
from app.people.models import Membership, Person, Team
from app.people.plans import Known, Plan, Register, Step
from app.people.sheets import Problem, Row, Sheet
from app.people.team_tree import Named

COLUMNS = (
    "name", "title", "title_en", "working_days", "employed_from", "is_manager", "is_leader", "is_admin", "curates_for"
)  # fmt: skip


class NotEnrolled(Exception):
    """Nothing was changed: the list has problems, or would do something else than what was looked at.

    `plan` is what it would do now.
    """

    def __init__(self, made: Plan) -> None:
        super().__init__("nothing was changed")
        self.plan = made


def register(today: date, only: Collection[str] = ()) -> Register:
    """Everyone and every team as they stand; or, beside all who lead or administer, only these addresses."""
    lead = aliased(Person)
    people = (
        select(
            Person.id, Person.email, *(getattr(Person, name) for name in COLUMNS),
            lead.email, Membership.team_id, Person.left_at.is_not(None),
        )
        .outerjoin(lead, lead.id == Person.manager_id)
        .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.to_date.is_(None))
    )  # fmt: skip
    if only:
        leads = Person.id.in_(select(Person.manager_id).where(Person.manager_id.is_not(None)))
        people = people.where(or_(Person.email.in_(only), Person.is_admin, leads))
    return Register({row[1]: Known(*row) for row in db.session.execute(people)}, teams(), today)


def teams() -> list[Named]:
    """Every team, parents before their children."""
    rows = select(Team.id, Team.name, Team.name_en, Team.parent_id).order_by(Team.path)
    return [Named(*row) for row in db.session.execute(rows)]


def enrol(sheet: Sheet, at: datetime, today: date, seen: str | None = None) -> Plan:
    """Let a list be true; what it did. `seen` is the fingerprint of the plan that was looked at.

    Raises NotEnrolled.
    """
    queue()
    return _enrolled(plan(sheet, register(today)), at, today, seen)


def enrol_one(cells: dict[str, str], at: datetime, today: date, newcomer: bool) -> Plan:
    """Let one person's row be true: who changes, begins or comes back by a form does so as by a list.

    A problem's column is the name of its field. A newcomer's address is nobody's who is here. Raises NotEnrolled.
    """
    queue()
    sheet = Sheet([Row(1, cells)], {}, [], [])
    email = cells.get("email", "").casefold()
    known = register(today, {email, cells.get("manager", "").casefold()})
    made = plan(sheet, known)
    here = email in known.people and not known.people[email].left
    if here is newcomer:
        made.problems.append(Problem(1, "email", email, "taken" if here else "gone"))
    return _enrolled(made, at, today)


def _enrolled(made: Plan, at: datetime, today: date, seen: str | None = None) -> Plan:
    if made.problems or (seen is not None and seen != made.fingerprint):
        raise NotEnrolled(made)
    if made.changes:
        there = _make_teams(made)
        _add([step for step in made.steps if step.kind == "new"], there, at)
        _bring_back([step for step in made.steps if step.kind == "back"], there)
        _change([step for step in made.steps if step.kind in ("moved", "changed")], there, today)
        _set_managers(made.changes)
        touch()
    return made


def _make_teams(made: Plan) -> dict[int | None, Team | None]:
    """Every team by its number in the plan, those just made among them."""
    there: dict[int | None, Team | None] = {team.id: team for team in db.session.scalars(select(Team))}
    there[None] = None
    for new in made.tree.new:
        there[new.number] = add_team(new.name, there[new.parent])
    db.session.flush()
    return there


def _columns(step: Step) -> dict[str, Any]:
    return {name: value for name, value in step.new.items() if name in COLUMNS}


def _add(steps: list[Step], there: dict[int | None, Team | None], at: datetime) -> None:
    if not steps:
        return
    rows = [
        {"name": step.name, "email": step.email, "created_at": at, "locale": step.new.get("locale", "da")}
        | _columns(step)
        for step in steps
    ]
    made = insert(Person).returning(Person.id, sort_by_parameter_order=True)
    ids = db.session.scalars(made, rows).all()
    _place(zip(steps, ids, strict=True), there, {})


def _place(
    steps: Iterable[tuple[Step, int]], there: dict[int | None, Team | None], earliest: dict[int, date]
) -> None:
    rows = [
        {
            "person_id": person_id,
            "team_id": team.id,
            "from_date": max(step.new["employed_from"], earliest.get(person_id, date.min)),
        }
        for step, person_id in steps
        if (team := there[step.new["team"]])
    ]
    if rows:
        db.session.execute(insert(Membership), rows)


def _bring_back(steps: list[Step], there: dict[int | None, Team | None]) -> None:
    """Someone who had left: the same row, with roles as the list says; their history is theirs again."""
    back = {"left_at": None, "employed_to": None, "manager_id": None}
    _update({"id": step.person_id, "name": step.name} | back | _columns(step) for step in steps)
    ids = [step.person_id for step in steps]
    last = db.session.execute(
        select(Membership.person_id, func.max(Membership.to_date))
        .where(Membership.person_id.in_(ids))
        .group_by(Membership.person_id)
    )
    earliest = {person_id: day + timedelta(days=1) for person_id, day in last if day}
    _place(((step, step.person_id or 0) for step in steps), there, earliest)


def _change(steps: list[Step], there: dict[int | None, Team | None], today: date) -> None:
    _update({"id": step.person_id} | columns for step in steps if (columns := _columns(step)))
    for step in steps:
        if "team" in step.new and step.person_id:
            begins = db.session.get_one(Person, step.person_id).employed_from
            move(step.person_id, there[step.new["team"]], max(today, begins))


def _set_managers(steps: list[Step]) -> None:
    """When everyone is there: a manager may stand further down in the list than whom they lead."""
    led = [step for step in steps if "manager" in step.new]
    ids: dict[str | None, int | None] = {None: None}
    ids |= {row.email: row.id for row in db.session.execute(select(Person.email, Person.id))}
    _update({"id": ids[step.email], "manager_id": ids[step.new["manager"]]} for step in led)


def _update(rows: Iterable[dict[str, Any]]) -> None:
    """Rows with the same columns go together."""
    kinds: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        kinds.setdefault(tuple(row), []).append(row)
    for alike in kinds.values():
        db.session.execute(update(Person), alike)
