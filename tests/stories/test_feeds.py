"""Feeds become drafts, once, and never more than drafts; what cannot be read leaves nothing behind."""

import struct
import threading
import time
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app import clock
from app.db import db, writing
from app.fetch import FetchRefused
from app.stories import entries, feeds, jobs, origins
from app.stories.addresses import canonical, clean
from app.stories.models import Picture, Story, StoryTopic
from app.stories.plain import one_line, plain
from app.stories.sources import Feed, Origin
from tests.conftest import NOW
from tests.stories.feeds_of_the_world import ATOM, FORMATS, RSS_20, item, rss
from tests.stories.test_pictures import jpeg, png_that_claims
from tests.words import danish

XML = "application/rss+xml"


def left():
    """What stands in the tables that an import writes."""
    db.session.rollback()
    return [
        db.session.scalar(select(func.count()).select_from(one)) for one in (Story, Origin, Picture, Feed)
    ]


def kept_files(app):
    return sorted((app.config["DATA_DIR"] / "pictures").glob("*"))


def titles():
    db.session.rollback()
    return list(db.session.scalars(select(Story.title).order_by(Story.id)))


def take(body, feed=None):
    found = feeds.gather(entries.read(body))
    with writing():
        return feeds.take(found, clock.now(), feed)


@pytest.fixture
def run(app):
    """`run("FILE-OR-URL")` is the command."""
    runner = app.test_cli_runner()
    return lambda source: runner.invoke(args=["stories", "import-feed", str(source)])


# Reading


@pytest.mark.parametrize("letters", ["utf-8", "utf-16"])
@pytest.mark.parametrize("named", ["punycode", "-PunyCode", "idna"])
def test_a_feed_in_an_encoding_that_takes_minutes_to_read_is_broken(app, letters, named):
    long = "a" * 400_000
    for body, content_type in (
        (f'<?xml version="1.0" encoding="{named}"?><rss version="2.0">{long}-{long}', "text/xml"),
        (f'<?xml version="1.0"?><rss version="2.0">{long}-{long}', f"text/xml; charset={named}"),
    ):
        began = time.monotonic()
        with pytest.raises(FetchRefused, match="broken-feed"):
            entries.read(body.encode(letters), content_type)
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_read(app, name):
    found = entries.read(FORMATS[name], "text/xml", "https://fjordby.example/rss")
    assert found.name == "Fjordby på nettet"
    assert len(found.entries) == 3
    assert found.refused == []
    assert found.entries[0].title.startswith("Søen er åben")
    assert found.entries[0].address == "https://fjordby.example/soeen"
    assert found.entries[0].text.startswith("Vi har badet")
    assert found.entries[2].title == "Grøn skole"


def test_a_summary_is_plain_text_with_its_paragraphs(app):
    lake, bridge, _school = entries.read(RSS_20, "", "https://fjordby.example/rss").entries
    assert lake.title == "Søen er åben & fin"
    assert lake.text == "Vi har badet siden kl. 6.\n\nDet var koldt."
    assert bridge.text == "214 cykler & æ"
    assert (
        entries.read(ATOM, "", "https://fjordby.example/atom").entries[1].text == "214 cykler.\n\nPå en time."
    )


def test_links_are_judged_from_where_they_stand(app):
    assert [one.address for one in entries.read(RSS_20, "", "https://fjordby.example/rss").entries] == [
        "https://fjordby.example/soeen", "https://fjordby.example/broen", "https://fjordby.example/skolen"]  # fmt: skip
    assert [one.address for one in entries.read(ATOM, "", "https://fjordby.example/nyt/atom").entries] == [
        "https://fjordby.example/soeen", "https://fjordby.example/nyt/broen", "https://fjordby.example/skole/regnbed"]  # fmt: skip


