"""Web addresses as we keep them: one form for each, in which nothing is said that a reader would not see."""

import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import idna

# What says how a reader came, and nothing of what they read.
TRACKING = {"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "yclid", "_hsenc", "_hsmi"}
PORTS = {"http": 80, "https": 443}
WRITTEN = "!$%&'()*+,/:;=?@[]~"  # what stands in an address as it is; all else is written as %XX
LONGEST = 999  # one less than can be kept: `canonical` makes https of http
# Before the host stand two strokes and nothing else: no name, no password, no third stroke.
PARTS = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:]+\]|[^/?#\\@:%\[\]]+)(?::(?P<port>[0-9]{0,5}))?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#(?P<place>.*))?",
    re.IGNORECASE,
)
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def address_of(text: str) -> str:
    """The one form in which an address is kept, shown and followed; what is already in it stays as it is.

    All of it is ASCII. The host is in small letters and without a default port; other than Latin letters in it are
    written as punycode (xn--…), so that it cannot look like another. Raises ValueError for what is no http or https
    address, and for one that says another name before its host.
    """
    found = PARTS.fullmatch(text)
    if found is None or not text.isprintable() or " " in text:
        raise ValueError("not a web address")
    try:
        return _written(found)
    except ValueError as reason:
        raise ValueError("not a web address") from reason


def _written(found: re.Match[str]) -> str:
    scheme, query, place = found["scheme"].lower(), found["query"], found["place"]
    address = f"{scheme}://{_host(found['host'].lower())}{_port(scheme, found['port'])}"
    address += quote(found["path"] or "/", WRITTEN)
    address += "" if query is None else f"?{quote(query, WRITTEN)}"
    return address + ("" if place is None else f"#{quote(place, WRITTEN)}")


def _host(name: str) -> str:
    if name.startswith("["):
        return f"[{IPv6Address(name[1:-1]).compressed}]"
    if not name.isascii() or "xn--" in name:
        name = idna.encode(name, uts46=True).decode()
    labels = name.removesuffix(".").split(".")
    if len(name) > 253 or not all(map(LABEL.fullmatch, labels)):
        raise ValueError("no name that a host can have")
    # A browser takes 1.2.3, 0x7f.1 and 2130706433 for the address of a machine.
    return str(IPv4Address(".".join(labels))) if NUMBER.fullmatch(labels[-1]) else ".".join(labels)


def _port(scheme: str, port: str | None) -> str:
    number = int(port or PORTS[scheme])
    if not 0 < number < 65536:
        raise ValueError("no port that a host can have")
    return "" if number == PORTS[scheme] else f":{number}"


def is_address(text: str) -> bool:
    """Whether a text is an http or https address that a browser can be sent to."""
    try:
        return bool(address_of(text))
    except ValueError:
        return False


def clean(address: str) -> str:
    """The address as one would pass it on: its one form, without its place in the page and without tracking.

    Raises ValueError for what is no http or https address, or too long.
    """
    parts = urlsplit(address_of(address))
    cleaned = parts._replace(query=_query(parts.query), fragment="").geturl()
    if len(cleaned) > LONGEST:
        raise ValueError("not a web address, or too long")
    return cleaned


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _tracks(name.lower())]
    # What has nothing to be left out stays as it was written: `?a` and `?a=` may be two pages.
    return query if len(kept) == len(pairs) else urlencode(kept)


def _tracks(name: str) -> bool:
    return name.startswith("utm_") or name in TRACKING


def canonical(address: str) -> str:
    """The one form of a page's address: that of `clean`, whatever its scheme and with no slash at its end.

    Raises ValueError as `clean` does.
    """
    parts = urlsplit(clean(address))
    return parts._replace(scheme="https", path=parts.path.rstrip("/")).geturl()


def host_of(address: str) -> str:
    """The name of a page's site, as people know it."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
