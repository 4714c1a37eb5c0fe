"""The one guarded way to fetch an address that somebody has typed.

It goes to public http and https addresses on ports 80 and 443 only, connects to the very address that it has
judged, judges each redirect anew, and stops at a size and at a time. Two fetches share nothing.
"""

import codecs
import re
import socket
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import Literal
from urllib.parse import urljoin, urlsplit

from AntiSSRF import AntiSSRFError, AntiSSRFPolicy, PolicyConfigOptions
from flask import current_app
from requests import PreparedRequest, Request, Response, Session
from requests.exceptions import InvalidURL, RequestException, SSLError
from urllib3.exceptions import HTTPError

from app.config import PRODUCTION
from app.fetch.lines import Deadline, bound
from app.fetch.refusals import FetchRefused as FetchRefused

Kind = Literal["page", "feed", "picture"]
MOST_BYTES: dict[Kind, int] = {"page": 1024 * 1024, "feed": 2 * 1024 * 1024, "picture": 8 * 1024 * 1024}
TYPES: dict[Kind, re.Pattern[str]] = {
    "page": re.compile(r"text/html|application/xhtml\+xml"),
    # Many servers call their feed plain text or a page; whether it is one, its reader says.
    "feed": re.compile(r"(text|application)/([\w.-]+\+)?xml|text/plain|text/html"),
    "picture": re.compile(r"image/(jpeg|jpg|png|webp)"),
}
MARKS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
STATUSES = {401: "closed", 403: "closed", 404: "not-found", 410: "not-found"}
SECONDS = 15
SILENCE = 5  # seconds for a connection, and between two parts of an answer
MOST_REDIRECTS = 5
LONGEST_ADDRESS = 999
LONGEST_TYPE = 200
CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
# Python's encodings for names of hosts: for a long text they take the square of its length.
FOR_NAMES = ("idna", "punycode")
BEYOND = ("::/96", "::ffff:0:0:0/96")  # two spellings of IPv4 that microsoft-antissrf does not know as such


@dataclass(frozen=True, slots=True)
class Fetched:
    """What stood at an address, after redirects.

    `marks` are sent with the next fetch; `same` says that nothing has changed since the last one.
    """

    address: str
    body: bytes
    content_type: str
    marks: Mapping[str, str]
    same: bool = False

    @property
    def text(self) -> str:
        """The body as text: by its byte order mark, its header or its own word for it; else UTF-8, else Windows'."""
        said = CHARSET.search(self.content_type) or CHARSET.search(self.body[:2048].decode("latin-1"))
        named = "utf-8-sig" if self.body.startswith(b"\xef\xbb\xbf") else said.group(1) if said else "utf-8"
        for charset in (named, "utf-8"):
            with suppress(LookupError, UnicodeError):
                if codecs.lookup(charset).name not in FOR_NAMES:
                    return self.body.decode(charset)
        return self.body.decode("cp1252", "replace")


def fetch(address: str, kind: Kind, marks: Mapping[str, str] | None = None) -> Fetched:
    """What stands at an address, within 15 seconds. Raises FetchRefused.

    `marks` are those of the last fetch, so that a site may say that nothing has changed.
    """
    with Deadline(SECONDS) as deadline:
        try:
            found = _followed(address, kind, marks or {})
        except (RequestException, HTTPError, HTTPException, OSError) as reason:
            raise FetchRefused("too-slow" if deadline.over else _why(reason)) from reason
        if deadline.over:
            raise FetchRefused("too-slow")
        return found


def _followed(address: str, kind: Kind, marks: Mapping[str, str]) -> Fetched:
    for _hop in range(MOST_REDIRECTS + 1):
        with closing(_asked(address, marks)) as answer:
            if not answer.is_redirect:
                return _read(answer, kind)
            address = urljoin(answer.url, _location(answer))
    raise FetchRefused("too-many-redirects")


def _location(answer: Response) -> str:
    given = answer.headers["Location"]
    with suppress(UnicodeError):
        return given.encode("latin-1").decode("utf-8")
    return given