def test_the_day_of_publishing_is_kept(app):
    assert entries.read(RSS_20).entries[0].published_at == datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert entries.read(ATOM).entries[0].published_at == datetime(2026, 11, 23, 7, tzinfo=UTC)
    odd = rss("<title>a</title><link>https://a.example/1</link><pubDate>i morgen</pubDate>",
              "<title>b</title><link>https://a.example/2</link><pubDate>Tue, 24 Nov 99999 07:00:00 GMT</pubDate>")  # fmt: skip
    assert [one.published_at for one in entries.read(odd).entries] == [None, None]


def test_pictures_are_found_where_feeds_put_them(app):
    found = entries.read(RSS_20, "", "https://fjordby.example/rss").entries
    assert found[0].pictures == ["https://fjordby.example/billeder/soeen.jpg"]
    assert found[1].pictures == ["https://fjordby.example/broen.jpg"]
    assert entries.read(ATOM).entries[0].pictures == ["https://fjordby.example/soeen.png"]


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        ("not-a-feed", b""), ("not-a-feed", b"hej"), ("not-a-feed", b"<html><title>Fjordby</title><p>hej</html>"),
        ("not-a-feed", b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'), ("not-a-feed", b"\x89PNG\r\n"),
        ("not-a-feed", b"\xff\xfe\0"), ("broken-feed", RSS_20[:1100]), ("broken-feed", rss(item("a"))[:-30]),
        ("broken-feed", rss(item("a", "a < b"))), ("broken-feed", rss("<title>a</titel>")),
        ("broken-feed", b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "lol">'
         + b"".join(b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n > 1 else b"&a;") * 10) for n in range(1, 10))
         + b']><rss version="2.0"><channel><title>&a9;</title></channel></rss>'),
    ],
)  # fmt: skip
def test_what_is_no_feed_or_a_broken_one_is_refused_whole(app, reason, body):
    before, began = left(), time.monotonic()
    with pytest.raises(FetchRefused) as refused:
        entries.read(body)
    assert refused.value.reason == reason
    assert time.monotonic() - began < 5
    assert left() == before


def test_no_file_of_this_machine_comes_in_by_an_entity(app, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hemmeligt")
    body = f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]><rss version="2.0"><channel><title>&x;</title></channel></rss>'
    with suppress(FetchRefused):
        assert "hemmeligt" not in entries.read(body.encode()).name


def test_the_name_of_a_letter_is_forgiven(app):
    assert entries.read(rss(item("a", "B&oslash;rn&nbsp;her"))).entries[0].title == "Børn her"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'<?xml version="1.0" encoding="iso-8859-1"?>' + rss(item("a", "Blåbær")).decode().encode("latin-1"), ""),
        (b'<?xml version="1.0" encoding="utf-8"?>' + rss(item("a", "Blåbær")).decode().encode("latin-1"), XML),
        (rss(item("a", "Blåbær")).decode().encode("latin-1"), "text/xml; charset=iso-8859-1"),
        (rss(item("a", "Blåbær")), "text/xml"), (rss(item("a", "Blåbær")), "text/plain; charset=utf-8"),
        (b"\xef\xbb\xbf" + rss(item("a", "Blåbær")), XML), (rss(item("a", "Blåbær")).decode().encode("utf-16"), XML),
    ],
)  # fmt: skip
def test_wrong_and_right_encodings_are_read(app, body, content_type):
    assert entries.read(body, content_type).entries[0].title == "Blåbær"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://a.example/",
             "https://a:b@fjordby.example/", "https://", "http://[::1", "", "/nyt"]
)  # fmt: skip
def test_a_link_that_is_none_is_refused_and_the_others_are_taken(app, link):
    found = entries.read(
        rss(
            item(f"{link}" if ":" in link else "x").replace("https://fjordby.example/x", link),
            item("b", "Ny bro"),
        )
    )
    assert [one.title for one in found.entries] == ["Ny bro"]
    assert found.refused == [("Søen er åben", "no-link")]


def test_a_picture_that_leads_elsewhere_than_the_web_is_none(app):
    text = "&lt;img src=&quot;javascript:alert(1)&quot;&gt;"
    assert entries.read(rss(item("a", "A", text))).entries[0].pictures == []


