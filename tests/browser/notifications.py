"""A desktop that notifications come to: a message bus of our own, and on it what a desktop answers.

Chromium hands it title and body; a click here is a click to the browser.
"""

import asyncio
import subprocess
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dbus_next import Message, MessageType
from dbus_next.aio import MessageBus

PATIENCE = 20.0
PATH, NAME = "/org/freedesktop/Notifications", "org.freedesktop.Notifications"
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir={folder}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>"""


@dataclass(frozen=True)
class Shown:
    """A notification as the desktop got it."""

    id: int
    title: str
    body: str


class Desktop:
    """`with Desktop(folder) as desktop:` a browser started with `desktop.environment` shows its notices there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown: list[Shown] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        config = self.folder / "bus.conf"
        config.write_text(BUS.format(folder=self.folder))
        self._daemon = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.address = self._daemon.stdout.readline().strip()
        self._thread.start()
        self._run(self._offer())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()
        self._daemon.terminate()
        self._daemon.wait(PATIENCE)
        self._daemon.stdout.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _offer(self) -> None:
        self._bus = await MessageBus(bus_address=self.address).connect()
        self._bus.add_message_handler(self._answer)
        await self._bus.request_name(NAME)

    async def _leave(self) -> None:
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()
        self._bus._stream.close()
        self._bus._sock.close()

    def _answer(self, asked: Message) -> Message | None:
        if asked.message_type is not MessageType.METHOD_CALL or asked.interface != NAME:
            return None
        if asked.member == "Notify":
            return Message.new_method_return(asked, "u", [self._show(*asked.body)])
        if asked.member == "GetCapabilities":
            return Message.new_method_return(asked, "as", [["actions", "body", "persistence"]])
        if asked.member == "GetServerInformation":
            return Message.new_method_return(asked, "ssss", ["desktop", "tests", "1", "1.2"])
        self._bus.send(Message.new_signal(PATH, NAME, "NotificationClosed", "uu", [asked.body[0], 3]))
        return Message.new_method_return(asked)

    def _show(self, _app: str, replaces: int, _icon: str, title: str, body: str, *_rest: Any) -> int:
        number = replaces or len(self.shown) + 1
        self.shown.append(Shown(number, title, body))
        return number

    @property
    def environment(self) -> dict[str, str]:
        """What leads a browser to this desktop."""
        return {"DBUS_SESSION_BUS_ADDRESS": self.address}

    def click(self, shown: Shown) -> None:
        """As a person does on it."""
        said = Message.new_signal(PATH, NAME, "ActionInvoked", "us", [shown.id, "default"])
        self._loop.call_soon_threadsafe(self._bus.send, said)
