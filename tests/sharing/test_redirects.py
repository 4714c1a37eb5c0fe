"""Nobody is sent elsewhere than to our own pages or to a story's stored address, as a browser reads addresses."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from werkzeug.utils import redirect

from app.db import db, writing
from app.stories.models import Story
from app.web import safe_next
from tests.mail.test_letters import SAME
from tests.sharing.test_clicks import IPHONE, LINKEDIN
from tests.sharing.test_short_link import link
from tests.whatwg import Place, place_of

__all__ = ["link"]  # a fixture
HERE = Place("http", "localhost")
# What addresses are made of by people with bad intent. The Cyrillic о looks like ours.
PARTS = (
    "/", "//", "///", "\\", "/\\", "\\\\", "%5c", "%2f", "%2F%2f", "%09", "\t", "\r\n", "%0d%0aLocation:", "\n", "\x0b", "\x1f",
    " ", "\u2028", "\u200d", ".", "..", "/.", ";", "?", "#", "&", "=", ":", "@", "@evil.example", "user:secret@", "[", "]",
    "[::1]", "evil.example", "evil.example:443", "fj\u043erdby.example", "fjordby.example", "FJORDBY.example", "evil\u3002example",
    "\uff0fevil", "\uff20evil.example", "ﬁordby.example", "faß.example", "xn--", "localhost", "127.0.0.1", "0x7f.1", "https:", "http:",
    "HTTPS://", "https://", "http:/", "javascript:", "data:text/html,", "ftp://", "/s/", "/stories", "/me", "stories/1", "næste", "👀",
)  # fmt: skip
ADDRESSES = st.lists(st.sampled_from(PARTS), max_size=7).map("".join) | st.text(max_size=40)
KNOWN = (
    "//evil.example", "/\\evil.example", "/\\/evil.example", "/%09/evil.example", "/\t/evil.example", "/\r\n/evil.example",
    "https:evil.example", "https:/evil.example", "https:\\\\evil.example", "https://localhost@evil.example", "//localhost\\@evil.example",
    "/stories//evil.example", "/s/..//evil.example", "/.//evil.example", "/me?next=//evil.example", "/stories#//evil.example",
    "/s/\\evil.example", "/s/%5cevil.example", "\u2028//evil.example", "/s/x\r\nLocation: https://evil.example",
)  # fmt: skip


def never_elsewhere(app, address):
    with app.test_request_context("/sign-in", base_url="http://localhost"):
        location = redirect(safe_next(address), 303).headers["Location"]
        assert place_of(location, HERE) == HERE, location
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        assert location.isascii()
        assert location.isprintable()


@pytest.mark.parametrize("address", KNOWN)
def test_after_sign_in_nobody_is_sent_elsewhere_by_a_known_trick(app, client, cast, address):
    never_elsewhere(app, address)
    form = {"email": cast.anna.email, "password": "fjord og fjeld", "next": address}
    location = client.post("/sign-in", data=form).location
    assert place_of(location, HERE) == HERE, location


def test_after_sign_in_nobody_is_sent_elsewhere_by_anything(app):
    @settings(SAME, max_examples=1500)
    @given(
        ADDRESSES
        | ADDRESSES.map("/".__add__)
        | ADDRESSES.map("/s/".__add__)
        | ADDRESSES.map("/stories?".__add__)
    )
    def leads_home(address):
        never_elsewhere(app, address)

    leads_home()


def test_a_page_of_our_own_is_still_gone_to(app):
    with app.test_request_context("/sign-in", base_url="http://localhost"):
        for address in (
            "/stories",
            "/stories/7",
            "/stories?q=kaffe",
            "/me/settings#clicks",
            "/s/abcdefghijk",
        ):
            assert safe_next(address) == address


def follow(client, path, agent=IPHONE):
    answer = client.get(path, headers={"User-Agent": agent})
    client.application.extensions["click-buffer"].begin()
    return answer


def stored(address):
    with writing():
        db.session.execute(update(Story).values(source_url=address))


def test_whatever_stands_in_the_database_a_link_leads_to_that_address_or_to_no_other_place(link, client):
    path = link()

    @settings(SAME, max_examples=400)
    @given(ADDRESSES | ADDRESSES.map("https://fjordby.example".__add__) | ADDRESSES.map("https://".__add__))
    @example("https://fjordby.example\\@evil.example/")
    @example("https:///evil.example/")
    @example("https://fjordby.example\r\nSet-Cookie: a=b")
    @example("https://fjordby.example%2eevil.example/")
    @example("https://faß.example/")
    @example("https://fjordby.example:99999/")
    @example("javascript:alert(1)//https://fjordby.example")
    @example("//evil.example")
    @example("https://[::1/")
    @example("https://\uff45vil.example/")
    def leads_there(address):
        address = address.replace("\0", "")[:1000]
        stored(address)
        answer = follow(client, path)
        assert answer.status_code in (200, 302)
        if answer.status_code == 200:
            assert "evil" not in str(answer.headers)
            assert 'rel="noopener"' not in answer.text
            return
        meant, goes_to = place_of(address, Place("", "")), place_of(answer.location, HERE)
        assert answer.location.isascii()
        assert answer.location.isprintable()
        assert "@" not in goes_to.authority
        assert goes_to.scheme == meant.scheme
        assert goes_to.scheme in ("http", "https")
        assert goes_to.host == in_ascii(meant.host)
        assert answer.location.count("utm_source=linkedin") == 1

    leads_there()


def in_ascii(host):
    return host if host.isascii() else host.encode("idna").decode()


def test_a_machine_is_shown_no_address_that_no_one_is_sent_to(link, client):
    path = link()
    for address in ("javascript:alert(1)", "//evil.example", "https://user@evil.example", "data:text/html,x"):
        stored(address)
        page = follow(client, path, LINKEDIN).text
        assert "evil" not in page
        assert "javascript" not in page
        assert "<a " not in page


def test_no_token_but_a_stored_one_leads_anywhere(link, client):
    path = link()

    @settings(SAME, max_examples=400)
    @given(
        ADDRESSES | st.from_regex(r"[0-9A-Za-z]{9,13}", fullmatch=True) | st.just(path[3:]).flatmap(mangled)
    )
    def leads_nowhere(token):
        answer = client.get("/s/" + token.replace("?", "").replace("#", ""), headers={"User-Agent": IPHONE})
        assert answer.status_code in (200, 302, 303, 308, 400, 404)
        if answer.location:
            # Ours with a slash less or more, or the story itself, when the token arrived whole.
            assert place_of(answer.location, HERE) in (HERE, Place("https", "fjordby.example"))

    leads_nowhere()


def mangled(token):
    """A real token with something before, within or behind it."""
    return st.tuples(st.sampled_from(PARTS), st.integers(0, len(token))).map(
        lambda made: token[: made[1]] + made[0] + token[made[1] :]
    )
