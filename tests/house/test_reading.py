"""Reading changes nothing, and hot pages ask little."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.db import db, writing
from app.stories.questions import add_question
from tests.sharing.test_telling import tell

# The day's first Today writes down its choice; a short link counts its visit.
WRITES = {"feed.today", "sharing.short_link"}


def everything():
    """All rows of all tables, as text."""
    db.session.rollback()
    return {
        table.name: sorted(repr(row) for row in db.session.execute(select(table)))
        for table in db.metadata.sorted_tables
    }


def test_no_get_changes_anything(app, sign_in, story):
    karen, told = sign_in("karen"), story()
    share_id = int(tell(karen, told).split("/")[2])
    karen.get("/")
    values = {
        "story_id": told,
        "share_id": share_id,
        "question_id": 1,
        "token": "abcdefghijk",
        "name": "x-480.webp",
    }
    before, asked = everything(), 0
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in WRITES:
            continue
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(
                rule.endpoint, {name: values[name] for name in rule.arguments}
            )
        assert karen.get(path).status_code in (200, 303, 404, 503), path
        asked += 1
    assert asked > 20
    assert everything() == before


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
