"""The people desk: everyone is found, welcomed, moved and seen off, and what is theirs alone stays so."""

from datetime import date, timedelta

import pytest
from markupsafe import escape
from sqlalchemy import func, select, update

from app.db import db, writing
from app.feed.models import DayOpened
from app.people import actions
from app.people.models import Membership, Person, SignIn
from app.points.models import Entry
from tests.conftest import NOW
from tests.house.test_nonsense import TEXTS, quoted
from tests.house.test_pages import Page
from tests.words import danish

TODAY = date(2026, 11, 25)
STRANGE = ("<script>alert(1)</script>", "‮drowssap", "👩🏽‍🚒 Ida Ida", "=cmd|' /C calc'!A0", "x" * 120)


@pytest.fixture
def astrid(sign_in):
    return sign_in("astrid")


def person(identity):
    db.session.expire_all()
    return db.session.get_one(Person, identity)


def by_email(email):
    db.session.expire_all()
    return db.session.scalar(select(Person).where(Person.email == email))


def led_by(member, manager):
    db.session.execute(update(Person).where(Person.id == member.id).values(manager_id=manager.id))


def team_of(identity):
    current = select(Membership.team_id).where(Membership.person_id == identity, Membership.to_date.is_(None))
    return db.session.scalar(current)


def facts(**more):
    """What Anna's form would send, unchanged but for what is given."""
    return {"name": "Anna Holm", "title": "Social- og sundhedsassistent", "title_en": "Care assistant", "team": "2",
            "manager": "", "day": ["1", "2", "3", "4", "5"], "role": [], "curates_for": ""} | more  # fmt: skip


# Finding


def test_everyone_who_is_employed_is_found_by_name_address_and_team(astrid, cast):
    with writing():
        actions.employ("Øjvind Ås", "oj@fjordby.example", NOW, from_date=TODAY)
        actions.leave(cast.omar.id, NOW, TODAY)
    for words, there, gone in (
        ("", "Anna Holm", "Omar Aziz"), ("anna hjemmepleje", "Anna Holm", "Mads Toft"), ("mads@", "Mads Toft", "Anna Holm"),
        ("LIBRARIES", "Jens Kollega", "Anna Holm"), ("øjvind", "Øjvind Ås", "Anna Holm"), ("%", danish("Nobody is found. Try another word."), "Anna"),
    ):  # fmt: skip
        page = astrid.get("/desk/people", query_string={"q": words}).text
        assert there in page, words
        assert gone not in page, words


def test_the_list_answers_a_search_with_its_part_alone(astrid):
    part = astrid.get("/desk/people?q=anna", headers={"HX-Request": "true"}).text
    assert part.strip().startswith('<div id="people">')
    assert "<html" not in part
    assert "Anna Holm" in part


def test_managers_and_people_without_a_team_have_their_own_lists(astrid, cast):
    with writing():
        actions.move(cast.liv.id, None, TODAY)
        led_by(cast.liv, cast.omar)
    managers = astrid.get("/desk/people?show=managers").text
    assert all(name in managers for name in ("Mads Toft", "Birgit Dam", "Omar Aziz"))
    assert "Liv Sand" not in managers
    alone = astrid.get("/desk/people?show=without-team").text
    assert "Liv Sand" in alone
    assert "Anna Holm" not in alone


def test_a_long_list_is_read_page_by_page_and_nobody_is_missed(astrid, cast):
    with writing():
        for number in range(120):
            actions.employ(f"Person {number % 7}", f"p{number}@fjordby.example", NOW, from_date=TODAY)
    seen, address = [], "/desk/people"
    while address:
        page = astrid.get(address).text
        seen += [part.split("<")[0] for part in page.split('<br><span class="sm mut">')[1:]]
        links = [link for link in Page(page).links if "after=" in link]
        address = links[0] if links else None
    assert len(seen) == len(set(seen)) == db.session.scalar(select(func.count()).select_from(Person))


