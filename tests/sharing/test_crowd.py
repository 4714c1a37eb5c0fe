"""The saturation guard: it proposes another place, day or story, and never blocks."""

from datetime import UTC, datetime, timedelta

import pytest

from app.db import db, writing
from app.organisation import actions as organisation
from app.organisation.queries import facts
from app.people.models import Membership, Person
from app.people.roles import Role
from app.sharing.crowd import crowded
from app.sharing.models import Share
from tests.conftest import NOW
from tests.sharing.test_telling import OWN, tell
from tests.words import danish

MANY = danish("Many have told it on %(network)s today.", network="LinkedIn")


@pytest.fixture
def hired(app, cast):
    """`hired(90, "north")`: so many more people in a team; their ids."""

    def hire(count, team="library", **columns):
        with writing():
            people = [
                Person(name=f"{team} {n}", email=f"{team}-{n}-{columns}@x.example", employed_from=NOW.date(), created_at=NOW, **columns)
                for n in range(count)
            ]  # fmt: skip
            db.session.add_all(people)
            db.session.flush()
            rows = [
                Membership(person_id=one.id, team_id=cast.teams[team], from_date=NOW.date()) for one in people
            ]
            db.session.add_all(rows)
            return [one.id for one in people]

    return hire


def told_by(story_id, people, network="linkedin", at=NOW, **columns):
    with writing():
        db.session.add_all(
            Share(
                person_id=person, story_id=story_id, network=network, token=f"{network[:2]}{story_id:03}{person:05}", text="x",
                rung=3, opened_at=at, composed_at=at, said_at=at, **columns,
            )
            for person in people
        )  # fmt: skip


def crowd(story_id, at=NOW):
    return crowded(story_id, facts(), at)


@pytest.mark.parametrize(("count", "full"), [(7, set()), (8, {"linkedin"})])
def test_eight_who_told_it_today_are_a_crowd_and_seven_are_none(story, hired, count, full):
    told = story()
    told_by(told, hired(count))
    assert crowd(told) == full


@pytest.mark.parametrize(("count", "full"), [(9, set()), (10, {"linkedin"})])
def test_of_a_large_audience_it_is_five_percent(story, hired, cast, count, full):
    """The fifteen of the cast and 185 more are two hundred: ten of them."""
    told = story()
    told_by(told, hired(200 - len(cast.people))[:count])
    assert crowd(told) == full


def test_only_those_whom_a_story_is_for_are_its_audience(story, hired, cast):
    """A large organisation, of which the library with twenty people is the audience."""
    hired(400, "north")
    told = story(audience=["library"])
    told_by(told, hired(15, "library")[:8])
    assert crowd(told) == {"linkedin"}
    managers = story(title="For ledere", for_roles=int(Role.MANAGER))
    told_by(managers, hired(10, "library", is_manager=True)[:8])
    assert crowd(managers) == {"linkedin"}
    everyone = story(title="Til alle")
    told_by(everyone, hired(8, "library", title="x"))
    assert crowd(everyone) == set()


def test_who_has_left_is_no_audience(story, hired):
    hired(400, "north", left_at=NOW)
    told = story()
    told_by(told, hired(8))
    assert crowd(told) == {"linkedin"}


def test_each_network_and_each_day_of_the_organisation_is_counted_by_itself(story, hired):
    told, people = story(expires_at=None), hired(16)
    told_by(told, people[:8], "linkedin")
    told_by(told, people[8:15], "facebook")
    assert crowd(told) == {"linkedin"}
    # Midnight in Copenhagen is at 23:00 UTC.
    assert crowd(told, datetime(2026, 11, 25, 22, 59, tzinfo=UTC)) == {"linkedin"}
    assert crowd(told, datetime(2026, 11, 25, 23, 0, tzinfo=UTC)) == set()
    assert crowd(told, NOW - timedelta(days=1)) == set()


def test_what_is_withdrawn_or_not_yet_said_does_not_count(story, hired):
    told, people = story(), hired(9)
    told_by(told, people[:7])
    told_by(told, people[7:8], withdrawn_at=NOW)
    with writing():
        db.session.add(
            Share(person_id=people[8], story_id=told, network="linkedin", token="draft00001", text="x", rung=2, opened_at=NOW, composed_at=NOW)
        )  # fmt: skip
    assert crowd(told) == set()


def test_both_numbers_are_settings(story, hired):
    with writing():
        organisation.change_setting("crowd_least", 3, NOW.date(), NOW)
    told = story()
    told_by(told, hired(3))
    assert crowd(told) == {"linkedin"}
    with writing():
        organisation.change_setting("crowd_percent", 50, NOW.date(), NOW)
    assert crowd(told) == set()


def test_the_audience_is_counted_only_when_it_matters(story, hired, count_statements):
    told, people = story(), hired(8)
    told_by(told, people[:7])
    organisation_facts = facts()
    for statements, more in ((1, people[7:]), (2, [])):
        count_statements.clear()
        crowded(told, organisation_facts, NOW)
        assert len(count_statements) == statements
        db.session.rollback()
        told_by(told, more)


def test_the_composer_proposes_another_place_day_or_story_and_blocks_nothing(sign_in, story, hired):
    told, anna = story(), sign_in("anna")
    told_by(told, hired(8))
    page = anna.get(f"/stories/{told}/shares/new").text
    assert MANY in page
    assert (
        danish(
            "It may be heard better on %(network)s, another day, or with another story.",
            network="Facebook",
        )
        in page
    )
    assert f'formaction="/stories/{told}/saving"' in page
    assert danish("Another story") in page
    assert 'value="linkedin"' in page
    assert anna.get(tell(anna, told, OWN)).status_code == 200
    assert str(told) in anna.get("/stories").text


def test_without_a_crowd_there_is_no_word_of_it(sign_in, story, hired):
    told = story()
    told_by(told, hired(7))
    assert MANY not in sign_in("anna").get(f"/stories/{told}/shares/new").text
