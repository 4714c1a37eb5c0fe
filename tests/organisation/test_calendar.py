"""The calendar that a Danish organisation begins with: public holidays, and the weeks in which the programme rests."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db import writing
from app.organisation import actions as organisation
from app.organisation.calendar import DEFAULT_PAUSE_WEEKS, danish_holidays, default_pause_weeks
from app.organisation.queries import facts
from app.people.hours import scheduled_days
from app.people.models import MONDAY_TO_FRIDAY

YEARS_WITH_53_WEEKS = (2020, 2026, 2032)


def test_the_public_holidays_of_a_danish_year():
    assert [(day.isoformat(), danish) for day, danish, _english in danish_holidays([2027])] == [
        ("2027-01-01", "Nytårsdag"),
        ("2027-03-25", "Skærtorsdag"),
        ("2027-03-26", "Langfredag"),
        ("2027-03-28", "Påskedag"),
        ("2027-03-29", "Anden påskedag"),
        ("2027-05-06", "Kristi himmelfartsdag"),
        ("2027-05-16", "Pinsedag"),
        ("2027-05-17", "Anden pinsedag"),
        ("2027-12-25", "Juledag"),
        ("2027-12-26", "Anden juledag"),
    ]


def test_each_holiday_has_an_english_name_too():
    names = {danish: english for _day, danish, english in danish_holidays([2027])}
    assert names["Langfredag"] == "Good Friday"
    assert names["Anden juledag"] == "Second Day of Christmas"


def test_the_great_prayer_day_is_a_working_day_since_2024():
    assert date(2023, 5, 5) in {day for day, _danish, _english in danish_holidays([2023])}
    assert date(2027, 4, 23) not in {day for day, _danish, _english in danish_holidays([2027])}


def test_the_programme_rests_in_summer_and_around_new_year():
    weeks = [monday.isocalendar().week for monday in default_pause_weeks([2027])]
    assert weeks == [1, 28, 29, 30, 31, 52]
    assert default_pause_weeks([2027])[1] == date(2027, 7, 12)


@pytest.mark.parametrize("year", YEARS_WITH_53_WEEKS)
def test_a_year_with_a_week_53_rests_in_it(year):
    mondays = default_pause_weeks([year])
    assert tuple(monday.isocalendar().week for monday in mondays) == DEFAULT_PAUSE_WEEKS
    assert mondays[-1].isocalendar()[:2] == (year, 53)


@given(st.integers(1980, 2090))
def test_every_years_pause_weeks_are_that_years_own_mondays(year):
    mondays = default_pause_weeks([year])
    assert all(monday.weekday() == 0 and monday.isocalendar().year == year for monday in mondays)
    assert len(mondays) == (7 if date(year, 12, 28).isocalendar().week == 53 else 6)


def test_around_new_year_no_week_is_between_the_pauses():
    mondays = default_pause_weeks([2026, 2027])
    winter = [monday for monday in mondays if date(2026, 12, 1) < monday < date(2027, 2, 1)]
    assert winter == [date(2026, 12, 21), date(2026, 12, 28), date(2027, 1, 4)]


def test_a_new_organisation_has_the_calendar_of_the_years_around_it(app):
    here = facts()
    assert {day.year for day in here.holidays} == {2025, 2026, 2027, 2028}
    assert date(2026, 12, 25) in here.holidays
    assert {week.isocalendar().year for week in here.pause_weeks} == {2025, 2026, 2027, 2028}


def test_further_years_are_added_and_nothing_stands_twice(app):
    before = facts()
    with writing():
        organisation.add_calendar_years(range(2028, 2031))
    assert before.holidays < facts().holidays
    assert {day.year for day in facts().holidays - before.holidays} == {2029, 2030}


def test_nobody_is_expected_in_a_pause_week_or_on_a_holiday(app):
    here = facts()
    weeks = {date(2026, 12, 14): 5, date(2026, 12, 21): 0, date(2027, 3, 22): 3, date(2027, 3, 29): 4}
    assert {
        week: scheduled_days(week, MONDAY_TO_FRIDAY, here.holidays, here.pause_weeks) for week in weeks
    } == weeks
