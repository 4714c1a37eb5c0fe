"""On return Today asks, once, whether what was written was shared."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.feed.test_today import page_of, shown
from tests.sharing.test_telling import OWN, amounts
from tests.words import danish

SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def anna(sign_in):
    return sign_in("anna")


def write(browser, story_id, network="linkedin"):
    """Written and copied; the address of the question."""
    form = {"text": OWN, "network": network, "disclosed": "1"}
    answer = browser.post(f"/stories/{story_id}/shares", data=form)
    assert answer.status_code == 303
    return answer.location


def asks(browser):
    return danish("Did you share it?") in page_of(browser)


def test_it_is_asked_on_return_until_it_is_answered(anna, story, clock):
    assert not asks(anna)
    question = write(anna, story())
    assert not asks(anna)
    with clock(SOON):
        page = page_of(anna)
        assert danish("Did you share it?") in page
        assert f'LinkedIn · <a class="link" href="{question}">Kaffen kommer før kalenderen</a>' in page
        assert f'formaction="{question}"' in page
        assert asks(anna)


def test_yes_tells_it(anna, story, clock, cast):
    told = story()
    assert shown(anna) == [told]
    question = write(anna, told)
    with clock(SOON):
        assert anna.post(question).location == question.replace("posting", "thanks")
        assert [code for code, _points, _cap in amounts(cast.anna)] == ["SHARE", "OWN"]
        assert not asks(anna)
        assert shown(anna) == [told]


def test_not_yet_is_taken_for_an_answer_and_the_share_still_waits_under_ones_own(anna, story, clock, cast):
    question = write(anna, story())
    later = question.replace("posting", "later")
    with clock(SOON):
        assert f'formaction="{later}"' in page_of(anna)
        answer = anna.post(later)
        assert (answer.status_code, answer.location) == (303, "/")
        assert not asks(anna)
        assert question in page_of(anna, "/shares")
        assert amounts(cast.anna) == []


def test_what_is_written_anew_is_asked_about_anew(anna, story, clock):
    told = story()
    later = write(anna, told).replace("posting", "later")
    with clock(SOON):
        anna.post(later)
        write(anna, told)
        assert not asks(anna)
    with clock(SOON + timedelta(minutes=5)):
        assert asks(anna)


def test_of_two_the_last_is_asked_about_first(anna, story, clock):
    first, second = story(), story(title="Broen")
    one = write(anna, first)
    with clock(SOON):
        other = write(anna, second, "other")
    with clock(SOON + timedelta(minutes=5)):
        page = page_of(anna)
        assert f'formaction="{other}"' in page
        assert f'formaction="{one}"' not in page
        assert f'<p class="sm mut mt1"><a class="link" href="{other}">Broen</a>' in page
        anna.post(other)
        assert f'formaction="{one}"' in page_of(anna)


def test_a_story_that_was_taken_down_meanwhile_may_have_been_shared(anna, story, clock, sign_in):
    told = story()
    question = write(anna, told)
    sign_in("karen").post(f"/desk/stories/{told}/withdrawal")
    with clock(SOON):
        assert asks(anna)
        assert anna.post(question).status_code == 303
        assert not asks(anna)


def test_after_a_week_it_is_not_asked_any_more(anna, story, clock):
    write(anna, story())
    with clock(NOW + timedelta(days=6, hours=23)):
        assert asks(anna)
    with clock(NOW + timedelta(days=7)):
        assert not asks(anna)


def test_nobody_is_asked_about_anothers(anna, story, clock, sign_in):
    write(anna, story())
    with clock(SOON):
        assert not asks(sign_in("omar"))


def test_a_today_that_asks_needs_at_most_four_statements(anna, story, clock, count_statements):
    for number in range(3):
        write(anna, story(title=f"Historie {number}"))
    with clock(SOON):
        anna.get("/")
        count_statements.clear()
        assert asks(anna)
        assert len(count_statements) <= 4