def _why(reason: Exception) -> str:
    if isinstance(reason, socket.gaierror):
        return "unknown-host"
    if isinstance(reason, InvalidURL):
        return "not-an-address"
    return "certificate" if isinstance(reason, SSLError) else "no-answer"


def _asked(address: str, marks: Mapping[str, str]) -> Response:
    """The answer to one request; a redirect is not followed."""
    request = _prepared(address, marks)
    try:
        with _session(_may_be_private(request)) as session:
            return session.send(
                request, stream=True, timeout=(SILENCE, SILENCE), allow_redirects=False, proxies={}
            )
    except AntiSSRFError as reason:
        raise FetchRefused("not-public") from reason
    except UnicodeError as reason:
        raise FetchRefused("not-an-address") from reason


def _prepared(address: str, marks: Mapping[str, str]) -> PreparedRequest:
    """The request as it will be sent, so that what is judged is what is asked for."""
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address or "\\" in address:
        raise FetchRefused("not-an-address")
    agent = f"Fortael (+{current_app.config['PUBLIC_URL']})"
    headers = {"User-Agent": agent, "Accept": "*/*", "Accept-Encoding": "gzip", **marks}
    try:
        request = Request("GET", address, headers=headers).prepare()
        typed, parts = urlsplit(address), urlsplit(request.url or "")
        port = parts.port
    except (RequestException, HTTPError, ValueError) as reason:
        raise FetchRefused("not-an-address") from reason
    if len(request.url or "") > LONGEST_ADDRESS:  # what is not ASCII is written longer
        raise FetchRefused("not-an-address")
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in typed.netloc:
        raise FetchRefused("not-an-address")
    if port not in (None, 80, 443) and not _is_let_through(request):
        raise FetchRefused("port")
    return request


def _is_let_through(request: PreparedRequest) -> bool:
    """Whether FETCH_ALLOW names this host and port."""
    parts = urlsplit(request.url or "")
    port = parts.port or (80 if parts.scheme == "http" else 443)
    return f"{parts.hostname}:{port}" in current_app.config["FETCH_ALLOW"]


def _may_be_private(request: PreparedRequest) -> bool:
    """What FETCH_ALLOW names may be private, save in production: there it opens a port and no more."""
    return current_app.config["FORTAEL_ENV"] != PRODUCTION and _is_let_through(request)


def _session(may_be_private: bool) -> Session:
    """A session for one request: no cookies, no proxies, no passwords out of files."""
    if may_be_private:
        policy = AntiSSRFPolicy(PolicyConfigOptions.NONE)
    else:
        policy = AntiSSRFPolicy(PolicyConfigOptions.EXTERNAL_ONLY_LATEST)
        policy.add_denied_addresses(list(BEYOND))
    policy.allow_plain_text_http = True
    policy.add_xff_header = False
    session: Session = policy.get_antissrf_session()
    session.trust_env = False
    # To look ahead, it would read whatever body a redirect has, however big.
    vars(session)["get_redirect_target"] = lambda _answer: None
    return bound(session)


def _read(answer: Response, kind: Kind) -> Fetched:
    content_type = answer.headers.get("Content-Type", "")[:LONGEST_TYPE]
    marks = {sent: answer.headers[name] for name, sent in MARKS.items() if name in answer.headers}
    if answer.status_code == 304:
        return Fetched(answer.url, b"", content_type, marks, same=True)
    if answer.status_code != 200:
        raise FetchRefused(STATUSES.get(answer.status_code, "error"))
    if not TYPES[kind].fullmatch(content_type.partition(";")[0].strip().lower()):
        raise FetchRefused(f"not-a-{kind}")
    return Fetched(answer.url, _body(answer, MOST_BYTES[kind]), content_type, marks)


def _body(answer: Response, most: int) -> bytes:
    """The body, unpacked. Raises FetchRefused as soon as it is more than it may be."""
    said = answer.headers.get("Content-Length", "")
    if said.isdecimal() and int(said[:20]) > most:
        raise FetchRefused("too-big")
    body = bytearray()
    for part in answer.iter_content(16 * 1024):
        body += part
        if len(body) > most:
            raise FetchRefused("too-big")
    return bytes(body)
