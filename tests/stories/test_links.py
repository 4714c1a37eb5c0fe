"""A page found in the world becomes a draft that a curator goes on from; what cannot be had is said in one sentence."""

import threading
import time

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from app.db import db
from app.fetch.refusals import SENTENCES
from app.stories.models import Picture, Story
from app.stories.sources import Origin
from tests.desk.test_editor import form_of
from tests.site import Site
from tests.stories.test_feeds import flat_png, kept_files
from tests.stories.test_pictures import jpeg
from tests.words import danish

WHOLE = """<!doctype html><html><head><meta charset="utf-8"><title>Bro &mdash; fjordby.dk</title>
<meta name="description" content="Til søgemaskiner">
<meta property="og:title" content="Broen tæller sin millionte tur"><meta property="og:description" content="Amir talte &lt;b&gt;214&lt;/b&gt; cykler &amp; to hunde.">
<meta property="og:site_name" content="Fjordby Kommune"><meta property="og:image" content="/bro.jpg"><meta property="og:image:alt" content="En bro">
<meta name="twitter:title" content="Til fuglen"></head><body><h1>Broen</h1></body></html>"""


def reason(name):
    return danish(SENTENCES[name]._args[0])


@pytest.fixture
def karen(sign_in):
    return sign_in("karen")


@pytest.fixture
def fetch_link(karen):
    """`fetch_link(address)` is what Karen does."""
    return lambda address, **more: karen.post("/desk/links", data={"link": address}, **more)


@pytest.fixture
def drafted(fetch_link):
    """`drafted(address)` is the draft that came of it."""

    def draft(address):
        answer = fetch_link(address)
        assert answer.status_code == 303
        return db.session.get_one(Story, int(answer.location.split("?")[0].split("/")[-1]))

    return draft


def rows():
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(one)) for one in (Story, Origin, Picture)]


def refused(page, address):
    """The one sentence beside the field, which has kept what was typed."""
    assert page.status_code == 422
    assert f'value="{escape(address)}"' in page.text
    assert page.text.count('id="link-error"') == 1
    return page.text.split('id="link-error"')[1].split("<span>")[1].split("</span>")[0]


# What a page says of itself


def test_open_graph_fills_a_draft_that_nobody_sees(app, site, drafted, sign_in, cast):
    site.put("/bro.jpg", jpeg(), "image/jpeg")
    story = drafted(site.put("/broen?utm_source=mail", WHOLE, "text/html; charset=utf-8"))
    assert (story.state, story.created_by_id) == ("draft", cast.karen.id)
    assert (story.title, story.body, story.source_name) == (
        "Broen tæller sin millionte tur", "Amir talte 214 cykler & to hunde.", "Fjordby Kommune")  # fmt: skip
    assert story.source_url == f"{site.url}/broen"
    assert (story.why, story.purpose_id, story.alt) == ("", None, "")
    assert len(kept_files(app)) == 2
    assert sign_in("anna").get(f"/stories/{story.id}").status_code == 404


def test_the_draft_opens_in_the_editor_and_lacks_the_words_for_its_picture(site, drafted, karen):
    site.put("/bro.jpg", jpeg(), "image/jpeg")
    story = drafted(site.put("/broen", WHOLE))
    page = karen.get(f"/desk/stories/{story.id}")
    assert danish("The page is fetched into a draft. Say why now, and choose a topic.") in page.text
    fields = form_of(page)
    assert (fields["title"], fields["alt"]) == ("Broen tæller sin millionte tur", "")
    published = karen.post(f"/desk/stories/{story.id}", data=fields | {"action": "publish"})
    assert published.status_code == 422
    assert danish("Write it for those who cannot see the picture") in published.text


