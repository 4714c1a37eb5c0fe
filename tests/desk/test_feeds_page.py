"""The page of sources: a feed is added by its address, read at once, paused, removed and brought back."""

import json

import pytest
from sqlalchemy import func, select

from app.db import db, writing
from app.fetch.refusals import SENTENCES
from app.stories.models import Story
from app.stories.sources import Feed, Origin
from tests.conftest import NOW
from tests.stories.feeds_of_the_world import RSS_20, item, rss
from tests.stories.test_feeds import XML, kept_files
from tests.stories.test_pictures import jpeg
from tests.words import danish

HTMX = {"HX-Request": "true"}


@pytest.fixture
def karen(sign_in):
    return sign_in("karen")


@pytest.fixture
def added(karen, site):
    """`added(body)` puts a feed on the site and adds it as Karen; its row."""

    def add(body=None, **form):
        address = site.put("/rss", body or rss(item("a"), title="Fjordby, nyheder"), XML)
        answer = karen.post("/desk/feeds", data={"address": address} | form)
        assert answer.status_code == 303, answer.text
        return db.session.scalars(select(Feed)).one()

    return add


def page_of(browser):
    return browser.get("/desk/feeds").text.replace("\N{NO-BREAK SPACE}", " ")


def row_of(page, feed):
    return page.split(f'id="feed-{feed.id}"')[1].split("</tr>")[0]


def test_a_source_is_added_and_its_pages_wait_in_the_queue(app, karen, added, site):
    picture = site.put("/a.jpg", jpeg(), "image/jpeg")
    feed = added(
        rss(
            item("a") + f'<enclosure url="{picture}" type="image/jpeg"/>',
            item("b", "Ny bro"),
            title="Fjordby, nyheder",
        )
    )
    assert (feed.name, feed.state, feed.fetched_at) == ("Fjordby, nyheder", "fetching", NOW)
    page = page_of(karen)
    assert danish("Is read") in row_of(page, feed)
    assert 'data-l="Nye, 30 dage">2<' in row_of(page, feed)
    assert "Ny bro" in karen.get("/desk?kind=feeds").text.replace("\N{NO-BREAK SPACE}", " ")
    assert len(kept_files(app)) == 2


def test_a_topic_is_given_to_all_drafts_of_a_source(karen, added, cast):
    feed = added(topic=str(cast.topics["culture"]))
    assert "Kultur" in row_of(page_of(karen), feed)
    assert "Kultur" in karen.get("/desk?kind=feeds").text


def test_the_address_of_a_page_that_names_its_feed_will_do(karen, site):
    site.put("/rss", rss(item("a")), XML)
    page = site.put(
        "/", '<title>Fjordby</title><link rel="alternate" type="application/rss+xml" href="/rss">'
    )
    assert karen.post("/desk/feeds", data={"address": page}).status_code == 303
    assert db.session.scalars(select(Feed.address)).one() == f"{site.url}/rss"


@pytest.mark.parametrize(
    ("path", "why"),
    [("/html", "not-a-feed"), ("/broken", "broken-feed"), ("/nothing", "not-found"), ("/big", "too-big"), ("/loopback", "not-public"),
     ("javascript:alert(1)", "not-an-address"), ("http://169.254.169.254/rss", "not-public"), ("", "not-an-address"),
     ("/names-loopback", "not-public")],
)  # fmt: skip
def test_what_cannot_be_read_is_not_added_and_says_why_in_one_sentence(app, karen, site, path, why):
    site.put("/html", "<title>Ingen feed</title>")
    site.put("/broken", RSS_20[:1100], XML)
    site.put("/big", b" " * (3 * 1024 * 1024), XML)
    site.put(
        "/names-loopback", '<link rel="alternate" type="application/rss+xml" href="http://127.0.0.1/rss">'
    )
    site.send_on("/loopback", "http://127.0.0.1/")
    address = site.url + path if path.startswith("/") else path
    for headers in ({}, HTMX):
        page = karen.post("/desk/feeds", data={"address": address}, headers=headers)
        assert page.status_code == 422
        assert page.text.count(danish(SENTENCES[why]._args[0])) == 1
        assert f'value="{address}"' in page.text
    for table in (Feed, Origin, Story):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert kept_files(app) == []


def test_the_same_source_is_added_once(karen, added, site):
    feed = added()
    again = karen.post("/desk/feeds", data={"address": f"{feed.address}?utm_source=x#top"})
    site.put("/rss?utm_source=x", rss(item("a")), XML)
    again = karen.post("/desk/feeds", data={"address": f"{feed.address}?utm_source=x"})
    assert again.status_code == 422
    assert danish("That source is on the list already.") in again.text


def test_a_source_can_be_read_now(karen, added, site):
    feed = added()
    site.put("/rss", rss(item("a"), item("b", "Ny bro")), XML)
    answer = karen.post(f"/desk/feeds/{feed.id}/reading", headers=HTMX)
    assert "1 ny kladde" in json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    assert 'data-l="Nye, 30 dage">2<' in row_of(answer.text, feed)
    site.put("/rss", "", status=404)
    karen.post(f"/desk/feeds/{feed.id}/reading")
    row = row_of(page_of(karen), feed)
    assert danish("No answer since %(day)s", day="25. november") in row
    assert danish(SENTENCES["not-found"]._args[0]) in row


def test_a_paused_source_stays_paused_until_it_is_read_again(karen, added):
    feed = added()
    karen.post(f"/desk/feeds/{feed.id}/pause")
    assert danish("On pause") in row_of(page_of(karen), feed)
    karen.post(f"/desk/feeds/{feed.id}/reading")
    db.session.expire_all()
    assert feed.state == "paused"
    karen.post(f"/desk/feeds/{feed.id}/pause/undo")
    db.session.expire_all()
    assert feed.state == "fetching"


def test_a_removed_source_is_gone_its_drafts_stay_and_it_can_be_brought_back(karen, added):
    feed = added()
    answer = karen.post(f"/desk/feeds/{feed.id}/removal", headers=HTMX)
    assert feed.address.partition("://")[2] not in answer.text
    assert "Søen er åben" in karen.get("/desk").text.replace("\N{NO-BREAK SPACE}", " ")
    for path in ("reading", "pause", "pause/undo", "removal"):
        assert karen.post(f"/desk/feeds/{feed.id}/{path}").status_code == 404
    karen.post(json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]["url"])
    assert feed.name in page_of(karen)


def test_a_removed_source_may_be_added_anew(karen, added):
    feed = added()
    karen.post(f"/desk/feeds/{feed.id}/removal")
    assert added().id == feed.id
    db.session.expire_all()
    assert feed.removed_at is None


def test_the_numbers_say_what_became_of_a_source(karen, added, cast):
    feed = added(rss(item("a"), item("b", "Ny bro")))
    with writing():
        story = db.session.scalars(select(Story).order_by(Story.id)).first()
        story.state, story.purpose_id, story.why, story.publish_at = (
            "published",
            cast.purpose_id,
            "Derfor.",
            NOW,
        )
    row = row_of(page_of(karen), feed)
    assert 'data-l="Udgivet">1<' in row
    assert 'data-l="Nye, 30 dage">2<' in row


def test_without_sources_the_page_says_what_to_do(karen):
    assert danish(
        "No sources yet. Add the feed of your own news page, and its new pages come to the queue."
    ) in page_of(karen)


def test_a_source_that_is_not_there_is_a_404(karen):
    for path in ("reading", "pause", "pause/undo", "removal", "removal/undo"):
        assert karen.post(f"/desk/feeds/4711/{path}").status_code == 404
