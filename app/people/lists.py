"""Lists of people on their way: brought by an administrator, looked at, and imported once."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update

from app.db import db
from app.people.enrolment import enrol
from app.people.models import PeopleList
from app.people.plans import Plan
from app.people.reasons import counted
from app.people.sheets import Sheet

KEPT = timedelta(days=1)


class ImportedAlready(Exception):
    """This list has been imported; it is not imported twice."""


def keep(person_id: int, file_name: str, content: bytes, at: datetime) -> int:
    """Keep a list until it is imported, another is brought or a day has passed; its number."""
    forget_old(at)
    earlier = update(PeopleList).where(PeopleList.person_id == person_id, PeopleList.imported_at.is_(None))
    db.session.execute(earlier.values(content=None))
    kept = PeopleList(person_id=person_id, at=at, file_name=file_name, content=content)
    db.session.add(kept)
    db.session.flush()
    return kept.id


def forget_old(at: datetime) -> int:
    """Let go of lists that nobody imported within a day; returns how many rows went."""
    old = delete(PeopleList).where(PeopleList.imported_at.is_(None), PeopleList.at < at - KEPT)
    return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]  # a DELETE has a row count


def find(list_id: int) -> PeopleList | None:
    """A list that is kept, or was imported."""
    found = db.session.get(PeopleList, list_id, populate_existing=True)
    return found if found and (found.imported_at or found.content is not None) else None


def let_in(list_id: int, sheet: Sheet, at: datetime, today: date, seen: str) -> Plan:
    """Import a list as it was looked at. Raises ImportedAlready, or NotEnrolled."""
    mine = update(PeopleList).where(PeopleList.id == list_id, PeopleList.imported_at.is_(None))
    if not db.session.execute(mine.values(imported_at=at, content=None)).rowcount:  # type: ignore[attr-defined]  # an UPDATE has a row count
        raise ImportedAlready
    made = enrol(sheet, at, today, seen)
    db.session.execute(update(PeopleList).where(PeopleList.id == list_id).values(counts=counted(made)))
    return made


def last_imported() -> PeopleList | None:
    """The list that was imported last."""
    done = select(PeopleList).where(PeopleList.imported_at.is_not(None))
    return db.session.scalar(done.order_by(PeopleList.imported_at.desc(), PeopleList.id.desc()).limit(1))