def test_the_page_asks_few_questions_however_many_people_there_are(astrid, count_statements):
    astrid.get("/desk/people")
    count_statements.clear()
    astrid.get("/desk/people?q=a")
    assert len(count_statements) <= 8


# One person


def test_what_is_changed_is_changed_and_a_new_team_counts_from_today(astrid, cast):
    given = facts(
        name="Anna Juhl",
        title="Leder",
        team="3",
        manager=cast.mads.email,
        day=["1", "3"],
        role=["leader"],
        curates_for="hr",
    )
    assert astrid.post(f"/desk/people/{cast.anna.id}", data=given).status_code == 303
    anna = person(cast.anna.id)
    assert (anna.name, anna.title, anna.title_en, anna.manager_id) == (
        "Anna Juhl",
        "Leder",
        "Care assistant",
        cast.mads.id,
    )
    assert (anna.working_days, anna.is_leader, anna.is_admin, anna.curates_for) == (0b101, True, False, "hr")
    days = select(Membership.team_id, Membership.from_date, Membership.to_date).where(
        Membership.person_id == anna.id
    )
    assert sorted(db.session.execute(days)) == [
        (2, date(2024, 3, 4), TODAY - timedelta(days=1)), (3, TODAY, None),
    ]  # fmt: skip


def test_a_form_sent_unchanged_changes_nothing(astrid, cast):
    before = db.session.execute(select(Person.__table__).where(Person.id == cast.anna.id)).one()
    astrid.post(f"/desk/people/{cast.anna.id}", data=facts())
    after = db.session.execute(select(Person.__table__).where(Person.id == cast.anna.id)).one()
    assert after == before
    assert db.session.scalar(select(func.count()).where(Membership.person_id == cast.anna.id)) == 1


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("name", " ", danish("This is missing.")),
        ("name", "x" * 121, danish("That is too long: at most %(most)s characters.", most=120)),
        (
            "team",
            "99",
            danish("There is no such team. To make it, write its path, such as “Health / North”."),
        ),
        (
            "manager",
            "anna@fjordby.example",
            danish("%(name)s cannot be their own manager.", name="Anna Holm"),
        ),
        ("manager", "nobody@fjordby.example", danish("Nobody here or in the list has this address.")),
        ("manager", "mads", danish("The e-mail address is not whole.")),
        ("day", [], danish("Write for example “1,2,4,5”.")),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(astrid, cast, field, given, said):
    answer = astrid.post(f"/desk/people/{cast.anna.id}", data=facts(title="Ny titel") | {field: given})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Ny titel"' in answer.text
    assert Page(answer.text).wrong == []
    assert person(cast.anna.id).title == "Social- og sundhedsassistent"


def test_nobody_comes_to_lead_themselves_through_others(astrid, cast):
    with writing():
        led_by(cast.omar, cast.anna)
    answer = astrid.post(f"/desk/people/{cast.anna.id}", data=facts(manager=cast.omar.email))
    assert answer.status_code == 422
    assert person(cast.anna.id).manager_id is None


def test_a_newcomer_is_there_at_once(astrid, cast):
    given = facts(
        name="Ida Juhl",
        email="Ida@Fjordby.example",
        employed_from="2026-12-01",
        language="en",
        manager=cast.mads.email,
    )
    answer = astrid.post("/desk/people", data=given)
    ida = by_email("ida@fjordby.example")
    assert answer.location == f"/desk/people/{ida.id}"
    assert (ida.name, ida.locale, ida.employed_from, ida.manager_id) == (
        "Ida Juhl",
        "en",
        date(2026, 12, 1),
        cast.mads.id,
    )
    assert (ida.password_hash, ida.joined_at, team_of(ida.id)) == (None, None, 2)


def test_an_address_that_somebody_has_is_not_given_twice(astrid, cast):
    answer = astrid.post("/desk/people", data=facts(name="En anden", email=cast.omar.email))
    assert answer.status_code == 422
    assert danish("Somebody has this address already.") in answer.text
    assert person(cast.omar.id).name == "Omar Aziz"


