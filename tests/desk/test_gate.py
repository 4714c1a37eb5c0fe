"""Leaders first, at the desk: a story waits for its leader until a curator says otherwise, and that is written down."""

import json
import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.db import db, writing
from app.people.models import Person
from app.people.roles import Role
from app.stories import gate
from app.stories.models import LeaderOverride, Story
from tests.conftest import NOW
from tests.desk.test_editor import edited, form_of
from tests.desk.test_queue import counts, page_of, row_of
from tests.sharing.test_telling import tell
from tests.words import danish

HTMX = {"HX-Request": "true"}


@pytest.fixture
def waiting(story, cast):
    """A story that waits for Birgit."""
    return story(title="Nattevagten", leader_id=cast.birgit.id)


def sees(browser, story_id):
    return browser.get(f"/stories/{story_id}").status_code == 200


def decisions():
    db.session.rollback()
    rows = db.session.scalars(select(LeaderOverride).order_by(LeaderOverride.id))
    return [(row.story_id, row.leader_id, row.curator_id, row.opened, row.at) for row in rows]


def leave(member):
    with writing():
        db.session.execute(update(Person).where(Person.id == member.id).values(left_at=NOW))


# Waiting


def test_the_desk_says_whom_a_story_waits_for(karen, waiting):
    for path in (f"/desk/stories/{waiting}", "/desk/stories", f"/desk/stories/{waiting}/preview"):
        assert danish("Waits for %(name)s", name="Birgit Dam") in page_of(karen, path), path
    assert danish("Nobody else sees it until then.") in page_of(karen, f"/desk/stories/{waiting}")


def test_publishing_says_that_it_waits(karen, cast, story):
    draft = story(state="draft", publish_at=None, expires_at=None, leader_id=cast.birgit.id)
    said = f"{danish('Published.')} {danish('It waits for %(name)s.', name='Birgit Dam')}"
    assert edited(karen, db.session.get_one(Story, draft), action="publish").status_code == 303
    assert said in page_of(karen, f"/desk/stories/{draft}")
    other = story(state="draft", publish_at=None, expires_at=None, leader_id=cast.birgit.id)
    answer = karen.post(f"/desk/stories/{other}/publication", headers=HTMX)
    assert json.loads(answer.headers["HX-Trigger"])["toast"]["text"] == said


def test_its_leader_sees_it_and_tells_it_and_then_everybody_does(sign_in, waiting, karen):
    birgit, anna = sign_in("birgit"), sign_in("anna")
    assert sees(birgit, waiting)
    assert not sees(anna, waiting)
    share = tell(birgit, waiting)
    assert sees(anna, waiting)
    assert danish("Waits for %(name)s", name="Birgit Dam") not in page_of(karen, f"/desk/stories/{waiting}")
    birgit.post(share.replace("/thanks", "/withdrawal"))
    assert not sees(anna, waiting)
    assert decisions() == []


def test_another_leader_does_not_open_it(sign_in, waiting, cast):
    with writing():
        db.session.execute(update(Person).where(Person.id == cast.henrik.id).values(is_leader=True))
    assert not sees(sign_in("henrik"), waiting)
    with writing():
        gate.leader_told(waiting, cast.henrik.id, NOW)
    assert not sees(sign_in("anna"), waiting)


def test_a_leader_goes_first_with_a_story_that_is_for_others(sign_in, story, cast):
    """Birgit stands above the libraries and is no employee by role: asked to go first, she must be able to."""
    told = story(
        title="Bogbussen", leader_id=cast.birgit.id, audience=("library",), for_roles=int(Role.EMPLOYEE)
    )
    birgit, omar = sign_in("birgit"), sign_in("omar")
    assert "Bogbussen" in page_of(birgit, "/")
    assert not sees(omar, told)
    tell(birgit, told)
    assert sees(omar, told)
    assert sees(birgit, told)
    assert not sees(sign_in("anna"), told)
    assert not sees(sign_in("mads"), told)


def test_what_curators_decide_is_on_today_at_once(karen, sign_in, waiting):
    anna = sign_in("anna")
    assert "Nattevagten" not in page_of(anna, "/")
    karen.post(f"/desk/stories/{waiting}/release")
    assert "Nattevagten" in page_of(anna, "/")
    karen.post(f"/desk/stories/{waiting}/release/undo")
    assert "Nattevagten" not in page_of(anna, "/")


# A curator's word


