"""The organisation's calendar as plain facts: public holidays and pause weeks."""

from collections.abc import Iterable
from datetime import date

import holidays

DEFAULT_PAUSE_WEEKS = (1, 28, 29, 30, 31, 52, 53)


def danish_holidays(years: Iterable[int]) -> list[tuple[date, str, str]]:
    """Denmark's public holidays of some years: the day, its Danish and its English name."""
    wanted = list(years)
    danish = holidays.country_holidays("DK", years=wanted, language="da")
    english = holidays.country_holidays("DK", years=wanted, language="en_US")
    return [(day, danish[day], english[day]) for day in sorted(danish)]


def default_pause_weeks(years: Iterable[int]) -> list[date]:
    """The Mondays of ISO weeks 1, 28–31, 52 and 53 (where there is one) of some years."""
    mondays = set()
    for year in years:
        last = date(year, 12, 28).isocalendar().week
        mondays |= {date.fromisocalendar(year, week, 1) for week in DEFAULT_PAUSE_WEEKS if week <= last}
    return sorted(mondays)
