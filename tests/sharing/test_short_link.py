"""A share's short link: people go to the story's own page, machines see a small one, and only people count."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select

from app.db import db, writing
from app.organisation import actions as organisation
from app.sharing import click_buffer
from app.sharing.clicks import RULES_VERSION
from app.sharing.jobs import forget_old_visits
from app.sharing.models import (
    CLICKED,
    FETCHED,
    SAID,
    ClickDay,
    Share,
    SharePhoto,
    Visit,
    VisitorDay,
    VisitorSalt,
)
from app.sharing.short_links import LINK, description
from app.stories.models import Picture, Story
from tests.conftest import NOW
from tests.sharing.test_clicks import ANDROID, DESKTOP, FIREFOX, IPHONE
from tests.sharing.test_telling import tell
from tests.words import danish

LINKEDIN = "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def link(sign_in, story):
    """`link(source_url="…")` is the short link of Anna's share on LinkedIn."""

    def made(network="linkedin", **columns):
        share_id = int(tell(sign_in("anna"), story(**columns), network=network).split("/")[2])
        return f"/s/{db.session.get_one(Share, share_id).token}"

    return made


@pytest.fixture
def visit(app, client, clock):
    """`visit(link)` opens it as a person with a phone, five minutes after it was made, and writes what was seen."""
    buffer = app.extensions["click-buffer"]

    def opened(link, agent=IPHONE, at=LATER, browser=client, method="get", address="203.0.113.7", **headers):
        with clock(at):
            headers = {"User-Agent": agent} | {
                name.replace("_", "-"): value for name, value in headers.items()
            }
            answer = getattr(browser, method)(link, headers=headers, environ_base={"REMOTE_ADDR": address})
            assert buffer.flush()
            return answer

    return opened


def counted():
    return db.session.scalar(select(func.sum(ClickDay.people))) or 0


def verdicts():
    return list(db.session.scalars(select(Visit.verdict).order_by(Visit.id)))


def share():
    db.session.expire_all()
    return db.session.scalars(select(Share)).one()


# Where it leads


def test_a_person_goes_on_to_the_storys_own_page_with_the_organisations_utm(link, visit):
    answer = visit(link())
    assert answer.status_code == 302
    assert answer.location == (
        "https://fjordby.example/nyt/kaffen?utm_source=linkedin&utm_medium=social&utm_campaign=fortael"
    )


def test_the_addresss_own_query_and_place_are_kept_as_they_were_written(link, visit):
    answer = visit(
        link(
            network="facebook",
            source_url="https://fjordby.example/a?x=1&y=%C3%A6%20b&utm_source=gl&utm%5Fmedium=gl&&z#her",
        )
    )
    assert answer.location == (
        "https://fjordby.example/a?x=1&y=%C3%A6%20b&&z"
        "&utm_source=facebook&utm_medium=social&utm_campaign=fortael#her"
    )


def test_the_utm_parameters_are_the_organisations_choice_from_its_day_on(link, visit):
    with writing():
        organisation.change_setting("utm", {"utm_medium": "medarbejder & co"}, date(2026, 11, 26), NOW)
    path = link()
    assert "utm_medium=social" in visit(path).location
    tomorrow = visit(path, at=NOW + timedelta(days=1)).location
    assert tomorrow == "https://fjordby.example/nyt/kaffen?utm_medium=medarbejder+%26+co"


def test_it_leads_nowhere_but_to_the_stored_address(link, visit):
    path = link()
    for more in ("?url=https://evil.example", "?next=//evil.example", "?utm_source=evil.example"):
        assert visit(path + more).location.startswith("https://fjordby.example/nyt/kaffen?")
        assert "evil" not in visit(path + more).location


@pytest.mark.parametrize("address", [None, ""])
def test_a_story_without_an_address_shows_its_own_small_page(link, visit, address):
    answer = visit(link(source_url=address))
    assert answer.status_code == 200
    assert "<h1>Kaffen kommer før kalenderen</h1>" in answer.text
    assert counted() == 1


def test_an_address_with_danish_letters_is_followed(link, visit):
    answer = visit(link(source_url="https://blåbær.example/grød?æ=ø"))
    assert answer.status_code == 302
    assert answer.location.startswith("https://xn--blbr-roah.example/gr%C3%B8d?%C3%A6=%C3%B8&utm_source")


# Where it leads no more


UNKNOWN = ("abcdefghij", "kort", "0" * 11, "a" * 5000, "%00" * 10, "æøåæøåæøåæ", "' OR 1=1--")


