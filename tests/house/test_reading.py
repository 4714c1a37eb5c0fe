"""Reading changes nothing, and hot pages ask little."""

from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.db import db, writing
from app.people.viewer import ROW, Viewer
from app.stories.questions import add_question
from tests.conftest import NOW
from tests.house import standing
from tests.sharing.test_telling import tell

# The day's first Today writes down its choice; a receiver's first look at a shout-out is kept, so that it is new no more.
WRITES = {"feed.today", "shoutouts.one"}
# These lead on: someone who has told the story, or is signed in, to another page, and anyone to the story itself.
LEADS_ON = {"links.code", "links.link", "onward.short_link", "people.sign_in", "sharing.posting"}


def everything():
    """All rows of all tables, as text."""
    db.session.rollback()
    return {
        table.name: sorted(repr(row) for row in db.session.execute(select(table)))
        for table in db.metadata.sorted_tables
    }


@pytest.fixture
def found(app, sign_in, story):
    """Each GET route's name, an address of something that is there, and the browser of who may open it."""
    browsers, values = standing.build(app, sign_in, story)
    routes = [
        (name, path, browsers[standing.who_opens(name)])
        for name, _method, path in standing.addresses(app, values, "GET")
    ]
    assert len(routes) > 60
    assert set(WRITES) <= {name for name, _path, _browser in routes}
    return routes


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["pages", "fragments"])
def test_no_get_changes_anything(found, headers):
    before = everything()
    for name, path, browser in found:
        if name not in WRITES:
            answer = browser.get(path, headers=headers)
            answer.close()
            assert answer.status_code in (200, 204, 302, 303), path
            if answer.status_code != 200:
                assert name in LEADS_ON, path
    assert everything() == before


# Werkzeug leaves a file that a HEAD opened to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore:unclosed file")
def test_no_head_changes_anything_not_even_where_a_get_does(found, clock):
    before = everything()
    with clock(NOW + timedelta(seconds=30)):
        heads = [(path, browser.head(path), browser) for _name, path, browser in found]
        assert everything() == before
        for path, head, browser in heads:
            assert head.status_code in (200, 302, 303), path
            assert head.data == b"", path
            if path.startswith(("/pictures", "/s/")):
                got = browser.get(path, buffered=True)
                assert got.status_code == head.status_code
                assert got.headers.get("Location") == head.headers.get("Location")
                assert got.headers["Content-Type"] == head.headers["Content-Type"]


def test_the_second_today_of_a_day_changes_nothing(sign_in, story):
    anna, _told = sign_in("anna"), story()
    anna.get("/")
    before = everything()
    assert anna.get("/").status_code == 200
    assert everything() == before


def test_a_connection_that_reads_refuses_to_write(app):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.execute(text("DELETE FROM stories"))


def test_today_teams_and_me_ask_at_most_four_statements(sign_in, story, count_statements):
    anna = sign_in("anna")
    for number in range(4):
        story(title=f"Historie {number}")
    for path in ("/", "/teams", "/me"):
        anna.get(path)
        count_statements.clear()
        assert anna.get(path).status_code == 200
        assert len(count_statements) <= 4, (path, count_statements)


def test_what_is_kept_is_right_after_a_change(sign_in, story):
    anna, karen = sign_in("anna"), sign_in("karen")
    first = story()
    assert "Kaffen kommer før kalenderen" in anna.get("/").text.replace("\N{NO-BREAK SPACE}", " ")
    tell(karen, first)
    assert "1 kollega har" in anna.get("/").text or "Karen" in anna.get("/").text
    assert karen.post(f"/desk/stories/{first}/withdrawal").status_code == 303
    assert "Kaffen kommer" not in anna.get("/").text


def test_statements_are_counted_however_they_are_asked(sign_in, story, count_statements):
    anna, _told = sign_in("anna"), story()
    anna.get("/")
    count_statements.clear()
    anna.get("/")
    assert [
        one for one in ("sign_ins", "days_opened", "person_weeks") if one not in str(count_statements)
    ] == []


def test_a_question_that_is_added_takes_its_turn_on_the_next_today(sign_in):
    anna = sign_in("anna")
    assert "Hvem hjalp dig i går?" not in anna.get("/").text
    with writing():
        add_question("Hvem hjalp dig i går?")
    assert "Hvem hjalp dig i går?" in anna.get("/").text


def test_the_viewers_columns_stand_in_its_order():
    wanted = [field.name for field in fields(Viewer)][2:]
    assert [column.key for column in ROW.statement.selected_columns][4:] == wanted