def test_a_curator_lets_it_go_and_it_stands_in_the_log(karen, sign_in, waiting, cast):
    anna = sign_in("anna")
    answer = karen.post(f"/desk/stories/{waiting}/release")
    assert (answer.status_code, answer.location) == (303, f"/desk/stories/{waiting}")
    assert sees(anna, waiting)
    assert decisions() == [(waiting, cast.birgit.id, cast.karen.id, True, NOW)]
    page = page_of(karen, f"/desk/stories/{waiting}")
    assert danish("Shown without waiting. It stands in the log.") in page
    assert (
        danish(
            "%(curator)s showed it without waiting for %(leader)s", curator="Karen Lund", leader="Birgit Dam"
        )
        in page
    )
    assert danish("Shown without its leader") in page_of(karen, "/desk/stories")


def test_a_double_tap_is_logged_once(karen, sign_in, waiting):
    for _tap in range(2):
        karen.post(f"/desk/stories/{waiting}/release")
    assert len(decisions()) == 1
    answer = sign_in("henrik").post(f"/desk/stories/{waiting}/release", headers=HTMX)
    assert (
        danish("Somebody was quicker. This is how it stands.")
        == json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    )
    assert len(decisions()) == 1


def test_it_can_be_had_to_wait_again(karen, sign_in, waiting):
    anna = sign_in("anna")
    karen.post(f"/desk/stories/{waiting}/release")
    for _tap in range(2):
        karen.post(f"/desk/stories/{waiting}/release/undo")
    assert not sees(anna, waiting)
    assert [opened for *_who, opened, _at in decisions()] == [True, False]
    karen.post(f"/desk/stories/{waiting}/release")
    assert sees(anna, waiting)
    assert len(decisions()) == 3


def test_the_box_alone_is_drawn_anew_and_what_is_being_written_stays(karen, waiting):
    answer = karen.post(f"/desk/stories/{waiting}/release", headers=HTMX)
    assert answer.text.strip().startswith('<section id="gate"')
    assert "<html" not in answer.text
    assert danish("Let it wait again") in answer.text


def test_what_does_not_wait_is_not_let_go(karen, story, cast):
    free, draft = story(), story(state="draft", leader_id=cast.birgit.id)
    told = story(leader_id=cast.birgit.id, told_at=NOW)
    for one in (free, draft, told):
        karen.post(f"/desk/stories/{one}/release")
        karen.post(f"/desk/stories/{one}/release/undo")
    assert decisions() == []
    assert karen.post("/desk/stories/4711/release").status_code == 404


def test_only_curators_decide(sign_in, waiting):
    for name in ("anna", "birgit", "mads", "astrid"):
        assert sign_in(name).post(f"/desk/stories/{waiting}/release").status_code == 403
    assert decisions() == []


@pytest.mark.parametrize(
    "change",
    ["UPDATE leader_overrides SET curator_id = leader_id", "DELETE FROM leader_overrides",
     "UPDATE leader_overrides SET opened = NOT opened WHERE id > 0"],
)  # fmt: skip
def test_the_log_is_only_written_to(karen, waiting, change):
    karen.post(f"/desk/stories/{waiting}/release")
    before = decisions()
    with pytest.raises(DBAPIError, match="append-only"), writing():
        db.session.execute(text(change))
    assert decisions() == before


def test_the_log_is_not_replaced_or_emptied_either(karen, waiting):
    karen.post(f"/desk/stories/{waiting}/release")
    before = decisions()
    if db.engine.dialect.name == "sqlite":
        with sqlite3.connect(str(db.engine.url.database)) as raw:
            raw.execute(
                f"INSERT OR REPLACE INTO leader_overrides VALUES (1, {waiting}, 1, 2, 0, '2020-01-01')"
            )
        raw.close()
    else:
        with pytest.raises(DBAPIError, match="append-only"), writing():
            db.session.execute(text("TRUNCATE leader_overrides"))
    assert decisions() == before


# Another leader


def test_with_another_leader_it_waits_again_and_the_old_word_counts_no_more(karen, sign_in, waiting, cast):
    with writing():
        db.session.execute(update(Person).where(Person.id == cast.mads.id).values(is_leader=True))
    karen.post(f"/desk/stories/{waiting}/release")
    assert edited(karen, db.session.get_one(Story, waiting), leader=str(cast.mads.id)).status_code == 303
    assert not sees(sign_in("anna"), waiting)
    assert not sees(sign_in("birgit"), waiting)
    assert sees(sign_in("mads"), waiting)


