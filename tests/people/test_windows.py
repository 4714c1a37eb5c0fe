"""When someone may be written to, over any instant."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.people.hours import ZoneFacts, change_zone, local_date, zone_at
from app.people.windows import Hours, default_days, instant_of, next_window, own_days, window_of

COPENHAGEN = ZoneFacts("Europe/Copenhagen")
MONDAY_TO_FRIDAY = default_days(31)
ZONES = ("Europe/Copenhagen", "America/Nuuk", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu", "UTC")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone


def hours(days=MONDAY_TO_FRIDAY, zone=COPENHAGEN, **more):
    return Hours(zone, days, **more)


def every_day(start, end):
    return ((start, end),) * 7


def local(instant, zone="Europe/Copenhagen"):
    return instant.astimezone(ZoneInfo(zone)).strftime("%a %H:%M")


def test_the_default_is_monday_to_thursday_until_16_and_friday_until_14_30():
    found, instant = [], datetime(2026, 11, 23, tzinfo=UTC)
    for _day in range(6):
        window = next_window(hours(), instant)
        found.append((local(window.start), local(window.end)))
        instant = window.end
    assert found[:5] == [
        ("Mon 08:30", "Mon 16:00"), ("Tue 08:30", "Tue 16:00"), ("Wed 08:30", "Wed 16:00"),
        ("Thu 08:30", "Thu 16:00"), ("Fri 08:30", "Fri 14:30"),
    ]  # fmt: skip
    assert found[5] == ("Mon 08:30", "Mon 16:00")


def test_own_working_days_holidays_pauses_and_employment_close_a_day():
    monday = date(2026, 11, 23)
    instant = datetime(2026, 11, 23, tzinfo=UTC)
    for closed in (
        hours(default_days(0b11110)),
        hours(holidays=frozenset({monday})),
        hours(first=monday + timedelta(days=1)),
    ):
        assert next_window(closed, instant).day == date(2026, 11, 24)
    assert next_window(hours(pause_weeks=frozenset({monday})), instant).day == date(2026, 11, 30)
    assert next_window(hours(last=date(2026, 11, 22)), instant) is None
    assert next_window(hours(default_days(0)), instant) is None


def test_someone_who_works_at_weekends_has_hours_there():
    window = next_window(hours(default_days(0b1000000)), datetime(2026, 11, 23, tzinfo=UTC))
    assert (local(window.start), local(window.end)) == ("Sun 08:30", "Sun 16:00")


def test_nobody_has_hours_between_20_and_7_unless_they_opened_for_the_night():
    chosen = [["05:00", "22:00"], ["20:00", "23:00"], ["04:00", "07:00"], None, None, None, None]
    day, evening, morning = own_days(chosen, at_night=False)[:3]
    assert (day, evening, morning) == ((time(7), time(20)), None, None)
    assert own_days(chosen, at_night=True)[1] == (time(20), time(23))


@pytest.mark.parametrize(
    ("day", "start", "end", "expected"),
    [
        # 02:00–03:00 is not there in spring, and comes twice in autumn.
        (SPRING, time(2, 15), time(5), ("03:00", "05:00", 120)),
        (SPRING, time(0, 30), time(2, 30), ("00:30", "03:00", 90)),
        (SPRING, time(2, 10), time(2, 50), None),
        (SPRING, time(1), time(4), ("01:00", "04:00", 120)),
        (AUTUMN, time(2, 15), time(5), ("02:15", "05:00", 165)),
        (AUTUMN, time(0, 30), time(2, 30), ("00:30", "02:30", 120)),
        (AUTUMN, time(2, 10), time(2, 50), ("02:10", "02:50", 40)),
        (AUTUMN, time(1), time(4), ("01:00", "04:00", 240)),
    ],
)
def test_on_both_daylight_saving_nights_the_clock_shows_hours_of_the_window(day, start, end, expected):
    window = window_of(hours(every_day(start, end)), day, "Europe/Copenhagen")
    if expected is None:
        assert window is None
        return
    minutes = (window.end - window.start).total_seconds() / 60
    assert (local(window.start)[4:], local(window.end)[4:], minutes) == expected


def test_a_day_that_a_zone_skips_has_no_window():
    assert window_of(hours(every_day(time(8), time(16))), date(2011, 12, 30), "Pacific/Apia") is None


def test_an_instant_of_a_skipped_time_is_the_jump_itself():
    here = ZoneInfo("Europe/Copenhagen")
    skipped = [datetime.combine(SPRING, time(2, minute)) for minute in (0, 1, 30, 59)]
    assert {instant_of(local, here) for local in skipped} == {datetime(2026, 3, 29, 1, tzinfo=UTC)}


@settings(deadline=None, max_examples=300)
@given(moments, st.sampled_from(ZONES), st.times(), st.integers(1, 600), st.integers(0, 127), st.floats(0, 1))
def test_all_through_a_window_the_clock_is_inside_the_chosen_hours(instant, zone, start, length, days, part):
    start = start.replace(second=0, microsecond=0)
    end = (datetime.combine(SPRING, start) + timedelta(minutes=length)).time()
    if end <= start:
        return
    chosen = tuple((start, end) if days >> place & 1 else None for place in range(7))
    window = next_window(hours(chosen, ZoneFacts(zone)), instant)
    if window is None:
        assert not days
        return
    assert instant < window.end
    inside = window.start + part * (window.end - window.start - timedelta(microseconds=1))
    shown = inside.astimezone(ZoneInfo(zone))
    assert start <= shown.time() < end
    assert days >> shown.weekday() & 1
    assert window.holds(inside)
    assert next_window(hours(chosen, ZoneFacts(zone)), inside) == window


@settings(deadline=None)
@given(moments, st.sampled_from(ZONES), st.sampled_from(ZONES), st.integers(0, 200))
def test_whatever_zone_follows_a_window_is_in_the_one_that_holds(instant, before, after, ahead):
    facts = change_zone(ZoneFacts(before), after, instant)
    window = next_window(hours(default_days(127), facts), instant + timedelta(hours=ahead))
    for moment in (window.start, window.end - timedelta(seconds=1)):
        shown = moment.astimezone(ZoneInfo(zone_at(facts, moment)))
        assert time(8, 30) <= shown.time() < time(16)
        assert local_date(facts, moment) == window.day


def test_a_journey_west_and_a_journey_east_move_the_hours_with_the_zone():
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    for zone, start in (("America/Nuuk", "Thu 08:30"), ("Pacific/Auckland", "Thu 12:00")):
        facts = change_zone(COPENHAGEN, zone, noon)
        assert next_window(hours(zone=facts), noon).holds(noon)
        evening = datetime(2026, 11, 25, 18, tzinfo=UTC)
        assert local(next_window(hours(zone=facts), evening).start, zone) == start
