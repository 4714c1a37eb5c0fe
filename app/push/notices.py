"""Tell a person something: written with its cause, told when manners allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import aliased

from app import mail, outbox
from app.db import db, insert_once
from app.people.models import Person
from app.push import wording
from app.push.models import Notice

KEPT = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Tiding:
    """What is to be told: one of push.models.KINDS, a unique key, the page that it leads to, and its detail.

    `words` are title and body by language, shown only to who chose detail; all others get the kind's own text.
    """

    person_id: int
    kind: str
    key: str
    path: str
    words: dict[str, tuple[str, str]] | None = None


def tell(tiding: Tiding, at: datetime) -> int | None:
    """Write the notice and its step in the outbox, in the caller's transaction. The same key is told once.

    Its id, or None when the key was there. Whether it is told, when and how is decided by the step.
    """
    notice_id = insert_once(
        Notice, person_id=tiding.person_id, kind=tiding.kind, key=tiding.key, path=tiding.path,
        words={lang: list(words) for lang, words in tiding.words.items()} if tiding.words else None,
        created_at=at, due_at=at,
    )  # fmt: skip
    if notice_id is not None:
        outbox.put("notice", step_key(tiding.key), {"notice": notice_id}, at)
    return notice_id


def take_back(key: str, at: datetime) -> bool:
    """Its cause is gone, or has been seen: its words go, and whether it is now never told.

    The step in the outbox is held first and the person second, as by whoever delivers.
    """
    person_id = db.session.scalar(select(Notice.person_id).where(Notice.key == key))
    if person_id is None:
        return False
    outbox.take_back([step_key(key)], at)
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)).all()
    this = update(Notice).where(Notice.key == key).execution_options(synchronize_session=False)
    db.session.execute(this.values(words=None))
    digest = aliased(Notice)
    untold_digests = select(digest.id).where(digest.kind == "digest", digest.sent_as.is_(None))
    untold = or_(Notice.sent_as.is_(None), Notice.digest_id.in_(untold_digests))
    changed = db.session.execute(this.where(untold).values(sent_as="dropped", digest_id=None, sent_at=at))
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def forget_words(keys: Sequence[str]) -> None:
    """What is said in detail is not so any more: all get the kind's own text, and nothing of it is kept.

    That holds for pushes and letters, too, that were written and are not sent yet.
    """
    held = select(Notice).where(Notice.key.in_(keys)).order_by(Notice.id).with_for_update()
    found = db.session.scalars(held.execution_options(populate_existing=True)).all()
    for one in found:
        one.words = None
        outbox.rewrite("push", [_push_key(one.key)], partial(_in_general, one))
    digests = select(Notice.key).where(Notice.id.in_([one.digest_id for one in found]))
    mail.leave_out([_mail_key(key) for key in (*keys, *db.session.scalars(digests))], "items")


def _in_general(notice: Notice, payload: dict[str, Any]) -> dict[str, Any]:
    title, body = wording.text(notice.kind, notice.text_number or 0, payload["words"]["lang"])
    return payload | {"words": payload["words"] | {"title": title, "body": body}}


def recall(keys: Sequence[str], at: datetime) -> None:
    """Pushes and letters that were written of it and are not sent yet never will be."""
    outbox.take_back_all("push", [_push_key(key) for key in keys], at)
    outbox.take_back([_mail_key(key) for key in keys], at)


def _push_key(key: str) -> str:
    return f"push:{key}"


def _mail_key(key: str) -> str:
    return f"mail:{key}"


def reminder_key(person_id: int, day: date) -> str:
    """The key of someone's reminder of a local day: there is one, and who opens Today takes it back."""
    return f"stories:{person_id}:{day}"


def put_into_digest(notice: Notice, due_at: datetime, at: datetime) -> int:
    """Bundle a notice with what else waits for the person, in the one digest that does; its id.

    The person must be held.
    """
    waiting = (
        select(Notice)
        .where(Notice.person_id == notice.person_id, Notice.kind == "digest", Notice.sent_as.is_(None))
        .order_by(Notice.id)
        .limit(1)
    )
    digest = db.session.scalar(waiting)
    if digest is None:
        digest = Notice(
            person_id=notice.person_id, kind="digest", key=f"digest:{notice.id}", path="/shoutouts",
            created_at=at, due_at=due_at,
        )  # fmt: skip
        db.session.add(digest)
        db.session.flush()
        outbox.put("notice", step_key(digest.key), {"notice": digest.id}, at, due_at)
    notice.sent_as, notice.sent_at, notice.digest_id = "digest", at, digest.id
    return digest.id


def step_key(key: str) -> str:
    """The key of the step that tells a notice."""
    return f"notice:{key}"


def items_of(digest_id: int) -> Sequence[Notice]:
    """What a digest bundles, the oldest first."""
    return db.session.scalars(
        select(Notice).where(Notice.digest_id == digest_id).order_by(Notice.created_at, Notice.id)
    ).all()


def forget_old(at: datetime) -> int:
    """Delete notices of more than 180 days ago; returns how many went."""
    old = select(Notice.id).where(Notice.created_at < at - KEPT)
    bundled = update(Notice).where(Notice.digest_id.in_(old)).values(digest_id=None)
    db.session.execute(bundled.execution_options(synchronize_session=False))
    gone = db.session.execute(
        delete(Notice).where(Notice.created_at < at - KEPT).execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE has a row count
