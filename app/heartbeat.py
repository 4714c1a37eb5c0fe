"""The worker's heartbeat: a row that says when it was last alive."""

from datetime import datetime, timedelta

from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime, db, insert_once

# It beats each quarter of a minute.
LATE_AFTER = timedelta(minutes=1)


class Heartbeat(Base):
    """One row for each thing that beats; there is one worker."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


def beat(at: datetime, name: str = "worker") -> None:
    """The worker is alive."""
    if insert_once(Heartbeat, name=name, at=at) is None:
        db.session.execute(update(Heartbeat).where(Heartbeat.name == name).values(at=at))


def stop(name: str = "worker") -> None:
    """The worker stops because it was asked to."""
    db.session.execute(delete(Heartbeat).where(Heartbeat.name == name))


def is_alive(at: datetime, name: str = "worker") -> bool:
    """Whether the last beat is younger than a minute, and it has not said that it stops."""
    last = db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
    return last is not None and at - last < LATE_AFTER
