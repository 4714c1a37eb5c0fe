"""The texts: many enough, short enough, in both languages, and never the same one too soon."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language import LANGUAGES
from app.push.models import KINDS
from app.push.wording import MOST_BODY, MOST_TITLE, TEXTS, next_text, text

UNKIND = re.compile(
    r"[!\U0001f300-\U0001faff]|streak|rank|behind|missed|miss out|forgot|last chance|hurry up|glemt|bagud|gået glip|"
    r"sidste chance|stime|placering|nummer ét|skynd",
    re.IGNORECASE,
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_six_texts_or_more_short_and_kind_in_both_languages(kind, lang):
    texts = [text(kind, number, lang, 12) for number in range(len(TEXTS[kind]))]
    assert len(texts) >= 6
    for place in (0, 1):
        assert len({one[place] for one in texts}) == len(texts), "none says the same as another"
    for title, body in texts:
        assert 0 < len(title) <= MOST_TITLE, title
        assert 0 < len(body) <= MOST_BODY, body
        assert not UNKIND.search(title + body), (title, body)
        assert "%(" not in title + body


def test_danish_is_not_english():
    for kind in KINDS:
        for number in range(len(TEXTS[kind])):
            assert text(kind, number, "da", 2) != text(kind, number, "en", 2)


@pytest.mark.parametrize(
    ("kind", "a_day", "a_week"), [("stories", 1, 5), ("shoutout", 2, 5), ("digest", 1, 5)]
)
@given(
    person=st.integers(1, 10_000),
    first=st.integers(0, 6),
    late=st.lists(st.booleans(), min_size=10, max_size=10),
)
def test_no_text_comes_twice_in_14_days_as_often_as_the_caps_allow(kind, a_day, a_week, person, first, late):
    """The most that the caps let through, at the beginning or the end of each week."""
    used: list[tuple[date, int]] = []
    day = date(2026, 11, 23) + timedelta(days=first)
    for _day in range(60):
        week = [one for one, _number in used if one.isocalendar()[:2] == day.isocalendar()[:2]]
        # As late as the week's most still finds room.
        wanted = not late[(day - date(2026, 11, 23)).days // 7] or day.weekday() >= 7 - -(-a_week // a_day)
        while wanted and len(week) < a_week and week.count(day) < a_day:
            recent = [number for one, number in reversed(used) if day - one <= timedelta(days=14)]
            number = next_text(kind, recent, person)
            assert number not in [seen for one, seen in used if day - one < timedelta(days=14)]
            used.append((day, number))
            week.append(day)
        day += timedelta(days=1)


def test_when_all_texts_are_used_the_oldest_comes_again():
    most = len(TEXTS["test"])
    assert next_text("test", list(range(most)), 1) == most - 1
    assert next_text("test", [3, *range(most)], 1) == most - 1


def test_colleagues_do_not_all_read_the_same():
    assert len({next_text("stories", [], person) for person in range(20)}) == len(TEXTS["stories"])