def test_of_ten_thousand_entries_the_thirty_newest_are_read_and_the_rest_counted(app):
    began = time.monotonic()
    days = (
        f"<title>{n}</title><link>https://a.example/{n}</link><pubDate>{2000 + n // 400} {n % 28 + 1} Nov</pubDate>"
        for n in range(10_000)
    )
    found = entries.read(rss(*days))
    assert (len(found.entries), found.left_out) == (entries.MOST_ENTRIES, 10_000 - entries.MOST_ENTRIES)
    assert time.monotonic() - began < 20


def test_an_older_feed_gives_its_newest(app):
    body = rss(*(f"<title>{n}</title><link>https://a.example/{n}</link><pubDate>{n:02} Nov 2026 07:00:00 GMT</pubDate>" for n in range(1, 29)),
               *(f"<title>u{n}</title><link>https://a.example/u{n}</link>" for n in range(10)))  # fmt: skip
    found = entries.read(body)
    assert [one.title for one in found.entries[:2]] == ["28", "27"]
    assert found.left_out == 8


def test_texts_have_an_end(app):
    entry = entries.read(rss(item("a", "æ" * 5000, "ø" * 50_000))).entries[0]
    assert (len(entry.title), entry.title[-1], len(entry.text)) == (120, "…", 10_000)


def test_plain_text_is_plain():
    assert plain("a&lt;b&gt; <b>c</b><br>d<p>e</p>f<style>g{}</style>") == "a<b> c\nd\n\ne\n\nf"
    assert plain("to\n\nafsnit  her") == "to\n\nafsnit her"
    assert one_line("<p>a</p><p>b</p>", 9) == "a b"
    began = time.monotonic()
    plain("<div>" * 200_000)
    assert time.monotonic() - began < 5


# The same page


@pytest.mark.parametrize(
    "other",
    ["https://fjordby.example/nyt/", "http://fjordby.example/nyt", "HTTPS://FJORDBY.EXAMPLE/nyt", "https://fjordby.example:443/nyt",
     "http://fjordby.example:80/nyt", "https://fjordby.example/nyt#top", "https://fjordby.example/nyt?utm_source=a&UTM_Medium=b",
     "https://fjordby.example/nyt?fbclid=a&gclid=b", "https://fjordby.example./nyt"],
)  # fmt: skip
def test_these_are_the_same_page(other):
    assert canonical(other) == canonical("https://fjordby.example/nyt")


@pytest.mark.parametrize(
    "other", ["https://fjordby.example/Nyt", "https://fjordby.example/nyt?id=2", "https://www.fjordby.example/nyt",
              "https://fjordby.example:8443/nyt", "https://fjordby.example/nyt/a"]
)  # fmt: skip
def test_these_are_other_pages(other):
    assert canonical(other) != canonical("https://fjordby.example/nyt")


def test_letters_are_written_one_way_and_the_rest_of_a_query_stays():
    assert (
        clean("https://blåbær.example/sø?q=ø&utm_source=x")
        == "https://xn--blbr-roah.example/s%C3%B8?q=%C3%B8"
    )
    assert canonical("https://a.example/s%C3%B8") == canonical("https://a.example/sø")
    assert clean("https://a.example/?a&b=") == "https://a.example/?a&b="
    for wrong in ("javascript:alert(1)", "https://a:b@c.example/", f"https://a.example/{'æ' * 400}", "nyt"):
        with pytest.raises(ValueError, match="not a web address"):
            clean(wrong)


# Drafts


def test_an_entry_becomes_a_draft_that_nobody_sees(app, sign_in):
    assert take(RSS_20.replace(b"https://fjordby.example/broen.jpg", b"")) == 3
    stories = db.session.scalars(select(Story).order_by(Story.id)).all()
    assert {story.state for story in stories} == {"draft"}
    lake = next(story for story in stories if "Søen" in story.title)
    assert (lake.source_url, lake.source_name, lake.alt, lake.why) == (
        "https://fjordby.example/soeen", "Fjordby på nettet", "", "")  # fmt: skip
    anna = sign_in("anna")
    assert "Søen" not in anna.get("/stories").text
    assert anna.get(f"/stories/{lake.id}").status_code == 404
    assert db.session.scalar(select(Origin.published_at).where(Origin.story_id == lake.id)).day == 24


