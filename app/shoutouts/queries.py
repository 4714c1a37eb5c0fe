"""Questions about shout-outs. `IS_OPEN` is the permission: what it does not give does not exist.

The giver sees their own at once, a receiver theirs when its time has come, and others a receiver's part when that
receiver has opened it to them. Nothing of it waits for the worker.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.db import UTCDateTime, db
from app.given import LARGEST
from app.people.models import Person
from app.people.viewer import Viewer
from app.prepared import Prepared
from app.shoutouts.models import Receiver, Shoutout
from app.shoutouts.wording import COMPARED

PAGE = 20
To, Giver = aliased(Person), aliased(Person)
_me = bindparam("me", type_=Integer)
_has_come = Shoutout.delivers_at <= bindparam("now", type_=UTCDateTime())
_opened_to_me = or_(
    Receiver.audience == "organisation",
    and_(Receiver.audience == "team", Receiver.team_id == bindparam("team_id", type_=Integer)),
)
IS_OPEN: ColumnElement[bool] = and_(
    Shoutout.undone_at.is_(None),
    or_(
        Shoutout.giver_id == _me,
        and_(_has_come, or_(Receiver.person_id == _me, and_(_opened_to_me, To.left_at.is_(None)))),
    ),
)
# One's own that waits for a decision stands above the wall, not on it.
_decided = or_(Receiver.person_id != _me, Receiver.audience.is_not(None))


def _shown(*which: ColumnElement[bool], page: ColumnElement[bool] | None = None) -> Prepared:
    """Rows of a shout-out and one of its receivers, newest first; `page` chooses the shout-outs of a page."""
    rows = (
        select(
            Shoutout.id, Shoutout.did, Shoutout.led, Shoutout.value_id, Shoutout.second_value_id, Shoutout.audience.label("proposed"),
            Shoutout.given_at, Shoutout.delivers_at, Shoutout.edited_at, Shoutout.withdrawn_at, Shoutout.giver_id,
            Giver.name.label("giver"), Giver.title.label("giver_title"), Giver.title_en.label("giver_title_en"), Giver.avatar.label("giver_avatar"),
            Receiver.person_id, Receiver.team_id, Receiver.audience, Receiver.opened_at, Receiver.smiled_at, To.name, To.avatar,
        )
        .join(Receiver, Receiver.shoutout_id == Shoutout.id)
        .join(To, To.id == Receiver.person_id)
        .join(Giver, Giver.id == Shoutout.giver_id)
        .where(IS_OPEN, *which)
        .order_by(Shoutout.id.desc(), To.name, To.id)
    )  # fmt: skip
    return Prepared(rows.where(page) if page is not None else rows)


def _page(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The shout-outs of a page: those before an id of which some receiver's part is open."""
    part = exists().where(Receiver.shoutout_id == Shoutout.id, To.id == Receiver.person_id, IS_OPEN, *which)
    ids = select(Shoutout.id).where(part, Shoutout.id < bindparam("before", type_=Integer))
    return Shoutout.id.in_(ids.order_by(Shoutout.id.desc()).limit(PAGE + 1).correlate(None))


