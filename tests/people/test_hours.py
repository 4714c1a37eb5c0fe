"""Local dates and working days, over any instant."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.people.hours import ZoneFacts, change_zone, local_date, monday, part_of_day, scheduled_days, weight

COPENHAGEN, NUUK, AUCKLAND = ZoneFacts("Europe/Copenhagen"), "America/Nuuk", "Pacific/Auckland"
WEEK = date(2026, 3, 30)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_midnight_is_the_persons_own_on_both_daylight_saving_nights(instant, day):
    assert local_date(COPENHAGEN, instant) == day


@settings(deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
    st.sampled_from([NUUK, AUCKLAND, "Europe/Copenhagen"]),
    st.integers(0, 60),
)
def test_a_new_zone_never_takes_a_day_back(instant, zone, hours):
    before = local_date(COPENHAGEN, instant)
    changed = change_zone(COPENHAGEN, zone, instant)
    assert local_date(changed, instant) == before
    assert local_date(changed, instant + timedelta(hours=hours)) >= before


def test_a_week_is_named_by_its_monday():
    assert {monday(WEEK + timedelta(days=place)) for place in range(7)} == {WEEK}


def test_holidays_pause_weeks_and_the_first_day_are_not_worked():
    easter = {date(2026, 4, 2), date(2026, 4, 3)}
    assert scheduled_days(WEEK, 0b11111, easter, set()) == 3
    assert scheduled_days(WEEK, 0b01111, easter, set()) == 3
    assert scheduled_days(WEEK, 0b11111, easter, {WEEK}) == 0
    assert scheduled_days(WEEK, 0b11111, set(), set(), first=WEEK + timedelta(days=3)) == 2


def test_a_weight_is_at_least_a_fifth_and_at_most_one():
    assert [weight(*pair) for pair in ((0, 5), (1, 5), (1, 10), (5, 5), (6, 5), (3, 0))] == [
        0,
        0.2,
        0.2,
        1,
        1,
        0,
    ]


def test_the_day_greets_by_its_hour():
    assert [part_of_day(hour) for hour in (4, 5, 10, 17, 23)] == [
        "night",
        "morning",
        "day",
        "evening",
        "night",
    ]
