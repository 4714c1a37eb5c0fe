"""Tell a story, say that it is posted, withdraw it. A double tap, a replay, two phones: one share."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update

from app.db import db, insert_once
from app.people.hours import monday
from app.points.actions import Deed, Paid, pay_share, take_back
from app.points.models import PersonWeek
from app.points.payee import payee
from app.points.queries import rules
from app.points.rules import rule_on
from app.sharing.models import COMPOSED, SAID, Share
from app.sharing.own_words import counts_as_own, own_percent
from app.stories import actions as stories
from app.stories.models import Story

LONGEST_TEXT = 1300
REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Telling:
    """What saying "it is shared" led to: the entries paid now, and the share as it stands."""

    share: Share
    paid: list[Paid]


def compose(
    person_id: int, story: Story, network: str, text: str, disclosed: bool, token: str, at: datetime
) -> Share:
    """The person wrote a text for a network. Until it is said to be posted, the last text stands."""
    insert_once(
        Share, person_id=person_id, story_id=story.id, network=network, token=token, text="",
        own_percent=0, disclosed=disclosed, rung=COMPOSED, opened_at=at, composed_at=at,
    )  # fmt: skip
    share = _locked(Share.person_id == person_id, Share.story_id == story.id, Share.network == network)
    if share.rung < SAID or share.withdrawn_at is not None:
        share.text, share.disclosed = text, disclosed
        share.own_percent = own_percent(text, comparable(person_id, story, at))
        share.composed_at = at
    db.session.flush()
    return share


def _locked(*which) -> Share:  # type: ignore[no-untyped-def]
    statement = select(Share).where(*which).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one()


def comparable(person_id: int, story: Story, at: datetime) -> list[str]:
    """What a text may be too like: the story's own, and what colleagues told of it in 30 days."""
    told = db.session.scalars(
        select(Share.text).where(
            Share.story_id == story.id, Share.person_id != person_id, Share.said_at > at - REMEMBERED
        )
    )
    return [*story_texts(story), *told]


def story_texts(story: Story) -> list[str]:
    """A story's own words, in each of its languages."""
    return [
        " ".join(filter(None, texts))
        for texts in (
            (story.title, story.why, story.body),
            (story.title_en, story.why_en, story.body_en),
        )
    ]


def say_posted(share_id: int, person_id: int, at: datetime) -> Telling:
    """The person says that the share is posted: their word is enough. Pays once; a replay pays nothing.

    Without the disclosure line nothing is paid. Raises NoResultFound for another's share.
    """
    share = _locked(Share.id == share_id, Share.person_id == person_id)
    if share.rung >= SAID and share.withdrawn_at is None:
        return Telling(share, [])
    first = not _tells(person_id, share.story_id)
    own = _in_own_words(share, at)
    share.rung = max(share.rung, SAID)
    share.said_at = at
    share.withdrawn_at = None
    db.session.flush()
    evidence = {"characters": len(share.text), "own_percent": share.own_percent}
    paid = pay_share(Deed(person_id, ("share", share.id), at, evidence), own) if share.disclosed else []
    if first:
        stories.told(share.story_id, person_id, at)
    return Telling(share, paid)


def _tells(person_id: int, story_id: int) -> bool:
    """Whether someone tells a story on some network now."""
    statement = select(Share.id).where(
        Share.person_id == person_id,
        Share.story_id == story_id,
        Share.rung >= SAID,
        Share.withdrawn_at.is_(None),
    )
    return db.session.execute(statement.limit(1)).first() is not None


def _in_own_words(share: Share, at: datetime) -> bool:
    limits = rule_on(rules(), "OWN", payee(share.person_id, at).today).limits
    last = db.session.scalars(
        select(Share.text)
        .where(Share.person_id == share.person_id, Share.id != share.id, Share.said_at.is_not(None))
        .order_by(Share.said_at.desc())
        .limit(limits["compared_with_last"])
    ).all()
    story = db.session.get_one(Story, share.story_id)
    return all(counts_as_own(share.text, [text], last, limits) for text in story_texts(story))


def withdraw(share_id: int, person_id: int, at: datetime) -> int:
    """Take a share back: its link says goodbye and its points are corrected. Returns the points.

    Told again it climbs the same row and is not paid twice. Raises NoResultFound for another's share.
    """
    share = _locked(Share.id == share_id, Share.person_id == person_id)
    if share.withdrawn_at is not None or share.rung < SAID:
        return 0
    share.withdrawn_at = at
    db.session.flush()
    points = take_back(person_id, ("share", share.id), at)
    if not _tells(person_id, share.story_id):
        stories.untold(share.story_id, person_id)
    return points


def active_days_this_week(person_id: int, day: date) -> int:
    """How many days of a day's week the person was active on."""
    week = db.session.get(PersonWeek, (person_id, monday(day)))
    return week.active_days if week else 0


def climb(share_id: int, rung: int, field: str, at: datetime) -> None:
    """Raise a share to a rung; it never climbs down, and each rung keeps its first time."""
    column = getattr(Share, field)
    db.session.execute(update(Share).where(Share.id == share_id, column.is_(None)).values({field: at}))
    db.session.execute(
        update(Share).where(Share.id == share_id, Share.rung < rung, or_(Share.rung >= SAID)).values(rung=rung)
    )
