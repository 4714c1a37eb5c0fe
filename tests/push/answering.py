"""A push service for granian, which speaks HTTP/2: it keeps what comes and tells it at /received."""

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any

kept: list[dict[str, str]] = []


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Takes any message; forgets them with DELETE."""
    body = environ["wsgi.input"].read()
    if environ["REQUEST_METHOD"] == "POST":
        protocol = environ["SERVER_PROTOCOL"]
        kept.append(
            {"path": environ["PATH_INFO"], "protocol": protocol, "body": base64.b64encode(body).decode()}
        )
        start_response("201 Created", [("Content-Length", "0")])
        return [b""]
    answer = json.dumps(kept).encode()
    if environ["REQUEST_METHOD"] == "DELETE":
        kept.clear()
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
