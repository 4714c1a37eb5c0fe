"""A push service that others have written takes what we seal and send, and opens it.

web-push-testing checks key, signature, time to live and encoding, and decrypts. It speaks plain HTTP, and we
send over TLS alone, so TLS stands in front of it.
"""

import json
import shutil
import socket
import subprocess
import threading
import urllib.request
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.config import from_environment
from app.push.messages import Message, Sealer, payload
from app.push.sending import Answer, Hosts, send
from tests.postgres import free_port
from tests.push.service import certificate, tls
from tests.push.test_messages import pem, raw
from tests.running import ROOT

PROGRAM = ROOT / "tests/npm/node_modules/web-push-testing/src/bin/server.js"
TEXT = "<b>Tak</b> \u2067שלום\u2069 👩‍👩‍👧‍👦 Z\u0335\u0321 — du blev, til vagten var dækket"

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and PROGRAM.exists()), reason="needs node, and `npm ci` in tests/npm"
)


class Behind:
    """`with Behind(port) as front:` TLS on `front.port`, and what comes goes on to a port in the plain."""

    def __init__(self, port):
        self.chain, key = certificate()
        self._to = port
        self._listening = tls(self.chain, key).wrap_socket(
            socket.create_server(("127.0.0.1", 0)), server_side=True, do_handshake_on_connect=False
        )
        self.port = self._listening.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self._listening.close()

    def _serve(self):
        with suppress(OSError):
            while True:
                threading.Thread(target=self._join, args=(self._listening.accept()[0],), daemon=True).start()

    def _join(self, front):
        with front, socket.create_connection(("localhost", self._to)) as back, suppress(OSError):
            answering = threading.Thread(target=pour, args=(back, front), daemon=True)
            answering.start()
            pour(front, back)
            back.shutdown(socket.SHUT_WR)
            answering.join()


def pour(source, target):
    """Everything from one socket into another, until it ends."""
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)


class Theirs:
    """The program, asked as its README says."""

    def __init__(self, port):
        self.port = port

    def ask(self, path, **fields):
        """What it answers with `data`."""
        asked = urllib.request.Request(  # on loopback
            f"http://localhost:{self.port}/{path}",
            json.dumps(fields).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310  # on loopback
            told = answer.read()
            return json.loads(told)["data"] if told.startswith(b"{") else told

    def messages(self, subscribed):
        """What a device has got, decrypted."""
        return self.ask("get-notifications", clientHash=subscribed["clientHash"])["messages"]


@pytest.fixture(scope="module")
def theirs():
    port = free_port()
    process = subprocess.Popen(
        ["node", str(PROGRAM), str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert b"running" in process.stdout.readline()
        yield Theirs(port)
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.fixture
def config(theirs, tmp_path):
    with Behind(theirs.port) as front:
        yield from_environment(
            {"DATA_DIR": str(tmp_path), "FORTAEL_ENV": "test", "PUBLIC_URL": "https://fortael.example.dk",
             "PUSH_HOSTS": f"localhost:{front.port}", "PUSH_CA": front.chain}
        )  # fmt: skip


@pytest.fixture
def message(theirs, config):
    """`message(subscribed)` is a message for a device that has subscribed there; any field may be given."""

    def made(subscribed, **fields):
        endpoint = subscribed["endpoint"].replace(
            f"http://localhost:{theirs.port}", f"https://{config['PUSH_HOSTS'][0]}"
        )
        said = payload("Mads har set dig", TEXT, "/shout-outs/7", "da", "shoutout-7", 1, config["PUBLIC_URL"])
        whole = {"endpoint": endpoint, "public_key": raw(subscribed["keys"]["p256dh"]),
                 "secret": raw(subscribed["keys"]["auth"]), "key_id": Sealer.of(config).key_id, "payload": said,
                 "ttl": 3600, "topic": "shoutout-7", "urgency": "normal"}  # fmt: skip
        return Message(**(whole | fields))

    return made


@pytest.fixture
def subscribed(theirs, config):
    return theirs.ask("subscribe", userVisibleOnly="true", applicationServerKey=Sealer.of(config).public_key)


def test_it_takes_and_opens_what_we_send(theirs, config, message, subscribed):
    sent = message(subscribed)
    assert send([Sealer.of(config).seal(sent)], Hosts.of(config)) == [Answer(201)]
    assert theirs.messages(subscribed) == [sent.payload.decode()]
    assert json.loads(theirs.messages(subscribed)[0])["notification"]["body"] == TEXT


def test_it_takes_the_largest_payload_and_many_at_once(theirs, config, message, subscribed):
    sealer = Sealer.of(config)
    payloads = [str(number).encode() * (3993 // len(str(number))) for number in range(60)]
    answers = send([sealer.seal(message(subscribed, payload=one)) for one in payloads], Hosts.of(config))
    assert answers == [Answer(201)] * 60
    assert sorted(theirs.messages(subscribed)) == sorted(one.decode() for one in payloads)


def test_it_refuses_a_strangers_signature_and_another_devices_keys(theirs, config, message, subscribed):
    ours, stranger = (
        Sealer.of(config),
        Sealer([pem(ec.generate_private_key(ec.SECP256R1()))], config["PUBLIC_URL"]),
    )
    other = theirs.ask("subscribe", userVisibleOnly="true", applicationServerKey=ours.public_key)
    wrong = [
        stranger.seal(message(subscribed, key_id=stranger.key_id)),
        ours.seal(message(subscribed, public_key=raw(other["keys"]["p256dh"]))),
        ours.seal(message(subscribed, secret=raw(other["keys"]["auth"]))),
    ]
    assert send(wrong, Hosts.of(config)) == [Answer(400)] * 3
    assert theirs.messages(subscribed) == []


def test_it_says_when_a_device_is_gone(theirs, config, message, subscribed):
    theirs.ask(f"expire-subscription/{subscribed['clientHash']}")
    assert send([Sealer.of(config).seal(message(subscribed))], Hosts.of(config)) == [Answer(410)]
