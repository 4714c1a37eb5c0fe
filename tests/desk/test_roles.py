"""A story may be for some roles only: ticked in the editor, shown at the desk, and open to those alone."""

import pytest
from sqlalchemy import update

from app.db import db, writing
from app.people.models import Person
from app.stories.models import Story
from tests.desk.test_editor import edited, form_of, said_of
from tests.desk.test_queue import page_of
from tests.words import danish

EMPLOYEES, MANAGERS, LEADERS, CURATORS = "1", "2", "4", "8"
WHO = {
    (EMPLOYEES,): {"anna", "omar", "karen"},
    (MANAGERS,): {"mads", "birgit"},
    (LEADERS,): {"birgit"},
    (CURATORS,): {"karen"},
    (EMPLOYEES, MANAGERS): {"anna", "omar", "karen", "mads", "birgit"},
    (LEADERS, CURATORS): {"birgit", "karen"},
    (): {"anna", "omar", "karen", "mads", "birgit"},
}


@pytest.mark.parametrize("roles", WHO)
def test_who_is_ticked_sees_it_and_nobody_else(made, sign_in, roles):
    told = made(action="publish", role=list(roles))
    everybody = ("anna", "omar", "karen", "mads", "birgit")
    assert {name for name in everybody if sign_in(name).get(f"/stories/{told.id}").status_code == 200} == WHO[
        roles
    ]
    assert told.for_roles == sum(map(int, roles))


def test_a_role_and_a_team_are_both_asked_for(made, sign_in, cast):
    told = made(action="publish", role=[EMPLOYEES], audience=[str(cast.teams["north"])])
    seen = {
        name
        for name in ("anna", "mads", "omar")
        if sign_in(name).get(f"/stories/{told.id}").status_code == 200
    }
    assert seen == {"anna"}


def test_a_manager_is_who_leads_somebody_too(made, sign_in, cast):
    with writing():
        db.session.execute(update(Person).where(Person.id == cast.liv.id).values(manager_id=cast.anna.id))
    told = made(action="publish", role=[MANAGERS])
    assert sign_in("anna").get(f"/stories/{told.id}").status_code == 200


def test_what_is_ticked_stands_in_the_editor_on_the_shelf_and_in_the_preview(made, karen):
    told = made(action="publish", role=[MANAGERS, CURATORS])
    assert form_of(karen.get(f"/desk/stories/{told.id}"))["role"] == [MANAGERS, CURATORS]
    for path in ("/desk/stories", f"/desk/stories/{told.id}/preview"):
        page = page_of(karen, path)
        for name in ("Managers", "Editors"):
            assert f"{danish(name)}</span>" in page, (path, name)
        assert f"{danish('Employees')}</span>" not in page


def test_teams_stand_on_the_shelf_too(made, karen, cast):
    made(action="publish", audience=[str(cast.teams["library"])])
    assert "Bibliotekerne</span>" in page_of(karen, "/desk/stories")


def test_what_is_ticked_is_kept_when_something_is_missing(karen, typed):
    page = karen.post("/desk/stories", data=typed(title="", role=[EMPLOYEES, LEADERS]))
    assert page.status_code == 422
    assert form_of(page)["role"] == [EMPLOYEES, LEADERS]


@pytest.mark.parametrize("wrong", ["16", "3", "0", "-1", "en", "99999999999999999999", "1 "])
def test_a_role_that_is_none_is_refused(karen, typed, wrong):
    page = karen.post("/desk/stories", data=typed(role=[EMPLOYEES, wrong]))
    assert page.status_code == 422
    assert danish("That is not on the list any more. Choose again.") in said_of(page, "role")


def test_roles_can_be_taken_off_again(made, karen, sign_in):
    told = made(action="publish", role=[LEADERS])
    assert edited(karen, told, role=[]).status_code == 303
    assert db.session.get_one(Story, told.id).for_roles == 0
    assert sign_in("anna").get(f"/stories/{told.id}").status_code == 200
