"""Reading changes nothing, and hot pages ask little."""

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app import heartbeat
from app.db import db, writing
from app.demo import seeding
from app.people.models import Person
from app.people.viewer import ROW, Viewer
from app.sharing.models import Share
from app.stories import pictures
from app.stories.questions import add_question
from tests.conftest import NOW
from tests.sharing.test_telling import tell
from tests.shoutouts.thanks import give

# The day's first Today writes down its choice; a short link counts its visit; a receiver's first look is kept.
WRITES = {"feed.today", "sharing.short_link", "shoutouts.one"}
# These lead someone who has told the story, or is signed in, to another page.
LEADS_ON = {"people.sign_in", "sharing.posting"}


def everything():
    """All rows of all tables, as text."""
    db.session.rollback()
    return {
        table.name: sorted(repr(row) for row in db.session.execute(select(table)))
        for table in db.metadata.sorted_tables
    }


@pytest.fixture
def addresses(app, sign_in, story, cast, clock):
    """Karen's browser, and each GET route's name and an address of something that is there."""
    karen, told = sign_in("karen"), story()
    share = db.session.get_one(Share, int(tell(karen, told).split("/")[2]))
    picture = pictures.encode((Path(seeding.__file__).parent / "pictures" / "bike.webp").read_bytes())
    pictures.keep(picture, app.config["DATA_DIR"] / "pictures")
    with writing():
        heartbeat.beat(NOW)
        db.session.get_one(Person, cast.karen.id).is_manager = True
    shoutout_id = give(karen, cast.anna)
    karen.get("/")
    values = {
        "story_id": told,
        "share_id": share.id,
        "shoutout_id": shoutout_id,
        "question_id": 1,
        "token": share.token,
        "name": f"{picture.name}-720.webp",
    }
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        found = [
            (rule.endpoint, adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}))
            for rule in app.url_map.iter_rules()
            if "GET" in rule.methods
        ]
    assert len(found) > 25
    assert set(WRITES) <= {name for name, _path in found}
    return karen, found


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["pages", "fragments"])
def test_no_get_changes_anything(addresses, headers):
    karen, found = addresses
    before = everything()
    for name, path in found:
        if name not in WRITES:
            answer = karen.get(path, headers=headers)
            answer.close()
            assert answer.status_code in (200, 204, 303), path
            if answer.status_code != 200:
                assert name in LEADS_ON, path
    assert everything() == before


# Werkzeug leaves a file that a HEAD opened to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore:unclosed file")
def test_no_head_changes_anything_not_even_where_a_get_does(addresses, clock):
    karen, found = addresses
    before = everything()
    with clock(NOW + timedelta(minutes=1)):
        heads = {path: karen.head(path) for _name, path in found}
        assert everything() == before
        for path, head in heads.items():
            assert head.status_code in (200, 302, 303), path
            assert head.data == b"", path
            if path.startswith(("/pictures", "/s/")):
                got = karen.get(path, buffered=True)
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