def test_only_the_fields_of_the_form_are_taken(astrid, cast):
    columns = {"id": "77", "email": "evil@x.example", "password_hash": "x", "is_admin": "1", "is_manager": "1", "play": "off", "is_demo": "1",
               "team_id": "3", "manager_id": "1", "left_at": "2026-01-01", "employed_from": "2020-01-01", "joined_at": "2020-01-01",
               "locale": "en", "weekly_goal": "3", "working_days": "1", "points": "999", "created_at": "2020-01-01"}  # fmt: skip
    before = db.session.execute(select(Person.__table__).order_by(Person.id)).all()
    astrid.post(f"/desk/people/{cast.anna.id}", data=facts() | columns)
    db.session.rollback()
    assert db.session.execute(select(Person.__table__).order_by(Person.id)).all() == before


def test_an_administrator_sees_no_points_no_choices_and_nothing_private(astrid, cast, sign_in, story):
    anna = sign_in("anna")
    anna.get("/")
    anna.post("/me/choices/play", data={"value": "quiet"})
    page = astrid.get(f"/desk/people/{cast.anna.id}").text
    for word in ('value="quiet"', danish("Points and entries"), danish("Sign-ins"), danish("My topics")):
        assert word not in page


@pytest.mark.parametrize("name", STRANGE)
def test_strange_names_stay_what_they_are_on_every_page(astrid, cast, name):
    astrid.post(f"/desk/people/{cast.anna.id}", data=facts(name=name))
    assert person(cast.anna.id).name == " ".join(name.split())
    for path in ("/desk/people", f"/desk/people/{cast.anna.id}", f"/desk/people/{cast.anna.id}/departure"):
        page = astrid.get(path).text
        assert Page(page).wrong == []
        assert "<script>alert" not in page
        assert str(escape(" ".join(name.split()))) in page


# Roles


def test_a_role_counts_at_the_next_request(astrid, cast, sign_in):
    omar = sign_in("omar")
    assert omar.get("/desk/people").status_code == 403
    given = {"name": "Omar Aziz", "role": ["admin"], "day": ["1"], "team": "3"}
    astrid.post(f"/desk/people/{cast.omar.id}", data=given)
    assert omar.get("/desk/people").status_code == 200


def test_the_last_administrator_neither_loses_the_role_nor_leaves(astrid, cast):
    given = {"name": "Astrid Friis", "team": "1", "day": ["1"], "role": []}
    answer = astrid.post(f"/desk/people/{cast.astrid.id}", data=given)
    assert answer.status_code == 422
    assert danish("Somebody must stay administrator.") in answer.text
    assert (
        danish("Somebody must stay administrator. Give the role to somebody else first.")
        in astrid.get(f"/desk/people/{cast.astrid.id}/departure").text
    )
    assert astrid.post(f"/desk/people/{cast.astrid.id}/departure").status_code == 422
    assert (person(cast.astrid.id).is_admin, person(cast.astrid.id).left_at) == (True, None)


# Leaving


def test_who_leaves_is_signed_out_at_once_hidden_and_keeps_their_history(astrid, cast, sign_in, story):
    anna, told = sign_in("anna"), story()
    anna.get("/")
    anna.post(f"/stories/{told}/reading")
    entries = db.session.scalar(select(func.count()).where(Entry.person_id == cast.anna.id))
    asked = astrid.get(f"/desk/people/{cast.anna.id}/departure").text
    assert danish("All sign-ins and all push end at once.") in asked
    assert person(cast.anna.id).left_at is None
    assert astrid.post(f"/desk/people/{cast.anna.id}/departure").location == "/desk/people"
    assert anna.get("/").location.startswith("/sign-in")
    assert (
        db.session.scalar(
            select(func.count()).where(SignIn.person_id == cast.anna.id, SignIn.ended_at.is_(None))
        )
        == 0
    )
    assert astrid.get(f"/desk/people/{cast.anna.id}").status_code == 404
    assert (person(cast.anna.id).left_at, person(cast.anna.id).employed_to, team_of(cast.anna.id)) == (
        NOW,
        TODAY,
        None,
    )
    assert db.session.scalar(select(func.count()).where(Entry.person_id == cast.anna.id)) == entries == 1
    assert db.session.scalar(select(func.count()).where(DayOpened.person_id == cast.anna.id)) == 1


