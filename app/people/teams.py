"""The tree of teams: a team is made, renamed and moved. Under one team no two have the same name, so a path names one."""

from sqlalchemy import func, literal, select, update

from app.db import db
from app.organisation.actions import touch
from app.people import actions
from app.people.models import Membership, Person, Team
from app.people.team_tree import DEEPEST, is_path
from app.people.written import LONGEST_NAME, Unreadable, line


def found(name: str, name_en: str, parent_id: int | None) -> Team:
    """A new team below its parent, or at the top. Raises Unreadable."""
    actions.queue()
    name, english = _names(name, name_en)
    _alone(name, parent_id, 0)
    parent = db.session.get(Team, parent_id, populate_existing=True) if parent_id else None
    if parent and _depth(parent.path) >= DEEPEST:
        raise Unreadable("no-path", most=DEEPEST)
    team = actions.add_team(name, parent, english)
    touch()
    return team


def change(team_id: int, name: str, name_en: str, parent_id: int | None) -> None:
    """Rename a team, and move it with all below it under another or to the top. Raises Unreadable."""
    actions.queue()
    team = db.session.get_one(Team, team_id, populate_existing=True)
    parent = db.session.get(Team, parent_id, populate_existing=True) if parent_id else None
    name, english = _names(name, name_en)
    _alone(name, parent_id, team_id)
    if parent and parent.path.startswith(team.path):
        raise Unreadable("inside-itself")
    team.name, team.name_en = name, english
    _carry(team, parent)
    touch()


def _carry(team: Team, parent: Team | None) -> None:
    """Give a team and all below it the paths of their new place."""
    old, new = team.path, f"{parent.path if parent else '/'}{team.id}/"
    below = Team.path.startswith(old, autoescape=True)
    deepest = max(_depth(path) for path in db.session.scalars(select(Team.path).where(below)))
    if deepest - _depth(old) + _depth(new) > DEEPEST:
        raise Unreadable("no-path", most=DEEPEST)
    team.parent_id = parent.id if parent else None
    db.session.flush()
    moved = literal(new).concat(func.substr(Team.path, len(old) + 1))
    db.session.execute(
        update(Team).where(below).values(path=moved).execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def _depth(path: str) -> int:
    return path.count("/") - 1


def _names(name: str, name_en: str) -> tuple[str, str | None]:
    name, english = line(name, LONGEST_NAME), line(name_en, LONGEST_NAME)
    if not name:
        raise Unreadable("missing")
    if is_path(name) or is_path(english):
        raise Unreadable("team-name")
    return name, english or None


def _alone(name: str, parent_id: int | None, team_id: int) -> None:
    beside = select(Team.name).where(Team.parent_id.is_not_distinct_from(parent_id), Team.id != team_id)
    if name.casefold() in {other.casefold() for other in db.session.scalars(beside)}:
        raise Unreadable("same-name")


def sizes() -> dict[int, int]:
    """How many people who are employed stand in each team itself."""
    rows = db.session.execute(
        select(Membership.team_id, func.count())
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.to_date.is_(None), Person.left_at.is_(None))
        .group_by(Membership.team_id)
    )
    return {row[0]: row[1] for row in rows}
