"""What goes to a push service opens on the device, says what was meant, and is signed by us."""

import base64
import json
import threading
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import regex
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from app.config import from_environment
from app.push import messages, shortening
from app.push.messages import (
    KeysRefused,
    KeyUnknown,
    Message,
    MessageRefused,
    MessageTooBig,
    Sealer,
    are_keys,
    payload,
)
from tests.push.service import Device, base64url

PUBLIC_URL = "https://fortael.example.dk"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/a-capability"


def pem(key):
    kinds = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, *kinds).decode()


CURRENT, FORMER = (pem(ec.generate_private_key(ec.SECP256R1())) for _one in range(2))


@pytest.fixture
def sealer():
    return Sealer([CURRENT, FORMER], PUBLIC_URL)


@pytest.fixture
def device():
    return Device(ENDPOINT, ec.generate_private_key(ec.SECP256R1()), bytes(range(16)))


@pytest.fixture
def message(sealer, device):
    """`message(ttl=60)` is a message to the device; any field may be given."""
    whole = {"endpoint": device.endpoint, "public_key": device.public_key, "secret": device.secret,
             "key_id": sealer.key_id, "payload": b"{}", "ttl": 3600, "topic": "shoutout-7", "urgency": "normal"}  # fmt: skip
    return lambda **fields: Message(**(whole | fields))