def test_whom_a_manager_led_get_the_one_who_is_named(astrid, cast):
    with writing():
        for name in ("anna", "liv", "kasper"):
            led_by(cast.people[name], cast.mads)
        led_by(cast.mads, cast.birgit)
    page = astrid.get(f"/desk/people/{cast.mads.id}/departure").text
    assert all(name in page for name in ("Anna Holm", "Liv Sand", "Kasper Kollega"))
    wrong = astrid.post(f"/desk/people/{cast.mads.id}/departure", data={"heir": "nobody@fjordby.example"})
    assert wrong.status_code == 422
    assert danish("Nobody here or in the list has this address.") in wrong.text
    astrid.post(f"/desk/people/{cast.mads.id}/departure", data={"heir": cast.anna.email})
    assert [person(cast.people[name].id).manager_id for name in ("anna", "liv", "kasper")] == [
        cast.birgit.id, cast.anna.id, cast.anna.id,
    ]  # fmt: skip


def test_an_heir_who_is_led_by_one_of_them_would_close_a_circle(astrid, cast):
    with writing():
        led_by(cast.anna, cast.mads)
        led_by(cast.liv, cast.anna)
    assert (
        astrid.post(f"/desk/people/{cast.mads.id}/departure", data={"heir": cast.liv.email}).status_code
        == 422
    )
    assert person(cast.mads.id).left_at is None
    assert person(cast.anna.id).manager_id == cast.mads.id


def test_who_left_comes_back_by_the_form_with_the_same_address(astrid, cast):
    astrid.post(f"/desk/people/{cast.omar.id}/departure")
    answer = astrid.post("/desk/people", data=facts(name="Omar Aziz", email=cast.omar.email, team="3"))
    assert answer.location == f"/desk/people/{cast.omar.id}"
    assert (person(cast.omar.id).left_at, team_of(cast.omar.id)) == (None, 3)


# Whoever asks, whatever arrives


@pytest.mark.parametrize("name", ["anna", "mads", "karen", "birgit"])
def test_nobody_but_an_administrator_does_any_of_it(sign_in, cast, name):
    browser = sign_in(name)
    before = db.session.execute(select(Person.__table__)).all()
    for path in (
        "",
        f"/{cast.omar.id}",
        f"/{cast.omar.id}/departure",
        "/lists",
        f"/{cast.omar.id}/invitation",
    ):
        assert browser.post(f"/desk/people{path}", data=facts(role=["admin"])).status_code == 403, path
    db.session.rollback()
    assert db.session.execute(select(Person.__table__)).all() == before


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_whatever_arrives_no_page_breaks(astrid, cast, text):
    fields = dict.fromkeys(
        ("name", "email", "title", "title_en", "team", "manager", "role", "day", "curates_for", "employed_from", "language", "heir",
         "parent", "name_en", "plan", "icon", "text", "hint", "value", "utm_source", "from_date", "promise", "disclosure", "zone", "locale"),
        text.encode("utf-8", "surrogatepass"),
    )  # fmt: skip
    addresses = ("/desk/people", f"/desk/people/{cast.anna.id}", "/desk/teams", f"/desk/teams/{cast.teams['north']}", "/desk/people/lists",
                 "/desk/organisation/about", "/desk/organisation/topics", "/desk/organisation/purposes", "/desk/organisation/values/1",
                 "/desk/organisation/questions", "/desk/organisation/settings/utm", "/desk/organisation/settings/stories_a_day")  # fmt: skip
    for address in addresses:
        assert astrid.post(address, data=fields).status_code in (303, 404, 422), address
    for address in ("/desk/people", "/desk/people/lists/9", "/desk/teams/9"):
        assert astrid.get(f"{address}?q={quoted(text)}&after={quoted(text)}").status_code in (200, 404)