def test_an_unknown_token_is_a_friendly_404_in_the_visitors_language(client, cast):
    for token in UNKNOWN:
        in_danish = client.get(f"/s/{token}", headers={"Accept-Language": "da-DK,da;q=0.9"})
        in_english = client.get(f"/s/{token}", headers={"Accept-Language": "en-GB"})
        assert (in_danish.status_code, in_english.status_code) == (404, 404), token
        assert f">{danish('There is nothing here')}</h1>" in in_danish.text
        assert ">There is nothing here</h1>" in in_english.text
        assert '<html lang="en"' in in_english.text


def test_a_withdrawn_share_says_goodbye_in_the_visitors_language(link, visit, sign_in):
    path = link()
    sign_in("anna").post(f"/shares/{share().id}/withdrawal")
    in_danish, in_english = visit(path), visit(path, Accept_Language="en")
    assert (in_danish.status_code, in_english.status_code) == (410, 410)
    assert danish("This link has said goodbye") in in_danish.text
    assert "This link has said goodbye" in in_english.text
    assert visit(path, agent=LINKEDIN).status_code == 410
    assert verdicts() == []


def test_the_links_of_a_withdrawn_or_expired_story_say_goodbye(link, visit, sign_in):
    path = link(expires_at=NOW + timedelta(days=3))
    assert visit(path, at=NOW + timedelta(days=3, seconds=-1)).status_code == 302
    assert visit(path, at=NOW + timedelta(days=3)).status_code == 410
    sign_in("karen").post(f"/desk/stories/{share().story_id}/withdrawal")
    assert visit(path).status_code == 410


def test_a_link_lives_as_long_as_the_organisation_says(link, visit):
    path = link(expires_at=None)
    assert visit(path, at=NOW + timedelta(days=180)).status_code == 302
    assert visit(path, at=NOW + timedelta(days=180, seconds=1)).status_code == 410
    with writing():
        organisation.change_setting("short_link_lives_days", 30, NOW.date(), NOW)
    assert visit(path, at=NOW + timedelta(days=30, seconds=1)).status_code == 410


# Who counts


def test_a_person_counts_once_a_day_and_again_the_next(link, visit):
    path = link()
    for _time in range(3):
        assert visit(path).status_code == 302
    assert (counted(), verdicts()) == (1, ["human", "repeat", "repeat"])
    visit(path, at=LATER + timedelta(days=1))
    rows = db.session.execute(select(ClickDay.day, ClickDay.people).order_by(ClickDay.day)).all()
    assert [tuple(row) for row in rows] == [(date(2026, 11, 25), 1), (date(2026, 11, 26), 1)]


def test_a_visitors_day_ends_at_midnight_in_the_organisations_zone(link, visit):
    path = link()
    visit(path, at=NOW.replace(hour=22, minute=59))
    visit(path, at=NOW.replace(hour=23, minute=1))
    assert list(db.session.scalars(select(ClickDay.day).order_by(ClickDay.day))) == [
        date(2026, 11, 25), date(2026, 11, 26)]  # fmt: skip


def test_other_people_count_too(link, visit):
    path = link()
    for agent in (IPHONE, ANDROID, DESKTOP, FIREFOX):
        visit(path, agent=agent)
    visit(path, address="203.0.113.8")
    assert counted() == 5


def test_a_click_lifts_the_share_to_its_rung_and_shows_on_the_sharers_page(link, visit, sign_in):
    path = link()
    assert share().rung == SAID
    visit(path)
    assert (share().rung, share().clicked_at) == (CLICKED, LATER)
    visit(path, at=LATER + timedelta(hours=1), address="203.0.113.8")
    assert share().clicked_at == LATER
    assert '<span class="count num">2</span>' in sign_in("anna").get(f"/shares/{share().id}").text


def test_head_gets_the_address_and_counts_nothing(link, visit):
    answer = visit(link(), method="head")
    assert answer.status_code == 302
    assert answer.location.startswith("https://fjordby.example/nyt/kaffen?")
    assert (counted(), verdicts(), share().rung) == (0, ["head"], SAID)


