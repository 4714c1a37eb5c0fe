"""The receiver decides who sees it; until then only the two do."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.db import db, writing
from app.people import actions as people
from app.people.models import Person
from app.push import notice_jobs
from app.push.models import Notice
from app.shoutouts.models import Shoutout
from app.shoutouts.queries import waiting
from tests.conftest import NOW
from tests.letters import delivered, text_of
from tests.shoutouts.thanks import DID, LATER, LED, deliver, form, give, led_by, part_of
from tests.words import danish

SOON = NOW + timedelta(minutes=1)


def decide(browser, shoutout_id, audience):
    answer = browser.post(f"/shoutouts/{shoutout_id}/audience", data={"audience": audience})
    assert answer.status_code == 303
    return answer


def sees(browser, shoutout_id):
    """Whether its words stand on its own page and on the wall; both or neither."""
    page = browser.get(f"/shoutouts/{shoutout_id}")
    own = page.status_code == 200 and DID in page.text
    wall = DID in browser.get("/shoutouts?view=all").text
    assert own == wall or page.status_code == 404
    assert page.status_code in (200, 404)
    return own


def test_the_receiver_is_asked_with_what_the_giver_proposed(sign_in, cast, clock, given):
    shoutout_id = given(sign_in("mads"), cast.anna, audience="team")
    with clock(LATER):
        anna = sign_in("anna")
        wall = anna.get("/shoutouts").text
        assert "Mads Toft</bdi> har skrevet til dig" in wall
        page = anna.get(f"/shoutouts/{shoutout_id}").text
    assert DID in page
    assert LED in page
    assert "Mads foreslår dit hold." in page
    assert 'value="team" checked' in page
    assert "10 point" in page


def test_until_the_receiver_decides_only_the_two_see_it(sign_in, cast, given):
    shoutout_id = given(sign_in("mads"), cast.anna, audience="organisation")
    assert [sees(sign_in(name), shoutout_id) for name in ("mads", "liv", "omar", "karen", "astrid", "birgit")] == [True, False, False, False, False, False]  # fmt: skip
    anna = sign_in("anna")
    assert DID in anna.get(f"/shoutouts/{shoutout_id}").text
    assert DID in anna.get("/shoutouts?view=mine").text


# What the receiver chose, and whether each may see it: the giver, the receiver, their team, another team, the desk.
WHO = ("mads", "anna", "liv", "omar", "karen", "astrid")
AUDIENCES = {
    "organisation": (True, True, True, True, True, True),
    "team": (True, True, True, False, False, False),
    "private": (True, True, False, False, False, False),
}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_who_sees_it_is_what_the_receiver_chose_and_they_can_choose_again(sign_in, cast, audience, given):
    shoutout_id = given(sign_in("mads"), cast.anna, audience="private")
    browsers = {name: sign_in(name) for name in WHO}
    decide(browsers["anna"], shoutout_id, audience)
    for name, wanted in zip(WHO, AUDIENCES[audience], strict=True):
        found = browsers[name].get(f"/shoutouts/{shoutout_id}")
        assert (found.status_code == 200) == wanted, name
        assert (DID in browsers[name].get("/shoutouts?view=all").text) == wanted, name
    decide(browsers["anna"], shoutout_id, "private")
    assert [browsers[name].get(f"/shoutouts/{shoutout_id}").status_code for name in WHO] == [200, 200, 404, 404, 404, 404]  # fmt: skip


def test_what_is_not_offered_is_refused_beside_the_choice(sign_in, cast, given):
    shoutout_id = given(sign_in("mads"), cast.anna)
    answer = sign_in("anna").post(f"/shoutouts/{shoutout_id}/audience", data={"audience": "world"})
    assert answer.status_code == 422
    assert danish("Choose one of those on the page.") in answer.text
    assert part_of(shoutout_id, cast.anna).audience is None


def test_nobody_decides_or_smiles_for_another(sign_in, cast, given):
    shoutout_id = given(sign_in("mads"), cast.anna)
    for name in ("mads", "liv", "omar", "astrid"):
        browser = sign_in(name)
        for path in ("audience", "smile"):
            answer = browser.post(f"/shoutouts/{shoutout_id}/{path}", data={"audience": "organisation"})
            assert answer.status_code == 404, (name, path)
    part = part_of(shoutout_id, cast.anna)
    assert (part.audience, part.smiled_at, part.opened_at) == (None, None, None)


def test_nobody_undoes_corrects_or_withdraws_anothers(sign_in, cast):
    shoutout_id = give(sign_in("mads"), cast.anna)
    for name in ("anna", "birgit", "astrid"):
        browser = sign_in(name)
        for path in ("undo", "edit", "withdrawal"):
            assert browser.post(f"/shoutouts/{shoutout_id}/{path}", data=form()).status_code == 404
        assert browser.get(f"/shoutouts/{shoutout_id}/edit").status_code == 404
        assert DID not in browser.get(f"/shoutouts/new?again={shoutout_id}").text
    row = db.session.get_one(Shoutout, shoutout_id)
    assert (row.undone_at, row.withdrawn_at, row.did) == (None, None, DID)


def test_in_a_group_each_decides_for_themselves_and_others_are_not_named(sign_in, cast, given):
    shoutout_id = given(sign_in("mads"), cast.anna, cast.liv, cast.omar)
    anna, liv, omar, karen = (sign_in(name) for name in ("anna", "liv", "omar", "karen"))
    page = anna.get(f"/shoutouts/{shoutout_id}").text
    assert "<bdi>Mads</bdi> til dig og 2 andre" in page
    assert cast.liv.name not in page
    assert cast.omar.name not in page
    decide(anna, shoutout_id, "organisation")
    decide(liv, shoutout_id, "team")
    decide(omar, shoutout_id, "private")
    for browser, named, unnamed in (
        (karen, [cast.anna], [cast.liv, cast.omar]),
        (sign_in("kasper"), [cast.anna, cast.liv], [cast.omar]),
        (omar, [cast.anna], [cast.liv]),
        (sign_in("mads"), [cast.anna, cast.liv, cast.omar], []),
    ):
        page = browser.get("/shoutouts?view=all").text
        assert [one.name for one in named if one.name not in page] == []
        assert [one.name for one in unnamed if one.name in page] == []
    decide(anna, shoutout_id, "private")
    assert karen.get(f"/shoutouts/{shoutout_id}").status_code == 404


def test_a_smile_is_seen_by_the_giver(sign_in, cast, given):
    mads, anna = sign_in("mads"), sign_in("anna")
    shoutout_id = given(mads, cast.anna)
    assert danish("Read with a smile") not in mads.get("/shoutouts?view=all").text
    answer = anna.post(f"/shoutouts/{shoutout_id}/smile")
    page = anna.get(answer.location).text
    assert "Mads ser, at du har læst det med et smil." in page
    assert danish("You have sent a smile") in page
    assert danish("Read with a smile") in mads.get("/shoutouts?view=all").text
    first = part_of(shoutout_id, cast.anna).smiled_at
    anna.post(f"/shoutouts/{shoutout_id}/smile")
    assert part_of(shoutout_id, cast.anna).smiled_at == first


def test_a_first_look_makes_it_new_no_more_and_what_is_seen_is_not_told(sign_in, cast, given):
    shoutout_id = given(sign_in("mads"), cast.anna)
    anna = sign_in("anna")
    assert waiting(cast.anna.id, NOW) == 0
    assert waiting(cast.anna.id, SOON) == 1
    assert anna.get("/shoutouts?view=all").text.count(" nye</span>") == 1
    anna.head(f"/shoutouts/{shoutout_id}")
    assert waiting(cast.anna.id, SOON) == 1
    anna.get(f"/shoutouts/{shoutout_id}")
    db.session.rollback()
    assert waiting(cast.anna.id, SOON) == 0
    assert " nye</span>" not in anna.get("/shoutouts?view=all").text
    assert db.session.query(Notice).one().sent_as == "dropped"


def test_who_has_left_is_not_shown_to_others(sign_in, cast, given):
    shoutout_id = given(sign_in("mads"), cast.anna)
    decide(sign_in("anna"), shoutout_id, "organisation")
    assert sees(sign_in("karen"), shoutout_id)
    with writing():
        people.leave(cast.anna.id, SOON, SOON.date())
    assert not sees(sign_in("karen"), shoutout_id)
    assert sees(sign_in("mads"), shoutout_id)


def test_a_new_team_does_not_see_what_was_opened_to_the_old_one(sign_in, cast, given):
    shoutout_id = given(sign_in("mads"), cast.anna)
    decide(sign_in("anna"), shoutout_id, "team")
    with writing():
        library = db.session.get_one(people.Team, cast.teams["library"])
        people.move(cast.anna.id, library, SOON.date() + timedelta(days=1))
    assert not sees(sign_in("omar"), shoutout_id)
    assert sees(sign_in("liv"), shoutout_id)


def test_the_receivers_manager_sees_that_there_is_one_and_no_more(sign_in, cast, given):
    led_by(cast.mads, cast.anna)
    with writing():
        db.session.execute(update(Person).where(Person.id == cast.mads.id).values(is_manager=False))
    shoutout_id = given(sign_in("birgit"), cast.anna)
    mads = sign_in("mads")
    home = mads.get("/lead").text
    assert "Anna Holm har fået et skulderklap" in home
    assert "Birgit" not in home
    assert DID not in home
    assert mads.get(f"/shoutouts/{shoutout_id}").status_code == 404
    decide(sign_in("anna"), shoutout_id, "team")
    home = mads.get("/lead").text
    assert "Fra Birgit Dam" in home
    assert f'href="/shoutouts/{shoutout_id}"' in home
    assert DID not in home


def test_nothing_of_one_on_its_way_stands_in_the_receivers_own_data(sign_in, cast):
    give(sign_in("mads"), cast.anna)
    assert sign_in("anna").get("/me/data").json["shoutouts_received"] == []
    [mine] = sign_in("mads").get("/me/data").json["shoutouts_given"]
    assert mine["did"] == DID


def test_what_is_given_and_received_stands_in_ones_own_data(sign_in, cast, given):
    given(sign_in("mads"), cast.anna)
    [mine] = sign_in("anna").get("/me/data").json["shoutouts_received"]
    assert (mine["giver_id"], mine["did"], mine["led"]) == (cast.mads.id, DID, LED)
    data = sign_in("mads").get("/me/data").json
    assert [row["used"] for row in data["budget_months"]] == [1]
    assert [row["amount"] for row in data["budget_entries"]] == [1]


def test_it_can_be_corrected_for_a_quarter_of_an_hour_and_everyone_sees_that(sign_in, cast, clock, given):
    mads = sign_in("mads")
    shoutout_id = given(mads, cast.anna)
    again = form(did="Du blev to timer længere fredag og fandt vikaren, som ingen kunne få fat i.")
    with clock(NOW + timedelta(minutes=14)):
        assert danish("Correct the text") in mads.get(f"/shoutouts/{shoutout_id}").text
        assert mads.post(f"/shoutouts/{shoutout_id}/edit", data=again).status_code == 303
        assert mads.post(f"/shoutouts/{shoutout_id}/edit", data=form(did="")).status_code == 422
        page = sign_in("anna").get(f"/shoutouts/{shoutout_id}").text
        assert again["did"] in page
        assert danish("corrected") in page
    with clock(NOW + timedelta(minutes=15)):
        late = mads.post(
            f"/shoutouts/{shoutout_id}/edit",
            data=form(did="Du gjorde noget helt andet, end det jeg skrev først."),
        )
        assert late.status_code == 422
        assert "Du gjorde noget helt andet" in late.text
        assert danish("Correct the text") not in mads.get(f"/shoutouts/{shoutout_id}").text
    assert db.session.get_one(Shoutout, shoutout_id).did == again["did"]
    assert db.session.query(Notice).one().words is None, "the old words are told to nobody"


def test_a_withdrawn_one_leaves_a_line_for_those_who_saw_it_and_no_words(sign_in, cast, given):
    mads, anna, liv, omar = (sign_in(name) for name in ("mads", "anna", "liv", "omar"))
    shoutout_id = given(mads, cast.anna)
    decide(anna, shoutout_id, "team")
    answer = mads.post(f"/shoutouts/{shoutout_id}/withdrawal")
    assert danish("Withdrawn. The points are corrected.") in mads.get(answer.location).text
    line = "Her stod et skulderklap fra Mads Toft. Pointene er rettet."
    for browser in (mads, anna, liv):
        for path in ("/shoutouts?view=all", f"/shoutouts/{shoutout_id}"):
            page = browser.get(path).text
            assert line in page
            assert DID not in page
    assert line not in omar.get("/shoutouts?view=all").text
    assert omar.get(f"/shoutouts/{shoutout_id}").status_code == 404
    assert DID not in anna.get("/me/data").text
    assert anna.post(f"/shoutouts/{shoutout_id}/smile").status_code == 404
    assert mads.get(f"/shoutouts/{shoutout_id}/edit").status_code == 404
    assert mads.post(f"/shoutouts/{shoutout_id}/withdrawal").status_code == 303


def test_withdrawn_before_it_was_told_it_is_never_told(sign_in, cast, given):
    mads = sign_in("mads")
    shoutout_id = given(mads, cast.anna, cast.liv)
    mads.post(f"/shoutouts/{shoutout_id}/withdrawal")
    assert {row.sent_as for row in db.session.query(Notice)} == {"dropped"}
    assert waiting(cast.anna.id, SOON) == 0


def test_withdrawn_or_corrected_before_the_letter_left_its_old_words_reach_nobody(sign_in, cast, given):
    mads = sign_in("mads")
    withdrawn, corrected = (
        given(mads, cast.anna),
        given(mads, cast.liv, did=f"{LED} {DID}", led="Godt gjort."),
    )
    later = NOW + timedelta(minutes=3)
    notice_jobs.deliver(later)
    mads.post(f"/shoutouts/{withdrawn}/withdrawal")
    mads.post(f"/shoutouts/{corrected}/edit", data={"did": "Du hjalp hele holdet gennem en travl uge.", "led": "Alle nåede det."})  # fmt: skip
    [letter] = delivered(later)
    assert letter["To"] == cast.liv.email
    assert DID not in text_of(letter)


def test_withdrawn_before_the_worker_came_it_is_neither_paid_nor_told(sign_in, cast, clock):
    mads = sign_in("mads")
    shoutout_id = give(mads, cast.anna)
    with clock(LATER):
        mads.post(f"/shoutouts/{shoutout_id}/withdrawal")
    deliver(SOON)
    assert db.session.get_one(Shoutout, shoutout_id).delivered_at is None
    assert db.session.query(Notice).count() == 0
