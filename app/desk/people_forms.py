"""The form of one person, read into the cells that a list would have. Only the fields named here exist."""

from werkzeug.datastructures import MultiDict

from app.people.team_tree import TeamTree
from app.people.written import NOTHING

ROLES = ("manager", "leader", "admin")
DESKS = ("hr", "communications")
DAYS = range(1, 8)


def cells_from(form: MultiDict[str, str], email: str, tree: TeamTree) -> dict[str, str]:
    """A person's row: what is left empty in the form is emptied, not left as it is."""
    roles = [role for role in ROLES if role in form.getlist("role")]
    desk = form.get("curates_for", "")
    roles += [f"curator {desk}"] if desk in DESKS else []
    days = [str(day) for day in DAYS if str(day) in form.getlist("day")]
    return {
        "name": form.get("name", ""),
        "email": email,
        "team": _team(form.get("team", ""), tree),
        "title": form.get("title", "").strip() or NOTHING,
        "title_en": form.get("title_en", "").strip() or NOTHING,
        "manager": form.get("manager", "").strip() or NOTHING,
        "roles": ", ".join(roles) or NOTHING,
        "working_days": ",".join(days) or NOTHING,
    }


def newcomer_from(form: MultiDict[str, str], tree: TeamTree) -> dict[str, str]:
    """The same for someone who begins: with an address, a first day and a language."""
    begins = {name: form.get(name, "").strip() for name in ("employed_from", "language")}
    cells = cells_from(form, form.get("email", "").strip(), tree)
    return cells | {name: given for name, given in begins.items() if given}


def _team(given: str, tree: TeamTree) -> str:
    """A team's path; a number that no team has stays what it is, and is refused as a name."""
    if not given:
        return NOTHING
    number = int(given) if given.isdecimal() and len(given) < 10 else 0
    return f"/ {tree.path(number)}" if number in tree.names else given