def test_a_leader_who_has_told_it_opens_it_when_it_is_handed_to_them(karen, sign_in, story, cast):
    with writing():
        db.session.execute(update(Person).where(Person.id == cast.mads.id).values(is_leader=True))
    open_one = story()
    tell(sign_in("mads"), open_one)
    edited(karen, db.session.get_one(Story, open_one), leader=str(cast.birgit.id))
    assert not sees(sign_in("anna"), open_one)
    edited(karen, db.session.get_one(Story, open_one), leader=str(cast.mads.id))
    assert sees(sign_in("anna"), open_one)


def test_taking_the_leader_off_a_waiting_story_is_a_word_too_and_logged(karen, sign_in, waiting, cast):
    edited(karen, db.session.get_one(Story, waiting), leader="")
    assert sees(sign_in("anna"), waiting)
    assert decisions() == [(waiting, cast.birgit.id, cast.karen.id, True, NOW)]
    said = danish(
        "%(curator)s showed it without waiting for %(leader)s", curator="Karen Lund", leader="Birgit Dam"
    )
    assert said in page_of(karen, f"/desk/stories/{waiting}")


def test_an_edit_that_keeps_the_leader_keeps_how_it_stands(karen, sign_in, waiting):
    anna = sign_in("anna")
    edited(karen, db.session.get_one(Story, waiting), title="Nattevagten på Egehøj")
    assert not sees(anna, waiting)
    karen.post(f"/desk/stories/{waiting}/release")
    edited(karen, db.session.get_one(Story, waiting), title="Nattevagten")
    assert sees(anna, waiting)
    assert len(decisions()) == 1


# A leader who has left


def test_a_story_that_waits_for_somebody_who_has_left_reaches_the_curators(karen, waiting, cast):
    assert counts(page_of(karen)) == [0, 0, 0, 0, 0]
    leave(cast.birgit)
    page = page_of(karen)
    assert counts(page) == [1, 1, 0, 0, 0]
    assert danish("It waits for %(name)s, who has left.", name="Birgit Dam") in row_of(
        page, f"look-{waiting}"
    )
    assert danish("Waits for %(name)s, who has left", name="Birgit Dam") in page_of(karen, "/desk/stories")
    editor = page_of(karen, f"/desk/stories/{waiting}")
    assert danish("%(name)s has left and cannot tell it.", name="Birgit Dam") in editor
    karen.post(f"/desk/stories/{waiting}/release")
    assert counts(page_of(karen)) == [0, 0, 0, 0, 0]


def test_a_leader_who_has_left_stays_with_their_story_until_a_curator_chooses_another(
    karen, sign_in, waiting, cast
):
    leave(cast.birgit)
    row = db.session.get_one(Story, waiting)
    assert form_of(karen.get(f"/desk/stories/{waiting}"))["leader"] == str(cast.birgit.id)
    assert edited(karen, row, title="Nattevagten på Egehøj").status_code == 303
    assert row.leader_id == cast.birgit.id
    assert not sees(sign_in("anna"), waiting)
    assert "Birgit Dam" not in page_of(karen, "/desk/stories/new")


# The question to a leader


def test_a_leader_has_what_waits_for_them_and_nothing_else(app, story, cast):
    first = story(leader_id=cast.birgit.id, expires_at=NOW + timedelta(days=2))
    second = story(leader_id=cast.birgit.id, expires_at=NOW + timedelta(days=3))
    story(leader_id=cast.birgit.id, told_at=NOW)
    story(leader_id=cast.birgit.id, overridden_at=NOW)
    story(leader_id=cast.birgit.id, state="draft")
    story(leader_id=cast.birgit.id, expires_at=NOW)
    story(leader_id=cast.birgit.id, publish_at=NOW + timedelta(days=1))
    story(leader_id=cast.mads.id)
    story()
    assert [one.id for one in gate.waiting_for(cast.birgit.id, NOW)] == [first, second]


def test_the_leaders_own_page_asks_them_to_go_first(sign_in, waiting):
    birgit = sign_in("birgit")
    page = page_of(birgit, "/lead")
    for said in ("Go first", "The editors ask you", "Others see it when you have told it"):
        assert danish(said) in page
    assert f'href="/stories/{waiting}"' in page
    assert danish("Go first") not in page_of(sign_in("mads"), "/lead")
    tell(birgit, waiting)
    assert danish("Go first") not in page_of(birgit, "/lead")


def test_the_storys_page_tells_its_leader_that_it_waits(sign_in, waiting):
    birgit = sign_in("birgit")
    said = danish("It waits for you. Others see it when you have told it.")
    assert said in page_of(birgit, f"/stories/{waiting}")
    tell(birgit, waiting)
    assert said not in page_of(birgit, f"/stories/{waiting}")