def test_the_same_entry_again_makes_nothing_and_changes_nothing(app):
    assert take(rss(item("a"))) == 1
    story = db.session.scalars(select(Story)).one()
    with writing():
        db.session.execute(update(Story).values(title="Karens titel"))
    assert take(rss(item("a?utm_source=x#top", "En anden titel", "En anden tekst"))) == 0
    db.session.expire_all()
    assert (story.title, story.body) == ("Karens titel", "Vi har badet.")
    assert left()[:2] == [1, 1]


def test_a_page_that_stands_twice_in_a_feed_is_one_draft(app):
    assert take(rss(item("a"), item("a/", "Igen"))) == 1
    assert titles() == ["Søen er åben"]


def test_a_draft_that_was_deleted_does_not_come_back(app, sign_in, clock):
    take(rss(item("a")))
    story = db.session.scalars(select(Story)).one()
    assert sign_in("karen").post(f"/desk/stories/{story.id}/discarding").status_code == 303
    assert take(rss(item("a"))) == 0
    later = NOW + timedelta(days=31)
    with clock(later), writing():
        assert jobs.forget_discarded(later) == 1
    assert take(rss(item("a"))) == 0
    assert left()[:2] == [0, 1]


def test_two_imports_at_once_make_each_draft_once(app, tmp_path, monkeypatch):
    body = rss(*(item(str(n), f"Nummer {n}") for n in range(20)))
    found = [feeds.gather(entries.read(body)) for _import in range(2)]
    assert [len(one.entries) for one in found] == [20, 20]
    db.session.remove()
    both, made, spans = threading.Barrier(2), [], []

    def bring(one):
        with app.app_context():
            both.wait()
            began = time.monotonic()
            with writing():
                made.append(feeds.take(one, NOW))
            spans.append((began, time.monotonic()))

    threads = [threading.Thread(target=bring, args=(one,)) for one in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 20] or sum(made) == 20
    assert max(began for began, _end in spans) < min(end for _began, end in spans), "they did not overlap"
    assert left()[:2] == [20, 20]


# Pictures


def test_the_picture_of_an_entry_is_fetched_and_re_encoded(app, site):
    picture = site.put("/a.jpg", jpeg(), "image/jpeg")
    take(rss(item("a") + f'<enclosure url="{picture}" type="image/jpeg" length="1"/>'))
    story = db.session.scalars(select(Story)).one()
    kept = db.session.get_one(Picture, story.picture_id)
    assert (kept.width, story.alt) == (1440, "")


