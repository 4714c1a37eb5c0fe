"""All stories: found by topic, by words in either language, and a page at a time."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, text, update

from app.db import db, writing
from app.people import sign_ins
from app.people.models import Person
from app.people.viewer import viewer as viewer_of
from app.stories.browsing import A_PAGE, Wanted, browse, place
from app.stories.models import Saving, Story
from tests.conftest import NOW
from tests.desk.test_editor import edited
from tests.words import danish

HTMX = {"HX-Request": "true"}


@pytest.fixture
def anna(sign_in):
    """Anna's browser."""
    return sign_in("anna")


def hits(browser, **query):
    """The titles that All stories finds."""
    page = browser.get("/stories", query_string=query)
    assert page.status_code == 200
    found = page.text.split('id="hits"')[1].replace("\N{NO-BREAK SPACE}", " ")
    return {part.split("</a>")[0].split(">")[-1] for part in found.split("<h3>")[1:]}


def test_all_stories_are_found_by_topic(anna, story, cast):
    story(title="Om omsorg", topics=("care",))
    story(title="Om bøger", topics=("culture", "care"))
    assert hits(anna) == {"Om omsorg", "Om bøger"}
    assert hits(anna, topic=cast.topics["care"]) == {"Om omsorg", "Om bøger"}
    assert hits(anna, topic=cast.topics["culture"]) == {"Om bøger"}
    assert hits(anna, topic=cast.topics["schools"]) == set()
    assert (
        danish("No story with that. Try another word or topic.")
        in anna.get(f"/stories?topic={cast.topics['schools']}").text
    )


def test_a_topic_that_is_none_is_no_error(anna, story):
    story(title="Om omsorg")
    for nonsense in ("x", "", "99999999999999999999", "-1"):
        assert hits(anna, topic=nonsense) == {"Om omsorg"}
    assert hits(anna, topic=4711) == set()


def test_a_search_finds_each_word_in_title_why_or_text_in_either_language(anna, story):
    story(
        title="Broen tæller",
        why="Flere på cykel.",
        body="Amir talte 214.",
        title_en="The bridge counts",
        body_en="Amir counted 214.",
    )
    story(
        title="Kaffen",
        why="Flere elever.",
        body="Nadia ringer på.",
        title_en="Coffee",
        body_en="Nadia rings.",
    )
    assert hits(anna, q="broen") == {"Broen tæller"}
    assert hits(anna, q="flere amir") == {"Broen tæller"}
    assert hits(anna, q="flere") == {"Broen tæller", "Kaffen"}
    assert hits(anna, q="bridge") == {"Broen tæller"}
    assert hits(anna, q="  nadia   ringer ") == {"Kaffen"}
    assert hits(anna, q="amir elever") == set()


def test_a_search_knows_danish_letters_in_both_cases(anna, story):
    story(title="Ærø får en Ø-læge", why="Åben dør.", body="BLÅBÆRGRØD")
    for word in ("ærø", "ÆRØ", "Ærø", "ø-læge", "åben", "ÅBEN", "blåbærgrød", "Blåbærgrød"):
        assert hits(anna, q=word) == {"Ærø får en Ø-læge"}, word


def test_a_search_finds_a_german_name(anna, story):
    story(title="Frau Weiß underviser")
    assert hits(anna, q="weiß") == {"Frau Weiß underviser"}


def test_a_strange_search_is_no_error_and_is_shown_again(anna, story):
    story()
    for words in ("\x00", "'; DROP TABLE stories; --", "<script>", "a" * 5000, "😀" * 100, "\ud7ff"):
        assert anna.get("/stories", query_string={"q": words}).status_code == 200
    page = anna.get("/stories", query_string={"q": '"><b>bro'}).text
    assert 'value="&#34;&gt;&lt;b&gt;bro"' in page


def test_a_search_from_the_field_gets_the_hits_alone(anna, story):
    story()
    answer = anna.get("/stories?q=kaffen", headers=HTMX)
    assert answer.text.lstrip().startswith('<div id="hits"')
    assert "<html" not in answer.text


