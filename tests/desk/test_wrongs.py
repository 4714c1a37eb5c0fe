"""Three colleagues say that something in a story is wrong: the curators hear of it, without a name, and nobody else does."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import db, writing
from app.stories import actions
from app.stories.models import Dismissal, FoundRight, Story
from app.stories.wrongs import find_right, said_wrong
from tests.conftest import NOW
from tests.desk.test_editor import edited
from tests.desk.test_queue import counts, page_of, row_of
from tests.house import standing
from tests.house.test_access import AUDIENCE, LET_IN

HTMX = {"HX-Request": "true"}


@pytest.fixture
def say(sign_in):
    """`say(story, "anna", "liv")`: each says that something in it is wrong."""

    def each_says(story_id, *names, reason="wrong"):
        for name in names:
            answer = sign_in(name).post(f"/stories/{story_id}/dismissal", data={"reason": reason})
            assert answer.status_code == 303, name

    return each_says


def raised(browser):
    return 'id="look-' in page_of(browser)


def test_three_reach_the_curators_at_the_top_of_the_queue_and_two_do_not(karen, story, say):
    told = story()
    karen.post("/desk/stories", data={"title": "Min egen kladde"})
    say(told, "anna", "liv")
    assert not raised(karen)
    say(told, "omar")
    page = page_of(karen)
    assert counts(page) == [2, 1, 0, 0, 1]
    row = row_of(page, f"look-{told}")
    assert "3 kolleger siger, at noget i den er forkert." in row
    assert page.index(f'id="look-{told}"') < page.index("Min egen kladde")
    assert f'href="/desk/stories/{told}"' in row
    assert "3 " in page_of(karen, "/desk/stories").split('class="tag r"')[1].split("</span>")[0]


def test_nobody_is_named(karen, story, say):
    told = story()
    say(told, "anna", "liv", "omar")
    for path in (
        "/desk",
        "/desk?kind=look",
        "/desk/stories",
        f"/desk/stories/{told}",
        f"/desk/stories/{told}/preview",
    ):
        page = page_of(karen, path)
        assert not any(name in page for name in ("Anna", "Liv Sand", "Omar")), path


def test_other_reasons_reach_nobody(karen, story, say):
    told = story()
    for reason, who in (("not-mine", "anna"), ("uncomfortable", "liv"), ("no-time", "omar")):
        say(told, who, reason=reason)
    say(told, "kasper", "fatima")
    assert not raised(karen)


def test_who_takes_it_back_does_not_count_and_who_says_it_twice_counts_once(karen, sign_in, story, say):
    told = story()
    say(told, "anna", "liv")
    for _again in range(3):
        say(told, "omar")
        sign_in("omar").post(f"/stories/{told}/dismissal/undo")
    assert not raised(karen)
    say(told, "liv", "liv")
    assert not raised(karen)


def test_an_edit_settles_it_until_three_say_so_again(karen, story, say, clock):
    told = story()
    say(told, "anna", "liv", "omar")
    with clock(NOW + timedelta(hours=1)):
        assert edited(karen, db.session.get_one(Story, told), body="Rettet.").status_code == 303
        assert not raised(karen)
    with clock(NOW + timedelta(hours=2)):
        say(told, "kasper", "fatima")
        assert not raised(karen)
        say(told, "sofie")
        assert raised(karen)


def test_a_curator_finds_it_right_and_hears_of_it_when_three_more_say_so(karen, story, say, clock, cast):
    told = story()
    say(told, "anna", "liv", "omar")
    with clock(NOW + timedelta(hours=1)):
        answer = karen.post(f"/desk/stories/{told}/found-right", headers=HTMX)
        assert answer.headers["HX-Reswap"] == "delete"
        assert counts(answer.text) == [0, 0, 0, 0, 0]
        assert not raised(karen)
    row = db.session.scalars(select(FoundRight)).one()
    assert (row.story_id, row.curator_id) == (told, cast.karen.id)
    with clock(NOW + timedelta(hours=2)):
        say(told, "kasper", "fatima")
        assert not raised(karen)
        say(told, "sofie")
        assert raised(karen)


def test_it_is_found_right_once_and_only_when_there_is_something_to_settle(karen, sign_in, story, say):
    told = story()
    karen.post(f"/desk/stories/{told}/found-right")
    say(told, "anna", "liv", "omar")
    for browser in (karen, sign_in("henrik"), karen):
        assert browser.post(f"/desk/stories/{told}/found-right").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(FoundRight)) == 1
    assert karen.post("/desk/stories/4711/found-right").status_code == 404
    with writing():
        assert not find_right(4711, 1, NOW)


def test_what_is_over_or_taken_down_does_not_wait_in_the_queue(karen, story, say):
    told = story()
    say(told, "anna", "liv", "omar")
    karen.post(f"/desk/stories/{told}/withdrawal")
    assert not raised(karen)
    assert said_wrong([told]) == {told: 3}


def test_ones_own_answers_at_the_desk_stand_in_ones_own_data(karen, story, say, cast):
    told = story(leader_id=None)
    say(told, "anna", "liv", "omar")
    karen.post(f"/desk/stories/{told}/found-right")
    waiting = story(leader_id=cast.birgit.id)
    karen.post(f"/desk/stories/{waiting}/release")
    own = karen.get("/me/data").json
    assert [row["story_id"] for row in own["stories_found_right"]] == [told]
    assert [row["story_id"] for row in own["stories_shown_without_leader"]] == [waiting]


# Managers


def test_no_page_that_a_manager_can_open_changes_when_people_say_not_for_me(app, sign_in, story, cast):
    """Mads leads Anna, Birgit leads all: whatever they open says the same before and after."""
    browsers, values = standing.build(app, sign_in, story)
    told = values["story_id"]
    browsers = {"mads": browsers["mads"], "birgit": sign_in("birgit")}

    def pages():
        found = {}
        for name, browser in browsers.items():
            for endpoint, _method, path in standing.addresses(app, values, "GET"):
                if (
                    name in LET_IN.get(AUDIENCE[endpoint], LET_IN["manager"])
                    and endpoint not in NEVER_THE_SAME
                ):
                    with browser.get(path) as answer:
                        found[name, path] = (answer.status_code, KEY.sub(b"", answer.data))
        return found

    pages()  # what is chosen, flashed or noted at a first look is done
    before = pages()
    assert len(before) > 60
    assert ("mads", "/lead") in before
    with writing():
        for reason, names in (("wrong", ("anna", "liv", "omar")), ("uncomfortable", ("kasper", "fatima")), ("not-mine", ("sofie",)), ("no-time", ("amir",))):  # fmt: skip
            for name in names:
                actions.say_not_for_me(cast.people[name].id, told, reason, NOW, opened=False)
    assert db.session.scalar(select(func.count()).select_from(Dismissal)) == 7
    after = pages()
    assert [at for at in before if before[at] != after[at]] == []


# Sign-out ends the walk, and the service's own state has a time of its own.
KEY = re.compile(rb'name="(key|nonce)" value="[^"]*"')  # each form's own
NEVER_THE_SAME = {"people.sign_out", "health.ready"}
