"""Two at the same moment: one waits for the other, never both, and what comes of it is right."""

import threading
import time

import pytest

from app.db import db, writing
from app.sharing import actions
from app.sharing.queries import by_network
from app.stories import gate
from app.stories.models import Story
from tests.conftest import NOW
from tests.sharing.test_telling import OWN

A_WHILE = 0.3  # seconds in which the other comes to wait


@pytest.fixture
def meet(app):
    """`meet(one, other)`: the other begins when `one`, which is given a pause to make, has done half of its deed."""

    def meet_there(one, other):
        halfway, spans = threading.Event(), {}

        def pause():
            halfway.set()
            time.sleep(A_WHILE)

        def run(deed, begins, *given):
            with app.app_context():
                begins()
                began = time.monotonic()
                with writing():
                    deed(*given)
                spans[deed] = (began, time.monotonic())

        both = [
            threading.Thread(target=run, args=(one, lambda: None, pause)),
            threading.Thread(target=run, args=(other, lambda: halfway.wait(10))),
        ]
        db.session.remove()
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert spans.keys() == {one, other}, "one of them was turned away"
        assert max(began for began, _end in spans.values()) < min(end for _began, end in spans.values())

    return meet_there


def compose(person_id, story_id):
    words = db.session.get_one(Story, story_id)
    return actions.compose(person_id, words, "linkedin", OWN, True, "T" * 11, NOW).id


def test_what_waited_may_be_told_while_another_phone_withdraws_it(cast, story, meet):
    told = story()
    with writing():
        share_id = compose(cast.anna.id, told)

    def tell(pause):
        compose(cast.anna.id, told)
        pause()
        actions.say_posted(share_id, cast.anna.id, NOW)

    meet(tell, lambda: actions.withdraw(share_id, cast.anna.id, NOW))
    assert by_network(cast.anna.id, told)["linkedin"].withdrawn_at == NOW


def test_a_story_waits_for_a_leader_who_withdraws_while_it_is_handed_to_them(cast, story, meet):
    told = story(leader_id=cast.karen.id)
    with writing():
        share_id = compose(cast.birgit.id, told)
        actions.say_posted(share_id, cast.birgit.id, NOW)

    def hand(pause):
        locked = db.session.get_one(Story, told, with_for_update=True)
        gate.hand_to(locked, cast.birgit.id, cast.karen.id, NOW)
        locked.leader_id = cast.birgit.id
        pause()

    meet(hand, lambda: actions.withdraw(share_id, cast.birgit.id, NOW))
    handed = db.session.get_one(Story, told)
    assert (handed.leader_id, handed.told_at) == (cast.birgit.id, None)
