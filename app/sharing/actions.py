"""Tell a story, say that it is posted, withdraw it. A double tap, a replay, two phones: one share."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from app.db import db, insert_once
from app.people.models import Person
from app.points.actions import pay_share, take_back
from app.points.entries import Deed, Paid
from app.points.payee import payee
from app.points.queries import rules
from app.points.rules import rule_on
from app.sharing import told_words
from app.sharing.meter import measure
from app.sharing.models import CLICKED, COMPOSED, FETCHED, SAID, Share
from app.sharing.own_words import counts_as_own
from app.sharing.queries import is_told, last_told_texts, story_texts, tells
from app.stories import actions as stories
from app.stories.models import Story

LONGEST_TEXT = 1300
RUNG_TIMES = {FETCHED: "fetched_at", CLICKED: "clicked_at"}


@dataclass(frozen=True, slots=True)
class Telling:
    """What saying "it is shared" led to: the share as it stands, and the entries paid now."""

    share: Share
    paid: list[Paid]


def compose(
    person_id: int, story: Story, network: str, text: str, disclosed: bool, token: str, at: datetime,
    *, own: int | None = None, angle: str = "", opened_at: datetime | None = None,
) -> Share:  # fmt: skip
    """The person wrote a text, of at most 1,300 characters, for a network. Until it is told, the last text stands.

    `own` is the percent of own words, worked out here when the caller has not; `angle` one of ANGLES or
    "", `opened_at` when the composer was opened.
    """
    # First, as whoever says or withdraws it does: the same request may say that it is posted.
    _one_at_a_time(person_id)
    insert_once(
        Share, person_id=person_id, story_id=story.id, network=network, token=token, text="", angle="",
        own_percent=0, disclosed=disclosed, rung=COMPOSED, opened_at=opened_at or at, composed_at=at,
    )  # fmt: skip
    share = _locked(Share.person_id == person_id, Share.story_id == story.id, Share.network == network)
    if not is_told(share):
        share.text, share.angle, share.disclosed = text, angle, disclosed
        share.composed_at, share.asked_at = at, None
        share.own_percent = measure(person_id, story, network, text, at).percent if own is None else own
    db.session.flush()
    return share


def _locked(*which: ColumnElement[bool]) -> Share:
    statement = select(Share).where(*which).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one()


def say_posted(share_id: int, person_id: int, at: datetime) -> Telling:
    """The person says that the share is posted: their word is enough. Pays once; a replay pays nothing.

    Without the disclosure line nothing is paid. Raises NoResultFound for another's share.
    """
    _one_at_a_time(person_id)
    share = _locked(Share.id == share_id, Share.person_id == person_id)
    if is_told(share):
        return Telling(share, [])
    first_network = not tells(person_id, share.story_id)
    in_own_words = _in_own_words(share, at)
    share.rung = max(SAID, *(rung for rung, time in RUNG_TIMES.items() if getattr(share, time)), share.rung)
    share.said_at, share.withdrawn_at, share.asked_at = at, None, at
    db.session.flush()
    told_words.remember(share)
    paid = _pay(share, in_own_words, at) if share.disclosed else []
    if first_network:
        stories.told(share.story_id, person_id, at)
    return Telling(share, paid)


def _one_at_a_time(person_id: int) -> None:
    """What someone tells, and whether for the first time, is decided while no other phone of theirs does."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def _in_own_words(share: Share, at: datetime) -> bool:
    limits = rule_on(rules(), "OWN", payee(share.person_id, at).today).limits
    last = last_told_texts(share, limits["compared_with_last"])
    story = db.session.get_one(Story, share.story_id)
    return all(counts_as_own(share.text, [text], last, limits) for text in story_texts(story))


def _pay(share: Share, in_own_words: bool, at: datetime) -> list[Paid]:
    evidence = {"characters": len(share.text), "own_percent": share.own_percent}
    return pay_share(Deed(share.person_id, ("share", share.id), at, evidence), in_own_words)


def withdraw(share_id: int, person_id: int, at: datetime) -> int:
    """Take a share back: its link says goodbye and its points are corrected. Returns the points.

    Told again it climbs the same row and is not paid twice. Raises NoResultFound for another's share.
    """
    _one_at_a_time(person_id)
    share = _locked(Share.id == share_id, Share.person_id == person_id)
    if not is_told(share):
        return 0
    share.withdrawn_at = at
    db.session.flush()
    told_words.forget(share)
    points = take_back(person_id, ("share", share.id), at)
    if not tells(person_id, share.story_id):
        stories.untold(share.story_id, person_id)
    return points


def climb(share_id: int, rung: int, at: datetime) -> None:
    """A network has FETCHED, or a human CLICKED, a share's link. Each keeps its first time.

    A share that is not yet said to be posted keeps its rung until it is; none ever climbs down.
    """
    time = getattr(Share, RUNG_TIMES[rung])
    db.session.execute(update(Share).where(Share.id == share_id, time.is_(None)).values({time.key: at}))
    higher = update(Share).where(Share.id == share_id, Share.rung >= SAID, Share.rung < rung)
    db.session.execute(higher.values(rung=rung))