def test_a_word_is_found_as_far_as_it_is_typed(anna, story):
    story(title="Biblioteket har åbent", why="Derfor.", body="Jens låser op.")
    for word in ("bib", "bibliotek", "BIBLIOTEKET", "jen", "l", "lås", "låser op", "op låser"):
        assert hits(anna, q=word) == {"Biblioteket har åbent"}, word
    for word in ("blioteket", "biblioteketx", "laser", "ens", "jens omar"):
        assert hits(anna, q=word) == set(), word


def test_what_is_no_letter_parts_words_and_means_nothing(anna, story):
    story(
        title="Kl. 7.20: kaffe/te",
        why="a_b",
        body="fjordby.dk, mette@fjordby.dk og m²; 100 % “sandt” – O'Neill",
    )
    for words in (
        "7.20",
        "20",
        "te",
        "dk",
        "fjordby",
        "mette@fjordby.dk",
        "100%",
        "sandt",
        "a_b",
        "b",
        "o'neill",
        "o’neill",
        "neill",
        "m²",
    ):
        assert hits(anna, q=words) == {"Kl. 7.20: kaffe/te"}, words
    for nothing in ("%", "_", "\\", "*", '"', "-", "😀", "…", "()"):
        assert hits(anna, q=nothing) == set(), nothing
        page = anna.get("/stories", query_string={"q": nothing}).text
        assert danish("No story with that. Try another word or topic.") in page


def test_words_that_mean_something_to_a_database_are_words(anna, story):
    story(title="Or and not near", body="null title")
    for words in (
        "or",
        "AND",
        "and NOT or",
        "near",
        "NULL",
        '"or" *',
        "title:null",
        "-near",
        "or:*",
        "!near",
        "near & or",
        "<->",
        "or'",
        "^or",
        "{title}: or",
        "or)",
    ):
        assert hits(anna, q=words) == ({"Or and not near"} if re.search("[a-z]", words.lower()) else set()), (
            words
        )


def test_danish_and_english_words_are_found_in_their_other_forms_where_the_database_knows_them(anna, story):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite knows no word's other forms")
    story(title="Elever på plejehjem", title_en="Trainees at the nursing homes", body="Cyklister, der cykler")
    for word in ("elevernes", "plejehjemmene", "cyklisterne", "trainee", "homing", "nurse"):
        assert hits(anna, q=word) == {"Elever på plejehjem"}, word


def test_a_word_may_be_that_of_a_topic(anna, story):
    story(title="Kaffen", topics=("care",), why="Derfor.", why_en="So.")
    story(title="Bogen", topics=("culture", "care"), body="En elev læste højt.")
    assert hits(anna, q="omsorg") == {"Kaffen", "Bogen"}
    assert hits(anna, q="cul") == {"Bogen"}
    assert hits(anna, q="omsorg elev") == {"Bogen"}
    assert hits(anna, q="omsorg skole") == set()


def test_a_topic_and_words_are_both_asked_for(anna, story, cast):
    story(title="Kaffen", topics=("care",), body="En elev ringer på.")
    story(title="Bogen", topics=("culture",), body="En elev læste højt.")
    assert hits(anna, q="elev", topic=cast.topics["culture"]) == {"Bogen"}
    page = anna.get("/stories", query_string={"q": "elev", "topic": cast.topics["culture"]}).text
    assert f'name="topic" value="{cast.topics["culture"]}"' in page
    assert f'href="/stories?q=elev&amp;topic={cast.topics["care"]}"' in page
    assert 'href="/stories?q=elev"' in page


# What is found follows what is written


def test_an_edit_a_deletion_and_what_is_written_past_the_app_are_followed(anna, sign_in, story):
    told, other = story(title="Broen", body="Amir talte."), story(title="Søen", body="Amir svømmer.")
    karen = sign_in("karen")
    assert edited(karen, db.session.get_one(Story, told), body="Sofie talte.").status_code == 303
    assert hits(anna, q="amir") == {"Søen"}
    assert hits(anna, q="sofie") == {"Broen"}
    with writing():
        db.session.execute(
            text("UPDATE stories SET body = 'Fatima', why_en = 'rowing' WHERE id = :id"), {"id": other}
        )
    assert hits(anna, q="amir") == set()
    assert hits(anna, q="fatima row") == {"Søen"}
    with writing():
        db.session.execute(update(Story).where(Story.id == told).values(tellers=3))
    assert hits(anna, q="sofie") == {"Broen"}
    if db.engine.dialect.name == "sqlite":
        with writing():
            db.session.execute(
                text("INSERT INTO story_words(story_words, rank) VALUES ('integrity-check', 1)")
            )


