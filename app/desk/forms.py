"""The editor's form, read into a draft. Only the fields named here exist; all others are ignored."""

from datetime import datetime
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from app.given import number
from app.stories.editing import ANGLE_TEXTS, MOST_ANGLES, TEXTS, Draft

YEARS = range(2000, 2200)


def draft_from(form: MultiDict[str, str], zone: str) -> tuple[Draft, dict[str, str]]:
    """The draft, and the problems of reading it: times that are none. Local times are the organisation's."""
    problems: dict[str, str] = {}
    times = {
        name: _instant(form.get(name, ""), zone, name, problems) for name in ("publish_at", "expires_at")
    }
    draft = Draft(
        texts={name: form.get(name, "").replace("\r\n", "\n").strip() for name in TEXTS},
        purpose_id=form.get("purpose", type=number),
        leader_id=form.get("leader", type=number),
        team_id=form.get("team", type=number),
        topics=list(dict.fromkeys(form.getlist("topic", type=number))),
        audience=list(dict.fromkeys(form.getlist("audience", type=number))),
        angles=_angles(form),
        publish_at=times["publish_at"],
        expires_at=times["expires_at"],
    )
    return draft, problems


def _instant(text: str, zone: str, name: str, problems: dict[str, str]) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        moment = None
    if moment is None or moment.year not in YEARS:
        problems[name] = "not-a-time"
        return None
    return moment


def _angles(form: MultiDict[str, str]) -> list[dict[str, str]]:
    """Up to three, in the order that their place numbers give; one without a question is left out."""
    rows = []
    for row in range(MOST_ANGLES):
        names = [*ANGLE_TEXTS, *(f"{name}_en" for name in ANGLE_TEXTS)]
        angle = {name: form.get(f"angle-{row}-{name}", "").strip() for name in names}
        if angle["question"]:
            rows.append((form.get(f"angle-{row}-place", row, type=number), row, angle))
    return [angle for _place, _row, angle in sorted(rows, key=lambda one: one[:2])]
