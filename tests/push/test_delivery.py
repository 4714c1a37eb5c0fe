"""One message to each device, sent once, and what each answer of a push service leads to."""

import logging
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, writing
from app.outbox import Outgoing
from app.people import sign_ins
from app.push import delivery, jobs, subscriptions
from tests.conftest import NOW

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
WORDS = {
    "title": "Godt gået",
    "body": "Åbn og læs.",
    "path": "/me",
    "lang": "da",
    "tag": "shoutout",
    "badge": 1,
}


def tell(person_id, key="shoutout:1", **more):
    given = {
        "ttl": 4 * 3600,
        "topic": "shoutout-1125",
        "urgency": "normal",
        "at": NOW,
        "expires_at": NOW + 2 * HOUR,
    }
    with writing():
        return delivery.put(person_id, key, WORDS, **(given | more))


def steps(state=None):
    db.session.rollback()
    found = db.session.scalars(select(Outgoing).where(Outgoing.kind == "push").order_by(Outgoing.id)).all()
    return [one for one in found if state in (None, one.state)]


@pytest.fixture
def deliver(clock):
    """`deliver(instant)`: a round of the worker, then."""

    def at(instant=NOW):
        with clock(instant):
            return jobs.deliver(instant)

    return at


def test_each_device_gets_the_message_once_in_the_words_it_was_given(subscribed, service, cast, deliver):
    phone, laptop, omars = subscribed("anna"), subscribed("anna"), subscribed("omar")
    assert tell(cast.anna.id) == 2
    assert deliver() == 2
    for one in (phone, laptop):
        [opened] = service.opened(one.device)
        assert opened["notification"]["title"] == "Godt gået"
        assert opened["notification"]["navigate"] == "http://localhost/me"
    assert service.messages(omars.device) == []
    assert [(one.state, one.said, one.payload) for one in steps()] == [("done", "201", {})] * 2
    assert deliver() == 0
    assert deliver(NOW + HOUR) == 0


def test_the_same_notice_is_written_once_for_a_device(subscribed, cast):
    subscribed("anna")
    assert tell(cast.anna.id) == 1
    assert tell(cast.anna.id) == 1
    assert len(steps()) == 1


def test_who_has_no_device_gets_no_step(service, cast):
    assert tell(cast.anna.id) == 0
    assert steps() == []


def test_it_carries_topic_urgency_and_lives_no_longer_than_its_window(subscribed, service, cast, deliver):
    phone = subscribed("anna")
    tell(cast.anna.id, "a", ttl=600, topic="stories-1125", urgency="low")
    tell(cast.anna.id, "b", topic=None)
    deliver(NOW + HOUR)
    # Both are under way at once, and may come in either order.
    found = {one.headers.get("topic"): one.headers for one in service.messages(phone.device)}
    assert set(found) == {"stories-1125", None}
    assert (found["stories-1125"]["ttl"], found["stories-1125"]["urgency"]) == ("600", "low")
    assert found[None]["ttl"] == "3600"


def test_what_comes_too_late_is_not_sent(subscribed, service, cast, deliver):
    phone = subscribed("anna")
    tell(cast.anna.id)
    assert deliver(NOW + 2 * HOUR) == 0
    assert service.messages(phone.device) == []
    assert [(one.state, one.said) for one in steps()] == [("dropped", "too late")]


def test_a_device_whose_sign_in_has_ended_is_not_told(subscribed, service, cast, deliver):
    phone, gone = subscribed("anna"), subscribed("anna")
    tell(cast.anna.id)
    with writing():
        sign_ins.end(cast.anna.id, phone.sign_in_id, NOW)
        subscriptions.unsubscribe(cast.anna.id, gone.id)
    assert deliver() == 2
    assert service.received == []
    assert [one.said for one in steps("dropped")] == ["its device is gone"] * 2


def test_a_browser_that_became_another_persons_is_not_told_what_was_meant_for_the_first(
    subscribed, service, cast, deliver
):
    phone = subscribed("anna")
    tell(cast.anna.id)
    subscribed("omar", device=phone.device)
    deliver()
    assert service.received == []
    assert [one.state for one in steps()] == ["dropped"]


@pytest.mark.parametrize("status", [404, 410])
def test_gone_once_is_a_suspicion_and_gone_twice_deletes_the_device(
    subscribed, service, cast, deliver, status
):
    phone = subscribed("anna")
    service.will_answer(phone.device, status)
    tell(cast.anna.id)
    deliver()
    [device] = subscriptions.live(cast.anna.id, NOW)
    assert device.suspect_at == NOW
    assert [one.state for one in steps()] == ["waiting"]
    assert deliver(NOW + 10 * SECOND) == 0
    assert deliver(NOW + 10 * MINUTE) == 1
    assert subscriptions.live(cast.anna.id, NOW) == []
    assert [(one.state, one.said) for one in steps()] == [("dropped", "its device is gone")]


def test_a_device_that_was_gone_by_mistake_is_trusted_again(subscribed, service, cast, deliver):
    phone = subscribed("anna")
    service.will_answer(phone.device, 410, 201)
    tell(cast.anna.id)
    deliver()
    deliver(NOW + 10 * MINUTE)
    [device] = subscriptions.live(cast.anna.id, NOW)
    assert device.suspect_at is None
    assert len(service.opened(phone.device)) == 1
    assert [one.state for one in steps()] == ["done"]


