"""When two web addresses are the same page: the one form under which a page is known."""

from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

from app.stories.editing import is_address

# What says how a reader came, and nothing of what they read.
TRACKING = {"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "yclid", "_hsenc", "_hsmi"}
PORTS = {"http": 80, "https": 443}
WRITTEN = "!$%&'()*+,/:;=?@[]~"  # what stands in an address as it is; all else is written as %XX
LONGEST = 999  # one less than can be kept: `canonical` makes https of http


def clean(address: str) -> str:
    """The address as one would pass it on: host in small letters, without default port, fragment and tracking.

    Raises ValueError for what is no http or https address, or too long.
    """
    if not is_address(address):
        raise ValueError("not a web address")
    parts = urlsplit(address)
    path, query = quote(parts.path, WRITTEN) or "/", quote(_query(parts.query), WRITTEN)
    cleaned = parts._replace(netloc=_place(parts), path=path, query=query, fragment="").geturl()
    if "@" in parts.netloc or len(cleaned) > LONGEST:
        raise ValueError("not a web address, or too long")
    return cleaned


def _place(parts: SplitResult) -> str:
    name = (parts.hostname or "").encode("idna").decode().rstrip(".")
    name = f"[{name}]" if ":" in name else name
    return f"{name}:{parts.port}" if parts.port and parts.port != PORTS[parts.scheme] else name


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