def test_many_stories_at_once_are_found_and_those_deleted_are_not(app, anna, story):
    made = story(title="Forlæg")
    row = db.session.execute(select(*Story.__table__.columns).where(Story.id == made)).one()._asdict()
    row.pop("id")
    with writing():
        db.session.execute(insert(Story), [row | {"title": f"Nr. {n} af bunken"} for n in range(50)])
    assert found(anna, q="bunken") == 50
    with writing():
        db.session.execute(delete(Story).where(Story.title.like("Nr. 1% af bunken")))
    assert found(anna, q="bunken") == 39
    assert found(anna, q="forlæg") == 1


def test_a_search_finds_nothing_that_is_not_open(anna, story):
    for hidden in ({"state": "draft"}, {"state": "withdrawn"}, {"publish_at": NOW + timedelta(1)}, {"expires_at": NOW},
                   {"audience": ("library",)}, {"for_roles": 2}, {"leader_id": 1}):  # fmt: skip
        story(title="Hemmeligheden", **hidden)
    assert hits(anna, q="hemmeligheden") == set()
    assert found(anna, q="hemmeligheden") == 0


# Any input


STRANGE = (
    '"', "'", '""', "*", "a*", '"a', "AND", "a AND", "OR OR", "NOT", "NEAR(a b, 2)", "a:b", "-a", "--", "^a", "a\x00b", "\x00", "{", "(((", "&|!", "<->", ":*", "a:*B", "'a'':*",
    "\\", "%00", "a" * 10_000, "a " * 5_000, "😀" * 10_000, "\u0301", "a\u030a", "\u202e", "½", "²", "١٢", "ﬁ", "ß", "İ", "ǅ", "漢字", "\ufeff", "\ud7ff", "title:x", "story_words",
)  # fmt: skip


def test_any_input_is_answered_kindly(anna, story):
    story()
    for words in STRANGE:
        answer = anna.get("/stories", query_string={"q": words})
        assert answer.status_code == 200, words
        assert 'id="hits"' in answer.text


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(STRANGE), max_size=5).map(" ".join)))
@example("a\u030a Å")
def test_no_text_is_an_error_to_the_database(app, cast, viewer, words):
    browse(viewer, NOW, Wanted(words=words.replace("\x00", "")))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=12))
def test_a_title_is_found_by_any_of_its_letters_in_a_row(app, viewer, lettered, words):
    """Latin and Danish letters always are; in other scripts neither may break."""
    with writing():
        db.session.execute(update(Story).where(Story.id == lettered).values(title=f"x {words}"))
    found = browse(viewer, NOW, Wanted(words=words))
    if re.fullmatch("[0-9A-Za-zæøåÆØÅäöüÄÖÜéÉ]+", words):
        assert [one.id for one in found.stories] == [lettered]


@pytest.fixture
def lettered(story):
    return story()


@pytest.fixture
def viewer(app, cast):
    """Anna, as her browser would be."""
    with writing():
        token = sign_ins.begin(cast.anna.id, "test", NOW)
    with app.app_context():
        return viewer_of(token, NOW)


# A page at a time


