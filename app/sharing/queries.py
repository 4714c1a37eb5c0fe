"""Questions about shares. A person sees only their own."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, func, select

from app.db import db
from app.people.models import Person
from app.points.queries import paid_for
from app.sharing.models import SAID, ClickDay, Share
from app.stories.models import LeaderTold, Story


def own_share(person_id: int, share_id: int) -> Share | None:
    """One of a person's own shares."""
    return db.session.scalar(select(Share).where(Share.id == share_id, Share.person_id == person_id))


def own_shares(person_id: int, limit: int = 200) -> Sequence[Row[tuple[Share, Story]]]:
    """A person's shares that were said to be posted, newest first, with their stories."""
    return db.session.execute(
        select(Share, Story)
        .join(Story, Story.id == Share.story_id)
        .where(Share.person_id == person_id, Share.rung >= SAID)
        .order_by(Share.said_at.desc(), Share.id.desc())
        .limit(limit)
    ).all()


def share_count(person_id: int) -> int:
    """How many stories a person tells on some network now."""
    statement = (
        select(func.count())
        .select_from(Share)
        .where(Share.person_id == person_id, Share.rung >= SAID, Share.withdrawn_at.is_(None))
    )
    return db.session.scalar(statement) or 0


def by_network(person_id: int, story_id: int) -> dict[str, Share]:
    """A person's shares of one story, by network."""
    rows = db.session.scalars(select(Share).where(Share.person_id == person_id, Share.story_id == story_id))
    return {share.network: share for share in rows}


def clicks(share_id: int) -> Sequence[Row[tuple[date, int]]]:
    """People who clicked, by day."""
    return db.session.execute(
        select(ClickDay.day, ClickDay.people).where(ClickDay.share_id == share_id).order_by(ClickDay.day)
    ).all()


def leaders_who_told(story_id: int) -> Sequence[Person]:
    """The leaders who have told a story."""
    return db.session.scalars(
        select(Person)
        .join(LeaderTold, LeaderTold.person_id == Person.id)
        .where(LeaderTold.story_id == story_id)
        .order_by(LeaderTold.at)
    ).all()


def paid(person_id: int, share_id: int) -> list[tuple[str, int, str | None]]:
    """What a share has paid so far: code, points and cap of each entry that stands."""
    entries = paid_for(person_id, ("share", share_id))
    reversed_ids = {entry.reverses_id for entry in entries}
    return [
        (entry.code, entry.amount, entry.cap)
        for entry in entries
        if entry.reverses_id is None and entry.id not in reversed_ids
    ]
