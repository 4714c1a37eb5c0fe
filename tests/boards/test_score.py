"""The board's arithmetic: bands, what is missing, score, places and neighbours, as pure functions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.boards.score import Ranked, TeamWeek, around, band, missing, ranked, score
from app.points.rollups import team_part


def team(active, size=10, points=0, name="A", team_id=1):
    """A team of full-time people of whom some were active; points in all, within what counts."""
    return TeamWeek(team_id, name, size, 1000 * size, active, 1000 * active, 1000 * points)


@st.composite
def teams(draw):
    size = draw(st.integers(5, 60))
    weights = draw(st.lists(st.integers(200, 1000), min_size=size, max_size=size))
    active = draw(st.integers(0, size))
    points = draw(st.integers(0, 40 * sum(weights)))
    return TeamWeek(
        draw(st.integers(1, 9)), draw(st.text(max_size=3)), size, sum(weights), active, sum(weights[:active]), points
    )  # fmt: skip


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(0, 0), (39.9, 0), (40, 1), (59.9, 1), (60, 2), (79.9, 2), (80, 3), (100, 3)],
)
def test_a_band_begins_exactly_at_its_border(percent, expected):
    assert band(TeamWeek(1, "A", 10, 10_000, 4, round(percent * 100))) == expected


def test_a_border_is_hit_exactly_where_floats_would_miss_it():
    # 0.6 of 7 people at 0.2: 840/1400 is exactly 60 %.
    assert band(TeamWeek(1, "A", 7, 1400, 4, 840)) == 2
    assert band(TeamWeek(1, "A", 7, 1400, 4, 839)) == 1


@pytest.mark.parametrize(
    ("active", "size", "more"),
    [(0, 10, 4), (3, 10, 1), (4, 10, 2), (6, 10, 2), (8, 10, None), (10, 10, None), (0, 6, 3), (3, 6, 1), (4, 6, 1)],
)  # fmt: skip
def test_what_is_missing_is_the_number_of_colleagues_to_the_next_band(active, size, more):
    assert missing(team(active, size)) == more


@given(teams())
def test_so_many_more_of_average_weight_reach_the_next_band_and_one_fewer_does_not(one):
    more = missing(one)
    if more is None:
        assert band(one) == 3
        return
    wanted = (Fraction(40, 100), Fraction(60, 100), Fraction(80, 100))[band(one)]
    average = Fraction(one.weight, one.size)
    assert more >= 1
    assert one.active_weight + more * average >= wanted * one.weight
    assert one.active_weight + (more - 1) * average < wanted * one.weight


@pytest.mark.parametrize(
    ("active", "points", "expected"),
    [
        (0, 0, 0),
        (10, 0, 60),
        (0, 150, 40),
        (10, 150, 100),
        (10, 400, 100),
        (5, 75, 50),
    ],
)
def test_sixty_for_taking_part_and_forty_for_fifteen_points_a_place(active, points, expected):
    assert score(team(active, points=points)) == expected


def test_a_half_is_rounded_up():
    # 60 · 1/8 = 7.5, which rounding to even would make 8 too; 60 · 3/8 = 22.5, which it would not.
    assert score(team(1, 8)) == 8
    assert score(team(3, 8)) == 23
    assert score(TeamWeek(1, "A", 8, 8000, 3, 2999)) == 22


@given(teams())
def test_a_score_is_between_nought_and_a_hundred(one):
    assert 0 <= score(one) <= 100


def test_a_team_without_weight_is_nought_and_misses_nothing():
    nobody = TeamWeek(1, "A", 0, 0)
    assert (score(nobody), band(nobody), missing(nobody)) == (0, 0, None)


def test_ties_share_a_place_and_the_next_is_left_out():
    rows = ranked([team(1, name="D"), team(5, name="C"), team(5, name="B"), team(9, name="A")])
    assert [(row.place, row.team.name) for row in rows] == [(1, "A"), (2, "B"), (2, "C"), (4, "D")]


@given(st.lists(teams(), max_size=8))
def test_a_place_is_one_more_than_those_who_are_better(several):
    rows = ranked(several)
    for row in rows:
        assert row.place == 1 + sum(score(one) > row.score for one in several)
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)


@pytest.mark.parametrize(
    ("own", "names"),
    [(1, "123"), (2, "1234"), (3, "12345"), (4, "23456"), (6, "4567"), (7, "567"), (9, "")],
)
def test_two_above_and_two_below_stand_around_a_team(own, names):
    rows = [Ranked(place, 100 - place, team(1, name=str(place), team_id=place)) for place in range(1, 8)]
    assert "".join(row.team.name for row in around(rows, own)) == names


@pytest.mark.parametrize(
    ("points", "deeds", "weight", "part"),
    [
        (8, 2, 1000, (1, 1000, 8000)),
        (40, 9, 1000, (1, 1000, 40_000)),
        (60, 9, 1000, (1, 1000, 40_000)),
        (60, 9, 400, (1, 400, 16_000)),
        (3, 0, 1000, (0, 0, 3000)),
        (60, 9, 0, (0, 0, 0)),
    ],
)
def test_of_one_person_at_most_forty_points_a_place_count_and_reading_is_not_taking_part(
    points, deeds, weight, part
):
    names = ("active", "active_weight", "capped_points")
    assert team_part(points, deeds, weight) == dict(zip(names, part, strict=True))
