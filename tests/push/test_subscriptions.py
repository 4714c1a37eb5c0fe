"""Devices that may be told: bound to a sign-in and gone with it, one person's at a time, sixteen at most."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import db, writing
from app.people import actions as people
from app.people import sign_ins
from app.people.models import SignIn
from app.push import subscriptions
from app.push.models import MOST_DEVICES, Subscription
from app.push.sending import Hosts
from app.push.subscriptions import Browser, SubscriptionRefused
from tests.conftest import NOW
from tests.push.conftest import key_id, signed_in
from tests.push.service import base64url
from tests.running import ROOT, environment

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def live(person_id, at=NOW):
    db.session.rollback()
    return [one.id for one in subscriptions.live(person_id, at)]


def rows():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Subscription))


def test_a_browser_that_says_yes_may_be_told(subscribed, cast):
    phone = subscribed("anna")
    [one] = subscriptions.live(cast.anna.id, NOW)
    assert (one.endpoint, one.public_key, one.secret) == (
        phone.device.endpoint,
        phone.device.public_key,
        phone.device.secret,
    )
    assert one.name == "Chrome, Android"
    assert live(cast.mads.id) == []


def test_the_same_browser_is_one_device_that_keeps_its_name(subscribed, cast):
    phone = subscribed("anna")
    with writing():
        assert subscriptions.rename(cast.anna.id, phone.id, "My phone")
    again = subscribed("anna", device=phone.device, at=NOW + DAY)
    assert again.id == phone.id
    [one] = subscriptions.live(cast.anna.id, NOW + DAY)
    assert (one.name, one.seen_at, one.created_at) == ("My phone", NOW + DAY, NOW)
    assert one.sign_in_id == again.sign_in_id != phone.sign_in_id


def test_a_browser_that_another_signs_in_on_is_theirs_alone(subscribed, cast):
    phone = subscribed("anna")
    with writing():
        subscriptions.rename(cast.anna.id, phone.id, "Anna’s phone")
    subscribed("omar", device=phone.device)
    assert live(cast.anna.id) == []
    [one] = subscriptions.live(cast.omar.id, NOW)
    assert one.name == "Chrome, Android"
    assert rows() == 1


def test_it_counts_only_while_its_sign_in_stands(subscribed, cast):
    phone, laptop = subscribed("anna"), subscribed("anna")
    assert set(live(cast.anna.id)) == {phone.id, laptop.id}
    with writing():
        sign_ins.end(cast.anna.id, phone.sign_in_id, NOW)
    assert live(cast.anna.id) == [laptop.id]
    assert live(cast.anna.id, NOW + sign_ins.LIVES - MINUTE) == [laptop.id]
    assert live(cast.anna.id, NOW + sign_ins.LIVES) == []
    with writing():
        assert subscriptions.forget_ended(NOW + HOUR) == 1
    assert rows() == 1


def test_who_signs_out_in_the_browser_is_not_told_there_any_more(sign_in, subscribed, cast):
    anna = sign_in("anna")
    sign_in_id = db.session.scalars(select(SignIn.id).where(SignIn.person_id == cast.anna.id)).one()
    phone = subscribed("anna", sign_in_id)
    assert live(cast.anna.id) == [phone.id]
    assert anna.post("/sign-out").status_code == 303
    assert live(cast.anna.id) == []


def test_who_leaves_is_told_nothing(subscribed, cast):
    subscribed("anna")
    with writing():
        people.leave(cast.anna.id, NOW, NOW.date())
    assert live(cast.anna.id) == []
    with writing():
        assert subscriptions.forget_ended(NOW) == 1


def test_of_more_than_sixteen_the_one_not_seen_for_longest_goes(subscribed, cast):
    first = subscribed("anna")
    others = [subscribed("anna", first.sign_in_id, at=NOW + n * MINUTE) for n in range(1, MOST_DEVICES)]
    subscribed("anna", first.sign_in_id, first.device, at=NOW + HOUR)
    last = subscribed("anna", first.sign_in_id, at=NOW + HOUR + MINUTE)
    found = live(cast.anna.id)
    assert len(found) == MOST_DEVICES
    assert found[:2] == [last.id, first.id]
    assert others[0].id not in found


def test_only_its_owner_names_it_or_takes_it_away(subscribed, cast):
    phone = subscribed("anna")
    with writing():
        assert not subscriptions.rename(cast.omar.id, phone.id, "Mine")
        assert not subscriptions.unsubscribe(cast.omar.id, phone.id)
        assert not subscriptions.unsubscribe_browser(cast.omar.id, phone.device.endpoint)
    assert live(cast.anna.id) == [phone.id]
    with writing():
        assert subscriptions.unsubscribe(cast.anna.id, phone.id)
        assert not subscriptions.unsubscribe(cast.anna.id, phone.id)
    laptop = subscribed("anna")
    with writing():
        assert subscriptions.unsubscribe_browser(cast.anna.id, laptop.device.endpoint)
    assert rows() == 0


@pytest.mark.parametrize(
    ("what", "changed"),
    [
        ("an address that is not https", {"endpoint": "http://localhost/push/1"}),
        ("a host that is not on the list", {"endpoint": "https://push.example/1"}),
        ("an address with a user", {"endpoint": "https://fcm.googleapis.com@localhost/1"}),
        ("an address of ours", {"endpoint": "https://127.0.0.1/1"}),
        ("no address", {"endpoint": ""}),
        ("a secret that is too short", {"auth": base64url(b"s" * 15)}),
        ("a secret that is too long", {"auth": base64url(b"s" * 17)}),
        ("no secret", {"auth": ""}),
        ("a point that is not on the curve", {"p256dh": base64url(b"\x04" + b"\x01" * 64)}),
        ("a compressed point", {"p256dh": base64url(b"\x02" + b"\x01" * 32)}),
        ("the point at infinity", {"p256dh": base64url(b"\x00")}),
        ("no key", {"p256dh": ""}),
        ("a key that is not base64url", {"p256dh": "æøå"}),
        ("a secret that is not base64url", {"auth": "!!!!"}),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_no_browser_hands_over_is_refused(service, cast, app, what, changed):
    device = service.subscribe()
    given = {"endpoint": device.endpoint, **device.keys, "key_id": key_id(app), "name": "Chrome"} | changed
    with writing():
        sign_in_id = signed_in(cast.anna.id)
    with pytest.raises(SubscriptionRefused), writing():
        subscriptions.subscribe(cast.anna.id, sign_in_id, Browser.of(**given), Hosts.of(app.config), NOW)
    assert rows() == 0


def test_a_device_that_is_gone_twice_is_deleted_and_one_that_answers_is_trusted_again(subscribed, cast):
    phone, laptop = subscribed("anna"), subscribed("anna")
    with writing():
        assert not subscriptions.gone(phone.id, NOW)
        assert not subscriptions.gone(phone.id, NOW + timedelta(seconds=5))
        assert not subscriptions.gone(laptop.id, NOW)
        subscriptions.answered([laptop.id])
    with writing():
        assert subscriptions.gone(phone.id, NOW + MINUTE)
        assert not subscriptions.gone(laptop.id, NOW + MINUTE)
    assert live(cast.anna.id) == [laptop.id]
    with writing():
        assert subscriptions.forget_ended(NOW + HOUR) == 0
        assert subscriptions.forget_ended(NOW + MINUTE + HOUR) == 1


def test_many_browsers_at_once_leave_sixteen(service, subscribed, cast, settings, app):
    sign_in_id = subscribed("anna").sign_in_id
    db.session.remove()
    command = [sys.executable, "-m", "tests.push.subscribing", str(cast.anna.id), str(sign_in_id)]
    more = service.settings | {
        "DATABASE_URL": settings["DATABASE_URL"],
        "FORTAEL_ENV": "test",
        "FORTAEL_NOW": NOW.isoformat(),
    }
    started = [
        subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env=environment(settings["DATA_DIR"], **more))
        for _one in range(3)
    ]  # fmt: skip
    for one in started:
        assert one.stdout.readline() == "ready\n", one.communicate()[1]
    for one in started:
        one.stdin.write(
            json.dumps([[service.subscribe().endpoint, service.subscribe().keys] for _n in range(20)]) + "\n"
        )
        one.stdin.flush()
    said = [one.communicate(timeout=60) for one in started]
    assert [one.returncode for one in started] == [0, 0, 0], said
    times = [json.loads(out) for out, _err in said]
    assert max(first for first, _last in times) < min(last for _first, last in times), "they did not overlap"
    assert len(live(cast.anna.id)) == MOST_DEVICES
    assert rows() == MOST_DEVICES
