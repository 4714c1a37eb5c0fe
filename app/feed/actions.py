"""Choose a person's day, once; fill its empty slots later; never take a choice back."""

from datetime import date, datetime

from sqlalchemy import Exists, and_, exists, select

from app.db import db, insert_once
from app.feed.choice import Candidate, choose
from app.feed.models import DayOpened, Pick
from app.people import sign_ins
from app.people.viewer import Viewer
from app.push.notices import reminder_key, take_back
from app.sharing.models import SAID, Share
from app.stories.models import Dismissal, LeaderTold, Story, StoryTopic, TopicFollow
from app.stories.queries import Reader, is_open


def open_day(viewer: Viewer, day: date, slots: int, at: datetime) -> None:
    """The person's first Today of a local day: choose its stories, and let the sign-in live on.

    Its reminder, if it still waits, is not needed any more.
    """
    if insert_once(DayOpened, person_id=viewer.id, local_date=day, at=at) is None:
        return
    take_back(reminder_key(viewer.id, day), at)
    sign_ins.prolong(viewer.sign_in_id, at)
    fill(viewer, day, slots, at)


def fill(viewer: Viewer, day: date, slots: int, at: datetime) -> None:
    """Fill the slots that are still empty; what was chosen before stays put."""
    taken = list(
        db.session.scalars(
            select(Pick.story_id)
            .where(Pick.person_id == viewer.id, Pick.local_date == day)
            .order_by(Pick.slot)
        )
    )
    candidates, follows, shared_topic = _candidates(viewer, day, at)
    chosen = choose(candidates, follows, slots, at, taken)
    for slot, choice in enumerate(chosen[len(taken) :], start=len(taken)):
        insert_once(
            Pick,
            person_id=viewer.id,
            local_date=day,
            slot=slot,
            story_id=choice.story_id,
            reason=choice.reason,
            topic_id=shared_topic.get(choice.story_id) if choice.reason == "topic" else None,
        )


def has_more(viewer: Viewer, day: date, at: datetime) -> bool:
    """Whether there is a story that an empty slot could hold."""
    picked = exists().where(Pick.person_id == viewer.id, Pick.local_date == day, Pick.story_id == Story.id)
    wanted = select(Story.id).where(
        is_open(Reader.of(viewer), at), ~picked, ~_dismissed(viewer), ~_told(viewer)
    )
    return db.session.execute(wanted.limit(1)).first() is not None


def _dismissed(viewer: Viewer) -> Exists:
    return exists().where(Dismissal.person_id == viewer.id, Dismissal.story_id == Story.id)


def _told(viewer: Viewer) -> Exists:
    return exists().where(
        Share.person_id == viewer.id,
        Share.story_id == Story.id,
        Share.rung >= SAID,
        Share.withdrawn_at.is_(None),
    )


def _candidates(
    viewer: Viewer, day: date, at: datetime
) -> tuple[list[Candidate], frozenset[int], dict[int, int]]:
    """What may be chosen, the topics followed, and for each story the followed topic it is about."""
    seen = exists().where(Pick.person_id == viewer.id, Pick.story_id == Story.id, Pick.local_date < day)
    by_leader = exists().where(LeaderTold.story_id == Story.id)
    rows = db.session.execute(
        select(
            Story.id,
            Story.team_id,
            Story.leader_id,
            Story.publish_at,
            Story.expires_at,
            StoryTopic.topic_id,
            TopicFollow.topic_id.label("followed"),
            seen.label("seen"),
            by_leader.label("by_leader"),
            _told(viewer).label("told"),
            _dismissed(viewer).label("dismissed"),
        )
        .outerjoin(StoryTopic, StoryTopic.story_id == Story.id)
        .outerjoin(
            TopicFollow, and_(TopicFollow.topic_id == StoryTopic.topic_id, TopicFollow.person_id == viewer.id)
        )
        .where(is_open(Reader.of(viewer), at))
        .order_by(Story.id, StoryTopic.position)
    ).all()
    topics: dict[int, set[int]] = {}
    shared: dict[int, int] = {}
    for row in rows:
        topics.setdefault(row.id, set()).update([row.topic_id] if row.topic_id else [])
        if row.followed:
            shared.setdefault(row.id, row.followed)
    candidates = [
        Candidate(
            story_id=row.id,
            topics=frozenset(topics[row.id]),
            from_own_team=row.team_id is not None and row.team_id == viewer.team_id,
            by_leader=row.by_leader,
            seen_before=row.seen,
            expires_at=row.expires_at,
            published_at=row.publish_at,
            told=row.told,
            dismissed=row.dismissed,
        )
        for row in {row.id: row for row in rows}.values()
    ]
    return candidates, frozenset(shared.values()), shared
