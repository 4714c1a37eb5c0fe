"""Messages go to the services of the list, many at once, and what those answer is told in words and numbers."""

import json
import logging
import socketserver
import threading
import time

import pytest

from app.config import from_environment
from app.push import lines, sending
from app.push.lines import is_public
from app.push.messages import Message, Sealed, Sealer
from app.push.sending import NOT_ALLOWED, NOT_TRIED, Answer, Hosts, is_allowed, send
from tests.postgres import free_port
from tests.push.answering import SecondVersion
from tests.push.service import PushService, certificate, path_of


@pytest.fixture(scope="module")
def running():
    with PushService() as service:
        yield service


@pytest.fixture
def service(running):
    running.received.clear()
    running.connections = running.most_at_once = 0
    return running


@pytest.fixture
def read(tmp_path):
    """`read(service.settings)` gives the settings of an app under test."""
    return lambda *given: from_environment(
        {"DATA_DIR": str(tmp_path), "FORTAEL_ENV": "test"} | {k: v for one in given for k, v in one.items()}
    )


@pytest.fixture
def hosts(service, read):
    return Hosts.of(read(service.settings))


def sealed(endpoint, body=b"x" * 200):
    return Sealed(endpoint, body, {"TTL": "60", "Content-Encoding": "aes128gcm"})


# The list


ALLOWED = [
    "https://fcm.googleapis.com/fcm/send/abc:APA91b-_",
    "https://FCM.GoogleAPIs.com/fcm/send/abc",
    "https://fcm.googleapis.com:443/fcm/send/abc",
    "https://jmt17.google.com/fcm/send/abc",
    "https://android.googleapis.com/gcm/send/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA_-",
    "https://web.push.apple.com/QGuR-_",
    "https://api.push.apple.com/3/device/x",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAD%2bx%3d",
    "https://fcm.googleapis.com/",
]
REFUSED = {
    "plain http": "http://fcm.googleapis.com/x",
    "another scheme": "ftp://fcm.googleapis.com/x",
    "no scheme": "//fcm.googleapis.com/x",
    "no path": "https://fcm.googleapis.com",
    "nothing": "",
    "another port": "https://fcm.googleapis.com:8443/x",
    "port zero": "https://fcm.googleapis.com:0/x",
    "a port too long": "https://fcm.googleapis.com:000443000/x",
    "an empty port": "https://fcm.googleapis.com:/x",
    "somebody else": "https://push.evil.dk/x",
    "a suffix without a dot": "https://evilpush.apple.com/x",
    "a suffix joined": "https://xpush.services.mozilla.com/x",
    "a prefix": "https://fcm.googleapis.com.evil.dk/x",
    "both": "https://evil-fcm.googleapis.com.evil.dk/x",
    "below an exact name": "https://a.fcm.googleapis.com/x",
    "a wildcard's bare name": "https://push.apple.com/x",
    "nothing before the dot": "https://.push.apple.com/x",
    "two dots": "https://a..push.apple.com/x",
    "a dot at the end": "https://fcm.googleapis.com./x",
    "a name": "https://fcm.googleapis.com@evil.dk/x",
    "a name and a password": "https://me:secret@fcm.googleapis.com/x",
    "an empty name": "https://@fcm.googleapis.com/x",
    "a backslash": "https://evil.dk\\@fcm.googleapis.com/x",
    "a backslash behind": "https://fcm.googleapis.com\\.evil.dk/x",
    "a hash": "https://evil.dk#@fcm.googleapis.com/x",
    "a hash behind": "https://fcm.googleapis.com/x#y",
    "a question": "https://evil.dk?@fcm.googleapis.com/x",
    "a percent": "https://fcm%2egoogleapis.com/x",
    "a space before": " https://fcm.googleapis.com/x",
    "a space": "https://fcm.googleapis.com/x y",
    "a line": "https://fcm.googleapis.com/x\n",
    "a header": "https://fcm.googleapis.com/x\r\nHost: evil.dk",
    "a zero byte": "https://fcm.googleapis.com/x\x00",
    "letters that look alike": "https://fcm.googleapis.c\u043em/x",
    "a wide dot": "https://fcm\u3002googleapis.com/x",
    "the letter k of kelvin": "https://fcm.googleapis.com/\u212a",
    "too long": "https://fcm.googleapis.com/" + "x" * 2048,
    "loopback": "https://localhost/x",
    "127.0.0.1": "https://127.0.0.1/x",
    "127.1": "https://127.1/x",
    "decimal": "https://2130706433/x",
    "hexadecimal": "https://0x7f000001/x",
    "octal": "https://0177.0.0.1/x",
    "version six": "https://[::1]/x",
    "mapped": "https://[::ffff:127.0.0.1]/x",
    "the machine's data": "https://169.254.169.254/latest",
}


