"""The worker's heartbeat: a row that says when it was last alive."""

from datetime import datetime, timedelta

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime, db, insert_once

LATE_AFTER = timedelta(minutes=3)


class Heartbeat(Base):
    """One row for each thing that beats; there is one worker."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


def beat(at: datetime, name: str = "worker") -> None:
    """The worker is alive."""
    if insert_once(Heartbeat, name=name, at=at) is None:
        db.session.execute(update(Heartbeat).where(Heartbeat.name == name).values(at=at))


def is_alive(at: datetime, name: str = "worker") -> bool:
    """Whether the last beat is younger than three minutes."""
    last = db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
    return last is not None and at - last < LATE_AFTER
