"""Our own question whether we may remind: after the first deed, on a finished day, until it is answered."""

import pytest
from sqlalchemy import select

from app.db import db
from app.push.models import PushChoices
from tests.feed.test_today import page_of
from tests.sharing.test_telling import tell
from tests.shoutouts.thanks import LATER, deliver, give
from tests.words import danish

REFUSAL = "/me/messages/refusal"


@pytest.fixture
def asked(clock):
    """Whether Today asks somebody."""
    return lambda browser: danish("May we remind you?") in page_of(browser)


def test_it_is_asked_when_the_day_is_done_after_the_first_deed(sign_in, story, asked):
    anna, first, second = sign_in("anna"), story(), story(title="Broen")
    assert not asked(anna)
    tell(anna, first)
    assert not asked(anna)
    tell(anna, second)
    assert asked(anna)


def test_it_is_not_asked_before_a_first_deed_even_when_nothing_waits(sign_in, asked):
    assert danish("Nothing more waits today") in page_of(sign_in("anna"))
    assert not asked(sign_in("anna"))


def test_a_shoutout_that_was_read_is_a_first_deed_too(cast, sign_in, clock, asked):
    anna = sign_in("anna")
    number = give(sign_in("mads"), cast.anna)
    deliver()
    with clock(LATER):
        assert not asked(anna)
        anna.get(f"/shoutouts/{number}")
        assert asked(anna)


def test_no_thanks_is_remembered_and_it_is_never_asked_again(cast, sign_in, story, asked):
    anna = sign_in("anna")
    tell(anna, story())
    assert asked(anna)
    answer = anna.post(REFUSAL)
    assert (answer.status_code, answer.location) == (303, "/")
    assert danish("That is fine. We will not ask again.") in page_of(anna)
    assert not asked(anna)
    assert not asked(sign_in("anna"))
    db.session.rollback()
    assert db.session.scalars(select(PushChoices.person_id)).all() == [cast.anna.id]
    assert danish("Messages on the phone") in anna.get("/me").text


def test_what_others_have_done_and_answered_is_theirs(sign_in, story, asked):
    anna, omar, told = sign_in("anna"), sign_in("omar"), story()
    tell(anna, told)
    anna.post(REFUSAL)
    assert not asked(omar)
    tell(omar, told)
    assert asked(omar)


def test_without_javascript_yes_leads_to_the_page_of_devices(sign_in, story):
    anna = sign_in("anna")
    tell(anna, story())
    assert 'href="/me/messages" data-push-key="' in page_of(anna)
    assert anna.get("/me/messages").status_code == 200


def test_a_finished_today_asks_at_most_four_statements(sign_in, story, count_statements):
    anna = sign_in("anna")
    tell(anna, story())
    anna.get("/")
    count_statements.clear()
    assert danish("May we remind you?") in page_of(anna)
    assert len(count_statements) <= 4