@pytest.mark.parametrize(
    ("verdict", "headers"),
    [
        ("prefetch", {"Sec_Purpose": "prefetch;prerender"}),
        ("prefetch", {"Purpose": "prefetch"}),
        ("prefetch", {"X_Moz": "prefetch"}),
        ("prefetch", {"X_Purpose": "preview"}),
        ("prefetch", {"Sec_Fetch_Mode": "no-cors"}),
        ("bot", {"agent": "curl/8.9.1"}),
        ("bot", {"agent": ""}),
    ],
)
def test_machines_and_prefetching_do_not_count(link, visit, verdict, headers):
    visit(link(), **headers)
    assert (counted(), verdicts(), share().rung) == (0, [verdict], SAID)


def test_the_sharer_is_not_counted_and_a_colleague_is(link, visit, sign_in):
    path = link()
    assert visit(path, browser=sign_in("anna")).status_code == 302
    assert (counted(), verdicts()) == (0, ["sharer"])
    visit(path, browser=sign_in("omar"))
    assert (counted(), verdicts()) == (1, ["sharer", "human"])


def test_the_first_three_seconds_do_not_count(link, visit):
    path = link()
    assert visit(path, at=NOW + timedelta(seconds=2, milliseconds=999)).status_code == 302
    assert (counted(), verdicts()) == (0, ["early"])
    visit(path, at=NOW + timedelta(seconds=3))
    assert (counted(), verdicts()) == (1, ["early", "human"])


# What machines see


def test_linkedin_gets_the_page_it_draws_a_preview_of_and_the_rung_climbs(link, visit):
    answer = visit(link(), agent=LINKEDIN)
    assert answer.status_code == 200
    for said in (
        '<meta property="og:title" content="Kaffen kommer før kalenderen">',
        '<meta property="og:description" content="Kl. 7.20 ringer Nadia på hos Else.',
        '<meta property="og:site_name" content="Fjordby Kommune">',
        f'<meta property="og:url" content="http://localhost/s/{share().token}">',
        '<meta name="robots" content="noindex">',
    ):
        assert said in answer.text
    assert (share().rung, share().fetched_at, counted()) == (FETCHED, LATER, 0)


def test_a_click_is_a_higher_rung_than_a_preview_and_none_climbs_down(link, visit):
    path = link()
    visit(path)
    visit(path, agent=LINKEDIN, at=LATER + timedelta(minutes=1))
    assert (share().rung, share().fetched_at is not None) == (CLICKED, True)


def test_machines_read_the_organisations_language_and_people_theirs(link, visit):
    path = link(source_url=None)
    machine = visit(path, agent=LINKEDIN, Accept_Language="en")
    person = visit(path, Accept_Language="en")
    assert '<html lang="da"' in machine.text
    assert "Coffee before the calendar" in person.text


def test_a_preview_names_the_picture_and_what_it_shows(link, visit):
    with writing():
        picture = Picture(
            name="a" * 24, width=1440, height=960, small_width=720, small_height=480, added_at=NOW
        )
        db.session.add(picture)
        db.session.flush()
        picture_id = picture.id
    answer = visit(link(picture_id=picture_id, alt='Else & "Nadia"'), agent=LINKEDIN)
    assert (
        f'<meta property="og:image" content="http://localhost/pictures/{"a" * 24}-1440.jpg">' in answer.text
    )
    assert '<meta property="og:image:alt" content="Else &amp; &#34;Nadia&#34;">' in answer.text


POLYGLOTS = (
    '"><script>alert(1)</script>',
    "'\"--></title></style><svg onload=alert(1)>",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>",
    "{{ 7*7 }}{% raw %}${7*7}",
    '" http-equiv="refresh" content="0;url=https://evil.example',
)


@pytest.mark.parametrize("text", POLYGLOTS)
def test_what_editors_and_people_write_is_text_and_nothing_else_in_a_preview(link, visit, text):
    title = text[:120]
    path = link(title=title, body=text * 2, picture_id=picture(), alt=text[:250], title_en=title)
    for agent, language in ((LINKEDIN, "da"), (LINKEDIN, "en")):
        page = visit(path, agent=agent, Accept_Language=language)
        read = Preview(page.text)
        assert read.tags == EXPECTED
        assert read.og["og:title"] == [title]
        assert read.og["og:image:alt"] == [text[:250]]
        assert read.og["og:description"] == [description(text * 2)]


