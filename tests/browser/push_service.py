"""A push service for a real Chromium: Google's side of it, as much as a browser and our server ask of it.

A browser checks in and registers over HTTP and then listens on a connection of its own (MCS, over TLS); what
our server posts to the endpoint goes down that connection as it came, and the browser decrypts it.
"""

import asyncio
import contextlib
import secrets
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

VERSION = 41
PING, ACK, LOGIN, LOGGED_IN, DATA = 0, 1, 2, 3, 8
PATIENCE = 20.0
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class PushService:
    """`with PushService(folder) as service:` listens on loopback; `service.flags` lead a Chromium to it.

    `posted` holds path, headers and body of what came to endpoints; `status` is what is answered then.
    """

    def __init__(self, folder: Path) -> None:
        self.certificate = certificate(folder)
        self.posted: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 201
        self.registered: dict[str, tuple[str, str, str]] = {}
        self._connections: set[asyncio.StreamWriter] = set()
        self._listening: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _listen(self) -> None:
        secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        secure.load_cert_chain(self.certificate)
        self._servers = [
            await asyncio.start_server(self._talk(self._registers), "127.0.0.1", 0),
            await asyncio.start_server(self._talk(self._keeps), "127.0.0.1", 0, ssl=secure),
            await asyncio.start_server(self._talk(self._delivers), "127.0.0.1", 0, ssl=secure),
        ]
        self._http, self._mcs, self.port = (one.sockets[0].getsockname()[1] for one in self._servers)

    def _talk(self, talk: Talk) -> Talk:
        """A connection's whole life: until either side hangs up."""

        async def whole(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._connections.add(writer)
            with contextlib.suppress(asyncio.IncompleteReadError, OSError):
                await talk(reader, writer)
            self._connections.discard(writer)
            self._listening.discard(writer)
            writer.close()

        return whole

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for writer in self._connections:
            writer.transport.abort()
        while self._connections:
            await asyncio.sleep(0.01)

    @property
    def flags(self) -> list[str]:
        """What Chromium is started with."""
        return [
            f"--gcm-checkin-url=http://127.0.0.1:{self._http}/checkin",
            f"--gcm-registration-url=http://127.0.0.1:{self._http}/register",
            f"--gcm-mcs-endpoint=https://127.0.0.1:{self._mcs}",
            "--ignore-certificate-errors",
        ]

    async def _registers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for path, _headers, body in requests(reader):
            said = self._checked_in() if path == "/checkin" else self._registered(body)
            writer.write(answer(200, said))

    def _checked_in(self) -> bytes:
        now = int(datetime.now(UTC).timestamp() * 1000)
        return number(1, 1) + number(3, now) + fixed(7, 4_242_424_242) + fixed(8, 2_424_242_424)

    def _registered(self, body: bytes) -> bytes:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        app, subtype = form.get("app", ""), form.get("X-subtype", "")
        if "delete" in form:
            gone = [token for token, known in self.registered.items() if known[2] == subtype]
            for token in gone:
                del self.registered[token]
            return f"deleted={app}".encode()
        token = secrets.token_urlsafe(24)
        if subtype:  # else it is something of the browser's own
            self.registered[token] = app, form["sender"], subtype
        return f"token={token}".encode()

    async def _keeps(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A browser's connection: it logs in, pings, and hears what is for it."""
        await reader.readexactly(1)
        writer.write(bytes([VERSION]))
        while True:
            tag = (await reader.readexactly(1))[0]
            await reader.readexactly(await size(reader))
            if tag == LOGIN:
                writer.write(stanza(LOGGED_IN, text(1, "phone")))
                self._listening.add(writer)
            elif tag == PING:
                writer.write(stanza(ACK, b""))

    async def _delivers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for path, headers, body in requests(reader):
            self.posted.append((path, headers, body))
            known = self.registered.get(path.rpartition("/")[2])
            if known and self.status == 201:
                for browser in self._listening:
                    browser.write(data(known, body, len(self.posted)))
            writer.write(answer(self.status if known else 410, b""))


async def requests(reader: asyncio.StreamReader) -> AsyncIterator[tuple[str, dict[str, str], bytes]]:
    """Path, headers and body of each HTTP request on a connection."""
    while True:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in head[1:])}
        yield head[0].split()[1], headers, await reader.readexactly(int(headers.get("content-length", "0")))


def answer(status: int, body: bytes) -> bytes:
    return f"HTTP/1.1 {status} OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def data(registered: tuple[str, str, str], body: bytes, count: int) -> bytes:
    """A DataMessageStanza: who it is for, and the encrypted body as it is."""
    app, sender, subtype = registered
    facts = {"subtype": subtype, "content-encoding": "aes128gcm"}
    return stanza(
        DATA,
        text(2, f"message-{count}") + text(3, sender) + text(5, app)
        + b"".join(field(7, text(1, name) + text(2, value)) for name, value in facts.items())
        + text(9, f"persistent-{count}") + number(17, 3600) + field(21, body),
    )  # fmt: skip


def stanza(tag: int, content: bytes) -> bytes:
    return bytes([tag]) + varint(len(content)) + content


def varint(value: int) -> bytes:
    low, high = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + varint(high) if high else bytes([low])


def number(place: int, value: int) -> bytes:
    return varint(place << 3) + varint(value)


def fixed(place: int, value: int) -> bytes:
    return varint(place << 3 | 1) + value.to_bytes(8, "little")


def field(place: int, value: bytes) -> bytes:
    return varint(place << 3 | 2) + varint(len(value)) + value


def text(place: int, value: str) -> bytes:
    return field(place, value.encode())


async def size(reader: asyncio.StreamReader) -> int:
    """A number as it comes, seven bits at a time."""
    value = shift = 0
    while True:
        one = (await reader.readexactly(1))[0]
        value |= (one & 0x7F) << shift
        if one < 0x80:
            return value
        shift += 7


def certificate(folder: Path) -> Path:
    """A key and a certificate of our own in one file, for every name that a browser's endpoint may have."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "push service of the tests")])
    names = [x509.DNSName(one) for one in ("localhost", "fcm.googleapis.com", "jmt17.google.com")]
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "push-service.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path
