"""The own-words meter: what of a text is found in the story, with colleagues, or in what the person told last."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, not_, select

from app.db import db
from app.sharing.models import Share
from app.sharing.own_words import Gram, Own, grams, measured
from app.sharing.queries import story_texts
from app.sharing.told_words import told_by_colleagues
from app.stories.models import Story

LAST = 10


def measure(person_id: int, story: Story, network: str, text: str, at: datetime) -> Own:
    """How much of a text is one's own, and what the rest is like: "story", "colleagues" or "own".

    Two statements, however many have told. It shows; what pays is decided by the rule of its day alone.
    """
    mine = grams(text)
    if not mine:
        return measured(text, {})
    return measured(
        text,
        {
            "story": _all(story_texts(story)),
            "colleagues": told_by_colleagues(mine, person_id, at),
            "own": _all(_last_texts(person_id, story.id, network)),
        },
    )


def _last_texts(person_id: int, story_id: int, network: str) -> Iterable[str]:
    """What the person told last, but for this same share when it is told again."""
    this = and_(Share.story_id == story_id, Share.network == network)
    told = select(Share.text).where(Share.person_id == person_id, Share.said_at.is_not(None), not_(this))
    return db.session.scalars(told.order_by(Share.said_at.desc(), Share.id.desc()).limit(LAST))


def _all(texts: Iterable[str]) -> frozenset[Gram]:
    return frozenset().union(*map(grams, texts))