WALLS = {
    "all": _shown(_decided, page=_page(_decided)),
    "team": _shown(_decided, page=_page(_decided, Receiver.team_id == bindparam("team_id", type_=Integer))),
    "mine": _shown(page=_page(Receiver.person_id == _me)),
}
ONE = _shown(Shoutout.id == bindparam("shoutout_id", type_=Integer))
WAITING = Prepared(
    select(Shoutout.id, Giver.name.label("giver"), Receiver.opened_at)
    .join(Receiver, Receiver.shoutout_id == Shoutout.id)
    .join(Giver, Giver.id == Shoutout.giver_id)
    .where(
        Receiver.person_id == _me,
        Receiver.audience.is_(None),
        Shoutout.undone_at.is_(None),
        Shoutout.withdrawn_at.is_(None),
        _has_come,
    )
    .order_by(Shoutout.id.desc())
    .limit(PAGE)
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A shout-out as one person sees it: its row, and those of its receivers whom they may see."""

    row: Any
    to: list[Any] = field(default_factory=list)

    def receiver(self, person_id: int) -> Any | None:
        """Somebody's own part of it."""
        return next((one for one in self.to if one.person_id == person_id), None)


def wall(viewer: Viewer, view: str, before: int | None, at: datetime) -> tuple[list[Shown], int | None]:
    """A page of the wall, newest first, and the id that the next page comes before, if there is one. One statement."""
    rows = WALLS[view].rows(me=viewer.id, team_id=viewer.team_id, now=at, before=before or LARGEST)
    found = _gathered(rows)
    return found[:PAGE], found[PAGE - 1].row.id if len(found) > PAGE else None


def shown(viewer: Viewer, shoutout_id: int, at: datetime) -> Shown | None:
    """One shout-out, if it is open to this person."""
    rows = ONE.rows(me=viewer.id, team_id=viewer.team_id, now=at, shoutout_id=shoutout_id)
    return next(iter(_gathered(rows)), None)


def _gathered(rows: Sequence[Any]) -> list[Shown]:
    found: dict[int, Shown] = {}
    for row in rows:
        found.setdefault(row.id, Shown(row)).to.append(row)
    return list(found.values())


def undecided(person_id: int, at: datetime) -> list[Any]:
    """Shout-outs to someone who has not said who may see them, newest first, at most twenty. One statement."""
    return WAITING.rows(me=person_id, now=at)


def waiting(person_id: int, at: datetime) -> int:
    """How many shout-outs to someone they have not opened: the number on the app's icon."""
    statement = _count().where(
        Receiver.person_id == person_id, Receiver.opened_at.is_(None), Shoutout.withdrawn_at.is_(None), Shoutout.delivers_at <= at
    )  # fmt: skip
    return db.session.scalar(statement) or 0


def others(shoutout_id: int, person_id: int) -> int:
    """How many others received it; who they are is theirs to tell."""
    statement = _count().where(Receiver.shoutout_id == shoutout_id, Receiver.person_id != person_id)
    return db.session.scalar(statement) or 0


def _count() -> Select[int]:
    return (
        select(func.count())
        .select_from(Shoutout)
        .join(Receiver, Receiver.shoutout_id == Shoutout.id)
        .where(Shoutout.undone_at.is_(None))
    )


def last_texts(giver_id: int, key: str) -> list[str]:
    """What a giver wrote last, but for the one with this key: a second tap is not a second text."""
    rows = db.session.execute(
        select(Shoutout.did, Shoutout.led)
        .where(Shoutout.giver_id == giver_id, Shoutout.undone_at.is_(None), Shoutout.key != key)
        .order_by(Shoutout.id.desc())
        .limit(COMPARED)
    )
    return [f"{row.did} {row.led}" for row in rows]


def own(giver_id: int, shoutout_id: int) -> Shoutout | None:
    """One of a giver's own, undone ones too."""
    return db.session.scalar(
        select(Shoutout).where(Shoutout.id == shoutout_id, Shoutout.giver_id == giver_id)
    )


def notes(viewer: Viewer, at: datetime) -> Sequence[Any]:
    """What a manager is told of their reports' shout-outs of two weeks: that there is one.

    By whom, and where to read it, only when it is open to them. One statement.
    """
    return NOTES.rows(me=viewer.id, team_id=viewer.team_id, now=at, since=at - timedelta(days=14))


NOTES = Prepared(
    select(Shoutout.id, To.name, Shoutout.delivers_at, case((_opened_to_me, Giver.name)).label("giver"))
    .join(Receiver, Receiver.shoutout_id == Shoutout.id)
    .join(To, To.id == Receiver.person_id)
    .join(Giver, Giver.id == Shoutout.giver_id)
    .where(
        To.manager_id == _me,
        To.left_at.is_(None),
        Shoutout.giver_id != _me,
        Shoutout.undone_at.is_(None),
        Shoutout.withdrawn_at.is_(None),
        Shoutout.delivers_at > bindparam("since", type_=UTCDateTime()),
        _has_come,
    )
    .order_by(Shoutout.id.desc())
    .limit(PAGE)
)
