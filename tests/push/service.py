"""A push service on loopback, over TLS with a certificate of its own, and the devices that subscribe there.

    with PushService() as service:
        app.config.update(service.settings)      # or the environment of a process
        device = service.subscribe()
        service.will_answer(device, 429, 201, retry_after=30)
        …
        service.opened(device)                   # what came, decrypted: a list of JSON documents

Decryption is http_ece's, which shares nothing with what encrypts.
"""

import base64
import json
import os
import secrets
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import http_ece
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

# Chromium's own push service is among them, so that its endpoints can be led here: see `reaching`.
NAMES = ("localhost", "jmt17.google.com", "fcm.googleapis.com", "*.push.services.mozilla.com")


@dataclass(frozen=True)
class Device:
    """A browser that has subscribed; `keys` is what its script sends us besides the endpoint."""

    endpoint: str
    private_key: ec.EllipticCurvePrivateKey = field(repr=False)
    secret: bytes = field(repr=False)

    @property
    def public_key(self) -> bytes:
        """The point that messages are encrypted for, 65 bytes."""
        formats = serialization.PublicFormat.UncompressedPoint
        return self.private_key.public_key().public_bytes(serialization.Encoding.X962, formats)

    @property
    def keys(self) -> dict[str, str]:
        """As PushSubscription.toJSON() writes them."""
        return {"p256dh": base64url(self.public_key), "auth": base64url(self.secret)}

    def open(self, body: bytes) -> bytes:
        """The payload. Raises when it was not encrypted for this device."""
        opened: bytes = http_ece.decrypt(
            body, private_key=self.private_key, auth_secret=self.secret, version="aes128gcm"
        )
        return opened


@dataclass(frozen=True)
class Received:
    """A message as it came, and what was answered; 0 when nothing was."""

    path: str
    headers: dict[str, str]
    body: bytes
    status: int


@dataclass
class Answers:
    """What an endpoint answers: each in turn, and the last for ever. 0 stands for no answer at all."""

    statuses: list[int] = field(default_factory=lambda: [201])
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def next(self) -> int:
        """The status of the next answer."""
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


class PushService:
    """`with PushService() as service:` listens on a free port of loopback; `delay` is how long each answer takes."""

    def __init__(self, delay: float = 0.0, then: Callable[[Received], None] | None = None) -> None:
        self.delay, self.then = delay, then
        self.received: list[Received] = []
        self.most_at_once = 0
        self.connections = 0
        self.closing = threading.Event()
        self._answers: dict[str, Answers] = {}
        self._under_way = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self.certificate, key = certificate()
        self._server = _Server(self)
        self._server.socket = tls(self.certificate, key).wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def settings(self) -> dict[str, str]:
        """The environment of an app that may send here."""
        return {"PUSH_HOSTS": f"localhost:{self.port}", "PUSH_CA": self.certificate}

    def reaching(self, name: str) -> dict[str, str]:
        """The same, when endpoints stand at https://name: such as jmt17.google.com, which Chromium gives."""
        return self.settings | {"PUSH_HOSTS": f"{name}=localhost:{self.port}"}

    def subscribe(self) -> Device:
        """A new device with an endpoint here."""
        key = ec.generate_private_key(ec.SECP256R1())
        endpoint = f"https://localhost:{self.port}/push/{secrets.token_urlsafe(24)}"
        return Device(endpoint, key, os.urandom(16))

    def will_answer(
        self, device: Device, *statuses: int, retry_after: int | None = None, body: bytes = b"", **more: str
    ) -> None:
        """What the device's endpoint answers from now on, one after another; 0 hangs. `Location="…"` adds a header."""
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        self._answers[path_of(device)] = Answers(list(statuses), headers, body)

    def messages(self, device: Device) -> list[Received]:
        """What came for a device, acknowledged or not."""
        return [one for one in self.received if one.path == path_of(device)]

    def opened(self, device: Device) -> list[Any]:
        """The JSON documents that were taken (answered with 2xx), decrypted."""
        taken = [one for one in self.messages(device) if 200 <= one.status < 300]
        return [json.loads(device.open(one.body)) for one in taken]

    def hang_up(self) -> None:
        """Close every connection."""
        for one in self._server.connected:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._server.connected.clear()

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Answers:
        """Note a message and say what to answer; the server's threads call this."""
        with self._lock:
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
        time.sleep(self.delay)
        with self._lock:
            self._under_way -= 1
            answers = self._answers.get(path, Answers())
            status = answers.next()
            got = Received(path, headers, body, status)
            self.received.append(got)
        if self.then:
            self.then(got)
        return Answers([status], answers.headers, answers.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, service: PushService) -> None:
        self.service = service
        self.connected: list[socket.socket] = []
        super().__init__(("127.0.0.1", 0), _Request)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.service.connections += 1
        self.connected.append(request)
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error here."""


class _Request(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        """A message."""
        # self.path would have lost what http.server thinks is wrong in it.
        path = self.requestline.split()[1]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answers = self.server.service.take(path, headers, body)
        status = answers.next()
        if status == 0:
            self.server.service.closing.wait(60)
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in {"Content-Length": str(len(answers.body)), **answers.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answers.body)

    def log_message(self, *_args: object) -> None:
        """Nothing on the screen."""


def path_of(device: Device) -> str:
    """An endpoint's path."""
    return "/" + device.endpoint.split("/", 3)[3]


def certificate(names: tuple[str, ...] = NAMES) -> tuple[str, str]:
    """A certificate that vouches for itself, and its key, in PEM. It is good whatever time a test has."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a push service of the tests")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    return made.public_bytes(pem).decode(), private.decode()


def tls(certificate: str, key: str) -> ssl.SSLContext:
    """The server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    with tempfile.TemporaryDirectory() as folder:
        chain = Path(folder) / "chain.pem"
        chain.write_text(certificate + key)
        context.load_cert_chain(chain)
    return context


def base64url(raw: bytes) -> str:
    """As browsers write keys."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
