"""The only reader of time. Instants are aware and in UTC."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset = timedelta()


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC) + _offset


def today(zone: str) -> date:
    """The calendar date in a zone at this instant."""
    return now().astimezone(ZoneInfo(zone)).date()


def start_at(instant: datetime | None) -> None:
    """Let time run from another instant (the setting FORTAEL_NOW); None lets it run as it is."""
    global _offset
    _offset = instant - datetime.now(UTC) if instant else timedelta()