@pytest.fixture
def known(read):
    return Hosts.of(read())


@pytest.mark.parametrize("endpoint", ALLOWED)
def test_what_browsers_give_is_allowed(known, endpoint):
    assert is_allowed(endpoint, known)


@pytest.mark.parametrize("endpoint", REFUSED.values(), ids=REFUSED)
def test_what_no_browser_gives_is_refused_and_not_tried(known, endpoint):
    assert not is_allowed(endpoint, known)
    assert send([sealed(endpoint)], known) == [NOT_ALLOWED]


def test_an_empty_list_allows_nothing(read):
    assert not any(is_allowed(endpoint, Hosts(frozenset(), ())) for endpoint in ALLOWED)


def test_a_test_entry_allows_its_own_port_alone(hosts, service):
    assert is_allowed(f"https://localhost:{service.port}/x", hosts)
    assert not is_allowed(f"https://localhost:{service.port - 1}/x", hosts)
    assert not is_allowed("https://localhost/x", hosts)
    assert not is_allowed(f"https://127.0.0.1:{service.port}/x", hosts)


def test_the_list_is_asked_again_when_sending(service, hosts, known):
    device = service.subscribe()
    assert send([sealed(device.endpoint)], known) == [NOT_ALLOWED]
    assert service.connections == 0
    assert [one.status for one in send([sealed(device.endpoint)], hosts)] == [201]


# Private addresses


PRIVATE = ("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",  # noqa: S104  # they are only read
           "168.63.129.16", "100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
           "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
           "2002:7f00:1::", "2001:0:7f00:1::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1")  # fmt: skip
PUBLIC = (
    "8.8.8.8",
    "142.250.74.10",
    "17.57.146.1",
    "::ffff:8.8.8.8",
    "2a00:1450:400f:80d::200a",
    "2620:149:208::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_a_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


def test_in_production_a_public_name_that_leads_inside_is_not_reached(service, hosts, read, tmp_path):
    device = service.subscribe()
    as_there = Hosts(hosts.names, (), ca=hosts.ca, private=False)
    assert send([sealed(device.endpoint)], as_there) == [Answer(0, None, "no connection")]
    assert service.connections == 0
    production = {"FORTAEL_ENV": "production", "PUBLIC_URL": "https://fortael.example.dk", "SECRET_KEY": "x" * 32,
                  "VAPID_PRIVATE_KEY": read()["VAPID_PRIVATE_KEY"]}  # fmt: skip
    assert not Hosts.of(read(production)).private
    assert Hosts.of(read(service.settings)).private


def test_a_test_can_meet_chromiums_service_at_another_place(service, read):
    elsewhere = Hosts.of(read(service.reaching("jmt17.google.com")))
    device = service.subscribe()
    endpoint = f"https://jmt17.google.com{path_of(device)}"
    assert send([sealed(endpoint)], elsewhere) == [Answer(201)]
    assert service.messages(device)[0].headers["host"] == "jmt17.google.com"
    assert send([sealed(device.endpoint)], elsewhere) == [NOT_ALLOWED]


# What services answer


@pytest.mark.parametrize("status", [200, 201, 202, 400, 401, 403, 404, 410, 413, 429, 500, 502, 503])
def test_each_answer_is_told_with_its_number(service, hosts, status):
    device = service.subscribe()
    service.will_answer(device, status)
    assert send([sealed(device.endpoint)], hosts) == [Answer(status)]


def test_answers_stand_in_the_order_of_the_messages(service, hosts):
    statuses = [201, 404, 410, 413, 429, 500, 201, 400] * 40
    devices = [service.subscribe() for _one in statuses]
    for device, status in zip(devices, statuses, strict=True):
        service.will_answer(device, status)
    answers = send([sealed(device.endpoint) for device in devices], hosts)
    assert [one.status for one in answers] == statuses


def test_when_to_come_again_is_told_in_seconds(service, hosts):
    device = service.subscribe()
    service.will_answer(device, 429, 503, 201, retry_after=120)
    assert send([sealed(device.endpoint)], hosts) == [Answer(429, 120)]
    assert send([sealed(device.endpoint)], hosts) == [Answer(503, 120)]
    service.will_answer(device, 429, Retry_After="soon")
    assert send([sealed(device.endpoint)], hosts) == [Answer(429)]
    service.will_answer(device, 429, Retry_After=time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 90)))  # fmt: skip
    [answer] = send([sealed(device.endpoint)], hosts)
    assert 80 <= answer.retry_after <= 90


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(service, hosts, status):
    device, canary = service.subscribe(), service.subscribe()
    service.will_answer(device, status, Location=canary.endpoint)
    assert send([sealed(device.endpoint)], hosts) == [Answer(status)]
    assert service.messages(canary) == []
    assert len(service.received) == 1


