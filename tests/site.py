"""A site in the world: a server on loopback that answers as a test tells it, and notes who asked for what."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.error import HTTPError
from urllib.request import urlopen

Answer = tuple[int, dict[str, str], bytes]


class Site:
    """`site.put("/rss", body, "text/xml")`; `site.asked` are the paths, `site.headers` what came with the last."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[Any], None]] = {}
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler) -> None:  # noqa: N805  # http.server’s name; `self` is the site
                self.asked.append(handler.path)
                self.headers = dict(handler.headers)
                found = self.answers.get(handler.path, (404, {}, b""))
                if callable(found):
                    found(handler)
                    return
                status, headers, body = found
                handler.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    handler.send_header(name, value)
                handler.end_headers()
                handler.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_args: Any) -> None:
                """A client that hangs up is no error here."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.place}"

    def put(
        self, path: str, body: bytes | str, kind: str = "text/html", status: int = 200, **headers: str
    ) -> str:
        """What stands at a path from now on; its whole address."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"Content-Type": kind} | named, content)
        return self.url + path

    def send_on(self, path: str, to: str, status: int = 302) -> str:
        """From now on a path leads elsewhere; its whole address."""
        self.answers[path] = (status, {"Location": to}, b"")
        return self.url + path

    def hears(self) -> bool:
        """Whether somebody who does ask is noted: only then does silence say that nobody has asked."""
        asked = len(self.asked)
        with suppress(HTTPError):
            urlopen(f"{self.url}/hello", timeout=5).close()  # noqa: S310  # our own
        return self.asked[asked:] == ["/hello"]

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def let_through(config: dict[str, Any], *sites: Site) -> Iterator[None]:
    """These sites may be fetched, and nothing else that is private."""
    config["FETCH_ALLOW"] = [site.place for site in sites]
    try:
        yield
    finally:
        config["FETCH_ALLOW"] = []