def flat_png(width, height):
    """A whole picture of one colour: small as a file, huge when opened."""
    line = zlib.compressobj(9)
    body = b"".join(line.compress(b"\0" * (width // 8 + 1)) for _row in range(height)) + line.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


def test_a_picture_of_20000_by_20000_is_not_opened_and_the_draft_has_none(app, site):
    bomb = site.put("/bomb.png", flat_png(20_000, 20_000), "image/png")
    with pytest.raises(FetchRefused) as refused:
        origins.picture_from(bomb)
    assert refused.value.reason == "too-many-pixels"
    take(rss(item("a") + f'<enclosure url="{bomb}" type="image/png" length="1"/>'))
    assert db.session.scalars(select(Story.picture_id)).one() is None
    assert left() == [1, 1, 0, 0]
    assert kept_files(app) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/a.jpg",
        "http://169.254.169.254/a.jpg",
        "http://[::1]/a.jpg",
        "http://localhost:1/a.jpg",
    ],
)
def test_a_picture_inside_a_private_network_is_not_fetched(app, site, address):
    take(rss(item("a") + f'<enclosure url="{address}" type="image/jpeg" length="1"/>'))
    assert db.session.scalars(select(Story.picture_id)).one() is None
    assert site.asked == []


def test_the_first_picture_that_is_one_is_taken(app, site):
    small, missing = site.put("/small.jpg", jpeg(100, 100), "image/jpeg"), f"{site.url}/nothing.jpg"
    good = site.put("/good.jpg", jpeg(), "image/jpeg")
    take(
        rss(
            item("a")
            + "".join(f'<enclosure url="{one}" type="image/jpeg"/>' for one in (missing, small, good))
        )
    )
    assert db.session.scalars(select(Story.picture_id)).one()
    assert site.asked == ["/nothing.jpg", "/small.jpg", "/good.jpg"]


# The command


def test_the_command_says_what_it_did_and_the_second_time_makes_nothing(app, run, tmp_path):
    file = tmp_path / "feed.xml"
    file.write_bytes(rss(item("a"), item("b", "Ny bro"), item("javascript:alert(1)", "Klik her")))
    first = run(file)
    assert first.exit_code == 0
    assert first.output.splitlines() == [
        "Fjordby: 2 new, 0 known, 1 refused.",
        "  refused: Klik her: it has no http or https link",
    ]
    assert run(file).output.splitlines()[0] == "Fjordby: 0 new, 2 known, 1 refused."
    assert titles() == ["Søen er åben", "Ny bro"]


def test_the_command_reads_an_address_and_keeps_the_pictures(app, run, site):
    picture = site.put("/a.jpg", jpeg(), "image/jpeg")
    address = site.put("/rss", rss(item("a") + f'<enclosure url="{picture}" type="image/jpeg"/>'), XML)
    assert run(address).exit_code == 0
    assert len(kept_files(app)) == 2


def test_the_command_finds_the_feed_that_a_page_names(app, run, site):
    site.put("/rss", rss(item("a")), XML)
    page = site.put(
        "/", '<title>Fjordby</title><link rel="alternate" type="application/rss+xml" href="/rss">'
    )
    assert "1 new" in run(page).output


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (rss(item("a"))[:-30], "The feed is broken: it cannot be read to its end. Nothing was taken from it."),
        (b"hej", "There is no RSS or Atom feed at that address."),
        (b" " * (2 * 1024 * 1024 + 1), "What is there is too big. We read pages of 1 MB, feeds of 2 MB and pictures of 8 MB."),
    ],
)  # fmt: skip
def test_the_command_fails_with_one_sentence_and_leaves_nothing(app, run, tmp_path, body, sentence):
    file, before = tmp_path / "feed.xml", left()
    file.write_bytes(body)
    done = run(file)
    assert done.exit_code == 1
    assert done.output == f"Error: {sentence}\n"
    assert left() == before
    assert kept_files(app) == []


@pytest.mark.parametrize(
    "source", ["nothing.xml", "javascript:alert(1)", "http://127.0.0.1/rss", "http://169.254.169.254/"]
)
def test_the_command_says_why_an_address_is_not_read(run, source):
    done = run(source)
    assert done.exit_code == 1
    assert done.output.startswith("Error: That ")
    assert done.output.count("\n") == 1


def test_the_command_says_that_a_long_feed_was_cut(run, tmp_path):
    file = tmp_path / "feed.xml"
    file.write_bytes(rss(*(item(str(n)) for n in range(40))))
    assert run(file).output.splitlines()[-1] == "  10 more entries were not read: only the 30 newest are."


def test_a_date_that_no_calendar_reaches_is_none_and_the_queue_stands(app, sign_in):
    dates = ("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT")
    take(rss(*(item(str(n)) + f"<pubDate>{one}</pubDate>" for n, one in enumerate(dates))))
    assert db.session.scalars(select(Origin.published_at)).all() == [None, None]
    page = sign_in("karen").get("/desk")
    assert page.status_code == 200
    assert page.text.count("Søen er åben") >= 2