def raw(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# Encryption


def test_the_tests_devices_open_the_example_of_rfc_8291():
    number = int.from_bytes(raw("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
    device = Device("", ec.derive_private_key(number, ec.SECP256R1()), raw("BTBZMqHH6r4Tts7J_aSIgg"))
    body = raw("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")  # fmt: skip
    assert device.open(body) == b"When I grow up, I want to be a watermelon"


def test_only_the_device_opens_what_was_sealed_for_it(sealer, device, message):
    other = Device(ENDPOINT, ec.generate_private_key(ec.SECP256R1()), device.secret)
    body = sealer.seal(message(payload="Tak for i går 🌊".encode())).body
    assert device.open(body).decode() == "Tak for i går 🌊"
    with pytest.raises(Exception, match=r"[Dd]ecrypt"):
        other.open(body)


def test_the_same_message_is_never_sealed_alike(sealer, message):
    assert sealer.seal(message()).body != sealer.seal(message()).body


def test_the_largest_payload_fits_into_a_record_and_a_larger_one_is_refused(sealer, device, message):
    sealed = sealer.seal(message(payload=b"x" * 3993))
    assert len(sealed.body) == 4096
    assert device.open(sealed.body) == b"x" * 3993
    with pytest.raises(MessageTooBig, match="3994"):
        sealer.seal(message(payload=b"x" * 3994))


NOT_KEYS = {
    "no secret": {"secret": b""},
    "a short secret": {"secret": b"x" * 15},
    "a long secret": {"secret": b"x" * 17},
    "no key": {"public_key": b""},
    "a point beside the curve": {"public_key": b"\x04" + b"\x01" * 64},
    "the point at infinity": {"public_key": b"\x00" * 65},
    "a point that is pressed together": {
        "public_key": ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    },
    "a point on another curve": {
        "public_key": ec.generate_private_key(ec.SECP384R1())
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    },
}


@pytest.mark.parametrize("wrong", NOT_KEYS.values(), ids=NOT_KEYS)
def test_keys_that_no_browser_makes_are_refused(sealer, device, message, wrong):
    with pytest.raises(KeysRefused):
        sealer.seal(message(**wrong))
    keys = {"public_key": device.public_key, "secret": device.secret}
    assert are_keys(**keys)
    assert not are_keys(**(keys | wrong))


def test_no_refusal_and_no_picture_of_a_message_tells_the_address_or_a_secret(sealer, message):
    wrong = [*NOT_KEYS.values(), {"endpoint": "nonsense://a-capability"}, {"key_id": "unknown"},
             {"payload": b"a-capability" * 999}]  # fmt: skip
    for fields in wrong:
        refused = None
        try:
            sealer.seal(message(**fields))
        except MessageRefused as reason:
            refused = reason
        while refused:
            assert "a-capability" not in f"{refused} {refused!r}"
            refused = refused.__cause__ or refused.__context__
    shown = f"{message(payload=b'a-capability')!r} {sealer.seal(message())!r}"
    assert "a-capability" not in shown
    assert "vapid" not in shown
    assert "secret" not in shown


# Headers


def test_the_headers_say_how_long_how_urgent_and_what_it_replaces(sealer, message):
    headers = dict(sealer.seal(message(ttl=90, topic="stories-2026-11-25", urgency="low")).headers)
    assert headers.pop("Authorization").startswith("vapid t=")
    assert headers == {
        "TTL": "90", "Topic": "stories-2026-11-25", "Urgency": "low",
        "Content-Type": "application/octet-stream", "Content-Encoding": "aes128gcm",
    }  # fmt: skip


def test_one_messages_life_is_not_the_nexts(sealer, message):
    lives = [sealer.seal(message(ttl=ttl)).headers["TTL"] for ttl in (60, 3600, 60)]
    assert lives == ["60", "3600", "60"]


def test_a_life_is_at_most_what_services_take_and_never_nothing(sealer, message):
    assert sealer.seal(message(ttl=10**9)).headers["TTL"] == "2419200"
    for ttl in (0, -1):
        with pytest.raises(ValueError, match="a second"):
            sealer.seal(message(ttl=ttl))


def test_a_topic_has_at_most_32_characters_for_addresses(sealer, message):
    assert "Topic" not in sealer.seal(message(topic=None)).headers
    assert sealer.seal(message(topic="Az09-_" * 5 + "xy")).headers["Topic"] == "Az09-_" * 5 + "xy"
    for topic in ("", "x" * 33, "a b", "æ", "a\nb", "a:b", "a="):
        with pytest.raises(ValueError, match="topic"):
            sealer.seal(message(topic=topic))


def test_an_urgency_is_one_of_four_words(sealer, message):
    for urgency in ("", "urgent", "Normal", "low\r\nX: y"):
        with pytest.raises(ValueError, match="urgency"):
            sealer.seal(message(urgency=urgency))


def test_it_is_sent_to_the_address_that_the_browser_gave_letter_by_letter(sealer, message):
    for endpoint in (
        "https://FCM.googleapis.com:443/a/../b/%7e%2F?x=%C3%A6&y",
        "https://web.push.apple.com/QGuR==",
    ):
        assert sealer.seal(message(endpoint=endpoint)).endpoint == endpoint


# Our signature


def claims(sealed):
    """What a push service reads in the signature, once it has checked it with the key beside it."""
    token, key = sealed.headers["Authorization"].removeprefix("vapid t=").split(", k=")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(key))
    return key, jwt.decode(
        token, point, algorithms=["ES256"], options={"verify_aud": False, "verify_exp": False}
    )


def test_a_service_knows_who_sends_and_whom_to_write_to(sealer, message):
    with time_machine.travel(datetime(2026, 11, 25, 8, tzinfo=UTC), tick=False):
        key, said = claims(sealer.seal(message()))
    assert key == sealer.public_key
    assert said == {
        "aud": "https://fcm.googleapis.com", "exp": datetime(2026, 11, 25, 20, tzinfo=UTC).timestamp(),
        "sub": PUBLIC_URL,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [
        ("https://FCM.googleapis.com:443/x", "https://fcm.googleapis.com"),
        ("https://localhost:8443/x", "https://localhost:8443"),
    ],
)
def test_a_signature_names_the_services_origin_with_its_port(sealer, message, endpoint, origin):
    assert claims(sealer.seal(message(endpoint=endpoint)))[1]["aud"] == origin


def test_one_signature_serves_a_service_for_half_of_its_life(sealer, message):
    def signature(hours, endpoint=ENDPOINT):
        with time_machine.travel(datetime(2026, 11, 25, 8, tzinfo=UTC) + timedelta(hours=hours), tick=False):
            sealed = sealer.seal(message(endpoint=endpoint))
            left = claims(sealed)[1]["exp"] - datetime.now(UTC).timestamp()
        assert 6 * 3600 < left <= 12 * 3600
        return sealed.headers["Authorization"]

    first = signature(0)
    assert signature(5.99, ENDPOINT + "2") == first
    assert signature(1, "https://web.push.apple.com/x") != first
    assert signature(6) != first
    assert signature(-48) not in (first, signature(6))


def test_signatures_kept_for_made_up_services_do_not_fill_the_memory(sealer, message):
    for number in range(1100):
        sealer.seal(message(endpoint=f"https://x{number}.push.apple.com/x"))
    assert len(sealer._builders[sealer.key_id].vapid._signed) <= 500


def test_a_device_that_knows_a_former_key_is_signed_to_with_that(sealer, device, message):
    former = Sealer([FORMER], PUBLIC_URL)
    assert former.key_id != sealer.key_id
    sealed = sealer.seal(message(key_id=former.key_id))
    assert claims(sealed)[0] == former.public_key != sealer.public_key
    assert device.open(sealed.body) == b"{}"
    with pytest.raises(KeyUnknown):
        former.seal(message(key_id=sealer.key_id))


def test_a_key_has_the_same_short_name_in_every_process_and_a_browser_takes_it(sealer):
    again = Sealer([CURRENT], "mailto:it@example.dk")
    assert (again.key_id, again.public_key) == (sealer.key_id, sealer.public_key)
    assert len(sealer.key_id) == 16
    point = raw(sealer.public_key)
    assert len(point) == 65
    assert point[0] == 4


def test_the_settings_name_keys_and_contact(tmp_path, message, sealer):
    given = {"DATA_DIR": str(tmp_path), "VAPID_PRIVATE_KEY": CURRENT, "VAPID_OLD_PRIVATE_KEYS": FORMER}
    ours = Sealer.of(from_environment(given | {"VAPID_CONTACT": "mailto:it@example.dk"}))
    assert ours.public_key == sealer.public_key
    assert claims(ours.seal(message()))[1]["sub"] == "mailto:it@example.dk"
    ours.seal(message(key_id=Sealer([FORMER], PUBLIC_URL).key_id))


def test_threads_may_share_it(sealer, device, message):
    opened = []

    def work(number):
        for turn in range(40):
            sealed = sealer.seal(message(payload=f"{number}-{turn}".encode(), ttl=number + 1))
            opened.append((device.open(sealed.body).decode(), int(sealed.headers["TTL"])))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == sorted((f"{n}-{t}", n + 1) for n in range(8) for t in range(40))


# What a message says


def said(title="Mads har set dig", body="Åbn den, når du har et øjeblik.", path="/shout-outs/7", badge=None):
    return payload(title, body, path, "da", "shoutout-7", badge, PUBLIC_URL)


def test_a_message_is_declarative_and_leads_to_a_page_of_ours():
    assert json.loads(said()) == {
        "web_push": 8030,
        "notification": {
            "title": "Mads har set dig", "body": "Åbn den, når du har et øjeblik.",
            "navigate": "https://fortael.example.dk/shout-outs/7", "lang": "da", "tag": "shoutout-7",
        },
    }  # fmt: skip
    assert "Åbn".encode() in said()


def test_the_icons_number_stands_where_new_and_older_browsers_look_for_it():
    for number in (0, 3):
        message = json.loads(said(badge=number))
        assert message["app_badge"] == message["notification"]["app_badge"] == number


def test_a_message_cannot_lead_elsewhere():
    for path in ("https://evil.example/", "evil.example", "@evil.example", ".evil.example", ""):
        with pytest.raises(ValueError, match="page of ours"):
            said(path=path)
    assert json.loads(said(path="//evil.example"))["notification"]["navigate"].startswith(PUBLIC_URL + "/")


FAMILY = "👩‍👩‍👧‍👦"
TEXTS = {
    "html": "<b>Tak</b> & <script>alert('1')</script> \"hej\" \\ {{ 7*7 }}",
    "right to left": "\u2067שלום, אנה\u2069 og \u200fمرحبا\u200e",
    "overridden": "Anna \u202egnp.exe\u202c her",
    "emoji": f"{FAMILY} 🇩🇰 👍🏽 ❤️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "combining": "Z\u0335\u0321a\u0334\u0322l\u0336g\u0337o\u0338 A\u030a e\u0301",
    "written in pieces": "각 क्षि நி กำ",
    "lines": "Første linje\nanden\tlinje\r\n\u2028tredje\x00\x1b",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_texts_come_out_as_they_went_in(sealer, device, message, text):
    body = sealer.seal(message(payload=said(title=text, body=text))).body
    notification = json.loads(device.open(body))["notification"]
    assert (notification["title"], notification["body"]) == (text, text)


@pytest.mark.parametrize("text", [*TEXTS.values(), "Tak for i går. ", "x"], ids=[*TEXTS, "plain", "x"])
def test_ten_thousand_characters_come_out_cleanly_shortened(sealer, device, message, text):
    text = (text * 10_000)[:10_000]
    body = sealer.seal(message(payload=said(title=text, body=text, badge=2))).body
    opened = device.open(body)
    assert len(opened) < 1024
    notification = json.loads(opened)["notification"]
    for cut, least in ((notification["title"], 200), (notification["body"], 350)):
        assert shortening.size(cut) > least
        assert is_clean(cut, text)


def is_clean(cut, text):
    """A beginning of the text that ends between two of its characters, an ellipsis, and open directions closed."""
    beginning, ellipsis, closing = cut.rpartition("…")
    assert ellipsis
    assert closing.strip("\u202c\u2069") == ""
    assert text.startswith(beginning)
    rest = text[len(beginning) :].lstrip()
    boundaries = {found.start() for found in regex.finditer(r"\X", text)}
    assert len(text) - len(rest) in boundaries or len(beginning) in boundaries
    assert not directions_left_open(cut) or directions_left_open(text[: len(beginning)]) == 0
    return True


def directions_left_open(text):
    """How many isolates and embeddings are left open at the end, as the bidirectional algorithm matches them."""
    levels = []
    for char in text:
        if char in "\u2066\u2067\u2068":
            levels.append("isolate")
        elif char in "\u202a\u202b\u202d\u202e":
            levels.append("embedding")
        elif char == "\u2069" and "isolate" in levels:
            while levels.pop() != "isolate":
                pass
        elif char == "\u202c" and levels and levels[-1] == "embedding":
            levels.pop()
    return len(levels)


CHARACTERS = st.lists(
    st.sampled_from([*"abæ \u0301\u200d\u2066\u2067\u2069\u202b\u202e\u202c\u200f\r\n", FAMILY, "🇩", "🇰", "👍", "🏽", "क", "्", "ᄀ", "ᅡ", "ᆨ"])
)  # fmt: skip


@given(CHARACTERS, st.integers(40, 90))
def test_whatever_is_cut_is_cut_cleanly(characters, room):
    text = "".join(characters)
    cut = shortening.shortened(text, room)
    assert shortening.size(cut) <= room
    if cut != text:
        # One that is too big alone is cut inside, as below.
        first = shortening.ONE_CHARACTER.match(text)[0]
        assert is_clean(cut, text) or shortening.size(first + shortening.ELLIPSIS) > room
        assert not directions_left_open(cut)


def test_one_character_that_is_too_big_alone_is_cut_inside():
    cut = shortening.shortened("a" + "\u0301" * 5000, 100)
    assert cut.startswith("a\u0301\u0301")
    assert shortening.size(cut) <= 100


def test_half_a_character_does_not_stop_a_message():
    notification = json.loads(said(title="a\ud83d", body="\ud83d\ude00 b\udc00"))["notification"]
    assert (notification["title"], notification["body"]) == ("a\ufffd", "😀 b\ufffd")


def test_a_long_address_leaves_room_for_words():
    message = said(path="/" + "x" * 900, title="t" * 500, body="b" * 500)
    assert len(message) < messages.MOST_BYTES
    assert len(json.loads(message)["notification"]["title"]) > 200


def test_base64url_of_the_tests_is_that_of_browsers():
    assert base64url(b"\xfb\xff\xfe") == "-__-"
