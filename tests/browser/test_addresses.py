"""Our reading of the URL standard, which the fuzzing trusts, is Chromium's own."""

import random

from tests.sharing.test_redirects import HERE, KNOWN, PARTS
from tests.whatwg import place_of

NUMBER = 4000
# What Chromium makes of a name (punycode, numbers as IPv4) is no matter of ours: it decides nothing about the place.
PLAIN = [
    part
    for part in PARTS
    if part.isascii() and part not in ("0x7f.1", "127.0.0.1", "xn--", "%09", "%5c", "%2f", "%2F%2f", " ")
]


def addresses():
    chance = random.Random(7)  # noqa: S311  # no secret
    made = ["".join(chance.choices(PLAIN, k=chance.randint(1, 6))) for _one in range(NUMBER)]
    return [one for one in (*KNOWN, *made) if one.isascii()]


def test_chromium_goes_where_we_say_it_goes(phone):
    page, base = phone.new_page(), "http://localhost/sign-in"
    asked = addresses()
    read = page.evaluate(
        "([all, base]) => all.map(one => { try { const u = new URL(one, base); return [u.protocol.slice(0, -1), u.hostname]; } catch { return null; } })",
        [asked, base],
    )
    compared = 0
    for address, found in zip(asked, read, strict=True):
        if found is None or found[0] not in ("http", "https"):
            continue
        place = place_of(address, HERE)
        assert (place.scheme, place.host) == tuple(found), address
        compared += 1
    assert compared > NUMBER / 4
