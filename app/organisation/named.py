"""What the organisation calls its own: purposes, values and topics. One is added, renamed, moved up and retired."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app.db import db
from app.organisation.actions import touch
from app.organisation.models import Organisation, Purpose

MOST_PURPOSES = 5


class Refused(ValueError):
    """It cannot be: missing, too-long, same-name or too-many."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


def add(table: type[Any], name: str, name_en: str, **more: Any) -> int:
    """One more, at the end; its number. Raises Refused."""
    alone()
    name, english = _names(table, name, name_en, None)
    if table is Purpose and _open_purposes() >= MOST_PURPOSES:
        raise Refused("too-many", most=MOST_PURPOSES)
    last = db.session.scalar(select(func.max(table.position)))
    made = table(name=name, name_en=english, position=(last if last is not None else -1) + 1, **more)
    db.session.add(made)
    touch()
    return int(made.id)


def rename(table: type[Any], identity: int, name: str, name_en: str, **more: Any) -> None:
    """Call it something else. Raises Refused."""
    alone()
    name, english = _names(table, name, name_en, identity)
    change = update(table).where(table.id == identity)
    db.session.execute(change.values(name=name, name_en=english, **more))
    touch()


def lift(table: type[Any], identity: int) -> None:
    """Put it one place further up."""
    alone()
    order = list(db.session.scalars(select(table.id).order_by(table.position, table.id)))
    place = order.index(identity)
    if place:
        order[place - 1 : place + 1] = [identity, order[place - 1]]
    for position, one in enumerate(order):
        db.session.execute(update(table).where(table.id == one).values(position=position))
    touch()


def retire(table: type[Any], identity: int, at: datetime) -> bool:
    """Offer it no more: what is not used anywhere is gone, what is used keeps its name. Whether it is gone."""
    alone()
    try:
        with db.session.begin_nested():
            db.session.execute(delete(table).where(table.id == identity))
    except IntegrityError:
        db.session.execute(update(table).where(table.id == identity).values(retired_at=at))
        gone = False
    else:
        gone = True
    touch()
    return gone


def bring_back(table: type[Any], identity: int) -> None:
    """Offer a retired one again. Raises Refused."""
    alone()
    if table is Purpose and _open_purposes() >= MOST_PURPOSES:
        raise Refused("too-many", most=MOST_PURPOSES)
    db.session.execute(update(table).where(table.id == identity).values(retired_at=None))
    touch()


def alone() -> None:
    """Who else changes what the organisation has decided waits."""
    db.session.execute(select(Organisation.id).with_for_update())


def _names(table: type[Any], name: str, name_en: str, identity: int | None) -> tuple[str, str | None]:
    name, english = " ".join(name.split()), " ".join(name_en.split())
    most = table.__table__.c.name.type.length
    if not name:
        raise Refused("missing")
    if max(len(name), len(english)) > most:
        raise Refused("too-long", most=most)
    taken = select(table.id).where(table.name == name, table.id != (identity or 0))
    if db.session.scalar(taken):
        raise Refused("same-name")
    return name, english or None


def _open_purposes() -> int:
    return db.session.scalar(select(func.count()).where(Purpose.retired_at.is_(None))) or 0
