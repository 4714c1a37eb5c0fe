"""The screen Teams: one's own team, those around it and the first three; never a bottom list, never a person."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.db import db, writing
from app.people import actions as people
from app.people.models import Person, Team
from app.points.actions import pay_share
from app.points.entries import Deed
from app.points.models import PersonTeamWeek, TeamWeek
from app.points.reconcile import differences
from tests.cast import BEGAN, PEOPLE
from tests.points.deeds import MONDAY, entries, noon, read, tell_new

THIS_WEEK = date(2026, 11, 23)
NOT_COUNTED = "Du tælles ikke med på et hold i denne uge"


def page_of(browser, address="/teams"):
    """What a person reads, with plain blanks."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return re.sub(r"[\s\u00a0\u202f]+", " ", answer.text)


def board(page, heading):
    """Place, team and score of the list under a heading."""
    if f"<h2>{heading}</h2>" not in page:
        return []
    part = page.split(f"<h2>{heading}</h2>")[1].split("</ol>")[0]
    rows = re.findall(r'<span class="n num">(\d+)</span><div><b>(.+?)</b>.*?<p class="v num">(\d+)</p>', part)
    return [(int(place), name, int(score)) for place, name, score in rows]


def around(page):
    return board(page, "Omkring os")


def first(page):
    return board(page, "Ugens tre første")


def share_as(*person_ids, at, number=1):
    """Each of them tells something in their own words."""
    with writing():
        for person_id in person_ids:
            pay_share(Deed(person_id, ("share", 1000 * number + person_id), at), in_own_words=True)


@pytest.fixture
def many_teams(app, cast):
    """Eight teams of five; in team n, n people of it and the first team's five have told. Their people by team."""
    found = {}
    with writing():
        top = db.session.get_one(Team, cast.teams["top"])
        for number in range(1, 9):
            team = people.add_team(f"Hold {number}", top)
            found[number] = [
                people.employ(
                    f"Kollega {number} {place}", f"k{number}-{place}@fjordby.example", noon(THIS_WEEK), from_date=BEGAN, team=team
                ).id
                for place in range(5)
            ]  # fmt: skip
    for number, members in found.items():
        share_as(*members[: max(0, 6 - number)], at=noon(THIS_WEEK))
    return found


def test_anna_sees_her_team_its_band_and_what_is_missing(sign_in, story):
    anna = sign_in("anna")
    assert "0 af 6 er med i denne uge" in page_of(anna)
    tell_new(anna, story, 1)
    page = page_of(anna)
    assert "1 af 6 er med i denne uge" in page
    assert "2 kolleger mere = Gry" in page
    assert "Før gry" in page
    # 60 · 1/6 + 40 · (8/6)/15 = 13.6; the library has done nothing yet.
    assert around(page) == [(1, "Hjemmepleje Nord", 14), (2, "Bibliotekerne", 0)]
    assert "Ugen er ikke slut endnu." in page
    assert "foreløbig" in page


def test_liv_who_is_new_sees_the_same_team_and_counts_in_it(sign_in, cast):
    share_as(cast.liv.id, cast.anna.id, cast.kasper.id, at=noon(THIS_WEEK))
    page = page_of(sign_in("liv"))
    assert "3 af 6 er med i denne uge" in page
    assert '<p class="band mt2">Gry</p>' in page
    assert "1 kollega mere = Lys." in page
    assert around(page)[0][1] == "Hjemmepleje Nord"


def test_birgit_is_not_counted_and_sees_the_first_three(sign_in, many_teams):
    page = page_of(sign_in("birgit"))
    assert NOT_COUNTED in page
    assert around(page) == []
    assert [name for _place, name, _score in first(page)] == ["Hold 1", "Hold 2", "Hold 3"]


def test_leaders_curators_and_admins_are_not_counted_whatever_they_do(sign_in, story, cast):
    with writing():
        db.session.execute(update(Person).where(Person.id == cast.mads.id).values(is_leader=True))
        db.session.execute(update(Person).where(Person.id == cast.kasper.id).values(curates_for="hr"))
    tell_new(sign_in("mads"), story, 1)
    share_as(cast.kasper.id, cast.birgit.id, cast.karen.id, cast.astrid.id, at=noon(THIS_WEEK))
    assert len(entries(cast.mads)) == 2
    page = page_of(sign_in("anna"))
    assert NOT_COUNTED in page
    assert around(page) == []
    row = db.session.get_one(TeamWeek, (cast.teams["north"], THIS_WEEK))
    assert (row.size, row.active, row.active_weight, row.capped_points) == (4, 0, 0, 0)
    assert differences() == []


