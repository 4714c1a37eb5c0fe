"""The teams of the organisation: made, renamed, moved with all below them, and never under themselves."""

import pytest
from sqlalchemy import func, select

from app.db import db
from app.people.models import Team
from tests.words import danish


@pytest.fixture
def astrid(sign_in):
    return sign_in("astrid")


def test_a_team_is_made_renamed_and_moved_with_all_below_it(astrid, cast):
    astrid.post(
        "/desk/teams", data={"name": "Sundhed", "name_en": "Health", "parent": str(cast.teams["top"])}
    )
    health = db.session.scalars(select(Team).where(Team.name == "Sundhed")).one()
    astrid.post("/desk/teams", data={"name": "Nat", "parent": str(cast.teams["north"])})
    north = {"name": "Hjemmepleje Nord 1", "name_en": "Home Care North", "parent": str(health.id)}
    assert astrid.post(f"/desk/teams/{cast.teams['north']}", data=north).status_code == 303
    db.session.expire_all()
    paths = dict(db.session.execute(select(Team.name, Team.path)).all())
    top = cast.teams["top"]
    assert paths["Hjemmepleje Nord 1"] == f"/{top}/{health.id}/{cast.teams['north']}/"
    assert paths["Nat"].startswith(paths["Hjemmepleje Nord 1"])
    assert paths["Bibliotekerne"] == f"/{top}/{cast.teams['library']}/"


def test_a_team_cannot_stand_under_itself(astrid, cast):
    answer = astrid.post(
        f"/desk/teams/{cast.teams['top']}",
        data={"name": "Fjordby Kommune", "parent": str(cast.teams["north"])},
    )
    assert answer.status_code == 422
    assert danish("A team cannot stand under itself or under a team below it.") in answer.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " "}, "This is missing."),
        ({"name": "A / B"}, "A team’s name does not begin with “/” and has no “ / ” in it."),
        ({"name": "bibliotekerne", "parent": "1"}, "There is a team with this name beside it already."),
        (
            {"name": "Ny", "parent": "99"},
            "There is no such team. To make it, write its path, such as “Health / North”.",
        ),
    ],
)
def test_a_team_needs_a_name_of_its_own(astrid, cast, given, said):
    answer = astrid.post("/desk/teams", data=given)
    assert answer.status_code == 422
    assert danish(said) in answer.text
    assert db.session.scalar(select(func.count()).select_from(Team)) == 3


def test_a_story_for_a_team_follows_it_to_its_new_place(astrid, cast, sign_in, story):
    told = story(audience=("library",))
    anna = sign_in("anna")
    assert anna.get(f"/stories/{told}").status_code == 404
    given = {"name": "Hjemmepleje Nord", "parent": str(cast.teams["library"])}
    astrid.post(f"/desk/teams/{cast.teams['north']}", data=given)
    assert anna.get(f"/stories/{told}").status_code == 200
