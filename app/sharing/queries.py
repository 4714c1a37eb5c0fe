"""Questions about shares. A person sees only their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.db import db
from app.points.queries import paid_for
from app.sharing.models import SAID, ClickDay, Share
from app.stories.models import Story

MOST_LISTED = 200
TOLD: ColumnElement[bool] = and_(Share.rung >= SAID, Share.withdrawn_at.is_(None))


def is_told(share: Share) -> bool:
    """Said to be posted, and not withdrawn since."""
    return share.rung >= SAID and share.withdrawn_at is None


def is_waiting(share: Share) -> bool:
    """Written, for the first time or anew after a withdrawal, and not yet said to be posted."""
    rewritten = share.withdrawn_at and share.composed_at and share.composed_at > share.withdrawn_at
    return share.rung < SAID or bool(rewritten)


def tells(person_id: int, story_id: int) -> bool:
    """Whether someone tells a story on some network now."""
    statement = select(Share.id).where(Share.person_id == person_id, Share.story_id == story_id, TOLD)
    return db.session.execute(statement.limit(1)).first() is not None


def own_share(person_id: int, share_id: int) -> Share | None:
    """One of a person's own shares."""
    return db.session.scalar(select(Share).where(Share.id == share_id, Share.person_id == person_id))


def own_shares(person_id: int) -> Sequence[Row[Share, Story]]:
    """A person's shares that were said to be posted, newest first, with their stories."""
    return _listed(Share.person_id == person_id, Share.rung >= SAID, newest=Share.said_at)


def waiting_shares(person_id: int) -> Sequence[Row[Share, Story]]:
    """Shares that a person has written and not yet said to be posted, newest first, with their stories."""
    waiting = or_(Share.rung < SAID, Share.composed_at > Share.withdrawn_at)
    return _listed(Share.person_id == person_id, waiting, newest=Share.composed_at)


def _listed(
    *which: ColumnElement[bool], newest: InstrumentedAttribute[datetime | None]
) -> Sequence[Row[Share, Story]]:
    return db.session.execute(
        select(Share, Story)
        .join(Story, Story.id == Share.story_id)
        .where(*which)
        .order_by(newest.desc(), Share.id.desc())
        .limit(MOST_LISTED)
    ).all()


def by_network(person_id: int, story_id: int) -> dict[str, Share]:
    """A person's shares of one story, by network."""
    rows = db.session.scalars(select(Share).where(Share.person_id == person_id, Share.story_id == story_id))
    return {share.network: share for share in rows}


def story_texts(story: Story) -> list[str]:
    """A story's own words, in each of its languages."""
    danish = (story.title, story.why, story.body)
    english = (story.title_en, story.why_en, story.body_en)
    return [" ".join(filter(None, texts)) for texts in (danish, english)]


def last_told_texts(share: Share, count: int) -> Sequence[str]:
    """What the same person told last, other than this share."""
    return db.session.scalars(
        select(Share.text)
        .where(Share.person_id == share.person_id, Share.id != share.id, Share.said_at.is_not(None))
        .order_by(Share.said_at.desc(), Share.id.desc())
        .limit(count)
    ).all()


def clicks(share_id: int) -> Sequence[Row[date, int]]:
    """People who clicked, by day."""
    return db.session.execute(
        select(ClickDay.day, ClickDay.people).where(ClickDay.share_id == share_id).order_by(ClickDay.day)
    ).all()


@dataclass(frozen=True, slots=True)
class Payment:
    """What stands of a share's points: for sharing, for own words (None: no entry), and the cap that bit.

    `corrected` when entries were written and taken back, so that nothing stands.
    """

    share: int | None = None
    own: int | None = None
    cap: str | None = None
    corrected: bool = False

    @property
    def points(self) -> int:
        return (self.share or 0) + (self.own or 0)


def payment(person_id: int, share_id: int) -> Payment:
    """What a share has paid, corrections taken off."""
    entries = paid_for(person_id, ("share", share_id))
    reversed_ids = {entry.reverses_id for entry in entries}
    standing = [one for one in entries if one.reverses_id is None and one.id not in reversed_ids]
    amounts = {entry.code: entry.amount for entry in standing}
    return Payment(
        share=amounts.get("SHARE"),
        own=amounts.get("OWN"),
        cap=next((entry.cap for entry in standing if entry.cap), None),
        corrected=bool(entries) and not standing,
    )
