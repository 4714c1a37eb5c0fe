"""Two phones of one person, at the same moment: one waits for the other, and never both."""

import threading
import time

from app.db import db, writing
from app.sharing import actions
from app.sharing.queries import by_network
from app.stories.models import Story
from tests.conftest import NOW
from tests.sharing.test_telling import OWN

A_WHILE = 0.3  # seconds in which the other phone comes to wait


def test_what_waited_may_be_told_while_another_phone_withdraws_it(app, cast, story):
    told, composed, spans = story(), threading.Event(), {}

    def compose():
        words = db.session.get_one(Story, told)
        return actions.compose(cast.anna.id, words, "linkedin", OWN, True, "T" * 11, NOW).id

    def tell():
        compose()
        composed.set()
        time.sleep(A_WHILE)
        actions.say_posted(share_id, cast.anna.id, NOW)

    def withdraw():
        actions.withdraw(share_id, cast.anna.id, NOW)

    with writing():
        share_id = compose()
    db.session.remove()

    def phone(deed, begins):
        with app.app_context():
            begins()
            began = time.monotonic()
            with writing():
                deed()
            spans[deed] = (began, time.monotonic())

    phones = [
        threading.Thread(target=phone, args=(tell, lambda: None)),
        threading.Thread(target=phone, args=(withdraw, lambda: composed.wait(10))),
    ]
    for one in phones:
        one.start()
    for one in phones:
        one.join()
    assert spans.keys() == {tell, withdraw}, "one of them was turned away"
    assert max(began for began, _end in spans.values()) < min(end for _began, end in spans.values())
    assert by_network(cast.anna.id, told)["linkedin"].withdrawn_at == NOW
