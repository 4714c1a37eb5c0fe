"""Steps "notice": what waits to be told is decided again, and becomes pushes, a letter, a digest, or nothing.

Nothing happens outside here: steps are taken, decided and recorded in one transaction.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app import mail, outbox
from app.db import db, writing
from app.people.hours import local_date
from app.push import delivery, wording
from app.push.manners import Digest, Drop, Send, Wait, decide
from app.push.models import Notice
from app.push.notices import items_of, put_into_digest
from app.push.receivers import ToldOne, locked
from app.push.shortening import shortened

AT_ONCE = 50
URGENCY = {"stories": "low"}
logger = logging.getLogger(__name__)
Badge = Callable[[int, datetime], int]


def deliver(at: datetime, badge: Badge | None = None) -> int:
    """Take all notices that are due; returns how many steps were taken.

    `badge` tells the number on the app's icon for a person.
    """
    taken = 0
    while steps := _take(at, badge):
        taken += steps
    return taken


def _take(at: datetime, badge: Badge | None) -> int:
    try:
        with writing():
            steps = outbox.claim("notice", at, AT_ONCE)
            _decide(steps, at, badge)
    except Exception:
        logger.exception("notices cannot be decided together, and are decided one by one")
        steps = _one_by_one(at, badge)
    return len(steps)


def _one_by_one(at: datetime, badge: Badge | None) -> list[outbox.Claimed]:
    """Slower, but trouble with one keeps no other waiting."""
    with writing():
        steps = outbox.claim("notice", at, AT_ONCE)
    for step in steps:
        try:
            with writing():
                _decide([step], at, badge)
        except Exception:
            logger.exception("step %s is not taken, and tried again later", step.id)
            with writing():
                outbox.put_off(step, at)
    return steps


def _decide(steps: Sequence[outbox.Claimed], at: datetime, badge: Badge | None) -> None:
    if not steps:
        return
    ids = [step.payload["notice"] for step in steps]
    people = locked(db.session.scalars(select(Notice.person_id).where(Notice.id.in_(ids))), at)
    notices = _held(ids)
    for step in steps:
        notice = notices.get(step.payload["notice"])
        if notice is None or notice.sent_as is not None:
            outbox.dropped(step, at, "taken back")
        else:
            _Telling(step, notice, people[notice.person_id], at, badge).take()


def _held(ids: Sequence[int]) -> dict[int, Notice]:
    wanted = select(Notice).where(Notice.id.in_(ids)).order_by(Notice.id).with_for_update()
    return {one.id: one for one in db.session.scalars(wanted.execution_options(populate_existing=True))}


@dataclass(frozen=True, slots=True)
class _Telling:
    """One step with its notice and whom it is for."""

    step: outbox.Claimed
    notice: Notice
    who: ToldOne
    at: datetime
    badge: Badge | None

    def take(self) -> None:
        """Decide, and record what was decided."""
        notice, who = self.notice, self.who
        match decide(notice.kind, self.at, notice.created_at, who.receiver(notice.id), who.told):
            case Drop(why):
                self._drop(why)
            case Wait(until):
                self._wait(until)
            case Digest(due_at):
                who.waiting.add(put_into_digest(notice, due_at, self.at))
                self._leave(outbox.done, "in a digest")
            case Send(until, by_push):
                self._send(until, by_push)

    def _wait(self, until: datetime) -> None:
        self.notice.due_at = until
        self.who.waiting.discard(self.notice.id)
        outbox.later(self.step, until, "waits for their hours")

    def _drop(self, why: str) -> None:
        self.notice.sent_as, self.notice.sent_at = "dropped", self.at
        self._forget_words()
        self._leave(outbox.dropped, why)

    def _items(self) -> Sequence[Notice]:
        return items_of(self.notice.id) if self.notice.kind == "digest" else [self.notice]

    def _forget_words(self) -> None:
        """Detail is kept until it is told, and no longer."""
        for one in self._items():
            one.words = None

    def _leave(self, end: Callable[[outbox.Claimed, datetime, str], bool], said: str) -> None:
        self.who.waiting.discard(self.notice.id)
        end(self.step, self.at, said)

    def _send(self, until: datetime, by_push: bool) -> None:
        """By push, else by letter. What is alone in a digest is told as itself."""
        items = self._items()
        if not items:
            self._drop("all were taken back")
            return
        shown = items[0] if len(items) == 1 else self.notice
        number = wording.next_text(shown.kind, self.who.used[shown.kind], self.who.id)
        if by_push and self._push(shown, number, len(items), until):
            self._told(shown, number, "push")
        elif self.who.by_mail and shown.kind != "test":
            self._letter(shown, number, items, until)
            self._told(shown, number, "mail")
        elif by_push:
            self._drop("no device and no letters")
        else:
            self._wait(until)

    def _told(self, shown: Notice, number: int, sent_as: str) -> None:
        self.notice.sent_as, self.notice.sent_at = "dropped", self.at
        shown.sent_as, shown.sent_at, shown.text_number = sent_as, self.at, number
        shown.local_date = local_date(self.who.hours.zone, self.at)
        self._forget_words()
        self.who.note(shown.kind, number, self.at)
        self._leave(outbox.done, sent_as)

    def _push(self, shown: Notice, number: int, count: int, until: datetime) -> int:
        """Put it on its way to each device; how many there are."""
        title, body = self._words(shown, number, count)
        day = local_date(self.who.hours.zone, self.at)
        topic = f"{shown.kind}-{day:%Y%m%d}"
        fields = {
            "title": shortened(title, wording.MOST_TITLE, len),
            "body": shortened(body, wording.MOST_BODY, len),
            "path": shown.path,
            "lang": self.who.locale,
            "tag": topic,
            "badge": self.badge(self.who.id, self.at) if self.badge else None,
        }
        ttl = max(0, int((until - self.at).total_seconds()))
        urgency = URGENCY.get(shown.kind, "normal")
        return delivery.put(self.who.id, shown.key, fields, ttl, topic, urgency, self.at, until)

    def _words(self, shown: Notice, number: int, count: int) -> tuple[str, str]:
        """The person's own detail if they chose it and there is any, else the kind's text."""
        own = self._own(shown) if self.who.detail else None
        return (own[0], own[1]) if own else wording.text(shown.kind, number, self.who.locale, count)

    def _own(self, shown: Notice) -> list[str] | None:
        return (shown.words or {}).get(self.who.locale)

    def _letter(self, shown: Notice, number: int, items: Sequence[Notice], until: datetime) -> None:
        title, body = wording.text(shown.kind, number, self.who.locale, len(items))
        values = {
            "name": self.who.name.split()[0],
            "title": title,
            "body": body,
            "path": shown.path,
            "items": "\n\n".join("\n".join(words) for one in items if (words := self._own(one))),
        }
        letter = mail.Letter(self.who.email, shown.kind, self.who.locale, values)
        mail.put(letter, f"mail:{shown.key}", self.at, expires_at=until)
