"""A person's devices: turned on by their browser, named, tried and removed by themselves alone."""

import pytest
from sqlalchemy import select

from app.db import db
from app.push.messages import Sealer
from app.push.models import MOST_DEVICES, Notice, PushChoices, Subscription
from tests.push.service import Device, PushService
from tests.words import danish

PAGE, DEVICES = "/me/messages", "/me/messages/devices"
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"}


@pytest.fixture(scope="module")
def service():
    with PushService() as running:
        yield running


@pytest.fixture(autouse=True)
def sent_there(app, service, monkeypatch):
    """The app sends to that service, and to no other."""
    monkeypatch.setitem(app.config, "PUSH_HOSTS", (service.settings["PUSH_HOSTS"],))
    monkeypatch.setitem(app.config, "PUSH_CA", service.settings["PUSH_CA"])


def form_of(app, device: Device, **more: str) -> dict[str, str]:
    """What push.js posts."""
    return {"endpoint": device.endpoint, **device.keys, "key": Sealer.of(app.config).public_key, "why": "tap",
            "next": PAGE} | more  # fmt: skip


@pytest.fixture
def turn_on(app, service):
    """`turn_on(browser)` subscribes it; the row and the device."""

    def turned_on(browser, **more: str) -> tuple[int, Device]:
        device = service.subscribe()
        answer = browser.post(DEVICES, data=form_of(app, device, **more), headers=PHONE)
        assert answer.status_code == 303, answer.text
        return db.session.scalar(select(Subscription.id).filter_by(endpoint=device.endpoint)), device

    return turned_on


def rows() -> list[Subscription]:
    db.session.rollback()
    return list(db.session.scalars(select(Subscription).order_by(Subscription.id)))


def test_a_device_is_turned_on_named_by_its_browser_and_listed(cast, sign_in, turn_on):
    anna = sign_in("anna")
    turn_on(anna)
    (row,) = rows()
    assert (row.person_id, row.name) == (cast.anna.id, "Chrome, Android")
    page = anna.get(PAGE).text
    assert "Chrome, Android" in page
    assert danish("Messages are on for this device.") in page
    assert f'data-push-page="{row.mark}"' in page
    assert row.endpoint not in page


def test_where_it_was_turned_on_one_goes_on(app, sign_in, service):
    answer = sign_in("anna").post(DEVICES, data=form_of(app, service.subscribe(), next="/"))
    assert answer.location == "/"
    answer = sign_in("anna").post(
        DEVICES, data=form_of(app, service.subscribe(), next="https://evil.example/")
    )
    assert answer.location == "/"


def test_whoever_turns_it_on_has_answered_our_question(cast, sign_in, turn_on):
    turn_on(sign_in("anna"))
    db.session.rollback()
    assert db.session.get(PushChoices, cast.anna.id).asked_at is not None


BAD = {
    "a foreign host": {"endpoint": "https://evil.example/push/1"},
    "no address": {"endpoint": ""},
    "an address inside": {"endpoint": "https://127.0.0.1/push/1"},
    "plain http": {"endpoint": "http://fcm.googleapis.com/fcm/send/1"},
    "no key": {"p256dh": ""},
    "a key that is no point": {"p256dh": "BA" + "A" * 85},
    "a short secret": {"auth": "AAAA"},
    "not base64": {"p256dh": "ååå"},
    "another key of ours": {"key": "B" * 87},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD)
def test_what_no_browser_hands_over_is_refused_with_a_sentence(app, sign_in, service, wrong):
    answer = sign_in("anna").post(DEVICES, data=form_of(app, service.subscribe()) | wrong)
    assert answer.status_code == 422
    assert 'class="err"' in answer.text
    assert rows() == []


