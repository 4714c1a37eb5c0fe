"""Leaders first: the one who is asked sees the story first on Today, and colleagues see it once it is told."""

from datetime import timedelta

from sqlalchemy import select, update

from app.db import db, writing
from app.feed.models import Pick
from app.people import actions as people
from app.people.models import Membership, Person, Team
from app.people.roles import Role
from app.stories import gate
from app.stories.following import follow
from tests.conftest import NOW
from tests.feed.test_today import TOMORROW, page_of, shown
from tests.points.deeds import words
from tests.sharing.test_telling import tell
from tests.words import danish

ASKED = danish("You are asked to go first with it. Colleagues see it once you have told it.")


def test_a_leader_gets_first_what_they_are_asked_to_tell(sign_in, story, cast):
    with writing():
        follow(cast.birgit.id, [cast.topics["care"]])
    for number in range(3):
        story(title=f"Historie {number}", team_id=cast.teams["top"])
    asked = story(topics=("schools",), leader_id=cast.birgit.id, audience=("library",))
    birgit = sign_in("birgit")
    assert shown(birgit)[0] == asked
    assert len(shown(birgit)) == 3
    assert ASKED in page_of(birgit, f"/stories/{asked}/dismissal")


def test_it_opens_to_those_it_is_for_when_the_leader_has_told_it_and_waits_again_when_that_is_taken_back(
    sign_in, story, cast
):
    anna, birgit, omar = sign_in("anna"), sign_in("birgit"), sign_in("omar")
    waits = story(leader_id=cast.birgit.id, audience=("north",))
    assert shown(anna) == []
    assert anna.get(f"/stories/{waits}").status_code == 404
    share = tell(birgit, waits, words(1)).split("/")[2]
    assert shown(anna) == [waits]
    assert shown(omar) == []
    assert "Du har valgt emnet Omsorg, og en leder har delt den." in page_of(
        anna, f"/stories/{waits}/dismissal"
    )
    birgit.post(f"/shares/{share}/withdrawal")
    assert shown(anna) == []
    instead = story(title="I stedet")
    # Its slot is not given to another.
    assert shown(anna) == [instead]
    assert [one.slot for one in picks("anna")] == [0, 1]


def test_when_a_curator_lets_it_go_the_leader_is_not_asked_any_more(sign_in, story, cast):
    anna, birgit = sign_in("anna"), sign_in("birgit")
    story(leader_id=cast.birgit.id)
    waits = story(title="Den anden", topics=("schools",), leader_id=cast.birgit.id)
    with writing():
        assert gate.open_without_leader(waits, cast.karen.id, NOW)
    assert shown(anna) == [waits]
    assert [one.reason for one in picks("birgit")] == []
    assert shown(birgit)[1] == waits
    assert [one.reason for one in picks("birgit")] == ["asked", "new"]
    assert ASKED not in page_of(birgit, f"/stories/{waits}/dismissal")


def test_a_story_for_some_roles_is_not_there_for_others(sign_in, story):
    leaders = story(for_roles=int(Role.LEADER))
    managers = story(title="Til ledere", for_roles=int(Role.MANAGER))
    assert shown(sign_in("anna")) == []
    assert shown(sign_in("mads")) == [managers]
    assert sorted(shown(sign_in("birgit"))) == [leaders, managers]


def test_one_that_an_asked_leader_dismissed_is_not_given_again(sign_in, story, cast, clock):
    birgit, waits = sign_in("birgit"), story(leader_id=cast.birgit.id)
    assert shown(birgit) == [waits]
    assert ASKED in page_of(birgit, f"/stories/{waits}/dismissal")
    birgit.post(f"/stories/{waits}/dismissal", data={"reason": "no-time"})
    with clock(TOMORROW):
        assert shown(birgit) == []
        assert ASKED in page_of(birgit, f"/stories/{waits}/dismissal")


def picks(name):
    db.session.rollback()
    rows = select(Pick).join(Person).where(Person.email.startswith(name)).order_by(Pick.slot)
    return db.session.scalars(rows).all()


def test_a_reason_is_written_down_when_it_is_chosen_and_stays(sign_in, story, cast):
    anna, mine = sign_in("anna"), story(team_id=cast.teams["north"])
    both = "Du har valgt emnet Omsorg, og den kommer fra dit eget hold."
    assert shown(anna) == [mine]
    assert both in page_of(anna, f"/stories/{mine}/dismissal")
    with writing():
        follow(cast.anna.id, [cast.topics["culture"]])
    assert both in page_of(anna, f"/stories/{mine}/dismissal")
    one = picks("anna")[0]
    assert (one.reason, one.also, one.topic_id) == ("topic", "team", cast.topics["care"])
    anna.post("/me/choices/locale", data={"value": "en"})
    assert "You picked the topic Care, and it comes from your own team." in page_of(
        anna, f"/stories/{mine}/dismissal"
    )


def test_two_reasons_of_each_kind_make_a_sentence(sign_in, story, cast):
    anna = sign_in("anna")
    soon = {"expires_at": NOW + timedelta(days=1)}
    ids = {
        "Du har valgt emnet Omsorg, og den udløber snart.": story(title="En", **soon),
        "Du har valgt emnet Omsorg, og en leder har delt den.": (led := story(title="To")),
        "Den kommer fra dit eget hold, og den udløber snart.": story(
            title="Tre", topics=("schools",), team_id=cast.teams["north"], **soon
        ),
    }
    tell(sign_in("birgit"), led, words(1))
    assert sorted(shown(anna)) == sorted(ids.values())
    for said, story_id in ids.items():
        assert said in page_of(anna, f"/stories/{story_id}/dismissal")


def test_a_story_from_the_department_or_a_team_below_is_from_close_by(sign_in, story, cast):
    with writing():
        top = db.session.get_one(Team, cast.teams["top"])
        care = people.add_team("Sundhed", top)
        team = people.add_team("Hjemmepleje Vest", care)
        db.session.execute(
            update(Membership).where(Membership.person_id == cast.liv.id).values(team_id=team.id)
        )
        care_id = care.id
    liv = sign_in("liv")
    for number in range(3):
        story(title=f"Historie {number}")
    near = story(title="Fra afdelingen", team_id=care_id, expires_at=NOW + timedelta(days=90))
    story(title="Fra toppen", team_id=cast.teams["top"], expires_at=NOW + timedelta(days=80))
    assert shown(liv)[2] == near
    assert danish("It comes from a team close to yours.") in page_of(liv, f"/stories/{near}/dismissal")
