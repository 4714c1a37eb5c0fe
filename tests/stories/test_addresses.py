"""The address of a story's own page: one form, which says where it leads and leads nowhere else."""

import json
import shutil
import subprocess
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.stories.addresses import address_of, canonical, clean, is_address

REFUSED = (
    # Another name before the host, or what a browser takes for a stroke.
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https:/evil.example", "https:///evil.example",
    "https://fjordby.dk@evil.example/", "https://fjordby.dk:443@evil.example/", "https://fjordby.dk%40evil.example/", "https://@evil.example/",
    "https://fjordby.dk\\@evil.example/", "https://fjordby.dk\\.evil.example/", "https://fjordby.dk%2eevil.example/", "https://fjordby.dk%00.evil.example/",
    # Control characters and what is not seen.
    "https://fjordby.dk/\r\nLocation: https://evil.example", "https://fjordby.dk/\tx", "\thttps://fjordby.dk/", "java\tscript:alert(1)", "https://fjordby\u200b.dk/",
    "https://fjordby.dk/\u202ekd", "https://fjordby.dk/\x00", "\x01https://fjordby.dk/", "https://\uff46jord\u00adby.dk/", "https://fjordby.dk/\u2028x",
    # Hosts that are none, or are read in several ways.
    "https://", "https://?x", "https://#x", "https://.dk/", "https://a..dk/", "https://-.dk/", "https://fjord by.dk/", "https://a\u2100b.dk/", "https://xn--a/",
    "https://1.2.3/", "https://0x7f.1/", "https://2130706433/", "https://010.0.0.1/", "https://256.1.1.1/", "https://[::1", "https://[fe80::1%25eth0]/", "https://a[::1]/",
    "https://" + "a" * 64 + ".dk/", "https://" + "a." * 130 + "dk/", "https://fjordby.dk:0/", "https://fjordby.dk:65536/", "https://fjordby.dk:4 43/",
    # Other schemes.
    "javascript://fjordby.dk/%0aalert(1)", "data:text/html,x", "ftp://fjordby.dk/", "file:///etc/passwd", "blob:https://fjordby.dk/x", "", "fjordby.dk",
)  # fmt: skip
KEPT = {
    "https://fjordby.dk/nyt?a=1&b=2#her": "https://fjordby.dk/nyt?a=1&b=2#her",
    "HTTPS://FJORDBY.DK:443": "https://fjordby.dk/",
    "http://fjordby.dk.:80/?x": "http://fjordby.dk/?x",
    "http://intranet:8080/nyt": "http://intranet:8080/nyt",
    "https://fjordby.dk//evil.example": "https://fjordby.dk//evil.example",
    "https://fjordby.dk/\\evil.example": "https://fjordby.dk/%5Cevil.example",
    "https://fjordby.dk/%09/%0d%0ax": "https://fjordby.dk/%09/%0d%0ax",
    "https://fjordby.dk/@evil.example": "https://fjordby.dk/@evil.example",
    'https://fjordby.dk/"><b>': "https://fjordby.dk/%22%3E%3Cb%3E",
    "https://fjordby.dk/sø?q=ø#å": "https://fjordby.dk/s%C3%B8?q=%C3%B8#%C3%A5",
    "https://fjordby.dk/#/nyt/3": "https://fjordby.dk/#/nyt/3",
    "https://192.0.2.7/a": "https://192.0.2.7/a",
    "https://[2001:DB8:0::1]/a": "https://[2001:db8::1]/a",
    # Letters that look like others are seen for what they are: the second o is Cyrillic, the i Turkish, all of it Greek.
    "https://rødovre.dk/": "https://xn--rdovre-bya.dk/",
    "https://fjоrdby.dk/": "https://xn--fjrdby-xqf.dk/",
    "https://\u0131ntra.dk/": "https://xn--ntra-kza.dk/",
    "https://\u03b1\u03b2.gr/": "https://xn--mxac.gr/",
    # And those that are the same letter in another dress are that letter.
    "https://ｆｊｏｒｄｂｙ。dk/": "https://fjordby.dk/",
}  # fmt: skip


@pytest.mark.parametrize("typed_address", REFUSED)
def test_what_a_browser_may_read_in_another_way_is_refused(typed_address):
    assert not is_address(typed_address)
    for form in (address_of, clean, canonical):
        with pytest.raises(ValueError, match="not a web address"):
            form(typed_address)


@pytest.mark.parametrize("typed_address", KEPT)
def test_an_address_is_kept_in_one_form(typed_address):
    assert address_of(typed_address) == KEPT[typed_address]


PIECES = (
    "http://", "https://", "https:", "//", "/", "\\", "@", ":", ":443", ":80", "#", "?", "%09", "%0d%0a", "%2f", "%", "\r\n", "\t", " ", ".", "..", "-", "_", "[", "]",
    "::1", "fjordby.dk", "evil.example", "xn--", "xn--fjrdby-xqf", "ø", "о", "ß", "。", "．", "／", "＠", "\u200b", "\u202e", "1", "0x7f", "127.0.0.1", "'", '"', "<", "&", "=", "😀",
)  # fmt: skip
SOUP = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=9).map("".join)
ADDRESSES = st.one_of(
    SOUP,
    SOUP.map(lambda text: "https://" + text),
    SOUP.map(lambda text: "https://fjordby.dk" + text),
    SOUP.map(lambda text: f"http://fjordby.dk/{text}"),
)


@settings(max_examples=1500, deadline=None)
@given(ADDRESSES)
@example("https://fjordby.dk/\\evil.example")
def test_whatever_is_typed_the_kept_form_is_plain_and_stays_as_it_is(typed_address):
    try:
        kept = address_of(typed_address)
    except ValueError:
        return
    assert kept.isascii()
    assert kept.isprintable()
    assert not set(kept) & set(' \\"<>')
    parts = urlsplit(kept)
    assert parts.scheme in ("http", "https")
    assert parts.hostname
    assert "@" not in parts.netloc
    assert address_of(kept) == kept
    if len(kept) < 999:
        assert address_of(clean(kept)) == clean(kept)
        assert canonical(clean(kept)) == canonical(kept)


@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
def test_a_browser_reads_the_kept_form_as_we_do():
    """Node reads addresses as browsers do: the host that it sees is the one that we have kept."""
    kept = {}

    @settings(max_examples=1500, deadline=None, database=None)
    @given(ADDRESSES)
    def gather(typed_address):
        if is_address(typed_address):
            kept[address_of(typed_address)] = typed_address

    gather()
    program = (
        "const all = JSON.parse(require('fs').readFileSync(0));"
        "console.log(JSON.stringify(all.map(one => { const a = new URL(one); return [a.protocol, a.host, a.username + a.password] })))"
    )
    said = subprocess.run(
        ["node", "-e", program],
        input=json.dumps([*kept, *KEPT.values()]),
        capture_output=True,
        text=True,
        check=True,
    )
    read = json.loads(said.stdout)
    assert len(read) > 50
    for address, (scheme, host, name) in zip([*kept, *KEPT.values()], read, strict=True):
        parts = urlsplit(address)
        assert (scheme, host, name) == (f"{parts.scheme}:", parts.netloc, ""), kept.get(address)