@pytest.mark.parametrize(
    ("html", "title", "text"),
    [
        ('<meta name="twitter:title" content="Kort"><meta name="twitter:description" content="Til fuglen">', "Kort", "Til fuglen"),
        ("<title> Kun\n titel </title>", "Kun titel", ""),
        ('<title>T</title><meta name="description" content="En beskrivelse">', "T", "En beskrivelse"),
        ('<TITLE>T</TITLE><META PROPERTY="OG:TITLE" CONTENT="Store bogstaver">', "Store bogstaver", ""),
        ('<meta name="og:title" content="Med name">', "Med name", ""),
        ("<meta property='og:title' content='Første'><meta property='og:title' content='Anden'>", "Første", ""),
        ('<meta property="og:title" content=" "><title>Titel</title>', "Titel", ""),
        ("<title>Vi &lt;3 Fjordby &amp; &quot;omegn&quot;&lt;script&gt;x&lt;/script&gt;</title>", 'Vi <3 Fjordby & "omegn"', ""),
        (f"<title>{'æ' * 300}</title>", "æ" * 119 + "…", ""),
        ("<title>Titel</title><svg><title>Ikon</title></svg>", "Titel", ""),
    ],
)  # fmt: skip
def test_a_page_is_read_by_whatever_it_says(site, drafted, html, title, text):
    story = drafted(site.put("/", f"<html><head>{html}</head><body></body></html>"))
    assert (story.title, story.body) == (title, text)


def test_what_a_page_says_is_shown_as_text(site, drafted, karen):
    html = '<meta property="og:title" content="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"><meta property="og:description" content="&amp;lt;script&amp;gt;hej">'
    story = drafted(site.put("/", html))
    for path in (f"/desk/stories/{story.id}", "/desk", f"/desk/stories/{story.id}/preview"):
        page = karen.get(path).text
        assert "<img src=x" not in page
        assert "<script>hej" not in page


def test_a_page_in_other_letters_is_read(site, drafted):
    html = "<title>Blåbærgrød</title>".encode("iso-8859-1")
    assert drafted(site.put("/", html, "text/html; charset=iso-8859-1")).title == "Blåbærgrød"


def test_only_its_own_site_may_say_what_a_page_is_called(site, drafted):
    own = site.put("/a", f'<title>A</title><link rel="canonical" href="{site.url}/rigtig?utm_source=x">')
    assert drafted(own).source_url == f"{site.url}/rigtig"
    foreign = site.put(
        "/b",
        '<title>B</title><link rel="canonical" href="https://fjordby.example/"><meta property="og:url" content="javascript:alert(1)">',
    )
    assert drafted(foreign).source_url == f"{site.url}/b"
    graph = site.put("/c", '<title>C</title><meta property="og:url" content="/c-rigtig">')
    assert drafted(graph).source_url == f"{site.url}/c-rigtig"


def test_a_page_is_known_by_where_it_ended(site, drafted):
    site.put("/ny", "<title>Ny</title>")
    assert drafted(site.send_on("/gammel", "/ny")).source_url == f"{site.url}/ny"


def test_a_deep_page_takes_no_long_time(site, fetch_link):
    began = time.monotonic()
    fetch_link(site.put("/", "<title>Dyb</title>" + "<div>" * 200_000))
    # Parsed to its end, it would take a minute.
    assert time.monotonic() - began < 10


# The same page again


def test_a_page_that_was_fetched_before_leads_to_its_story(site, drafted, fetch_link, karen):
    address = site.put("/a", "<title>A</title>")
    story = drafted(address)
    for again in (address, f"{address}/", f"{address}?utm_source=x#top"):
        site.put("/a/", "<title>A</title>")
        answer = fetch_link(again)
        assert answer.location == f"/desk/stories/{story.id}", again
        assert (
            danish("That page has been fetched before. Here is its story.") in karen.get(answer.location).text
        )
    assert rows() == [1, 1, 0]


def test_a_page_whose_draft_was_deleted_can_be_fetched_again(site, drafted, karen):
    address = site.put("/a", "<title>A</title>")
    first = drafted(address)
    karen.post(f"/desk/stories/{first.id}/discarding")
    second = drafted(address)
    assert second.id != first.id
    assert rows() == [2, 1, 0]


def test_of_two_curators_who_fetch_the_same_page_at_once_both_get_one_draft(app, sign_in, site):
    both = threading.Barrier(2, timeout=5)

    def wait_for_the_other(handler):
        both.wait()
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.wfile.write(b"<title>A</title>")

    site.answers["/a"] = wait_for_the_other
    browsers, found = [sign_in("karen"), sign_in("henrik")], []

    def fetch_it(browser):
        with app.app_context():
            found.append(browser.post("/desk/links", data={"link": f"{site.url}/a"}).location)
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=fetch_it, args=(one,)) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The barrier opens only when both have asked: they overlapped.
    assert site.asked.count("/a") == 2
    assert len(set(found)) == 1
    assert rows() == [1, 1, 0]


