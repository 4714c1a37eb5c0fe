"""Lists of people on their way: brought by an administrator, looked at, and imported once."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, or_, select, update

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
    forget_old(at, person_id)
    kept = PeopleList(person_id=person_id, at=at, file_name=file_name, content=content)
    db.session.add(kept)
    db.session.flush()
    return kept.id


def forget_old(at: datetime, person_id: int | None = None) -> None:
    """Let go of lists that nobody imported: those of a day ago, and someone's own."""
    old = or_(PeopleList.at < at - KEPT, PeopleList.person_id == person_id)
    db.session.execute(delete(PeopleList).where(PeopleList.imported_at.is_(None), old))


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