@pytest.mark.parametrize("status", [201, 400, 413])
def test_an_answer_that_never_ends_is_not_read_and_its_status_counts(service, hosts, status):
    device = service.subscribe()
    service.will_answer(device, status, body=b"x" * 20_000_000)
    assert send([sealed(device.endpoint)], hosts) == [Answer(status)]


def test_a_service_that_hangs_is_left_and_holds_up_nobody(service, hosts, monkeypatch):
    monkeypatch.setattr(lines, "ANSWER_SECONDS", 2)
    hanging, others = service.subscribe(), [service.subscribe() for _one in range(20)]
    service.will_answer(hanging, 0)
    began = time.monotonic()
    answers = send([sealed(one.endpoint) for one in (hanging, *others)], hosts)
    assert answers == [Answer(0, None, "no answer in time"), *[Answer(201)] * 20]
    assert time.monotonic() - began < 10


def test_a_whole_batch_has_an_end(service, hosts, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    monkeypatch.setattr(lines, "ANSWER_SECONDS", 1)
    monkeypatch.setattr(sending, "PATIENCE_SECONDS", 0.5)
    hanging, other = service.subscribe(), service.subscribe()
    service.will_answer(hanging, 0)
    answers = send([sealed(one.endpoint) for one in (hanging, other, other)], hosts)
    assert answers == [Answer(0, None, "no answer in time"), NOT_TRIED, NOT_TRIED]
    assert service.messages(other) == []


def test_nothing_to_send_is_sent_at_once(hosts):
    assert send([], hosts) == []


# Connections


@pytest.fixture
def deaf():
    """`deaf(hang_up)` is a port where somebody listens who speaks neither TLS nor HTTP."""
    servers = []

    def listen(say):
        class Saying(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.sendall(say)

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Saying)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server.server_address[1]

    yield listen
    for server in servers:
        server.shutdown()
        server.server_close()


def test_where_nobody_answers_the_reason_is_told(read, deaf):
    ports = free_port(), deaf(b""), deaf(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
    names = [f"localhost:{port}" for port in ports]
    there = Hosts.of(read({"PUSH_HOSTS": ",".join([*names, "nobody.invalid"])}))
    endpoints = [f"https://{name}/x" for name in (*names, "nobody.invalid")]
    answers = send([sealed(one) for one in endpoints], there)
    assert [one.status for one in answers] == [0, 0, 0, 0]
    assert answers[0].said == "no connection"
    assert answers[3].said == "its name is not found"
    assert all(one.said for one in answers)


def test_a_certificate_that_is_not_trusted_gets_nothing(service, hosts, read):
    endpoint = service.subscribe().endpoint
    untrusted = Answer(0, None, "its certificate is not trusted")
    assert send([sealed(endpoint)], Hosts.of(read({"PUSH_HOSTS": f"localhost:{service.port}"}))) == [
        untrusted
    ]
    assert send([sealed(endpoint)], Hosts(hosts.names, (), ca=certificate()[0], private=True)) == [untrusted]
    another_name = Hosts.of(read(service.reaching("android.googleapis.com")))
    assert send([sealed("https://android.googleapis.com/x")], another_name) == [untrusted]
    assert service.received == []


def test_no_proxy_of_the_environment_comes_between(service, hosts, monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert send([sealed(service.subscribe().endpoint)], hosts) == [Answer(201)]


def test_a_path_arrives_as_the_browser_gave_it(service, hosts):
    for path in ("/a/../b/./c", "/%7e%2F%2e", "/x?y=1&z=%C3%A6", "//a//b", "/a:b-_~!$'()*+,;=@"):
        send([sealed(f"https://localhost:{service.port}{path}")], hosts)
        assert service.received[-1].path == path


def test_headers_and_body_arrive_as_they_were_sealed(service, read):
    config = read(service.settings, {"VAPID_CONTACT": "mailto:it@example.dk"})
    sealer, device = Sealer.of(config), service.subscribe()
    message = Message(device.endpoint, device.public_key, device.secret, sealer.key_id,
                      json.dumps({"title": "Æøå 🌊"}, ensure_ascii=False).encode(), 900, "shoutout-7", "low")  # fmt: skip
    ready = sealer.seal(message)
    assert send([ready], Hosts.of(config)) == [Answer(201)]
    [got] = service.messages(device)
    assert got.body == ready.body
    assert {name.lower(): value for name, value in ready.headers.items()}.items() <= got.headers.items()
    assert set(got.headers) == {
        "host", "user-agent", "accept", "content-length", *(name.lower() for name in ready.headers)
    }  # fmt: skip
    assert service.opened(device) == [{"title": "Æøå 🌊"}]


def test_two_thousand_messages_share_a_few_connections(service, hosts):
    devices = [service.subscribe() for _one in range(50)]
    answers = send([sealed(devices[number % 50].endpoint) for number in range(2000)], hosts)
    assert answers == [Answer(201)] * 2000
    assert len(service.received) == 2000
    assert service.connections <= lines.CONNECTIONS_PER_HOST


def test_many_are_under_way_at_once(hosts, service, monkeypatch):
    monkeypatch.setattr(service, "delay", 0.1)
    began = time.monotonic()
    answers = send([sealed(service.subscribe().endpoint) for _one in range(40)], hosts)
    assert answers == [Answer(201)] * 40
    assert time.monotonic() - began < 2.5
    assert 2 < service.most_at_once <= lines.CONNECTIONS_PER_HOST


def test_a_service_that_hangs_up_after_each_answer_gets_them_all(service, hosts):
    devices = [service.subscribe() for _one in range(30)]
    for device in devices:
        service.will_answer(device, 201, Connection="close")
    assert send([sealed(device.endpoint) for device in devices], hosts) == [Answer(201)] * 30
    assert all(len(service.messages(device)) == 1 for device in devices)


def test_a_connection_is_kept_for_the_next_batch_and_one_that_was_closed_is_opened_anew(service, hosts):
    def batch():
        assert send([sealed(service.subscribe().endpoint) for _one in range(10)], hosts) == [Answer(201)] * 10

    batch()
    service.connections = 0
    batch()
    assert service.connections == 0
    service.hang_up()
    batch()
    assert 1 <= service.connections <= lines.CONNECTIONS_PER_HOST
    assert len(service.received) == 30


def test_a_batch_that_is_broken_off_leaves_no_line_busy(service, hosts, monkeypatch):
    def stop(*_arguments):
        raise KeyboardInterrupt

    device = service.subscribe()
    with monkeypatch.context() as patched:
        patched.setattr(sending, "_answer", stop)
        with pytest.raises(KeyboardInterrupt):
            send([sealed(device.endpoint)] * 5, hosts)
    service.received.clear()
    assert send([sealed(service.subscribe().endpoint)] * 3, hosts) == [Answer(201)] * 3
    assert len([one for one in service.received if one.path != path_of(device)]) == 3


def test_threads_send_side_by_side(service, hosts):
    answers = []

    def work():
        answers.extend(send([sealed(service.subscribe().endpoint) for _one in range(50)], hosts))

    threads = [threading.Thread(target=work) for _one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [Answer(201)] * 200


@pytest.fixture
def second_version(tmp_path):
    """A push service that speaks HTTP/2, in a process of its own."""
    with SecondVersion(tmp_path) as service:
        yield service


def test_http_2_is_spoken_where_the_service_speaks_it(second_version, read):
    hosts = Hosts.of(read(second_version.settings))
    answers = send([sealed(f"{second_version.url}/{number}") for number in range(300)], hosts)
    assert answers == [Answer(201)] * 300
    came = second_version.received()
    assert sorted(int(one["path"][1:]) for one in came) == list(range(300))
    assert {one["protocol"] for one in came} == {"HTTP/2"}


# The address is a capability


def test_no_log_no_answer_and_no_output_tells_an_address(
    service, hosts, read, deaf, caplog, capfd, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(lines, "ANSWER_SECONDS", 1)
    devices = [service.subscribe() for _one in range(4)]
    for device, status in zip(devices, (410, 500, 0, 302), strict=True):
        service.will_answer(device, status, Location="/a-capability")
    port = deaf(b"nonsense")
    names = {*hosts.names, ("localhost", port), ("nobody.invalid", 443)}
    elsewhere = [f"https://localhost:{port}", "https://nobody.invalid", "https://evil.dk", "nonsense", f"https://localhost:{service.port}"]  # fmt: skip
    messages = [
        sealed(one)
        for one in (*(device.endpoint for device in devices), *(f"{one}/a-capability" for one in elsewhere))
    ]
    answers = send(messages, Hosts(frozenset(names), (), ca=hosts.ca, private=True))
    assert [one.status for one in answers] == [410, 500, 0, 302, 0, 0, 0, 0, 201]
    output = capfd.readouterr()
    told = f"{caplog.text} {output.out} {output.err} {answers} {messages}"
    for secret in ("a-capability", *(path_of(device) for device in devices)):
        assert secret not in told
