"""Where a browser goes for an address, as the WHATWG URL standard says: what counts, whatever Python makes of it.

Only what decides about scheme and host. `tests/browser/test_addresses.py` compares it with Chromium.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote

SPECIAL = {"http", "https", "ftp", "ws", "wss"}
AROUND = "".join(map(chr, range(0x21)))


class Place(NamedTuple):
    """Scheme and host (with userinfo and port, as they stand); the host is empty where there is none."""

    scheme: str
    authority: str

    @property
    def host(self) -> str:
        """In small letters, as far as ASCII goes."""
        bare = self.authority.rpartition("@")[2]
        return re.sub(r":\d*$", "", unquote(bare)).lower()


def place_of(address: str, here: Place) -> Place:
    """Where an address leads from a page that is `here`."""
    text = re.sub(r"[\t\n\r]", "", address.strip(AROUND))
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", text, re.DOTALL)
    if not found:
        return _relative(text, here)
    scheme, rest = found[1].lower(), found[2]
    if scheme not in SPECIAL:
        return Place(scheme, "")
    if scheme == here.scheme and not rest.startswith("//"):
        return _relative(rest, here)
    return Place(scheme, _authority(rest))


def _relative(text: str, here: Place) -> Place:
    """Two slashes of either kind begin another authority."""
    return Place(here.scheme, _authority(text)) if re.match(r"[/\\]{2}", text) else here


def _authority(text: str) -> str:
    return re.split(r"[/\\?#]", text.lstrip("/\\"), maxsplit=1)[0]