def test_an_address_can_be_kept_in_its_longest_form(app):
    longest = "http://fjordby.example/".ljust(999, "a")
    assert len(canonical(longest)) == 1000
    assert take(rss(item(longest), item(longest + "a"), item("b"))) == 2


# The clock


@pytest.fixture
def source(app, site):
    """`source(body)` puts a feed on the site and makes a source of it; its row."""

    def add(body=None, path="/rss", topic=None):
        address = site.put(path, body or rss(item("a")), XML)
        fetched, contents = feeds.look(address)
        with writing():
            feed = feeds.add(fetched, contents.name, topic, clock.now())
            feeds.take(feeds.gather(contents), clock.now(), feed)
            return feed.id

    return add


def pictures_folder(app):
    return app.config["DATA_DIR"] / "pictures"


def read_at(app, moment):
    """How many feeds were due then, and tried."""
    tried = 0
    while jobs.read_next_feed(moment, pictures_folder(app)):
        tried += 1
    return tried


def test_a_source_is_read_each_hour_and_what_is_new_becomes_drafts_with_its_topic(app, site, source, cast):
    feed = source(topic=cast.topics["culture"])
    site.put("/rss", rss(item("b", "Ny bro"), item("a")), XML)
    assert read_at(app, NOW + timedelta(minutes=30)) == 0
    assert read_at(app, NOW + timedelta(hours=1)) == 1
    assert titles() == ["Søen er åben", "Ny bro"]
    topics = db.session.scalars(select(StoryTopic.topic_id)).all()
    assert topics == [cast.topics["culture"]] * 2
    assert db.session.scalars(select(Origin.feed_id)).all() == [feed, feed]
    assert db.session.get_one(Feed, feed).fetched_at == NOW + timedelta(hours=1)


def test_nothing_is_read_at_weekends(app, source, site):
    source()
    asked = len(site.asked)
    assert read_at(app, datetime(2026, 11, 28, 9, tzinfo=UTC)) == 0
    # Sunday evening in UTC is Monday in Copenhagen.
    assert read_at(app, datetime(2026, 11, 29, 22, 30, tzinfo=UTC)) == 0
    assert len(site.asked) == asked
    assert read_at(app, datetime(2026, 11, 29, 23, 30, tzinfo=UTC)) == 1


def test_a_source_that_says_that_nothing_has_changed_is_believed(app, source, site):
    site.answers.clear()
    feed = source()
    site.put("/rss", rss(item("a")), XML, ETag='"7"', Last_Modified="Tue, 24 Nov 2026 07:00:00 GMT")
    read_at(app, NOW + timedelta(hours=1))
    site.put("/rss", "", XML, 304)
    read_at(app, NOW + timedelta(hours=2))
    assert site.headers["If-None-Match"] == '"7"'
    read_at(app, NOW + timedelta(hours=3))
    assert site.headers["If-None-Match"] == '"7"'
    assert db.session.get_one(Feed, feed).trouble is None


def test_a_source_that_fails_is_tried_later_and_later(app, source, site):
    feed = source()
    site.put("/rss", "", status=503)
    tries, at = [], NOW
    for _hour in range(48):
        at += timedelta(hours=1)
        if at.weekday() < 5 and read_at(app, at):
            tries.append(round((at - NOW) / timedelta(hours=1)))
    db.session.rollback()
    row = db.session.get_one(Feed, feed)
    assert tries == [1, 2, 4, 8, 16, 31]
    assert (row.trouble, row.state, row.troubled_since) == ("error", "fetching", NOW + timedelta(hours=1))
    assert titles() == ["Søen er åben"]