class Preview(HTMLParser):
    """What a machine reads: the names of the elements, and the Open Graph properties."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.og = [], {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append(tag)
        if "property" in found:
            self.og.setdefault(found["property"], []).append(found["content"])


EXPECTED = [
    *("html", "head", "meta", "meta", "meta", "title", *["meta"] * 13, "link", "link"),
    *("body", "main", "img", "article", "p", "h1", "div", "p", "p", "a"),
]  # fmt: skip


def picture():
    with writing():
        kept = Picture(name="b" * 24, width=1440, height=960, small_width=720, small_height=480, added_at=NOW)
        db.session.add(kept)
        db.session.flush()
        return kept.id


def test_a_picture_of_the_persons_own_goes_before_the_storys(link, visit):
    path = link(picture_id=picture(), alt="Broen", source_url=None)
    with writing():
        db.session.add(SharePhoto(
            share_id=db.session.scalars(select(Share.id)).one(), name="c" * 22, width=800, height=600,
            alt="Min kaffe", consent="nobody", consented_at=NOW,
        ))  # fmt: skip
    read = Preview(visit(path, agent=LINKEDIN).text)
    assert read.og["og:image"] == [f"http://localhost{path}/photo"]
    assert (read.og["og:image:alt"], read.og["og:image:width"]) == (["Min kaffe"], ["800"])
    assert f'<img class="cover" src="{path}/photo" alt="Min kaffe"' in visit(path).text


# What is kept, and for how long


def test_no_address_is_stored_and_of_the_browser_its_name_for_thirty_days(link, visit):
    visit(
        link(), address="203.0.113.77", agent=FIREFOX + "x" * 600, Purpose="later", Sec_Fetch_Mode="navigate"
    )
    seen = [
        repr(row)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(select(table))
    ]  # fmt: skip
    assert not [row for row in seen if "203.0.113.77" in row]
    kept = db.session.scalars(select(Visit)).one()
    assert (kept.method, kept.purpose, kept.fetch_mode, kept.age, kept.by_sharer, kept.rules_version) == (
        "GET", "later", "navigate", 300, False, RULES_VERSION)  # fmt: skip
    assert (len(kept.user_agent), len(kept.visitor), kept.day) == (512, 16, NOW.date())
    forgotten_at(LATER + timedelta(days=30, seconds=1))
    assert db.session.scalar(select(Visit.user_agent)) is None


def test_the_same_visitor_has_another_hash_the_next_day(link, visit):
    path = link()
    visit(path)
    visit(path, at=LATER + timedelta(days=1))
    one, two = db.session.scalars(select(Visit.visitor).order_by(Visit.id))
    assert one != two


def forgotten_at(instant):
    with writing():
        return forget_old_visits(instant)


def test_visits_are_forgotten_after_thirty_days_and_the_counts_never(link, visit):
    visit(link())
    forgotten_at(LATER + timedelta(days=30))
    assert len(verdicts()) == 1
    forgotten_at(LATER + timedelta(days=30, seconds=1))
    assert verdicts() == []
    assert counted() == 1


def test_a_days_salt_and_hashes_are_thrown_away_with_the_day_once_its_last_clicks_are_written(link, visit):
    visit(link())
    midnight = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)  # in Copenhagen
    for instant, left in (
        (midnight - timedelta(minutes=1), 1),
        (midnight + timedelta(minutes=4), 1),
        (midnight + timedelta(minutes=7), 0),
    ):
        forgotten_at(instant)
        assert db.session.scalar(select(func.count()).select_from(VisitorSalt)) == left
        assert db.session.scalar(select(func.count()).select_from(VisitorDay)) == left
    assert counted() == 1


def test_two_visitors_behind_one_address_are_told_apart_by_their_browsers(link, visit):
    path = link()
    for agent in (DESKTOP, FIREFOX, DESKTOP, FIREFOX):
        visit(path, agent=agent, address="203.0.113.9")
    assert (counted(), verdicts()) == (2, ["human", "human", "repeat", "repeat"])


# One read, and nothing of who asks


def test_a_link_answers_by_one_read_and_writes_nothing_whoever_follows_it(
    link, client, sign_in, clock, count_statements
):
    path, no_address = link(), link(network="facebook", source_url=None)
    anna = sign_in("anna")
    anna.get(path)
    with clock(LATER):
        for browser in (client, anna):
            for method in ("get", "head"):
                for address, agent in ((path, IPHONE), (path, LINKEDIN), (no_address, IPHONE)):
                    count_statements.clear()
                    answer = getattr(browser, method)(address, headers={"User-Agent": agent})
                    assert answer.status_code == (302 if (address, agent) == (path, IPHONE) else 200)
                    assert len(count_statements) == 1, count_statements
                    assert count_statements[0].startswith("SELECT shares.id")
                    assert "sign_ins" not in count_statements[0]
    assert verdicts() == []


def test_the_one_read_goes_by_indexes_alone(link, app):
    link()
    asked = LINK.statement.params(token=share().token)
    sql = str(asked.compile(dialect=db.engine.dialect, compile_kwargs={"literal_binds": True}))
    connection = db.session.connection()
    if db.engine.dialect.name == "sqlite":
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
        assert len(plan) == 6
        assert [one for one in plan if not re.match("SEARCH .* USING (INDEX|INTEGER PRIMARY KEY)", one)] == []
        return
    # So few rows are read whole otherwise.
    connection.exec_driver_sql("SET enable_seqscan = off")
    plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {sql}"))
    assert "uq_shares_token" in plan
    assert "Seq Scan" not in plan


def test_a_stranger_gets_no_cookie_wherever_a_link_leads(link, client, sign_in):
    path, gone = link(), link(network="facebook")
    sign_in("anna").post(f"/shares/{db.session.scalars(select(Share.id)).all()[1]}/withdrawal")
    for address, status in ((path, 302), (gone, 410), ("/s/abcdefghijk", 404), ("/s/x", 404)):
        for agent in (IPHONE, LINKEDIN):
            answer = client.get(address, headers={"User-Agent": agent})
            assert answer.status_code in (status, 200), address
            assert client.head(address, headers={"User-Agent": agent}).status_code == answer.status_code
            assert "Set-Cookie" not in answer.headers, address
            assert "no-store" in answer.headers["Cache-Control"]


def test_the_sharer_is_known_by_the_hash_of_the_sign_in_even_when_it_has_ended_meanwhile(
    app, link, sign_in, clock
):
    path, anna = link(), sign_in("anna")
    with clock(LATER):
        anna.get(path, headers={"User-Agent": IPHONE})
        waiting = app.extensions["click-buffer"].waiting
        assert len(waiting[0].sign_in) == 32
        anna.post("/sign-out")
        assert app.extensions["click-buffer"].flush()
    assert verdicts() == ["sharer"]


# While it waits


def test_when_too_many_wait_links_still_answer_and_the_log_says_how_many_are_left_out(
    link, client, clock, app, caplog
):
    path, waiting = link(), app.extensions["click-buffer"]
    with clock(LATER):
        client.get(path, headers={"User-Agent": IPHONE})
        waiting.waiting = waiting.waiting * click_buffer.MOST_WAITING
        for _time in range(3):
            assert client.get(path, headers={"User-Agent": FIREFOX}).status_code == 302
        assert len(waiting.waiting) == click_buffer.MOST_WAITING
        del waiting.waiting[5:]
        assert waiting.flush()
    assert "3 clicks are not counted" in caplog.text
    assert (counted(), len(verdicts())) == (1, 5)


def test_a_click_that_cannot_be_written_takes_no_other_with_it(link, visit, client, clock, app, caplog):
    path, waiting = link(), app.extensions["click-buffer"]
    with clock(LATER):
        for agent in (IPHONE, FIREFOX, DESKTOP):
            client.get(path, headers={"User-Agent": agent})
        waiting.waiting[1] = replace(waiting.waiting[1], share_id=999_999)
        assert waiting.flush()
    assert (counted(), verdicts()) == (2, ["human", "human"])
    assert "a click cannot be written" in caplog.text
    assert waiting.waiting == []


# Told again


def test_a_share_that_is_withdrawn_and_told_again_leads_on_again(link, visit, sign_in):
    path, anna = link(), sign_in("anna")
    visit(path)
    anna.post(f"/shares/{share().id}/withdrawal")
    assert visit(path).status_code == 410
    assert visit(path, method="head").status_code == 410
    told = tell(anna, share().story_id)
    assert told.startswith(f"/shares/{share().id}/")
    assert f"/s/{share().token}" == path
    assert visit(path).status_code == 302
    assert (share().rung, counted()) == (CLICKED, 1)


def test_an_edited_address_is_followed_at_once(link, visit):
    path = link()
    assert visit(path).location.startswith("https://fjordby.example/nyt/kaffen?")
    with writing():
        db.session.get_one(Story, share().story_id).source_url = "https://fjordby.example/nyt/ny?a=1#top"
    assert visit(path).location == (
        "https://fjordby.example/nyt/ny?a=1&utm_source=linkedin&utm_medium=social&utm_campaign=fortael#top"
    )
