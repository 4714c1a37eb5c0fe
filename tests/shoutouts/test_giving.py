"""A manager gives a shout-out: whom, what for, as promised, and undone in ten seconds."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app import outbox
from app.db import db, writing
from app.organisation import actions as organisation
from app.outbox import Outgoing
from app.people import actions as people
from app.people.models import Person
from app.push.models import Notice
from app.shoutouts.models import Receiver, Shoutout
from app.shoutouts.wording import is_too_like
from tests.conftest import NOW
from tests.shoutouts.thanks import (
    DID,
    LATER,
    LED,
    add_values,
    deliver,
    form,
    give,
    led_by,
    part_of,
    problems_in,
    used,
)
from tests.words import danish


def count(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def test_a_shoutout_from_the_form_reaches_its_receiver_after_ten_seconds(sign_in, cast, clock):
    mads, anna = sign_in("mads"), sign_in("anna")
    led_by(cast.mads, cast.anna)
    page = mads.get("/shoutouts/new")
    assert f'value="{cast.anna.id}"' in page.text
    shoutout_id = give(mads, cast.anna)
    assert anna.get(f"/shoutouts/{shoutout_id}").status_code == 404
    assert DID not in anna.get("/shoutouts?view=mine").text
    with clock(LATER):
        assert DID in anna.get(f"/shoutouts/{shoutout_id}").text


def test_what_has_come_is_seen_without_a_worker_and_told_by_it(sign_in, cast):
    shoutout_id = give(sign_in("mads"), cast.anna)
    assert deliver(LATER - timedelta(seconds=1)) == 0
    assert deliver() == 1
    assert deliver() == 0
    assert db.session.get_one(Shoutout, shoutout_id).delivered_at == LATER
    told = db.session.scalars(select(Notice)).one()
    assert (told.person_id, told.kind, told.path) == (cast.anna.id, "shoutout", f"/shoutouts/{shoutout_id}")
    assert told.words["da"] == ["Mads Toft har skrevet til dig", DID]


def test_the_giver_sees_their_own_at_once_and_can_undo_it(sign_in, cast):
    mads = sign_in("mads")
    shoutout_id = give(mads, cast.anna)
    page = mads.get("/shoutouts?view=all").text
    assert DID in page
    assert danish("on its way") in page
    assert f'action="/shoutouts/{shoutout_id}/undo"' in page


def test_undone_in_time_nothing_is_seen_told_or_used_and_what_was_written_is_kept(sign_in, cast, clock):
    mads, anna = sign_in("mads"), sign_in("anna")
    shoutout_id = give(mads, cast.anna)
    assert used(cast.mads) == 1
    answer = mads.post(f"/shoutouts/{shoutout_id}/undo")
    assert answer.location == f"/shoutouts/new?again={shoutout_id}"
    page = mads.get(answer.location).text
    assert DID in page
    assert LED in page
    assert f'value="{cast.anna.id}" checked' in page
    assert used(cast.mads) == 0
    deliver()
    assert count(Notice) == 0
    with clock(LATER):
        for browser in (mads, anna):
            assert browser.get(f"/shoutouts/{shoutout_id}").status_code == 404
            assert DID not in browser.get("/shoutouts?view=all").text


def test_too_late_to_undo_it_stays_and_can_be_withdrawn(sign_in, cast, clock):
    mads = sign_in("mads")
    shoutout_id = give(mads, cast.anna)
    with clock(LATER):
        answer = mads.post(f"/shoutouts/{shoutout_id}/undo")
        assert answer.location == f"/shoutouts/{shoutout_id}"
        assert danish("It has arrived. You can still withdraw it.") in mads.get(answer.location).text
    assert db.session.get_one(Shoutout, shoutout_id).undone_at is None
    assert used(cast.mads) == 1


def test_an_undone_step_that_a_worker_holds_already_delivers_nothing(sign_in, cast):
    mads = sign_in("mads")
    shoutout_id = give(mads, cast.anna)
    with writing():
        outbox.claim("shoutout", LATER, 5)
    mads.post(f"/shoutouts/{shoutout_id}/undo")
    deliver(LATER + timedelta(minutes=5))
    assert db.session.get_one(Shoutout, shoutout_id).delivered_at is None
    assert db.session.scalars(select(Outgoing.state)).one() == "done"
    assert count(Notice) == 0


def test_trouble_with_one_keeps_no_other_waiting_and_it_comes_later(sign_in, cast):
    mads = sign_in("mads")
    first, second = give(mads, cast.anna), give(mads, cast.liv, did=LED, led="Og det er jeg glad for.")
    with writing():
        db.session.get_one(Person, cast.anna.id).zone = "Nowhere/At_All"
    assert deliver() == 2
    assert [db.session.get_one(Shoutout, one).delivered_at for one in (first, second)] == [None, LATER]
    with writing():
        db.session.get_one(Person, cast.anna.id).zone = "Europe/Copenhagen"
    assert deliver(LATER) == 0
    assert deliver(LATER + timedelta(seconds=30)) == 1
    assert db.session.get_one(Shoutout, first).delivered_at


def test_a_double_tap_gives_once(sign_in, cast):
    mads = sign_in("mads")
    assert give(mads, cast.anna) == give(mads, cast.anna)
    assert count(Shoutout) == 1
    assert used(cast.mads) == 1


def test_the_same_form_changed_after_it_was_sent_is_another_one(sign_in, cast):
    mads = sign_in("mads")
    give(mads, cast.anna)
    give(
        mads,
        cast.anna,
        did="I går tog du telefonen, da alle andre var på vej hjem.",
        led="Manden fik sin medicin og sov.",
    )
    assert count(Shoutout) == 2


def test_an_undone_form_that_is_sent_again_asks_first(sign_in, cast):
    mads = sign_in("mads")
    shoutout_id = give(mads, cast.anna)
    mads.post(f"/shoutouts/{shoutout_id}/undo")
    answer = mads.post("/shoutouts", data=form(cast.anna))
    assert answer.status_code == 422
    assert danish("You took this one back. Tap once more to send it after all.") in answer.text
    nonce = answer.text.split('name="nonce" value="')[1].split('"')[0]
    assert give(mads, cast.anna, nonce=nonce) != shoutout_id


WRONG = {
    "nobody": ({"to": []}, "Choose who it is for."),
    "no deed": ({"did": " "}, "Write what they did. One sentence is enough."),
    "no effect": ({"led": ""}, "Write what it led to. One sentence is enough."),
    "an audience that is not offered": ({"audience": "world"}, "Choose one of the three."),
    "no audience": ({"audience": ""}, "Choose one of the three."),
    "no value": ({"value": []}, "Choose one or two values."),
    "a value that is not there": ({"value": ["999"]}, "Choose one or two values."),
    "a person that is none": ({"to": ["x"]}, "Somebody you chose is not here any more, or it is yourself. Choose again."),
    "a person that is not there": ({"to": ["9999"]}, "Somebody you chose is not here any more, or it is yourself. Choose again."),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_not_right_is_said_beside_its_field_and_nothing_is_lost(sign_in, cast, what):
    mads, values = sign_in("mads"), add_values()
    changed, said = WRONG[what]
    fields = form(cast.anna, value=values[:1], audience="team") | changed
    answer = mads.post("/shoutouts", data=fields)
    assert answer.status_code == 422
    assert danish(said) in problems_in(answer)
    assert 'aria-invalid="true"' in answer.text
    for name in ("did", "led"):
        assert fields[name].strip() in answer.text
    assert count(Shoutout) == 0


def test_a_value_where_the_organisation_has_none_is_refused(sign_in, cast):
    answer = sign_in("mads").post("/shoutouts", data=form(cast.anna, value=["999"]))
    assert answer.status_code == 422
    assert count(Shoutout) == 0


def test_long_texts_are_compared_in_no_time():
    words = [f"{one}{two}" for one in "abcdefghij" for two in "abcdefghijk"]
    began = time.monotonic()
    is_too_like(" ".join(words * 30), [" ".join(words[::-1] * 30)] * 20)
    assert time.monotonic() - began < 3


def test_three_values_are_too_many_and_two_are_kept(sign_in, cast):
    mads, values = sign_in("mads"), add_values()
    with writing():
        third = organisation.add_value("Fællesskab").id
    answer = mads.post("/shoutouts", data=form(cast.anna, value=[*values, third]))
    assert danish("Choose one or two values.") in problems_in(answer)
    shoutout_id = give(mads, cast.anna, value=values)
    row = db.session.get_one(Shoutout, shoutout_id)
    assert [row.value_id, row.second_value_id] == values
    page = mads.get("/shoutouts?view=all").text
    assert "Mod" in page
    assert "Ordentlighed" in page


def test_fewer_than_forty_characters_are_asked_on(sign_in, cast):
    answer = sign_in("mads").post("/shoutouts", data=form(cast.anna, did="Du kom.", led="Godt."))
    assert answer.status_code == 422
    assert "28 tegn mere, så man kan mærke, hvad du mener." in answer.text
    give(sign_in("mads"), cast.anna, did="a " * 10, led="b " * 10 + "cc")


def test_more_than_ten_people_are_too_many(sign_in, cast):
    everyone = [one for name, one in cast.people.items() if name != "mads"][:11]
    answer = sign_in("mads").post("/shoutouts", data=form(*everyone))
    assert "Vælg højst 10 personer." in problems_in(answer)


def test_nobody_thanks_themselves_nor_who_has_left(sign_in, cast):
    mads = sign_in("mads")
    with writing():
        people.leave(cast.anna.id, NOW, NOW.date())
    for one in (cast.mads, cast.anna):
        assert mads.post("/shoutouts", data=form(one)).status_code == 422
    assert cast.anna.name not in mads.post("/shoutouts/new", data=form(q="Anna")).text
    assert count(Receiver) == 0


def test_a_text_that_is_almost_an_old_one_is_to_be_written_anew(sign_in, cast):
    mads = sign_in("mads")
    give(mads, cast.anna, did=f"Kasper, {DID}")
    answer = mads.post("/shoutouts", data=form(cast.liv, did=f"Liv, {DID}", nonce="b"))
    said = danish("This is almost what you have written before. Say it as only this time can be told.")
    assert said in problems_in(answer)
    give(mads, cast.liv, did="Du gik med på besøget, som ingen andre havde tid til.", nonce="b")


def test_a_text_of_emoji_alone_is_like_none_but_itself(sign_in, cast, clock):
    mads = sign_in("mads")
    first = give(mads, cast.anna, did="🎉" * 25, led="🌊" * 25)
    answer = mads.post("/shoutouts", data=form(cast.liv, did="🎉" * 25, led="🌊" * 25, nonce="b"))
    assert answer.status_code == 422
    with clock(LATER):
        assert mads.post(f"/shoutouts/{first}/withdrawal").status_code == 303
        give(mads, cast.liv, did="👏" * 25, led="🌻" * 25, nonce="c")


def test_only_managers_give(sign_in, cast):
    anna = sign_in("anna")
    assert anna.get("/shoutouts/new").status_code == 403
    assert anna.post("/shoutouts", data=form(cast.omar)).status_code == 403
    led_by(cast.anna, cast.liv)
    assert anna.get("/shoutouts/new").status_code == 200
    give(anna, cast.omar)


def test_ten_thousand_characters_come_out_as_they_went_in(sign_in, cast, clock):
    did = "<script>alert(1)</script> \u202eRTL\u202c 👩‍🚒 é́́ " + "æ" * 9900
    shoutout_id = give(sign_in("mads"), cast.anna, did=did, audience="organisation")
    assert db.session.get_one(Shoutout, shoutout_id).did == did
    with clock(LATER):
        page = sign_in("anna").get(f"/shoutouts/{shoutout_id}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \u202eRTL\u202c 👩‍🚒 é́́ " in page
    assert "æ" * 9900 in page
    assert danish("Read the rest") in page
    answer = sign_in("mads").post("/shoutouts", data=form(cast.anna, did="æ" * 10_001))
    assert "Det er for langt: højst 10.000 tegn." in problems_in(answer)


def test_a_colleague_is_found_by_name_without_javascript_and_what_is_typed_stays(sign_in, cast):
    mads = sign_in("mads")
    answer = mads.post("/shoutouts/new", data=form(cast.anna, q="omar"))
    assert answer.status_code == 200
    assert f'value="{cast.anna.id}" checked' in answer.text
    assert f'value="{cast.omar.id}"' in answer.text
    assert f'value="{cast.omar.id}" checked' not in answer.text
    assert DID in answer.text
    assert "Bibliotekerne" in answer.text
    fragment = mads.post("/shoutouts/new", data=form(cast.anna, q="omar"), headers={"HX-Request": "true"})
    assert fragment.text.startswith('<div class="who" id="people">')
    assert count(Shoutout) == 0


def test_reports_come_first_then_the_team_then_others(sign_in, cast):
    led_by(cast.mads, cast.omar)
    page = sign_in("mads").get("/shoutouts/new").text
    places = [page.index(f'value="{one.id}"') for one in (cast.omar, cast.anna, cast.fatima)]
    assert places == sorted(places)
    assert f'value="{cast.jens.id}"' not in page


def test_one_is_prefilled_from_the_managers_home(sign_in, cast):
    led_by(cast.mads, cast.anna)
    with writing():
        db.session.execute(
            update(Person)
            .where(Person.id == cast.anna.id)
            .values(employed_from=NOW.date() - timedelta(days=60))
        )
    mads = sign_in("mads")
    assert f"/shoutouts/new?to={cast.anna.id}" in mads.get("/lead").text
    page = mads.get(f"/shoutouts/new?to={cast.anna.id}").text
    assert "Hvad gjorde Anna?" in page
    assert "Send til Anna" in page


def test_a_group_is_one_shoutout_with_a_part_for_each(sign_in, cast, given):
    shoutout_id = given(sign_in("mads"), cast.anna, cast.liv, cast.omar)
    assert count(Receiver) == 3
    assert count(Notice) == 3
    assert used(cast.mads) == 3
    assert part_of(shoutout_id, cast.omar).team_id == cast.teams["library"]


def test_when_the_receiver_is_chosen_already_the_others_wait_behind_one_button(sign_in, cast):
    mads = sign_in("mads")
    more = danish("More, up to %(most)s") % {"most": 10}
    assert more not in mads.get("/shoutouts/new").text
    assert more in mads.get(f"/shoutouts/new?to={cast.anna.id}").text
    assert more not in mads.post("/shoutouts", data=form(cast.anna, did="")).text
