"""The editor's form, read into a draft. Only the fields named here exist; all others are ignored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from app.given import number, text
from app.people.roles import Role
from app.stories.editing import ANGLE_TEXTS, MOST_ANGLES, TEXTS, Draft

YEARS = range(2000, 2200)
Problems = dict[str, str]


@dataclass(frozen=True, slots=True)
class Offered:
    """The ids that the form lets one choose among."""

    purposes: Collection[int]
    topics: Collection[int]
    leaders: Collection[int]
    teams: Collection[int]


def draft_from(form: MultiDict[str, str], zone: str, offered: Offered) -> tuple[Draft, Problems]:
    """The draft, and the problems of reading it: times that are none, choices that were not offered.

    Local times are the organisation's.
    """
    problems: Problems = {}
    draft = Draft(
        texts={name: text(form.get(name, "")) for name in TEXTS},
        purpose_id=_one(form, "purpose", offered.purposes, problems),
        leader_id=_one(form, "leader", offered.leaders, problems),
        team_id=_one(form, "team", offered.teams, problems),
        topics=_several(form, "topic", offered.topics, problems),
        audience=_several(form, "audience", offered.teams, problems),
        for_roles=_roles(form, problems),
        angles=_angles(form),
        publish_at=instant(form, "publish_at", zone, problems),
        expires_at=instant(form, "expires_at", zone, problems),
    )
    return draft, problems


def _one(form: MultiDict[str, str], name: str, offered: Collection[int], problems: Problems) -> int | None:
    chosen = form.get(name, type=number)
    if form.get(name) and chosen not in offered:
        problems[name] = "not-offered"
    return chosen if chosen in offered else None


def _several(form: MultiDict[str, str], name: str, offered: Collection[int], problems: Problems) -> list[int]:
    chosen = list(dict.fromkeys(form.getlist(name, type=number)))
    found = [one for one in chosen if one in offered]
    if len(found) < len(set(form.getlist(name))):
        problems[name] = "not-offered"
    return found


def _roles(form: MultiDict[str, str], problems: Problems) -> int:
    """The bits of the roles that are ticked; none is everyone."""
    ticked = set(form.getlist("role"))
    found = [role for role in Role if str(int(role)) in ticked]
    if len(found) < len(ticked):
        problems["role"] = "not-offered"
    return sum(found)


def instant(form: MultiDict[str, str], name: str, zone: str, problems: Problems) -> datetime | None:
    """The local time of a field as an instant; None when it is empty or, noted among the problems, is none."""
    given = text(form.get(name, ""))
    if not given:
        return None
    try:
        local = datetime.fromisoformat(given)
    except ValueError:
        local = None
    if local is None or local.tzinfo or local.year not in YEARS:
        problems[name] = "not-a-time"
        return None
    return local.replace(tzinfo=ZoneInfo(zone))


def _angles(form: MultiDict[str, str]) -> list[dict[str, str]]:
    """All that are in the form, empty ones too, in the order that their place numbers give."""
    names = [*ANGLE_TEXTS, *(f"{name}_en" for name in ANGLE_TEXTS)]
    rows = [
        (
            form.get(f"angle-{row}-place", row, type=number),
            row,
            {name: text(form.get(f"angle-{row}-{name}", "")) for name in names},
        )
        for row in range(MOST_ANGLES)
    ]
    return [angle for _place, _row, angle in sorted(rows, key=lambda one: one[:2])]
