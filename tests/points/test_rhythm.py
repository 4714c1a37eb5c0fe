"""The week rhythm: the last twelve weeks that count, with the neutral ones drawn between them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.db import db, writing
from app.people.models import Person
from app.points.rhythm import line
from tests.points.deeds import MONDAY, noon, read, tell_new

NOW = date(2026, 11, 23)
mondays = st.sets(st.integers(-3, 80).map(lambda ago: NOW - timedelta(weeks=ago)))


def ago(*weeks):
    return {NOW - timedelta(weeks=one) for one in weeks}


def drawn(rhythm):
    """The line as signs, oldest first: + active, . quiet, – neutral."""
    return "".join({"active": "+", "quiet": ".", "neutral": "–"}[week.state] for week in rhythm.drawn)


def test_twelve_weeks_count_and_this_week_is_not_one_of_them():
    rhythm = line(ago(0, 1, 12, 13), lambda _week: False, NOW)
    assert drawn(rhythm) == "+..........+"
    assert (rhythm.active_count, rhythm.counted, rhythm.this_week_done) == (2, 12, True)
    assert not line(ago(1), lambda _week: False, NOW).this_week_done


def test_a_neutral_week_is_drawn_and_not_counted():
    neutral = ago(2, 3, 7)
    rhythm = line(ago(1, 15), neutral.__contains__, NOW)
    assert drawn(rhythm) == "+.......–...––+"
    assert (rhythm.active_count, rhythm.counted) == (2, 12)


def test_a_newcomer_is_measured_from_their_first_week():
    rhythm = line(ago(1), lambda _week: False, NOW, start=NOW - timedelta(weeks=3))
    assert drawn(rhythm) == "..+"
    assert (rhythm.active_count, rhythm.counted) == (1, 3)
    assert line(set(), lambda _week: False, NOW, start=NOW).drawn == ()


def test_a_line_never_begins_with_a_week_that_does_not_count():
    rhythm = line(set(), ago(2, 3).__contains__, NOW, start=NOW - timedelta(weeks=3))
    assert drawn(rhythm) == "."


@given(mondays, mondays, st.integers(0, 70))
def test_the_line_is_whole_and_counts_the_last_twelve_that_count(active, neutral, employed_weeks):
    start = NOW - timedelta(weeks=employed_weeks)
    rhythm = line(active, neutral.__contains__, NOW, start=start)
    weeks = [week.monday for week in rhythm.drawn]
    assert weeks == sorted(weeks)
    assert all(later - week == timedelta(weeks=1) for week, later in pairwise(weeks))
    assert not weeks or (weeks[-1] == NOW - timedelta(weeks=1) and weeks[0] >= start)
    back = (NOW - timedelta(weeks=one) for one in range(1, min(employed_weeks, 60) + 1))
    counting = [week for week in back if week in active or week not in neutral][:12]
    assert rhythm.counted == len(counting)
    assert rhythm.active_count == len(active & set(counting))


def test_today_and_me_say_in_how_many_of_the_weeks_one_was_active(sign_in, story, clock):
    anna = sign_in("anna")
    for week in (0, 1):
        with clock(noon(MONDAY + timedelta(weeks=week))):
            tell_new(anna, story, week)
    with clock(noon(MONDAY + timedelta(weeks=1))):
        for page in (anna.get("/").text, anna.get("/me").text):
            assert "Aktiv i 1 af de sidste 12 uger" in page
    with clock(noon(MONDAY + timedelta(weeks=2))):
        assert "Aktiv i 2 af de sidste 12 uger" in anna.get("/me").text


def test_reading_alone_is_not_an_active_week(sign_in, story, clock):
    anna = sign_in("anna")
    read(anna, story())
    with clock(noon(MONDAY)):
        assert "Rytmen begynder med dit første skridt" in anna.get("/me").text


def test_a_goal_of_two_days_takes_two_days(sign_in, story, clock):
    anna = sign_in("anna")
    anna.post("/me/choices/weekly_goal", data={"value": "2"})
    for place in (0, 7, 8):
        with clock(noon(MONDAY + timedelta(days=place))):
            tell_new(anna, story, place)
    with clock(noon(MONDAY + timedelta(weeks=2))):
        assert "Aktiv i 1 af de sidste 12 uger" in anna.get("/me").text


def test_christmas_is_drawn_and_counts_for_nobody(sign_in, story, clock):
    liv = sign_in("liv")
    tell_new(liv, story, 1)
    with clock(datetime(2027, 1, 13, 11, tzinfo=UTC)):
        page = liv.get("/me").text
    # Seven weeks since 23 November; 52, 53 and 1 are pause weeks.
    assert "Aktiv i 1 af de sidste 4 uger" in page
    assert page.count('class="ne"') == 3


@pytest.mark.parametrize(("first_day", "counted"), [(26, 1), (27, 0)])
def test_a_newcomers_first_week_counts_from_two_working_days(sign_in, cast, clock, first_day, counted):
    liv = sign_in("liv")
    with writing():
        first = date(2026, 11, first_day)
        db.session.execute(update(Person).where(Person.id == cast.liv.id).values(employed_from=first))
    with clock(noon(MONDAY)):
        page = liv.get("/me").text
    said = "Rytmen begynder med dit første skridt" if counted else "Din første uge er i gang"
    assert said in page
