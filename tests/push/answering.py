"""A push service that speaks HTTP/2, in a process of its own (granian): it takes whatever comes and tells it."""

import base64
import json
import os
import signal
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.postgres import free_port
from tests.push.service import certificate
from tests.running import BIN, ROOT

kept: list[dict[str, str]] = []


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Takes any message; DELETE tells them, and forgets them."""
    body = environ["wsgi.input"].read()
    if environ["REQUEST_METHOD"] == "POST":
        protocol = environ["SERVER_PROTOCOL"]
        kept.append(
            {"path": environ["PATH_INFO"], "protocol": protocol, "body": base64.b64encode(body).decode()}
        )
        start_response("201 Created", [("Content-Length", "0")])
        return [b""]
    answer = json.dumps(kept).encode()
    kept.clear()
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]


class SecondVersion:
    """`with SecondVersion(folder) as service:` starts it; `service.settings` is what an app is started with."""

    def __init__(self, folder: Path) -> None:
        self._files = folder / "service-chain.pem", folder / "service-key.pem"
        for path, text in zip(self._files, certificate(), strict=True):
            path.write_text(text)
        self._port = free_port()
        self.url = f"https://localhost:{self._port}"
        self.settings = {"PUSH_HOSTS": f"localhost:{self._port}", "PUSH_CA": self._files[0].read_text()}

    def __enter__(self) -> Self:
        chain, key = self._files
        command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self._port),
                   "--ssl-certificate", str(chain), "--ssl-keyfile", str(key), "--blocking-threads", "1", "--no-ws",
                   "--log-level", "error", "tests.push.answering:app"]  # fmt: skip
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        self._wait()
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the push service did not start")

    def received(self) -> list[dict[str, str]]:
        """What has come since the last time: path, protocol, and body in base64."""
        trusted = ssl.create_default_context(cadata=self.settings["PUSH_CA"])
        asked = urllib.request.Request(f"{self.url}/", method="DELETE")  # noqa: S310  # our own
        with urllib.request.urlopen(asked, context=trusted) as answer:  # noqa: S310  # our own
            came: list[dict[str, str]] = json.load(answer)
            return came

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Asked kindly, it would wait for connections that are kept.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
