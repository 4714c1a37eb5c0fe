"""What a web page says of itself: Open Graph, Twitter's cards, its title and its description."""

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from app.fetch import Fetched, FetchRefused
from app.stories.addresses import clean, host_of
from app.stories.editing import LONGEST
from app.stories.plain import one_line, plain

# A page says who it is in its head; parsing takes time with depth.
MOST_PARSED = 100_000
BODY = re.compile(r"<body[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """A page's own words, and its own address when it names one on its own site."""

    address: str
    title: str
    text: str
    site: str
    picture: str | None


def read(fetched: Fetched) -> Page:
    """What a page says of itself. Raises FetchRefused (no-title) when it does not even have a title."""
    said = _said(fetched.text)
    title = one_line(_first(said, "og:title", "twitter:title", "title"), LONGEST["title"])
    if not title:
        raise FetchRefused("no-title")
    address = _own_address(said, fetched.address)
    return Page(
        address=address,
        title=title,
        text=plain(_first(said, "og:description", "twitter:description", "description"))[: LONGEST["body"]],
        site=one_line(said.get("og:site_name", ""), LONGEST["source_name"])
        or host_of(address)[: LONGEST["source_name"]],
        picture=_picture(said, fetched.address),
    )


def _said(html: str) -> dict[str, str]:
    """What is said first under each name counts."""
    head = LexborHTMLParser(BODY.split(html[:MOST_PARSED], 1)[0])
    said: dict[str, str] = {}
    for node in head.css("meta[content]"):
        given = node.attributes
        name = (given.get("property") or given.get("name") or "").strip().lower()
        said.setdefault(name, given.get("content") or "")
    for node in head.css("link[rel=canonical][href]"):
        said.setdefault("canonical", node.attributes.get("href") or "")
    title = head.css_first("head > title")
    return said | {"title": title.text() if title else ""}


def _first(said: dict[str, str], *names: str) -> str:
    return next((said[name] for name in names if said.get(name, "").strip()), "")


def _own_address(said: dict[str, str], fetched: str) -> str:
    """Only a page's own site may say what it is called: else any page could stand for another."""
    for name in ("canonical", "og:url"):
        with suppress(ValueError):
            named = clean(urljoin(fetched, said.get(name, "").strip()) if said.get(name) else "")
            if host_of(named) == host_of(fetched):
                return named
    return clean(fetched)


def _picture(said: dict[str, str], base: str) -> str | None:
    for name in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"):
        with suppress(ValueError):
            return clean(urljoin(base, said.get(name, "").strip()) if said.get(name) else "")
    return None