def test_a_source_that_has_not_answered_for_seven_days_is_paused_and_says_so(
    app, source, site, sign_in, clock
):
    feed = source()
    site.put("/rss", "", status=404)
    for days in (0, 1, 2, 6, 7):
        read_at(app, NOW + timedelta(days=days, hours=1))
    assert db.session.get_one(Feed, feed).state == "silent"
    asked = len(site.asked)
    assert read_at(app, NOW + timedelta(days=8, hours=1)) == 0
    assert len(site.asked) == asked
    with clock(NOW + timedelta(days=8)):
        page = sign_in("karen").get("/desk/feeds").text
    assert danish("On pause: no answer for 7 days") in page
    assert danish("There is nothing at that address. It may have been moved or removed.") in page


def test_a_source_that_answers_again_is_well_again(app, source, site):
    feed = source()
    site.put("/rss", "", status=500)
    read_at(app, NOW + timedelta(hours=1))
    site.put("/rss", rss(item("b")), XML)
    read_at(app, NOW + timedelta(hours=3))
    row = db.session.get_one(Feed, feed)
    assert (row.failures, row.trouble, row.troubled_since) == (0, None, None)


def test_a_source_that_became_broken_leaves_nothing_behind(app, source, site):
    feed = source()
    before = left()
    site.put("/rss", rss(item("b"), item("c"))[:-30], XML)
    read_at(app, NOW + timedelta(hours=1))
    assert left() == before
    assert db.session.get_one(Feed, feed).trouble == "broken-feed"


def test_trouble_with_one_source_keeps_no_other_waiting(app, source, site, tmp_path):
    bad, good = source(), source(rss(item("b")), "/good")
    no_folder = tmp_path / "pictures"
    no_folder.write_text("no folder")
    picture = site.put("/a.jpg", jpeg(), "image/jpeg")
    site.put("/rss", rss(item("c") + f'<enclosure url="{picture}" type="image/jpeg"/>'), XML)
    while jobs.read_next_feed(NOW + timedelta(hours=1), no_folder):
        pass
    rows = {one.id: one for one in db.session.scalars(select(Feed))}
    assert (rows[bad].failures, rows[bad].leased_until) == (1, None)
    assert rows[bad].due_at > NOW + timedelta(hours=1)
    assert rows[good].fetched_at == NOW + timedelta(hours=1)


def test_of_two_workers_one_reads_a_source(app, source, site):
    source()
    with writing():
        assert feeds.claim(NOW + timedelta(hours=1)) is not None
    asked = len(site.asked)
    assert read_at(app, NOW + timedelta(hours=1, minutes=5)) == 0
    assert len(site.asked) == asked
    # One that was killed while it read has a lease that ends.
    assert read_at(app, NOW + timedelta(hours=1, minutes=10)) == 1


def test_workers_at_once_read_each_source_once(app, source, site):
    for number in range(6):
        source(rss(item(f"a{number}")), f"/rss{number}")
    site.asked.clear()
    slow = threading.Event()
    for path, answer in list(site.answers.items()):

        def answered(handler, body=answer[2]):
            slow.wait(0.1)
            handler.send_response(200)
            handler.send_header("Content-Type", XML)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        site.answers[path] = answered
    db.session.remove()
    tried = []

    def work():
        with app.app_context():
            tried.append(read_at(app, NOW + timedelta(hours=1)))

    threads = [threading.Thread(target=work) for _worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(tried) == 6
    assert sum(1 for one in tried if one) > 1, "they did not overlap"
    assert sorted(site.asked) == [f"/rss{number}" for number in range(6)]


def test_two_feeds_with_the_same_pages_in_another_order_do_not_wait_for_each_other(app):
    pages = [item(f"same{number}") for number in range(30)]
    db.session.remove()
    begin, made = threading.Barrier(2), []

    def work(body):
        with app.app_context():
            found = feeds.gather(entries.read(body))
            begin.wait()
            with writing():
                made.append(feeds.take(found, NOW))

    threads = [threading.Thread(target=work, args=(rss(*some),)) for some in (pages, pages[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 30]


def test_a_picture_that_claims_to_be_huge_is_not_opened_either(app, site):
    with pytest.raises(FetchRefused, match="too-many-pixels"):
        origins.picture_from(site.put("/a.png", png_that_claims(20_000, 20_000), "image/png"))