@pytest.fixture
def many(story):
    """Fifty stories, of which some came at the same instant; the newest first."""
    made = [(NOW - timedelta(hours=n // 3 + 1), story(title=f"Nr. {n}", publish_at=NOW - timedelta(hours=n // 3 + 1))) for n in range(50)]  # fmt: skip
    return [story_id for _at, story_id in sorted(made, reverse=True)]


def ids(page):
    return [int(one) for one in re.findall(r'<article class="card story[^"]*" id="story-(\d+)"', page)]


def more_of(page):
    found = re.search(r'<p class="tc mt4" id="more"><a class="btn out" href="([^"]+)"', page)
    return found and found[1].replace("&amp;", "&")


def found(browser, **query):
    """How many the page says there are."""
    page = browser.get("/stories", query_string=query).text
    return int(re.search(r'role="status">(\d+)', page)[1])


def test_page_after_page_shows_each_story_once_and_the_newest_first(anna, many):
    seen, address = [], "/stories"
    while address:
        page = anna.get(address).text
        assert len(ids(page)) <= A_PAGE
        assert f'role="status">{len(many)} ' in page.replace("\N{NO-BREAK SPACE}", " ")
        seen += ids(page)
        address = more_of(page)
    assert seen == many


def test_more_is_put_below_what_is_there(anna, many):
    first = anna.get("/stories").text
    answer = anna.get(more_of(first), headers=HTMX).text
    assert ids(answer) == many[A_PAGE : 2 * A_PAGE]
    assert "<html" not in answer
    assert 'id="hits"' not in answer
    assert 'hx-target="#more"' in answer
    last = anna.get(more_of(answer), headers=HTMX).text
    assert ids(last) == many[2 * A_PAGE :]
    assert more_of(last) is None


def test_what_was_typed_goes_along_to_another_topic(anna, many, cast):
    answer = anna.get("/stories?q=nr", headers=HTMX).text
    assert f'href="/stories?q=nr&amp;topic={cast.topics["culture"]}"' in answer


def test_pages_keep_what_one_looks_for(anna, many, cast):
    address = more_of(anna.get(f"/stories?q=nr&topic={cast.topics['care']}").text)
    assert "q=nr" in address
    assert f"topic={cast.topics['care']}" in address
    assert ids(anna.get(address).text) == many[A_PAGE : 2 * A_PAGE]


def test_what_is_published_or_ends_meanwhile_moves_no_page(anna, many, story):
    address = more_of(anna.get("/stories").text)
    story(title="Helt ny", publish_at=NOW - timedelta(minutes=1))
    with writing():
        db.session.execute(update(Story).where(Story.id == many[A_PAGE - 1]).values(state="withdrawn"))
    assert ids(anna.get(address).text) == many[A_PAGE : 2 * A_PAGE]


def test_a_later_page_leads_back_to_the_newest(anna, many):
    first = anna.get("/stories?q=nr").text
    assert danish("From the newest") not in first
    assert 'href="/stories?q=nr">' + danish("From the newest") in anna.get(more_of(first)).text


@pytest.mark.parametrize(
    "cursor", ["", "x", "-", "1", "1-", "-1", "1-2-3", "1.5-2", "99999999999999999-1", "9" * 30 + "-1", "1-99999999999", "1-2147483648", "٣-1", " 1-1", "1-1\n", "'--", "\x00", "a" * 5000],
)  # fmt: skip
def test_a_place_that_is_none_begins_at_the_newest(anna, many, cursor):
    page = anna.get("/stories", query_string={"after": cursor})
    assert page.status_code == 200
    assert ids(page.text) == many[:A_PAGE]


def test_a_place_behind_which_nothing_is_left_begins_at_the_newest(anna, many):
    page = anna.get("/stories?after=1-1")
    assert ids(page.text) == many[:A_PAGE]
    assert danish("From the newest") not in page.text
    assert ids(anna.get("/stories?after=1-1", headers=HTMX).text) == []


def test_a_place_is_written_and_read_to_the_microsecond(app):
    for at in (NOW, datetime(2026, 1, 1, 0, 0, 0, 1, UTC), datetime(2199, 12, 31, 23, 59, 59, 999999, UTC)):
        assert place(f"{(at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)}-7") == (at, 7)
        assert place(str(place("1-7"))) == place("1-7")


def test_the_list_asks_the_same_number_of_statements_however_many_there_are(
    anna, story, many, count_statements
):
    numbers = []
    for path in ("/stories", "/stories", "/stories?q=nr"):
        count_statements.clear()
        anna.get(path)
        # What SQLite asks itself for its index is not ours.
        numbers.append(len([one for one in count_statements if "'main'." not in one]))
    assert numbers[1] <= 4
    assert numbers[2] <= 5


# Saved for later


def test_what_one_has_saved_is_found_again(anna, sign_in, story, cast):
    kept, other = story(title="Kaffen"), story(title="Broen")
    anna.post(f"/stories/{kept}/saving")
    sign_in("omar").post(f"/stories/{other}/saving")
    assert hits(anna, saved=1) == {"Kaffen"}
    assert found(anna, saved=1) == 1
    assert hits(anna, saved=1, q="bro") == set()
    page = anna.get("/stories?saved=1&q=kaf").text
    assert (
        f'<a class="chip" href="/stories?q=kaf&amp;saved=1" aria-current="true">{danish("Saved")}</a>' in page
    )
    assert 'name="saved" value="1"' in page


def test_with_nothing_saved_the_list_says_how_to(anna, story):
    story()
    page = anna.get("/stories?saved=1").text
    assert danish("Nothing is saved. Tap the bookmark on a story, and you find it here.") in page
    page = anna.get("/stories?saved=1&q=kaffen").text
    assert danish("No story with that. Try another word or topic.") in page


def test_what_is_saved_and_over_is_left_out_without_a_word(anna, story, clock):
    kept = [story(title=f"Nr. {n}", expires_at=NOW + timedelta(days=2 + 5 * n)) for n in range(2)]
    for one in kept:
        anna.post(f"/stories/{one}/saving")
    with clock(NOW + timedelta(days=3)):
        assert hits(anna, saved=1) == {"Nr. 1"}
        with writing():
            db.session.execute(update(Story).where(Story.id == kept[1]).values(state="withdrawn"))
        assert hits(anna, saved=1) == set()
        assert danish("Saved for later") not in anna.get("/me").text
    assert db.session.scalar(select(func.count()).select_from(Saving)) == 2


def test_me_leads_to_what_is_saved_if_there_is_any(anna, story):
    kept = story()
    assert danish("Saved for later") not in anna.get("/me").text
    anna.post(f"/stories/{kept}/saving")
    page = anna.get("/me").text
    assert danish("Saved for later") in page
    assert 'href="/stories?saved=1"' in page


# New today, yesterday, expires


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("published", "expires", "english", "values"),
    [
        (NOW - timedelta(hours=2), NOW + 14 * DAY, "New today", {}),
        (NOW - timedelta(hours=10), NOW + 14 * DAY, "Yesterday", {}),
        (NOW - 2 * DAY, NOW + 14 * DAY, "Mandag", None),
        (NOW - 6 * DAY, NOW + 14 * DAY, "Torsdag", None),
        (NOW - 7 * DAY, NOW + 9 * DAY, "Expires %(day)s", {"day": "4. december"}),
        (NOW - 30 * DAY, None, "26. oktober", None),
        (NOW - timedelta(hours=2), NOW + 2 * DAY, "Expires %(day)s", {"day": "27. november"}),
        (NOW - timedelta(hours=9), datetime(2026, 11, 25, 23, 0, tzinfo=UTC), "Expires %(day)s", {"day": "25. november"}),
    ],
)  # fmt: skip
def test_a_card_says_how_old_the_story_is_or_how_long_it_lives(
    anna, story, published, expires, english, values
):
    story(publish_at=published, expires_at=expires)
    said = english if values is None else danish(english, **values)
    page = anna.get("/stories").text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"<span>{said}</span></p>" in page.split('class="meta"')[1]


def test_a_kept_card_says_something_else_tomorrow_and_in_another_zone(anna, sign_in, story, clock):
    story()
    for days, said in (
        (0, danish("New today")),
        (1, danish("Yesterday")),
        (2, "Onsdag"),
        (0, danish("New today")),
    ):
        with clock(NOW + days * DAY):
            assert said in anna.get("/stories").text, days
    with writing():
        db.session.execute(update(Person).where(Person.name == "Omar Aziz").values(zone="Pacific/Honolulu"))
    page = (
        sign_in("omar").get("/stories").text
    )  # there it is Tuesday evening, and the story came that evening
    assert danish("New today") in page
    with clock(NOW + timedelta(hours=3)):
        assert danish("Yesterday") in sign_in("omar").get("/stories").text
        assert danish("New today") in anna.get("/stories").text


def test_each_speaks_the_readers_language(anna, story):
    story(publish_at=NOW - 2 * DAY)
    story(publish_at=NOW - 8 * DAY, expires_at=NOW + 9 * DAY)
    assert "Mandag" in anna.get("/stories").text
    anna.post("/me/choices/locale", data={"value": "en"})
    page = anna.get("/stories").text
    assert "Monday" in page
    assert "Expires 4 December" in page
