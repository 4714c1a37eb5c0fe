"""What Today shows, in as few statements as it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Integer, String, and_, bindparam, case, exists, func, or_, select

from app.db import UTCDateTime, db
from app.feed.models import DayOpened, Pick
from app.people.viewer import Viewer
from app.prepared import Prepared
from app.push.models import PushChoices
from app.sharing.models import SAID, Share
from app.shoutouts.models import Receiver
from app.stories.models import Answer, Dismissal, Saving, Story, Topic
from app.stories.queries import Reader, is_open


class Slot(NamedTuple):
    """One of the day's stories as it stands for the person now."""

    story_id: int
    version: int
    saved: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A person's Today: the slots still to be seen, and how many were filled in all.

    `may_ask`: whether we may ask to remind them, as after their first deed and until they have said yes or no.
    """

    slots: Sequence[Slot]
    filled: int
    answered: bool
    may_ask: bool


_person = bindparam("person_id", type_=Integer)
_told = exists().where(
    Share.person_id == _person,
    Share.story_id == Pick.story_id,
    Share.rung >= SAID,
    Share.withdrawn_at.is_(None),
)
_is_open = is_open(
    Reader(_person, bindparam("team_path", type_=String), bindparam("roles", type_=Integer)),
    bindparam("now", type_=UTCDateTime()),  # type: ignore[arg-type]  # a parameter stands in for the instant
)
_first_deed = or_(
    exists().where(Share.person_id == _person, Share.rung >= SAID),
    exists().where(Receiver.person_id == _person, Receiver.opened_at.is_not(None)),
)
_has_said = exists().where(PushChoices.person_id == _person, PushChoices.asked_at.is_not(None))
# Looked at with the first slot alone.
_may_ask = case((func.coalesce(Pick.slot, 0) > 0, False), else_=and_(_first_deed, ~_has_said))
DAY = Prepared(
    select(
        Pick.slot,
        Story.id,
        Story.version,
        exists().where(Saving.person_id == _person, Saving.story_id == Pick.story_id).label("saved"),
        _told.label("told"),
        exists().where(Dismissal.person_id == _person, Dismissal.story_id == Pick.story_id).label("gone"),
        exists().where(Answer.person_id == _person, Answer.local_date == bindparam("day")).label("answered"),
        _may_ask.label("may_ask"),
    )
    .select_from(DayOpened)
    .outerjoin(Pick, (Pick.person_id == DayOpened.person_id) & (Pick.local_date == DayOpened.local_date))
    .outerjoin(Story, (Story.id == Pick.story_id) & _is_open)
    .where(DayOpened.person_id == _person, DayOpened.local_date == bindparam("day"))
    .order_by(Pick.slot)
)


def day_of(viewer: Viewer, day: date, at: datetime) -> Day | None:
    """The day's stories that are still open to the person; None when the day has not been opened."""
    rows = DAY.rows(person_id=viewer.id, team_path=viewer.team_path, roles=int(viewer.roles), day=day, now=at)
    if not rows:
        return None
    shown = [Slot(row.id, row.version, row.saved, row.told) for row in rows if row.id and not row.gone]
    return Day(shown, sum(row.slot is not None for row in rows), rows[0].answered, rows[0].may_ask)


@dataclass(frozen=True, slots=True)
class Why:
    """Why a story stands in someone's Today: a reason of feed.choice, a second one or "", and the topic if that is why."""

    reason: str
    also: str = ""
    topic: Topic | None = None


def why(viewer: Viewer, day: date, story: Story) -> Why:
    """What was written down when it was chosen; of a story that was not chosen, what it is to the person."""
    pick = db.session.scalar(
        select(Pick).where(Pick.person_id == viewer.id, Pick.story_id == story.id, Pick.local_date == day)
    )
    if pick is not None:
        return Why(pick.reason, pick.also, db.session.get(Topic, pick.topic_id) if pick.topic_id else None)
    return Why("asked" if _waits_for(viewer, story) else "other")


def _waits_for(viewer: Viewer, story: Story) -> bool:
    return story.leader_id == viewer.id and story.told_at is None and story.overridden_at is None
