"""What the pages of shout-outs show."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import clock
from app.language import language
from app.organisation.queries import Facts, facts
from app.points.actions import shoutout_rule
from app.points.queries import paid_for, rules
from app.shoutouts import budget, coverage, queries
from app.shoutouts.actions import TIME_TO_EDIT
from app.shoutouts.forms import Draft
from app.shoutouts.receivers import BUDGET, OWN_MANAGER, candidates
from app.stories.cards import faces
from app.stories.gate import waiting_for
from app.web import respond


def organisation() -> Facts:
    """The organisation as this request knows it."""
    return facts(current_user.organisation_version)


def form(draft: Draft, problems: Mapping[str, str] | None = None, folded: bool = False) -> Response:
    """The form, as it was left, with what the database can promise now; or only the people, when HTMX searches.

    Folded, it shows whom it is for, and the others when one asks.
    """
    now = clock.now()
    picked, offered = candidates(current_user, list(draft.to), draft.words, now)
    month = budget.budget_of(current_user.id, now)
    wanted = sum(one.cap is None for one in picked)
    return respond(
        "shoutouts/new.html",
        fragment="shoutouts/_people.html",
        status=422 if problems else 200,
        draft=draft,
        problems=dict(problems or {}),
        picked=picked,
        offered=offered,
        budget=month,
        counts=month.left >= max(1, wanted),
        folded=folded and bool(picked),
        rule=shoutout_rule(rules(), current_user.local_date(now), 1),
        **_asked(now),
    )


def _asked(now: datetime) -> dict[str, Any]:
    """What the organisation asks of a shout-out."""
    known, day = organisation(), current_user.local_date(now)
    return {
        "known": known.values,
        "called": known.called(language()),
        "least": known.setting("shoutout_characters", day),
        "most": known.setting("shoutout_receivers", day),
    }


def cannot_count(draft: Draft, caps: Mapping[int, str]) -> dict[str, str]:
    """Why the promise cannot be kept, and what to do: nothing was sent, and the form now tells what holds."""
    if BUDGET not in caps.values():
        own = set(caps.values()) == {OWN_MANAGER}
        why = (
            _("Your own managers get no points from you.")
            if own
            else _("Somebody has had two from you in 30 days.")
        )
        return {
            "promise": f"{why} {_('The list now says who gets it without points. Send it as it is, or choose again.')}"
        }
    left = budget.budget_of(current_user.id, clock.now()).left
    if not left:
        return {
            "promise": _(
                "Your budget was used up in the meantime, so nothing is sent yet. Tap once more to give it without points."
            )
        }
    return {"promise": ngettext("Your budget has %(num)s left, and you have chosen %(count)s. Send it without points, or choose fewer.", "Your budget has %(num)s left, and you have chosen %(count)s. Send it without points, or choose fewer.", left, count=len(draft.to))}  # fmt: skip


def wall(view: str, before: int | None) -> Response:
    """The wall: what one may see, in three views."""
    now = clock.now()
    shown, older = queries.wall(current_user, view, before, now)
    undecided = queries.undecided(current_user.id, now)
    return respond(
        "shoutouts/wall.html",
        view=view,
        before=before,
        shown=shown,
        older=older,
        undecided=undecided,
        unopened=sum(one.opened_at is None for one in undecided),
        known=organisation().values,
        **_times(now),
    )


def _times(now: datetime) -> dict[str, Any]:
    """What "today" and "yesterday" are told by."""
    return {"now": now, "yesterday": now - timedelta(days=1)}


def one(found: queries.Shown) -> Response:
    """A shout-out's own page: for its receiver to decide, for its giver to correct, for others to read."""
    mine = found.receiver(current_user.id)
    if mine and not found.row.withdrawn_at:
        return received(found)
    now = clock.now()
    left = (found.row.given_at + TIME_TO_EDIT - now).total_seconds()
    return respond(
        "shoutouts/shoutout.html", one=found, minutes=max(0, -int(-left // 60)), known=organisation().values, **_times(now)
    )  # fmt: skip


def received(found: queries.Shown, error: str = "") -> Response:
    """A shout-out to the viewer, who decides who may see it."""
    mine = found.receiver(current_user.id) or abort(404)
    offered = _audiences(found.row, mine)
    chosen = mine.audience or found.row.proposed
    return respond(
        "shoutouts/received.html",
        status=422 if error else 200,
        one=found,
        mine=mine,
        others=queries.others(found.row.id, current_user.id),
        offered=offered,
        chosen=chosen if chosen in {key for key, *_rest in offered} else "private",
        points=_points(found.row.id),
        called=organisation().called(language()),
        known=organisation().values,
        error=error,
        **_times(clock.now()),
    )


def _audiences(row: Any, mine: Any) -> list[tuple[str, str, str, str]]:
    """What the receiver may choose: key, icon, name, and what it means."""
    first = row.giver.split()[0]
    by = {row.proposed: _("Proposed by %(name)s", name=first)}
    called = current_user.team if mine.team_id == current_user.team_id else ""
    team = [("team", "users", _("My team"), by.get("team", called))] if mine.team_id else []
    return [
        ("organisation", "globe", _("All of %(organisation)s", organisation=organisation().called(language())), by.get("organisation", "")),
        *team,
        ("private", "lock", _("Only me"), _("%(name)s and you", name=first)),
    ]  # fmt: skip


def _points(shoutout_id: int) -> int:
    """What it has paid the viewer."""
    return sum(entry.amount for entry in paid_for(current_user.id, ("shoutout", shoutout_id)))


def lead() -> Response:
    """The manager's home."""
    now = clock.now()
    reports = coverage.coverage(current_user, organisation(), now)
    first = waiting_for(current_user.id, now)
    return respond(
        "shoutouts/lead.html",
        first=first,
        faces=faces([story.id for story in first]) if first else {},
        budget=budget.budget_of(current_user.id, now),
        reports=reports,
        waited=[one for one in reports if one.waits],
        notes=queries.notes(current_user, now),
        undecided=queries.undecided(current_user.id, now),
        **_times(now),
    )


def covered() -> Response:
    """All direct reports, by how long they have waited."""
    reports = coverage.coverage(current_user, organisation(), clock.now())
    groups = (
        (_("A long time ago"), _("21 days or more"), [one for one in reports if one.waits]),
        (_("Soon"), _("14–20 days"), [one for one in reports if one.soon]),
        (
            _("Has heard something"),
            _("under 14 days"),
            [one for one in reports if not (one.waits or one.soon)],
        ),
    )
    return respond(
        "shoutouts/coverage.html", reports=reports, groups=groups, heard=coverage.heard_in_time(reports)
    )


def correction(shoutout_id: int, draft: Draft, problems: Mapping[str, str] | None = None) -> Response:
    """The form that corrects the words."""
    return respond(
        "shoutouts/edit.html", status=422 if problems else 200, shoutout_id=shoutout_id, draft=draft,
        problems=dict(problems or {}), **_asked(clock.now()),
    )  # fmt: skip


def address(shoutout_id: int) -> str:
    """A shout-out's own page."""
    return url_for("shoutouts.one", shoutout_id=shoutout_id)
