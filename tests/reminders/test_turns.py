"""When a reminder is due and who deserves it, over any instant."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.people.hours import ZoneFacts
from app.people.windows import Hours, default_days, next_window, own_days
from app.reminders.turns import SLOTS, USUAL, Candidate, deserves, next_slot, slot_of
from tests.push.test_manners import HOLIDAYS, PAUSES, at

HOURS = Hours(ZoneFacts("Europe/Copenhagen"), default_days(31), HOLIDAYS, PAUSES)
TEN = at("2026-11-25T10:15")
WEDNESDAY = date(2026, 11, 25)


def candidate(**more):
    facts = {
        "hours": HOURS,
        "wish": 2,
        "reachable": True,
        "has_stories": True,
        "opened_at": None,
        "reminded_at": None,
    }
    return Candidate(**(facts | more))


def days_ago(*numbers):
    return [WEDNESDAY - timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("chosen", "opened", "slot"),
    [
        (None, [], USUAL),
        (None, ["07:40", "07:42"], USUAL),
        (None, ["07:40", "07:42", "07:50"], time(8, 45)),
        (None, ["12:30", "06:00", "12:40"], time(12, 15)),
        (None, ["21:00", "20:00", "22:00"], time(14, 30)),
        ("14:30", ["07:40", "07:42", "07:50"], time(14, 30)),
    ],
)
def test_the_slot_is_ones_own_choice_or_nearest_to_ones_habit(chosen, opened, slot):
    assert slot_of(chosen, [time.fromisoformat(one) for one in opened]) == slot


@pytest.mark.parametrize(
    ("slot", "after", "expected"),
    [
        ("10:15", "2026-11-25T09:00", "2026-11-25T10:15"),
        ("10:15", "2026-11-25T10:15", "2026-11-26T10:15"),
        ("14:30", "2026-11-26T15:00", "2026-11-27T12:15"),  # Friday ends at 14:30
        ("10:15", "2026-11-27T11:00", "2026-11-30T10:15"),
        ("10:15", "2026-04-02T11:00", "2026-04-07T10:15"),  # Easter
        ("08:45", "2026-03-27T12:00", "2026-03-30T08:45"),  # to summer time
        ("08:45", "2026-10-23T12:00", "2026-10-26T08:45"),  # to winter time
    ],
)
def test_the_next_slot_is_in_the_next_window(slot, after, expected):
    assert next_slot(HOURS, time.fromisoformat(slot), at(after)) == at(expected)


def test_a_slot_outside_ones_hours_gives_way_to_the_nearest_inside_or_the_beginning():
    late = Hours(HOURS.zone, own_days([["12:00", "14:00"]] * 7, at_night=False))
    assert next_slot(late, time(8, 45), at("2026-11-25T00:00")) == at("2026-11-25T12:15")
    night = Hours(HOURS.zone, own_days([["01:00", "05:00"]] * 7, at_night=True))
    assert next_slot(night, time(10, 15), at("2026-11-25T00:00")) == at("2026-11-25T01:00")
    assert next_slot(Hours(HOURS.zone, (None,) * 7), USUAL, TEN) is None


@settings(deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
    st.sampled_from(SLOTS),
    st.integers(1, 127),
    st.sampled_from(["Europe/Copenhagen", "America/Nuuk", "Asia/Tokyo"]),
)
def test_a_slot_is_always_later_and_inside_ones_hours(after, slot, days, zone):
    hours = Hours(ZoneFacts(zone), default_days(days), HOLIDAYS, PAUSES)
    moment = next_slot(hours, slot, after)
    assert moment > after
    assert next_window(hours, moment).holds(moment)


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({}, True),
        ({"wish": 0}, False),
        ({"reachable": False}, False),
        ({"has_stories": False}, False),
        ({"opened_at": TEN - timedelta(hours=2)}, False),
        ({"opened_at": TEN - timedelta(hours=12)}, True),
        ({"reminded": days_ago(0)}, False),
        ({"reminded": days_ago(1)}, True),
        ({"reminded": days_ago(1, 2)}, False),
        ({"reminded": days_ago(3, 4)}, True),
        ({"reminded": days_ago(1, 2), "wish": 5}, True),
        ({"reminded": days_ago(1), "wish": 1}, False),
    ],
)
def test_who_deserves_a_reminder(more, answer):
    assert deserves(candidate(**more), TEN) is answer


def test_nobody_deserves_one_out_of_their_hours():
    for moment in ("2026-11-25T16:01", "2026-11-28T10:15", "2026-04-06T10:15", "2026-07-08T10:15"):
        assert not deserves(candidate(), at(moment))


@pytest.mark.parametrize(
    ("wish", "unanswered", "reminded", "answer"),
    [
        (2, 2, days_ago(1), True),
        (2, 3, days_ago(1), False),
        (2, 3, [], True),
        (2, 3, days_ago(5, 6), False),  # two in last week: half of two a week is one in each
        (2, 5, days_ago(6), True),
        (1, 3, days_ago(6), False),  # half of one a week is one in two
        (1, 3, days_ago(13), True),
        (3, 4, days_ago(1), True),
        (3, 4, days_ago(1, 2), False),
    ],
)
def test_after_three_unanswered_it_is_half(wish, unanswered, reminded, answer):
    assert deserves(candidate(wish=wish, unanswered=unanswered, reminded=reminded), TEN) is answer


def test_after_six_it_stops_and_after_thirty_quiet_days_comes_back_three_times():
    quiet = {"unanswered": 6, "reminded_at": TEN - timedelta(days=30), "opened_at": TEN - timedelta(days=60)}
    assert deserves(candidate(**quiet), TEN)
    assert not deserves(candidate(**quiet | {"reminded_at": TEN - timedelta(days=29)}), TEN)
    for stopped in (True, False):
        recent = quiet | {"opened_at": TEN - timedelta(days=3), "stopped": stopped}
        assert not deserves(candidate(**recent), TEN)
    assert deserves(candidate(**quiet, stopped=True, comebacks=2), TEN)
    assert not deserves(candidate(**quiet, stopped=True, comebacks=3), TEN)


def test_who_has_come_again_but_not_said_so_is_asked_in_the_app_first():
    assert not deserves(candidate(stopped=True, opened_at=TEN - timedelta(days=2)), TEN)
