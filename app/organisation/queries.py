"""Questions about the organisation. Its small tables are kept in memory until its version rises."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from app.db import db, place
from app.organisation.models import CalendarDay, Organisation, PauseWeek, Purpose, Setting, Value

# Defaults of product.md; a row in `settings` overrides one from its day on.
DEFAULTS: dict[str, Any] = {
    "stories_a_day": 3,
    "story_lives_days": 14,
    "short_link_lives_days": 180,
    "crowd_least": 8,
    "crowd_percent": 5,
    "shoutout_budget_base": 4,
    "shoutout_budget_per_report": 1,
    "shoutout_budget_least": 6,
    "shoutout_budget_most": 20,
    "shoutout_receivers": 10,
    "shoutout_characters": 40,
    "utm": {"utm_source": "{network}", "utm_medium": "social", "utm_campaign": "fortael"},
}


@dataclass(frozen=True)
class Facts:
    """All that the organisation has decided, as it stood at one version."""

    version: int
    name: str
    name_en: str | None
    promise_da: str
    promise_en: str | None
    disclosure_da: str
    disclosure_en: str | None
    zone: str
    locale: str
    holidays: frozenset[date]
    pause_weeks: frozenset[date]
    purpose_names: dict[int, tuple[str, str | None]]
    value_names: dict[int, tuple[str, str | None]]
    retired_purposes: frozenset[int]
    retired_values: frozenset[int]
    settings: dict[str, list[tuple[date, Any]]] = field(default_factory=dict)

    @property
    def purposes(self) -> dict[int, tuple[str, str | None]]:
        """Those that a new story may have, in their order; a retired one has its name only."""
        return self.purposes_with(None)

    def purposes_with(self, kept: int | None) -> dict[int, tuple[str, str | None]]:
        """The same, and the one that a story has already."""
        hidden = self.retired_purposes - {kept}
        return {key: names for key, names in self.purpose_names.items() if key not in hidden}

    @property
    def values(self) -> dict[int, tuple[str, str | None]]:
        """Those that a new shout-out may name, in their order; a retired one has its name only."""
        return {key: names for key, names in self.value_names.items() if key not in self.retired_values}

    def promise(self, lang: str) -> str:
        """The one line under the greeting."""
        return (lang == "en" and self.promise_en) or self.promise_da

    def disclosure(self, lang: str) -> str:
        """The line that says where one works."""
        return (lang == "en" and self.disclosure_en) or self.disclosure_da

    def called(self, lang: str) -> str:
        """The organisation's name."""
        return (lang == "en" and self.name_en) or self.name

    def setting(self, key: str, day: date) -> Any:
        """A setting's value on a day."""
        valid = [value for start, value in self.settings.get(key, []) if start <= day]
        return valid[-1] if valid else DEFAULTS[key]


_kept: dict[str, Facts] = {}
VERSION = select(Organisation.version).limit(1)


def facts(version: int | None = None) -> Facts:
    """The organisation's facts, read again only when its version is another.

    `version` spares the question when the caller has just read it. Raises LookupError before set-up.
    """
    current = version if version is not None else db.session.execute(VERSION).scalar()
    if current is None:
        raise LookupError("the organisation is not set up")
    here = place()
    kept = _kept.get(here)
    if kept is None or kept.version != current:
        kept = _kept[here] = _read()
    return kept


def forget() -> None:
    """Drop what is kept in memory (a restored database may repeat a version)."""
    _kept.clear()


def _read() -> Facts:
    row = db.session.execute(select(Organisation)).scalar_one()
    return Facts(
        version=row.version,
        name=row.name,
        name_en=row.name_en,
        promise_da=row.promise,
        promise_en=row.promise_en,
        disclosure_da=row.disclosure,
        disclosure_en=row.disclosure_en,
        zone=row.zone,
        locale=row.locale,
        holidays=frozenset(db.session.scalars(select(CalendarDay.day))),
        pause_weeks=frozenset(db.session.scalars(select(PauseWeek.monday))),
        purpose_names=_names(Purpose),
        value_names=_names(Value),
        retired_purposes=_retired(Purpose),
        retired_values=_retired(Value),
        settings=_settings(),
    )


def _names(table: type[Purpose] | type[Value]) -> dict[int, tuple[str, str | None]]:
    rows = db.session.execute(select(table.id, table.name, table.name_en).order_by(table.position, table.id))
    return {row.id: (row.name, row.name_en) for row in rows}


def _retired(table: type[Purpose] | type[Value]) -> frozenset[int]:
    return frozenset(db.session.scalars(select(table.id).where(table.retired_at.is_not(None))))


def _settings() -> dict[str, list[tuple[date, Any]]]:
    found: dict[str, list[tuple[date, Any]]] = {}
    for row in db.session.scalars(select(Setting).order_by(Setting.key, Setting.from_date)):
        found.setdefault(row.key, []).append((row.from_date, row.value))
    return found