def test_nothing_is_turned_on_from_elsewhere(app, sign_in, service):
    anna, given = sign_in("anna"), form_of(app, service.subscribe())
    assert anna.post(DEVICES, data=given, csrf=False).status_code == 400
    assert anna.post(DEVICES, data=given, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert rows() == []


def test_a_person_has_sixteen_devices_at_most_and_the_one_unseen_for_longest_goes(cast, sign_in, turn_on):
    first, _device = turn_on(sign_in("anna"))
    for _one in range(MOST_DEVICES):
        turn_on(sign_in("anna"))
    assert len(rows()) == MOST_DEVICES
    assert first not in [row.id for row in rows()]


def test_somebody_elses_device_does_not_exist(sign_in, turn_on, service):
    number, device = turn_on(sign_in("anna"))
    omar = sign_in("omar")
    for deed in ("name", "removal", "test"):
        assert omar.post(f"{DEVICES}/{number}/{deed}", data={"name": "min"}).status_code == 404
        assert omar.post(f"{DEVICES}/99999/{deed}", data={"name": "min"}).status_code == 404
    assert [row.name for row in rows()] == ["Chrome, Android"]
    assert service.opened(device) == []
    assert "Chrome, Android" not in omar.get(PAGE).text


def test_a_browser_that_another_signs_in_on_becomes_theirs(app, cast, sign_in, turn_on):
    _number, device = turn_on(sign_in("anna"))
    assert sign_in("omar").post(DEVICES, data=form_of(app, device)).status_code == 303
    assert [row.person_id for row in rows()] == [cast.omar.id]


def test_a_device_gets_a_name_of_ones_own(sign_in, turn_on):
    anna = sign_in("anna")
    number, _device = turn_on(anna)
    assert anna.post(f"{DEVICES}/{number}/name", data={"name": " Min <b>telefon</b> "}).status_code == 303
    assert rows()[0].name == "Min <b>telefon</b>"
    assert "Min &lt;b&gt;telefon&lt;/b&gt;" in anna.get(PAGE).text


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_name_that_cannot_be_is_refused_beside_it_and_kept(sign_in, turn_on, name):
    anna = sign_in("anna")
    number, _device = turn_on(anna)
    answer = anna.post(f"{DEVICES}/{number}/name", data={"name": name})
    assert answer.status_code == 422
    assert danish("Write a name of at most %(most)s characters.", most=60) in answer.text
    assert f'value="{name.strip()}"' in answer.text
    assert rows()[0].name == "Chrome, Android"


def test_a_device_that_is_turned_off_is_told_nothing_more(sign_in, turn_on):
    anna = sign_in("anna")
    number, _device = turn_on(anna)
    assert anna.post(f"{DEVICES}/{number}/removal").status_code == 303
    assert rows() == []
    assert anna.post(f"{DEVICES}/{number}/test").status_code == 404


def test_a_device_counts_only_while_its_sign_in_stands(sign_in, turn_on):
    first, second = sign_in("anna"), sign_in("anna")
    turn_on(first)
    number, _device = turn_on(second)
    assert second.get(PAGE).text.count('id="name-') == 2
    second.post("/sign-out")
    assert first.get(PAGE).text.count('id="name-') == 1
    assert first.post(f"{DEVICES}/{number}/test").status_code == 404


def test_a_browser_that_subscribes_anew_stands_there_once(sign_in, turn_on):
    anna = sign_in("anna")
    turn_on(anna)
    second, _device = turn_on(anna)
    assert [row.id for row in rows()] == [second]


# What a browser says again by itself


def test_a_browser_that_says_the_same_again_is_seen_and_makes_no_noise(app, sign_in, turn_on):
    anna = sign_in("anna")
    _number, device = turn_on(anna)
    anna.get(PAGE)
    answer = anna.post(DEVICES, data=form_of(app, device, why="again"))
    assert (answer.status_code, answer.data) == (204, b"")
    assert danish("Messages are on for this device.") not in anna.get(PAGE).text


def test_a_browser_whose_device_was_removed_elsewhere_is_told_so(app, sign_in, turn_on):
    anna = sign_in("anna")
    number, device = turn_on(anna)
    sign_in("anna").post(f"{DEVICES}/{number}/removal")
    assert anna.post(DEVICES, data=form_of(app, device, why="again")).status_code == 410
    assert rows() == []


def test_a_browser_with_an_old_key_of_ours_gets_the_new_one(app, sign_in, turn_on):
    anna = sign_in("anna")
    _number, device = turn_on(anna)
    answer = anna.post(DEVICES, data=form_of(app, device, why="again", key="B" * 87))
    assert (answer.status_code, answer.text) == (409, Sealer.of(app.config).public_key)


def test_a_browser_that_can_never_be_told_is_let_go_in_silence(app, sign_in, service):
    given = form_of(app, service.subscribe(), why="changed", endpoint="https://evil.example/push/1")
    assert sign_in("anna").post(DEVICES, data=given).status_code == 410


# Send me a test


def test_a_test_is_sealed_sent_and_told_of_in_words(sign_in, turn_on, service):
    anna = sign_in("anna")
    number, device = turn_on(anna)
    assert anna.post(f"{DEVICES}/{number}/test").status_code == 303
    assert danish("The push service has taken it. It should show within a minute.") in anna.get(PAGE).text
    (said,) = service.opened(device)
    assert said["web_push"] == 8030
    assert said["notification"]["navigate"] == "http://localhost/me/messages"
    assert said["notification"]["lang"] == "da"


ANSWERS = {
    410: "That device is gone, and we have removed it. Turn messages on again there.",
    404: "That device is gone, and we have removed it. Turn messages on again there.",
    429: "The push service is busy right now. Try again in a little while.",
    503: "The push service is busy right now. Try again in a little while.",
    403: "The push service does not know us. Tell those who run Fortæl; it is not your phone.",
    413: "The push service did not want it. Turn messages off and on again on that device.",
}


@pytest.mark.parametrize(("status", "words"), ANSWERS.items())
def test_whatever_the_push_service_answers_becomes_a_sentence(sign_in, turn_on, service, status, words):
    anna = sign_in("anna")
    number, device = turn_on(anna)
    service.will_answer(device, status)
    anna.post(f"{DEVICES}/{number}/test")
    assert danish(words) in anna.get(PAGE).text
    assert len(rows()) == (0 if status in (404, 410) else 1)


def test_a_push_service_that_is_not_there_becomes_a_sentence(app, sign_in, turn_on, service, monkeypatch):
    anna = sign_in("anna")
    number, _device = turn_on(anna)
    monkeypatch.setitem(app.config, "PUSH_CA", "")
    anna.post(f"{DEVICES}/{number}/test")
    assert danish("The push service did not answer. Try again in a moment.") in anna.get(PAGE).text


def test_tests_are_ten_seconds_apart_and_count_for_nothing(cast, sign_in, turn_on, service):
    anna = sign_in("anna")
    number, device = turn_on(anna)
    for _one in range(3):
        anna.post(f"{DEVICES}/{number}/test")
    assert len(service.opened(device)) == 1
    assert danish("A test has just been sent. Wait ten seconds, and try again.") in anna.get(PAGE).text
    db.session.rollback()
    (notice,) = db.session.scalars(select(Notice))
    assert (notice.person_id, notice.kind, notice.local_date) == (cast.anna.id, "test", None)


def test_the_page_says_what_it_needs_and_helps_with_each_kind_of_device(sign_in):
    page = sign_in("anna").get(PAGE, headers=PHONE).text
    assert danish("Messages can be turned on only where the browser runs scripts.") in page
    assert 'id="and" checked' in page
    for words in (
        "Choose “Add to Home Screen”",
        "Choose “Allow” when the phone asks",
        "Click “Turn on” above",
        "Blocked?",
    ):
        assert danish(words) in page
    iphone = {
        "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) Version/18.4 Safari/604.1"
    }
    assert 'id="ios" checked' in sign_in("anna").get(PAGE, headers=iphone).text


@pytest.mark.parametrize(
    "text", ["a\0b", "\ud800", "\u202e\x1b[31m", "<b>&amp;", "x" * 5000, "🧑🏽‍🚒" * 20, "-1", "//["]
)
def test_no_text_breaks_a_device(app, sign_in, turn_on, text):
    anna = sign_in("anna")
    number, device = turn_on(anna)
    encoded = text.encode("utf-8", "surrogatepass")
    for field in ("endpoint", "p256dh", "auth", "key", "why", "next"):
        given = {name: value.encode() for name, value in form_of(app, device).items()} | {field: encoded}
        answer = anna.post(DEVICES, data=given)
        assert answer.status_code in (204, 303, 409, 410, 422), (field, text[:20])
    assert anna.post(f"{DEVICES}/{number}/name", data={"name": encoded}).status_code in (303, 422)
    assert anna.get(PAGE).status_code == 200