# What cannot be had: one sentence, nothing left behind


@pytest.fixture
def canary(app):
    with Site() as one:
        yield one
        assert one.asked == []
        assert one.hears()


def test_each_thing_that_goes_wrong_has_one_sentence_and_leaves_nothing(
    app, site, fetch_link, canary, monkeypatch
):
    before = rows()
    monkeypatch.setattr("app.fetch.socket.getaddrinfo", _private_name)
    for address, why in (
        (f"{site.url}/nothing", "not-found"),
        (site.put("/bare", "<p>Hej</p>"), "no-title"),
        (site.put("/big", "<title>Stor</title>" + "x" * (5 * 1024 * 1024)), "too-big"),
        (site.send_on("/loop", canary.url), "port"),
        (site.send_on("/inside", "http://127.0.0.1/"), "not-public"),
        ("https://internt.example/", "not-public"),
        (canary.url, "port"),
        ("http://127.0.0.1/", "not-public"),
        ("http://[::ffff:169.254.169.254]/", "not-public"),
        ("javascript:alert(1)", "not-an-address"),
        ("data:text/html,<title>x", "not-an-address"),
        ("", "not-an-address"),
        ("fjordby.dk", "not-an-address"),
        (site.put("/pdf", "%PDF-1.7", "application/pdf"), "not-a-page"),
        (site.put("/secret", "", status=403), "closed"),
        (site.put("/broken", "", status=500), "error"),
    ):
        page = fetch_link(address)
        assert refused(page, address) == reason(why), address
        assert rows() == before, address
    assert kept_files(app) == []


def _private_name(host, port, *_rest, **_more):
    assert host == "internt.example" or host.startswith("127."), host
    return [(2, 1, 6, "", ("10.0.0.1" if host == "internt.example" else host, port or 0))]


def test_a_refusal_is_a_fragment_for_htmx_and_keeps_the_address(fetch_link):
    page = fetch_link("javascript:alert(1)", headers={"HX-Request": "true"})
    assert "<html" not in page.text
    assert refused(page, "javascript:alert(1)") == reason("not-an-address")


def test_htmx_is_led_to_the_draft(site, fetch_link):
    answer = fetch_link(site.put("/a", "<title>A</title>"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"].startswith("/desk/stories/")) == (204, True)


@pytest.mark.parametrize(
    ("image", "why"),
    [
        ("/bomb.png", "too-many-pixels"), ("/small.jpg", "too-small"), ("/nothing.jpg", "not-found"), ("/text.jpg", "not-a-picture"),
        ("/drawing.svg", "not-a-picture"), ("/huge.jpg", "too-big"), ("http://169.254.169.254/latest/meta-data/", "not-public"),
        ("http://127.0.0.1:1/a.jpg", "port"), ("/to-loopback.jpg", "not-public"),
    ],
)  # fmt: skip
def test_a_picture_that_cannot_be_had_is_said_and_the_rest_is_kept(app, site, fetch_link, karen, image, why):
    site.put("/bomb.png", flat_png(20_000, 20_000) if "bomb" in image else b"", "image/png")
    site.put("/small.jpg", jpeg(100, 100), "image/jpeg")
    site.put("/text.jpg", "hej", "image/jpeg")
    site.put("/drawing.svg", "<svg/>", "image/svg+xml")
    site.put("/huge.jpg", b"\xff\xd8" + b"\0" * (8 * 1024 * 1024), "image/jpeg")
    site.send_on("/to-loopback.jpg", "http://127.0.0.1/a.jpg")
    answer = fetch_link(site.put("/a", f'<title>A</title><meta property="og:image" content="{image}">'))
    assert answer.status_code == 303
    page = karen.get(answer.location).text
    assert danish("The page’s own picture was not taken.") in page
    assert reason(why) in page
    assert rows() == [1, 1, 0]
    assert kept_files(app) == []


@pytest.mark.parametrize(
    "image",
    ["javascript:alert(1)", "data:image/png;base64,AAAA", "ftp://a.example/a.jpg", "https://a:b@c.example/"],
)
def test_a_picture_that_is_no_web_address_is_none(site, drafted, image):
    assert (
        drafted(site.put("/a", f'<title>A</title><meta property="og:image" content="{image}">')).picture_id
        is None
    )
