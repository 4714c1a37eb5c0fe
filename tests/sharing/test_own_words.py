"""How much is one's own: distinct runs of four words, case-folded, and the borders of what counts as own."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.db import db
from app.points.models import Entry
from app.sharing.models import Share
from app.sharing.own_words import Own, counts_as_own, grams, likeness, measured
from tests.conftest import NOW
from tests.sharing.test_telling import OWN, tell

LIMITS = {"least_characters": 80, "most_like_percent": 70, "compared_with_last": 10}
words = st.lists(
    st.sampled_from(["en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti"]), max_size=30
).map(" ".join)
WORDS = [f"ord{number}" for number in range(40)]


def own_percent(text, others):
    return measured(text, {str(place): grams(other) for place, other in enumerate(others)}).percent


def text_of(*numbers):
    return " ".join(WORDS[number] for number in numbers)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_part_and_of_itself_it_is_all_or_nothing(one, other):
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == (1 if grams(one) else 0)


@given(words, words)
def test_under_four_words_nothing_is_alike(one, other):
    if len(one.split()) < 4:
        assert likeness(one, other) == 0
        assert own_percent(one, [other]) == (100 if one else 0)


@given(words, st.lists(words, max_size=4))
def test_own_percent_is_a_whole_percent_and_falls_when_more_is_compared(text, others):
    whole = own_percent(text, others)
    assert 0 <= whole <= 100
    assert whole <= own_percent(text, others[:-1])
    assert own_percent(text, [text]) == (0 if len(text.split()) >= 4 else 100 if text else 0)


@given(words, words)
def test_capitals_and_what_stands_between_words_do_not_matter(one, other):
    loud = ",\n ".join(one.upper().split())
    assert likeness(one, other) == likeness(loud, other) == likeness(one, other.upper())


def test_folding_knows_more_than_small_letters():
    assert likeness("DIE STRASSE IST LANG", "die straße ist lang") == 1
    assert likeness("ÆBLER ØL ÅL SMØR", "æbler øl ål smør") == 1


def test_four_words_are_one_run_and_three_are_none():
    assert len(grams("en to tre fire")) == 1
    assert len(grams("en to tre")) == 0
    assert likeness("en to tre fire", "nul en to tre fire fem") == 1


def test_a_run_said_many_times_counts_once():
    assert len(grams("ja ja ja ja ja ja ja ja")) == 1
    borrowed, own = "en to tre fire", "fem seks syv otte"
    assert likeness(f"{borrowed} {own}", borrowed) == 1 / 5
    assert likeness(f"{borrowed} {borrowed} {own}", borrowed) == 1 / 8


def test_likeness_is_of_the_persons_text_not_of_the_other():
    assert likeness("en to tre fire", text_of(*range(30)) + " en to tre fire") == 1
    assert likeness(text_of(*range(30)) + " en to tre fire", "en to tre fire") < 0.05


def test_exactly_seventy_percent_alike_is_not_own_and_a_little_less_is():
    # Thirteen words have ten runs; the first ten words hold seven of them.
    text, seven, six = text_of(*range(13)), text_of(*range(10)), text_of(*range(9))
    limits = LIMITS | {"least_characters": 1}
    assert (likeness(text, seven), likeness(text, six)) == (0.7, 0.6)
    assert not counts_as_own(text, [seven], [], limits)
    assert counts_as_own(text, [six], [], limits)
    assert not counts_as_own(text, ["noget andet"], [six, seven], limits)
    assert counts_as_own(text, ["noget andet"], [six, six], limits)


def test_eighty_characters_are_enough_and_seventy_nine_are_not():
    assert counts_as_own("a" * 80, [], [], LIMITS)
    assert not counts_as_own("a" * 79, [], [], LIMITS)


@given(st.integers(1, 60))
def test_spaces_do_not_make_a_text_longer(number):
    assert not counts_as_own("a" * 40 + " " * number + "\n" * number + "b" * 38, [], [], LIMITS)
    assert counts_as_own("a" * 40 + " " * number + "\n" * number + "b" * 39, [], [], LIMITS)


@given(st.lists(st.text(max_size=30), max_size=3), st.text(max_size=200))
def test_the_length_alone_never_makes_a_copy_own(others, text):
    assert counts_as_own(text, [text], others, LIMITS | {"least_characters": 0}) <= (not grams(text))


def codes(person):
    return list(db.session.scalars(select(Entry.code).where(Entry.person_id == person.id).order_by(Entry.id)))


@pytest.mark.parametrize(("between", "own"), [(10, True), (9, False)])
def test_a_text_is_compared_with_the_persons_last_ten_and_no_more(sign_in, story, cast, clock, between, own):
    """The first text, then some others, then the first again."""
    texts = [OWN, *(" ".join(f"{word}{number}" for word in WORDS) for number in range(between)), OWN]
    for day, text in enumerate(texts):
        with clock(NOW + timedelta(days=day)):
            tell(sign_in("anna"), story(title=f"Nr. {day}", expires_at=None), text=text)
    assert len(db.session.scalars(select(Share)).all()) == len(texts)
    assert (codes(cast.anna)[-1] == "OWN") is own


def test_the_meter_names_what_has_most_of_a_text_and_nothing_of_which_little_is_found():
    text = text_of(*range(13))
    story, own, little = (grams(text_of(*range(size))) for size in (10, 8, 4))
    assert measured(text, {"story": story, "own": own}) == Own(30, "story")
    assert measured(text, {"story": little, "own": own}) == Own(50, "own")
    assert measured(text, {"story": little}) == Own(90, None)
    assert measured(text, {}) == Own(100, None)
    assert measured("en to tre", {"story": grams(text)}) == Own(100, None)