@pytest.mark.parametrize("status", [400, 413])
def test_what_can_never_be_sent_fails_at_once_and_keeps_the_device(
    subscribed, service, cast, deliver, status
):
    phone = subscribed("anna")
    service.will_answer(phone.device, status)
    tell(cast.anna.id)
    deliver()
    deliver(NOW + HOUR)
    assert len(service.messages(phone.device)) == 1
    assert [one.state for one in steps()] == ["failed"]
    assert len(subscriptions.live(cast.anna.id, NOW)) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_our_own_signature_refused_is_told_to_the_log_without_the_address_and_deletes_nothing(
    subscribed, service, cast, deliver, status, caplog
):
    phone, laptop = subscribed("anna"), subscribed("anna")
    for one in (phone, laptop):
        service.will_answer(one.device, status)
    tell(cast.anna.id)
    with caplog.at_level(logging.ERROR, "app"):
        deliver()
    [said] = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert (
        said.getMessage() == f"localhost answered {status} to 2 of our messages: it refuses VAPID_PRIVATE_KEY"
    )
    assert all("/push/" not in one.getMessage() for one in caplog.records)
    assert len(subscriptions.live(cast.anna.id, NOW)) == 2
    assert deliver(NOW + HOUR - SECOND) == 0
    for one in (phone, laptop):
        service.will_answer(one.device, 201)
    assert deliver(NOW + 2 * HOUR - SECOND) == 2
    assert [one.state for one in steps()] == ["done", "done"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_again_when_it_wishes(subscribed, service, cast, deliver, status):
    phone = subscribed("anna")
    service.will_answer(phone.device, status, 201, retry_after=600)
    tell(cast.anna.id)
    deliver()
    [step] = steps("waiting")
    assert NOW + 10 * MINUTE <= step.due_at <= NOW + 15 * MINUTE
    assert deliver(NOW + 10 * MINUTE - SECOND) == 0
    assert deliver(NOW + 15 * MINUTE) == 1
    assert [one.state for one in steps()] == ["done"]


def test_each_try_waits_longer_never_for_all_at_once_and_ends_with_the_window(
    subscribed, service, cast, deliver
):
    phones = [subscribed("anna", at=NOW) for _n in range(8)]
    for phone in phones:
        service.will_answer(phone.device, 503)
    tell(cast.anna.id)
    instant, waits = NOW, []
    for _n in range(5):
        deliver(instant)
        due = [one.due_at for one in steps("waiting")]
        assert len(set(due)) > 4, "they come again one by one"
        waits.append((min(due) - instant, max(due) - instant))
        instant = max(due)
    for n, (least, most) in enumerate(waits):
        assert 30 * SECOND * 2**n <= least < most <= 45 * SECOND * 2**n
    deliver(NOW + 2 * HOUR - MINUTE)
    assert [(one.state, one.said) for one in steps()] == [("dropped", "503; later is too late")] * 8


def test_nobody_is_tried_for_ever(subscribed, service, cast, deliver):
    phone = subscribed("anna")
    service.will_answer(phone.device, 503)
    tell(cast.anna.id, expires_at=NOW + 1000 * HOUR)
    for n in range(30):
        deliver(NOW + n * 24 * HOUR)
    assert len(service.messages(phone.device)) == jobs.MOST_TRIES
    assert [(one.state, one.said) for one in steps()] == [("failed", "503; given up after 12 tries")]


def test_no_answer_at_all_is_tried_again_and_told_to_the_log_by_the_host_alone(
    subscribed, service, cast, deliver, caplog
):
    phone = subscribed("anna")
    tell(cast.anna.id)
    service.__exit__(None, None, None)
    with caplog.at_level(logging.WARNING, "app"):
        deliver()
    assert [one.state for one in steps()] == ["waiting"]
    assert steps()[0].due_at > NOW
    [said] = [one.getMessage() for one in caplog.records if "localhost" in one.getMessage()]
    assert said == "localhost did not take 1 of our messages: no connection"
    assert phone.device.endpoint.rsplit("/", 1)[1] not in caplog.text
    service.__enter__()


def test_one_that_cannot_be_sealed_does_not_hold_up_the_others(subscribed, service, cast, deliver):
    phone, laptop = subscribed("anna"), subscribed("omar")
    tell(cast.anna.id, topic="not a topic")
    tell(cast.omar.id, "shoutout:2")
    assert deliver() == 2
    assert service.messages(phone.device) == []
    assert len(service.opened(laptop.device)) == 1
    assert Counter(one.state for one in steps()) == {"failed": 1, "done": 1}


def test_a_worker_that_died_in_between_leaves_a_step_that_is_sent_again(subscribed, service, cast, deliver):
    phone = subscribed("anna")
    tell(cast.anna.id)
    with writing():
        assert len(jobs.outbox.claim("push", NOW, 10)) == 1
    assert deliver(NOW + MINUTE) == 0
    assert deliver(NOW + 2 * MINUTE) == 1
    assert len(service.opened(phone.device)) == 1


def test_more_than_a_batch_is_sent_in_rounds(subscribed, service, cast, deliver):
    phone = subscribed("anna")
    for n in range(jobs.AT_ONCE + 20):
        tell(cast.anna.id, f"n:{n}")
    assert [deliver(), deliver(), deliver()] == [jobs.AT_ONCE, 20, 0]
    assert len(service.opened(phone.device)) == jobs.AT_ONCE + 20
