"""Google's side of push, as a real Chromium needs it: where it checks in, registers, and listens.

    with Google() as google, PushService(then=google.deliver) as service:

What our server posts to the push service goes down the browser's connection (MCS, over TLS) as it came, and
the browser decrypts it.
"""

import asyncio
import contextlib
import secrets
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from tests.push.service import Received, certificate, tls

ENDPOINTS = "jmt17.google.com"
VERSION = 41
PING, ACK, LOGIN, LOGGED_IN, DATA = 0, 1, 2, 3, 8
PATIENCE = 20.0
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Google:
    """`google.flags` lead a Chromium here; `registered` has the browser's name for each subscription's token."""

    def __init__(self) -> None:
        self.registered: dict[str, tuple[str, str, str]] = {}
        self._kept: list[bytes] = []
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
        self._servers = [
            await asyncio.start_server(self._talk(self._registers), "127.0.0.1", 0),
            await asyncio.start_server(self._talk(self._keeps), "127.0.0.1", 0, ssl=tls(*certificate())),
        ]
        self._http, self._mcs = (one.sockets[0].getsockname()[1] for one in self._servers)

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

    def deliver(self, message: Received) -> None:
        """Hand a message that the push service has taken to the browsers that listen, or keep it until one does."""
        known = self.registered.get(message.path.rpartition("/")[2])
        if known and message.status == 201:
            self._loop.call_soon_threadsafe(self._hand_over, data(known, message.body, secrets.token_hex(8)))

    def _hand_over(self, sent: bytes) -> None:
        for browser in self._listening:
            browser.write(sent)
        if not self._listening:
            self._kept.append(sent)

    async def _registers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for path, body in requests(reader):
            said = checked_in() if path == "/checkin" else self._registered(body)
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(said)}\r\n\r\n".encode() + said)

    def _registered(self, body: bytes) -> bytes:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        app, subtype = form.get("app", ""), form.get("X-subtype", "")
        if "delete" in form:
            for token in [token for token, known in self.registered.items() if known[2] == subtype]:
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
                writer.write(b"".join(self._kept))
                self._kept.clear()
                self._listening.add(writer)
            elif tag == PING:
                writer.write(stanza(ACK, b""))


async def requests(reader: asyncio.StreamReader) -> AsyncIterator[tuple[str, bytes]]:
    """Path and body of each HTTP request on a connection."""
    while True:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (one.partition(":") for one in head[1:])}
        yield head[0].split()[1], await reader.readexactly(int(headers.get("content-length", "0")))


def checked_in() -> bytes:
    """A browser has an identity from here on."""
    now = int(datetime.now(UTC).timestamp() * 1000)
    return number(1, 1) + number(3, now) + fixed(7, 4_242_424_242) + fixed(8, 2_424_242_424)


def data(registered: tuple[str, str, str], body: bytes, name: str) -> bytes:
    """A DataMessageStanza: who it is for, and the encrypted body as it is."""
    app, sender, subtype = registered
    facts = {"subtype": subtype, "content-encoding": "aes128gcm"}
    return stanza(
        DATA,
        text(2, name) + text(3, sender) + text(5, app)
        + b"".join(field(7, text(1, key) + text(2, value)) for key, value in facts.items())
        + text(9, name) + number(17, 3600) + field(21, body),
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
