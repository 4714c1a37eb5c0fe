"""Set the organisation up and change what it has decided. Each change raises its version."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from app.db import db
from app.organisation.calendar import danish_holidays, default_pause_weeks
from app.organisation.models import CalendarDay, Organisation, PauseWeek, Purpose, Setting, Value


def set_up(at: datetime, name: str, disclosure: str, **texts: Any) -> Organisation:
    """The one organisation, with Denmark's holidays and the default pause weeks around the year."""
    organisation = Organisation(id=1, name=name, disclosure=disclosure, version=1, created_at=at, **texts)
    db.session.add(organisation)
    add_calendar_years(range(at.year - 1, at.year + 3))
    return organisation


def add_calendar_years(years: range) -> None:
    """Holidays and pause weeks of some years, as Denmark has them and product.md rests."""
    for day, danish, english in danish_holidays(years):
        db.session.merge(CalendarDay(day=day, name=danish, name_en=english))
    for monday in default_pause_weeks(years):
        db.session.merge(PauseWeek(monday=monday))
    touch()


def add_purpose(name: str, name_en: str | None = None, position: int = 0) -> Purpose:
    """One more purpose."""
    purpose = Purpose(name=name, name_en=name_en, position=position)
    db.session.add(purpose)
    touch()
    return purpose


def add_value(name: str, name_en: str | None = None, position: int = 0) -> Value:
    """One more value."""
    value = Value(name=name, name_en=name_en, position=position)
    db.session.add(value)
    touch()
    return value


def describe(**texts: Any) -> None:
    """Change what the organisation says of itself: columns of its row."""
    db.session.execute(update(Organisation).values(**texts))
    touch()


def change_setting(key: str, value: Any, from_date: date, at: datetime) -> None:
    """A setting's value from a day on."""
    db.session.add(Setting(key=key, value=value, from_date=from_date, set_at=at))
    touch()


def touch() -> None:
    """Tell all who keep the facts in memory that they have changed."""
    db.session.flush()
    db.session.execute(update(Organisation).values(version=Organisation.version + 1))
