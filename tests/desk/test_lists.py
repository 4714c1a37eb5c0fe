"""A list of people on the desk: brought, looked at, put right, and imported once as it was looked at."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from app.db import db, writing
from app.people import actions
from app.people.models import Membership, PeopleList, Person, Team
from tests.conftest import NOW
from tests.words import danish

TODAY = date(2026, 11, 25)
GOOD = "navn;email;hold\nIda Juhl;ida@fjordby.example;Hjemmepleje Nord\nAnna Holm;anna@fjordby.example;Bibliotekerne\n"
BAD = GOOD + "Bo;bo@;Hjemmepl. Nord\n"


@pytest.fixture
def astrid(sign_in):
    return sign_in("astrid")


def by_email(email):
    db.session.expire_all()
    return db.session.scalar(select(Person).where(Person.email == email))


def team_of(identity):
    current = select(Membership.team_id).where(Membership.person_id == identity, Membership.to_date.is_(None))
    return db.session.scalar(current)


def bring(browser, text, name="folk.csv"):
    """Upload a list; the address of its preview."""
    content = text if isinstance(text, bytes) else text.encode()
    answer = browser.post("/desk/people/lists", data={"list": (BytesIO(content), name)})
    assert answer.status_code == 303, answer.text
    return answer.location


def confirm(browser, address, page):
    plan = page.split('name="plan" value="')[1].split('"')[0]
    return browser.post(f"{address}/import", data={"plan": plan})


def test_a_list_is_looked_at_before_anything_happens_and_then_comes_true(astrid, cast):
    address = bring(astrid, GOOD)
    page = astrid.get(address).text
    for text in (
        "Ida Juhl",
        "Fjordby Kommune / Bibliotekerne",
        danish("Who is not in the list is left alone."),
    ):
        assert text in page
    assert by_email("ida@fjordby.example") is None
    assert confirm(astrid, address, page).location == address
    assert team_of(by_email("ida@fjordby.example").id) == cast.teams["north"]
    assert team_of(cast.anna.id) == cast.teams["library"]
    assert "1 ny, 1 flytter til nyt hold" in astrid.get(address).text
    assert "folk.csv" in astrid.get("/desk/people").text
    kept = db.session.scalars(select(PeopleList)).one()
    assert (kept.content, kept.imported_at, kept.person_id) == (None, NOW, cast.astrid.id)


def test_a_second_tap_and_a_second_import_change_nothing(astrid, cast):
    address = bring(astrid, GOOD)
    page = astrid.get(address).text
    confirm(astrid, address, page)
    before = db.session.execute(select(Membership.__table__)).all()
    assert (
        danish("This list is imported already.") in astrid.get(confirm(astrid, address, page).location).text
    )
    again = bring(astrid, GOOD)
    page = astrid.get(again).text
    assert danish("Nothing would change") in page
    done = astrid.get(confirm(astrid, again, page).location).text
    assert danish("The list says what is here already. Nothing has changed.") in done
    db.session.rollback()
    assert db.session.execute(select(Membership.__table__)).all() == before


def test_each_bad_row_has_its_line_what_stood_there_and_what_is_wrong_and_nothing_can_be_imported(
    astrid, cast
):
    address = bring(astrid, BAD)
    page = astrid.get(address).text
    for text in (
        '<td class="r num b" data-l="Linje">4</td>', "bo@", danish("The e-mail address is not whole."),
        danish("There is no such team. Did you mean “%(near)s”?", near="Hjemmepleje Nord"),
    ):  # fmt: skip
        assert text in page
    assert 'name="plan"' not in page
    assert astrid.post(f"{address}/import", data={"plan": "x"}).status_code == 422
    assert by_email("ida@fjordby.example") is None


def test_the_bad_rows_can_be_fetched_put_right_and_brought_again(astrid, cast):
    text = 'navn;email;titel\nBo;bo@;"=1+1"\nEva;;-\n'
    file = astrid.get(f"{bring(astrid, text)}/bad-rows")
    assert file.mimetype == "text/csv"
    assert file.headers["Content-Disposition"].startswith("attachment")
    lines = file.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "navn;email;titel;Linje;Det er der galt"
    assert lines[1].startswith("Bo;bo@;'=1+1;2;")
    assert lines[2].startswith("Eva;;-;3;")
    assert bring(astrid, file.data)


def test_what_has_changed_meanwhile_is_shown_again_before_it_is_confirmed(astrid, cast):
    address = bring(astrid, GOOD)
    page = astrid.get(address).text
    with writing():
        actions.move(cast.anna.id, db.session.get(Team, cast.teams["top"]), TODAY)
    again = confirm(astrid, address, page)
    assert again.status_code == 422
    assert (
        danish("Something has changed since you looked. Nothing is imported. This is what would happen now.")
        in again.text
    )
    assert by_email("ida@fjordby.example") is None
    assert confirm(astrid, address, again.text).status_code == 303
    assert team_of(cast.anna.id) == cast.teams["library"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "That is a workbook. Save it as CSV first, then choose the new file."),
        (b"x" * (5 * 1024 * 1024 + 1), "The file is too big. At most 5 MB can be read."),
    ],
)
def test_what_is_no_list_gets_a_sentence(astrid, content, said):
    part = (
        b'--x\r\nContent-Disposition: form-data; name="list"; filename="x.csv"\r\n\r\n%s\r\n--x--\r\n'
        % content
    )
    answer = astrid.post("/desk/people/lists", data=part, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 422
    assert danish(said) in answer.text
    assert db.session.scalar(select(func.count()).select_from(PeopleList)) == 0


def test_without_a_file_it_asks_for_one(astrid):
    assert danish("Choose a file first.") in astrid.post("/desk/people/lists").text


def test_a_list_that_nobody_imports_is_not_kept_for_long(astrid, sign_in, clock):
    first = bring(astrid, GOOD)
    second = bring(astrid, BAD)
    assert astrid.get(first).status_code == 404
    assert astrid.get(second).status_code == 200
    with clock(NOW + timedelta(days=1, minutes=1)):
        bring(astrid, GOOD)
        assert astrid.get(second).status_code == 404


def test_the_sample_is_there_to_fetch(astrid):
    file = astrid.get("/desk/people/sample")
    assert file.data.decode().startswith("navn;email;hold")
