"""Where a short link leads, and what a visit to it counts for."""

import secrets
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sqlalchemy import delete, select, update

from app.db import db, insert_once
from app.organisation.queries import Facts
from app.sharing.actions import climb
from app.sharing.clicks import Verdict, visitor_hash
from app.sharing.models import CLICKED, FETCHED, ClickDay, Share, Visit, VisitorDay, VisitorSalt
from app.stories.models import Story

KEPT = timedelta(days=30)
SALT_KEPT = timedelta(days=2)


def share_by_token(token: str) -> tuple[Share, Story] | None:
    """A share and its story, by the short link's token."""
    statement = select(Share, Story).join(Story, Story.id == Share.story_id).where(Share.token == token)
    row = db.session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def is_over(share: Share, story: Story, facts: Facts, at: datetime) -> bool:
    """Withdrawn by its person, its story withdrawn, or older than a short link lives."""
    if share.withdrawn_at is not None or story.state != "published":
        return True
    lives = timedelta(days=facts.setting("short_link_lives_days", at.date()))
    return at > (share.composed_at or share.opened_at) + lives


def address(story: Story, network: str, facts: Facts, day: date) -> str | None:
    """The story's own stored address with the organisation's UTM parameters; None when it has none."""
    if not story.source_url:
        return None
    parts = urlsplit(story.source_url)
    utm = {name: text.format(network=network) for name, text in facts.setting("utm", day).items()}
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in utm]
    return urlunsplit(parts._replace(query=urlencode([*query, *utm.items()])))


def note_visit(share_id: int, verdict: Verdict, visitor: tuple[str, str], day: date, at: datetime) -> Verdict:
    """Keep a classified visit; a human one counts once for each visitor and day. Returns the final verdict."""
    hashed = visitor_hash(_salt(day), *visitor)
    if verdict is Verdict.HUMAN:
        first = insert_once(VisitorDay, share_id=share_id, day=day, visitor=hashed) is not None
        verdict = Verdict.HUMAN if first else Verdict.REPEAT
    if verdict is Verdict.HUMAN:
        _count(share_id, day)
        climb(share_id, CLICKED, "clicked_at", at)
    if verdict is Verdict.PREVIEW:
        climb(share_id, FETCHED, "fetched_at", at)
    db.session.add(Visit(share_id=share_id, verdict=verdict.value, visitor=hashed, at=at))
    return verdict


def _salt(day: date) -> bytes:
    insert_once(VisitorSalt, day=day, salt=secrets.token_bytes(32))
    return db.session.scalars(select(VisitorSalt.salt).where(VisitorSalt.day == day)).one()


def _count(share_id: int, day: date) -> None:
    insert_once(ClickDay, share_id=share_id, day=day, people=0)
    db.session.execute(
        update(ClickDay)
        .where(ClickDay.share_id == share_id, ClickDay.day == day)
        .values(people=ClickDay.people + 1)
    )


def forget_old_visits(at: datetime) -> int:
    """Delete visits of more than 30 days ago, and salts and visitor hashes of more than 2; the rows that went."""
    before = (at - SALT_KEPT).date()
    gone = [
        db.session.execute(delete(Visit).where(Visit.at < at - KEPT)),
        db.session.execute(delete(VisitorDay).where(VisitorDay.day < before)),
        db.session.execute(delete(VisitorSalt).where(VisitorSalt.day < before)),
    ]
    return sum(result.rowcount for result in gone)  # type: ignore[attr-defined]  # a DELETE has a row count
