"""The day's choice as a pure function."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feed.choice import Candidate, Choice, choose
from app.feed.nearness import is_near

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
CARE, CULTURE, SCHOOLS = 1, 2, 3
FOLLOWS = frozenset({CARE, CULTURE})


def story(story_id, *topics, days=None, published=1, **facts):
    """A candidate that expires in some days and was published some days ago."""
    expires = None if days is None else NOW + timedelta(days=days)
    return Candidate(
        story_id, NOW - timedelta(days=published), frozenset(topics), expires_at=expires, **facts
    )


def ids(candidates, slots=3, taken=(), follows=FOLLOWS):
    return [choice.story_id for choice in choose(candidates, follows, slots, NOW, taken)]


def reasons(candidates, slots=3, follows=FOLLOWS):
    return {choice.story_id: choice.reason for choice in choose(candidates, follows, slots, NOW)}


def test_the_best_topic_match_comes_first():
    assert ids([story(1), story(2, CARE), story(3, CARE, CULTURE), story(4, SCHOOLS)]) == [3, 2, 4]


def test_the_topic_goes_before_what_is_new_and_what_expires():
    assert ids([story(1, days=1), story(2, CARE, seen_before=True), story(3, CARE, days=9)], 2) == [3, 2]


def test_of_two_alike_the_one_not_on_an_earlier_today_comes_first():
    assert ids([story(1, CARE, seen_before=True, days=1), story(2, CARE), story(3, CARE, days=3)]) == [
        3,
        2,
        1,
    ]


def test_of_two_alike_the_one_that_expires_sooner_comes_first():
    assert ids([story(3), story(2, days=5), story(1, days=2)]) == [1, 2, 3]


def test_of_two_alike_the_newest_comes_first():
    assert ids([story(3, published=3), story(1, published=1), story(2, published=2)]) == [1, 2, 3]


@pytest.mark.parametrize("near", [{"from_own_team": True}, {"from_near_team": True}, {"by_leader": True}])
def test_one_is_from_the_persons_team_or_a_leader(near):
    three = [story(number, CARE) for number in (1, 2, 3)]
    assert ids([*three, story(4, **near), story(5, SCHOOLS)]) == [3, 2, 4]


def test_the_only_one_of_a_day_is_the_best_match():
    assert ids([story(1, CARE), story(2, from_own_team=True)], slots=1) == [1]
    assert ids([story(1, CARE), story(2, from_own_team=True)], slots=2) == [1, 2]


def test_a_leader_gets_first_what_they_are_asked_to_go_first_with():
    best = [story(number, CARE, CULTURE, from_own_team=True) for number in (1, 2, 3)]
    asked = story(4, SCHOOLS, asked=True, seen_before=True)
    assert ids([*best, asked]) == [4, 3, 2]
    assert ids([*best, asked], slots=1) == [4]
    assert reasons([*best, asked])[4] == "asked"


def test_no_other_takes_the_place_of_what_they_are_asked_to_go_first_with():
    asked = [story(number, asked=True) for number in (1, 2, 3)]
    assert ids([*asked, story(4, CARE, from_own_team=True)]) == [3, 2, 1]


def test_one_such_is_enough_and_none_is_needed_where_there_is_none():
    three = [story(number, CARE) for number in (1, 2, 3)]
    assert ids([*three, story(4, CARE, by_leader=True), story(5, from_own_team=True)]) == [4, 3, 2]
    assert ids([*three, story(4)]) == [3, 2, 1]


def test_one_that_was_chosen_before_counts_as_the_one():
    stories = [story(1, by_leader=True), story(2, CARE), story(3, CARE), story(4, from_own_team=True)]
    assert ids(stories, taken=[1]) == [1, 3, 2]


@pytest.mark.parametrize("gone", [{"told": True}, {"dismissed": True}])
def test_what_was_told_or_dismissed_is_never_chosen(gone):
    assert ids([story(1, CARE, by_leader=True, **gone), story(2)]) == [2]


def test_what_is_taken_stays_put_even_when_it_is_told_dismissed_or_gone():
    stories = [story(1, told=True), story(2, dismissed=True), story(4, CARE), story(5)]
    assert ids(stories, taken=[2, 9, 1]) == [2, 9, 1]
    assert ids(stories, slots=4, taken=[2, 9, 1]) == [2, 9, 1, 4]


def test_the_reason_is_the_truth():
    told_why = reasons(
        [
            story(1, CARE, from_own_team=True),
            story(2, from_own_team=True, by_leader=True),
            story(3, by_leader=True, days=1),
            story(4, days=1),
            story(5),
            story(6, seen_before=True),
            story(7, days=1, seen_before=True),
            story(8, days=3),
            story(9, days=4),
        ],
        slots=9,
    )
    assert told_why == {
        1: "topic",
        2: "team",
        3: "leader",
        4: "expiring",
        5: "new",
        6: "other",
        7: "other",
        8: "expiring",
        9: "new",
    }


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"from_own_team": True}, ("topic", "team")),
        ({"from_near_team": True}, ("topic", "near")),
        ({"by_leader": True, "days": 1}, ("topic", "leader")),
        ({"days": 1}, ("topic", "expiring")),
        ({"days": 1, "seen_before": True}, ("topic", "")),
        ({"days": 9}, ("topic", "")),
        ({"asked": True, "from_own_team": True, "days": 1}, ("asked", "")),
    ],
)
def test_a_second_reason_is_the_truth_too(facts, why):
    assert choose([story(1, CARE, **facts)], FOLLOWS, 3, NOW) == [Choice(1, *why)]


def is_close(one):
    return one.asked or one.from_own_team or one.from_near_team or one.by_leader


@pytest.mark.parametrize(
    ("mine", "other", "near"),
    [
        ("/1/4/9/", "/1/4/", True),
        ("/1/4/", "/1/4/9/", True),
        ("/1/4/9/", "/1/4/9/", False),
        ("/1/4/9/", "/1/4/8/", False),
        ("/1/4/", "/1/4/9/7/", False),
        ("/1/4/", "/1/", False),
        ("/1/", "/1/4/", False),
        ("/1/4/", "/1/49/", False),
        ("", "/1/", False),
        ("/1/4/", "", False),
    ],
)
def test_a_team_is_near_one_step_up_or_down_but_none_is_near_the_top(mine, other, near):
    assert is_near(mine, other) == near


candidates = st.lists(
    st.builds(
        Candidate,
        story_id=st.integers(1, 30),
        published_at=st.integers(0, 3).map(lambda days: NOW - timedelta(days=days)),
        topics=st.frozensets(st.integers(1, 4), max_size=3),
        asked=st.booleans(),
        from_own_team=st.booleans(),
        from_near_team=st.booleans(),
        by_leader=st.booleans(),
        seen_before=st.booleans(),
        expires_at=st.none() | st.integers(1, 4).map(lambda days: NOW + timedelta(days=days)),
        told=st.booleans(),
        dismissed=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: one.story_id,
)
topics = st.frozensets(st.integers(1, 4), max_size=4)


@given(
    candidates, topics, st.integers(1, 5), st.lists(st.integers(1, 30), max_size=3, unique=True), st.data()
)
def test_any_choice_fills_the_slots_once_whatever_the_order(stories, follows, slots, taken, data):
    chosen = choose(stories, follows, slots, NOW, taken)
    found = [choice.story_id for choice in chosen]
    free = [one for one in stories if one.story_id not in taken and not one.told and not one.dismissed]
    assert found[: len(taken)] == taken
    assert chosen[: len(taken)] == [Choice(one, "kept") for one in taken]
    assert len(found) == len(set(found)) == max(len(taken), min(slots, len(taken) + len(free)))
    assert set(found[len(taken) :]) <= {one.story_id for one in free}
    assert choose(data.draw(st.permutations(stories)), follows, slots, NOW, taken) == chosen


@given(candidates, topics, st.integers(2, 5))
def test_one_is_near_when_there_is_one_and_the_others_are_the_best(stories, follows, slots):
    known = {one.story_id: one for one in stories}
    chosen = [known[choice.story_id] for choice in choose(stories, follows, slots, NOW)]
    free = [one for one in stories if not one.told and not one.dismissed]
    near = list(map(is_close, chosen))
    assert any(near) == any(map(is_close, free))
    left = [one for one in free if one not in chosen]

    def rank(one):
        soon = one.expires_at or datetime.max.replace(tzinfo=UTC)
        return not one.asked, -len(one.topics & follows), one.seen_before, soon

    best = chosen if near.count(True) != 1 or not near[-1] else chosen[:-1]
    assert all(rank(one) <= rank(other) for one in best for other in left)
    assert [rank(one) for one in best] == sorted(rank(one) for one in best)


@given(candidates, topics)
def test_someone_without_topics_gets_stories_too(stories, follows):
    chosen = choose(stories, frozenset(), 3, NOW)
    assert len(chosen) == len(choose(stories, follows, 3, NOW))
    assert all(choice.reason != "topic" for choice in chosen)