@pytest.mark.parametrize("play", ["quiet", "off"])
def test_in_quiet_and_off_there_is_no_board_and_colleagues_cannot_tell(sign_in, many_teams, cast, play):
    anna, liv = sign_in("anna"), sign_in("liv")
    before = page_of(liv)
    anna.post("/me/choices/play", data={"value": play})
    page = page_of(anna)
    assert "Du har valgt ro" in page
    assert (around(page), first(page)) == ([], [])
    assert "er med i denne uge" not in page
    assert "60 ×" not in page_of(anna, "/teams/how")
    assert page_of(liv) == before
    assert "af 6 er med" in before


def test_there_is_never_a_bottom_list_and_ties_share_a_place(sign_in, many_teams, cast):
    north = (cast.anna, cast.liv, cast.mads, cast.kasper, cast.fatima, cast.sofie)
    share_as(*(person.id for person in north), at=noon(THIS_WEEK))
    best = [(1, "Hjemmepleje Nord", 81), (1, "Hold 1", 81), (3, "Hold 2", 65)]
    page = page_of(sign_in("anna"))
    assert (around(page), first(page)) == (best, best)
    for further_down in ("Bibliotekerne", "Hold 3", "Hold 5", "Hold 8"):
        assert further_down not in page
    page = page_of(sign_in("omar"))
    assert first(page) == best
    assert around(page) == [
        (5, "Hold 4", 33),
        (6, "Hold 5", 16),
        (7, "Bibliotekerne", 0),
        (7, "Hold 6", 0),
        (7, "Hold 7", 0),
    ]
    assert "Hold 8" not in page


def test_no_page_of_teams_names_a_person(sign_in, story, cast):
    tell_new(sign_in("anna"), story, 1)
    for viewer in ("mads", "birgit"):
        page = page_of(sign_in(viewer)) + page_of(sign_in(viewer), "/teams/how")
        for _key, name, _team, _facts in PEOPLE:
            assert name not in page
        assert "Kollega" not in page


def test_reading_alone_is_not_taking_part_but_its_points_count(sign_in, story):
    anna = sign_in("anna")
    read(anna, story())
    page = page_of(anna)
    assert "0 af 6 er med i denne uge" in page
    # 40 · (1/6)/15 = 0.4.
    assert around(page)[-1][2] == 0
    assert db.session.scalars(select(TeamWeek.capped_points)).one() == 1000


def test_a_team_of_fewer_than_five_is_not_shown(sign_in, cast, clock):
    omar, anna = sign_in("omar"), sign_in("anna")
    with clock(noon(MONDAY)):
        assert "Bibliotekerne" in page_of(anna)
    with writing():
        people.leave(cast.nadia.id, noon(THIS_WEEK), MONDAY - timedelta(days=1))
    with clock(noon(MONDAY)):
        assert NOT_COUNTED in page_of(omar)
        assert "Bibliotekerne" not in page_of(anna)


def test_each_week_begins_anew_on_ones_own_monday(sign_in, story, clock):
    anna = sign_in("anna")
    tell_new(anna, story, 1)
    with clock(datetime(2026, 11, 29, 22, 59, tzinfo=UTC)):
        assert "1 af 6 er med" in page_of(anna)
    with clock(datetime(2026, 11, 29, 23, 0, tzinfo=UTC)):
        assert "0 af 6 er med" in page_of(anna)


def test_a_pause_week_is_not_scored(sign_in, story, clock):
    anna = sign_in("anna")
    with clock(datetime(2026, 12, 22, 11, tzinfo=UTC)):
        tell_new(anna, story, 1)
        page = page_of(anna)
    assert (around(page), first(page)) == ([], [])
    assert "er med i denne uge" not in page
    assert differences() == []


def test_who_moves_within_a_week_has_a_row_in_each_team_and_is_split_by_working_days(
    sign_in, story, cast, clock
):
    with writing():
        people.move(cast.anna.id, db.session.get_one(Team, cast.teams["library"]), MONDAY + timedelta(days=3))
    anna = sign_in("anna")
    for place in (1, 3):
        with clock(noon(MONDAY + timedelta(days=place))):
            tell_new(anna, story, place)
            page = page_of(anna)
    rows = db.session.execute(
        select(PersonTeamWeek.team_id, PersonTeamWeek.points, PersonTeamWeek.deeds, PersonTeamWeek.weight)
        .where(PersonTeamWeek.person_id == cast.anna.id).order_by(PersonTeamWeek.team_id)
    ).all()  # fmt: skip
    north, library = cast.teams["north"], cast.teams["library"]
    assert [tuple(row) for row in rows] == [(north, 8, 2, 600), (library, 8, 2, 400)]
    weeks = {
        row.team_id: (row.size, row.weight, row.active_weight) for row in db.session.scalars(select(TeamWeek))
    }
    assert weeks == {north: (6, 5600, 600), library: (6, 5400, 400)}
    assert [name for _place, name, _score in around(page)] == ["Hjemmepleje Nord", "Bibliotekerne"]
    assert differences() == []
