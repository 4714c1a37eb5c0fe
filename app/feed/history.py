"""What a person brings to the choice of their day: all rows of their own that it needs, in one small statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Integer, Select, String, bindparam, literal_column, select, union_all

from app.db import UTCDateTime
from app.feed.models import Pick
from app.people.viewer import Viewer
from app.prepared import Prepared
from app.sharing.models import Share
from app.sharing.queries import TOLD
from app.stories import shelf
from app.stories.models import Dismissal, TopicFollow
from app.stories.shelf import Shelf, ShelfVersion

KINDS = ("version", "follows", "taken", "seen", "told", "dismissed")
# A person's date may be one behind that of the instant.
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class History:
    """What someone follows, has been given today (in its order) and on earlier days, has told and has dismissed.

    Of earlier days, of what was told and of what was dismissed it knows the stories that stand on the shelf.
    """

    follows: frozenset[int]
    taken: Sequence[int]
    seen: frozenset[int]
    told: frozenset[int]
    dismissed: frozenset[int]


NOWHERE = literal_column("0", Integer)
_person = bindparam("person_id", type_=Integer)
_since = bindparam("since", type_=UTCDateTime())
_day = bindparam("day", type_=Date)


def _part(kind: str, what: Any, *which: Any, place: Any = NOWHERE) -> Select[Any]:
    named = literal_column(f"'{kind}'", String)
    return select(named.label("kind"), what.label("id"), place.label("place")).where(*which)


_told = _part("told", Share.story_id, Share.person_id == _person, Share.said_at >= _since, TOLD)
_parts = union_all(
    _part("version", ShelfVersion.version, ShelfVersion.id == 1),
    _part("follows", TopicFollow.topic_id, TopicFollow.person_id == _person),
    _part("taken", Pick.story_id, Pick.person_id == _person, Pick.local_date == _day, place=Pick.slot),
    _part(
        "seen",
        Pick.story_id,
        Pick.person_id == _person,
        Pick.local_date >= bindparam("since_day", type_=Date),
        Pick.local_date < _day,
    ).distinct(),
    _told,
    _part("dismissed", Dismissal.story_id, Dismissal.person_id == _person, Dismissal.at >= _since),
).subquery()
ROWS = Prepared(select(_parts.c.kind, _parts.c.id).order_by(_parts.c.place))


def history(viewer: Viewer, day: date, at: datetime) -> tuple[Shelf, History]:
    """The person's history, and the shelf that stood when it was read, read anew only when something has changed."""
    stood = shelf.kept(at)
    while True:
        found = _rows(viewer, day, stood.since)
        if found["version"] == [stood.version]:
            return stood, _history(found)
        stood = shelf.read(at)


def _rows(viewer: Viewer, day: date, since: datetime) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for row in ROWS.rows(person_id=viewer.id, day=day, since=since, since_day=since.date() - A_DAY):
        found[row.kind].append(row.id)
    return found


def _history(found: dict[str, list[int]]) -> History:
    return History(
        follows=frozenset(found["follows"]),
        taken=found["taken"],
        seen=frozenset(found["seen"]),
        told=frozenset(found["told"]),
        dismissed=frozenset(found["dismissed"]),
    )
