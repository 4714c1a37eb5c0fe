"""What Today shows, in as few statements as it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Integer, String, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.db import UTCDateTime, db
from app.feed.models import DayOpened, Pick
from app.people.viewer import Viewer
from app.prepared import Prepared
from app.push.models import PushChoices
from app.sharing.asking import ASKED_AFTER, ASKED_FOR, waiting_for_answer
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


class Untold(NamedTuple):
    """A share that was written, and of which we do not know whether it is posted."""

    share_id: int
    network: str
    title: str
    title_en: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """A person's Today: the slots still to be seen, and how many were filled in all.

    `may_ask`: whether we may ask to remind them, as after their first deed and until they have said yes or no.
    `untold`: the share of which we ask whether it is posted.
    """

    slots: Sequence[Slot]
    filled: int
    answered: bool
    may_ask: bool
    untold: Untold | None


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
_is_later = func.coalesce(Pick.slot, 0) > 0
_may_ask = case((_is_later, False), else_=and_(_first_deed, ~_has_said))
_untold_id = waiting_for_answer(
    _person,
    bindparam("asked_since", type_=UTCDateTime()),
    bindparam("asked_until", type_=UTCDateTime()),
)
_Untold, _ItsStory = aliased(Share), aliased(Story)
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
        _Untold.id.label("untold_id"),
        _Untold.network,
        _ItsStory.title,
        _ItsStory.title_en,
    )
    .select_from(DayOpened)
    .outerjoin(Pick, (Pick.person_id == DayOpened.person_id) & (Pick.local_date == DayOpened.local_date))
    .outerjoin(Story, (Story.id == Pick.story_id) & _is_open)
    .outerjoin(_Untold, _Untold.id == case((_is_later, None), else_=_untold_id))
    .outerjoin(_ItsStory, _ItsStory.id == _Untold.story_id)
    .where(DayOpened.person_id == _person, DayOpened.local_date == bindparam("day"))
    .order_by(Pick.slot)
)


def day_of(viewer: Viewer, day: date, at: datetime) -> Day | None:
    """The day's stories that are still open to the person; None when the day has not been opened."""
    rows = DAY.rows(
        person_id=viewer.id, team_path=viewer.team_path, roles=int(viewer.roles), day=day, now=at,
        asked_since=at - ASKED_FOR, asked_until=at - ASKED_AFTER,
    )  # fmt: skip
    if not rows:
        return None
    shown = [Slot(row.id, row.version, row.saved, row.told) for row in rows if row.id and not row.gone]
    first = rows[0]
    untold = Untold(first.untold_id, first.network, first.title, first.title_en) if first.untold_id else None
    return Day(shown, sum(row.slot is not None for row in rows), first.answered, first.may_ask, untold)


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
