"""What a feed says: RSS 0.9x, 1.0, 2.0 and Atom, read from bytes into plain entries."""

import re
from calendar import timegm
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXParseException

import feedparser
from selectolax.lexbor import LexborHTMLParser

from app.fetch import CHARSET, FOR_NAMES, Fetched, FetchRefused
from app.stories.addresses import clean
from app.stories.editing import LONGEST
from app.stories.plain import MOST_PARSED, one_line, plain

# The queue is for people to read: of a longer feed, the newest.
MOST_ENTRIES = 30
TITLE_OUT_OF_TEXT = 80
ENCODING = re.compile(rb"""encoding=["']([^"']*)["']""")
YEARS = range(1970, 2100)
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One page that a feed tells of. `pictures` are addresses, the likeliest first; none has been looked at."""

    title: str
    text: str
    address: str
    pictures: Sequence[str]
    published_at: datetime | None


@dataclass(slots=True)
class Contents:
    """A feed's name and its newest entries; what was `refused`, as title and reason; how many were `left_out`."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    left_out: int = 0


def read(body: bytes, content_type: str = "", address: str = "") -> Contents:
    """What the bytes of a feed say; links are judged from `address`. Raises FetchRefused: not-a-feed, broken-feed."""
    if _is_for_names(body, content_type):
        raise FetchRefused("broken-feed")
    found = feedparser.parse(
        # A stream: bytes would be tried as the name of a file.
        BytesIO(body),
        response_headers={"content-type": _as_xml(content_type)}
        | ({"content-location": address} if address else {}),
        sanitize_html=False,
    )
    if not found.get("version"):
        raise FetchRefused("not-a-feed")
    if found.bozo and _is_broken(found.bozo_exception):
        raise FetchRefused("broken-feed")
    base = address or found.feed.get("link", "")
    return _sorted_out(one_line(found.feed.get("title", ""), LONGEST["source_name"]), found.entries, base)


def _is_for_names(body: bytes, content_type: str) -> bool:
    """Whether it names an encoding for names of hosts: to read a whole feed as one takes minutes."""
    first_line = body.replace(b"\0", b"").split(b"\n", 1)[0]
    named = b" ".join([content_type.encode(), *ENCODING.findall(first_line)]).lower()
    return any(one.encode() in named for one in FOR_NAMES)


def _as_xml(content_type: str) -> str:
    """As XML says by default, and not as `text/*` would: by the file's own word, else UTF-8."""
    said = CHARSET.search(content_type)
    return f"application/xml; charset={said.group(1)}" if said else "application/xml"


def _is_broken(reason: Exception) -> bool:
    """HTML's names for letters are a small sin that a reader forgives; anything else may have lost half a text."""
    return isinstance(reason, SAXParseException) and "undefined entity" not in reason.getMessage()


def _sorted_out(name: str, found: Sequence[Any], base: str) -> Contents:
    newest = sorted(found, key=lambda one: _published(one) or LONG_AGO, reverse=True)
    contents = Contents(name, left_out=max(0, len(newest) - MOST_ENTRIES))
    for one in newest[:MOST_ENTRIES]:
        text = plain(_html(one))[: LONGEST["body"]]
        title = one_line(one.get("title", ""), LONGEST["title"]) or one_line(text, TITLE_OUT_OF_TEXT)
        address = _address(one.get("link", ""), base)
        if address and title:
            contents.entries.append(Entry(title, text, address, list(_pictures(one, base)), _published(one)))
        else:
            contents.refused.append((title, "no-link" if title else "no-title"))
    return contents


def _html(entry: Any) -> str:
    return str(entry.get("summary") or next((one.get("value", "") for one in entry.get("content", [])), ""))


def _address(link: str, base: str) -> str:
    with suppress(ValueError):
        return clean(urljoin(base, link.strip()) if link else "")
    return ""


def _published(entry: Any) -> datetime | None:
    # Past feedparser's own look-up, which warns of one date that stands for the other.
    moment: Any = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    with suppress(TypeError, ValueError, OverflowError):
        found = datetime.fromtimestamp(timegm(moment), UTC)
        # The first and the last days of the calendar cannot be told in every zone.
        return found if found.year in YEARS else None
    return None


def _pictures(entry: Any, base: str) -> Iterator[str]:
    for link in _picture_links(entry):
        if address := _address(link, base):
            yield address


def _picture_links(entry: Any) -> Iterable[str]:
    yield from (one.get("href", "") for one in entry.get("enclosures", []) if _is_picture(one))
    yield from (one.get("url", "") for one in entry.get("media_content", []) if _is_picture(one))
    for part in (
        one.get("value", "") for one in (*entry.get("content", []), entry.get("summary_detail", {}))
    ):
        if "<img" in part:
            first = LexborHTMLParser(part[:MOST_PARSED]).css_first("img[src]")
            yield (first.attributes.get("src") or "") if first else ""
    yield from (one.get("url", "") for one in entry.get("media_thumbnail", []))


def _is_picture(one: Any) -> bool:
    return str(one.get("type", "")).startswith("image/") or one.get("medium") == "image"


def named_by(page: Fetched) -> str | None:
    """The address of the feed that a web page names as its own, if it is one that does."""
    if "html" not in page.content_type:
        return None
    head = LexborHTMLParser(page.text[:MOST_PARSED])
    for node in head.css("link[rel~=alternate][href]"):
        if (node.attributes.get("type") or "").lower() in ("application/rss+xml", "application/atom+xml"):
            return _address(node.attributes.get("href") or "", page.address) or None
    return None
