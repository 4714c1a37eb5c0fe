"""Where a short link leads, and what a visit to it counts for."""

import re
import secrets
from datetime import date, datetime, timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit

from sqlalchemy import select, update

from app.db import db, insert_once
from app.organisation.queries import Facts
from app.sharing.actions import climb
from app.sharing.clicks import Verdict, visitor_hash
from app.sharing.models import CLICKED, FETCHED, ClickDay, Share, Visit, VisitorDay, VisitorSalt
from app.stories.models import Story

# At least 40 characters, so that "Kl. 7.20" is not taken for a sentence.
FIRST_SENTENCE = re.compile(r".{40,}?[.!?…](?=\s|$)", re.DOTALL)
LONGEST_DESCRIPTION = 200


def share_by_token(token: str) -> tuple[Share, Story] | None:
    """A share and its story, by the short link's token."""
    statement = select(Share, Story).join(Story, Story.id == Share.story_id).where(Share.token == token)
    row = db.session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def is_over(share: Share, story: Story, facts: Facts, at: datetime) -> bool:
    """Withdrawn by its person (and not written anew), older than a short link lives, or its story withdrawn
    or expired.
    """
    made = share.composed_at or share.opened_at
    if share.withdrawn_at is not None and share.withdrawn_at >= made:
        return True
    if story.state != "published" or (story.expires_at is not None and story.expires_at <= at):
        return True
    return at > made + timedelta(days=facts.setting("short_link_lives_days", at.date()))


def address(story: Story, network: str, facts: Facts, day: date) -> str | None:
    """The story's own stored address with the organisation's UTM parameters; None when it has none.

    The address's own query is kept as it was written.
    """
    parts = urlsplit(story.source_url or "")
    if parts.scheme not in ("http", "https"):
        return None
    utm = {name: text.replace("{network}", network) for name, text in facts.setting("utm", day).items()}
    kept = [pair for pair in parts.query.split("&") if pair and pair.split("=")[0] not in utm]
    return urlunsplit(parts._replace(query="&".join([*kept, urlencode(utm)])))


def description(body: str) -> str:
    """A story's first sentence, or as much of it as a preview shows: 200 characters."""
    text = " ".join(body.split())
    found = FIRST_SENTENCE.match(text)
    sentence = found[0] if found else text
    if len(sentence) <= LONGEST_DESCRIPTION:
        return sentence
    return sentence[: LONGEST_DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"


def note_visit(share_id: int, verdict: Verdict, visitor: tuple[str, str], day: date, at: datetime) -> Verdict:
    """Keep a classified visit; a human one counts once for each visitor and day. Returns the final verdict.

    `visitor` is the address and the user agent; only a hash with the day's salt is stored.
    """
    hashed = visitor_hash(_salt(day), *visitor)
    if (
        verdict is Verdict.HUMAN
        and insert_once(VisitorDay, share_id=share_id, day=day, visitor=hashed) is None
    ):
        verdict = Verdict.REPEAT
    if verdict is Verdict.HUMAN:
        _count(share_id, day)
        climb(share_id, CLICKED, at)
    if verdict is Verdict.PREVIEW:
        climb(share_id, FETCHED, at)
    db.session.add(Visit(share_id=share_id, verdict=verdict.value, visitor=hashed, at=at))
    return verdict


def _salt(day: date) -> bytes:
    insert_once(VisitorSalt, day=day, salt=secrets.token_bytes(32))
    return db.session.scalars(select(VisitorSalt.salt).where(VisitorSalt.day == day)).one()


def _count(share_id: int, day: date) -> None:
    insert_once(ClickDay, share_id=share_id, day=day, people=0)
    on_day = update(ClickDay).where(ClickDay.share_id == share_id, ClickDay.day == day)
    db.session.execute(on_day.values(people=ClickDay.people + 1))
