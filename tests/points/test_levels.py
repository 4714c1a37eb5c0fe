"""Levels by lifetime points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.points.levels import Level, level_of
from tests.points.deeds import tell_new

# product.md, "Points".
BORDERS = (0, 50, 150, 350, 700, 1200, 2000, 3200, 5000, 8000)


@pytest.mark.parametrize(("place", "border"), list(enumerate(BORDERS)))
def test_a_level_begins_exactly_at_its_border(place, border):
    assert level_of(border).number == place + 1
    assert level_of(border).percent == (100 if border == 8000 else 0)
    if border:
        assert level_of(border - 1).number == place
        assert level_of(border - 1).missing == 1


@given(st.integers(0, 10_000))
def test_what_is_missing_is_what_reaches_the_next_level_and_not_less(points):
    level = level_of(points)
    if level.number == 10:
        assert level == Level(10, 100, 0)
    else:
        assert level_of(points + level.missing).number == level.number + 1
        assert level_of(points + level.missing - 1).number == level.number
        assert 0 <= level.percent < 100


def test_me_says_the_level_and_how_far_it_is_to_the_next(sign_in, story):
    anna = sign_in("anna")
    tell_new(anna, story, 1)
    page = anna.get("/me").text
    assert "Niveau 1" in page
    assert '<b class="num">8</b> point i alt' in page
    assert "42 til niveau 2" in page
