"""What a shout-out pays: ten to who receives it, an active day to who gives it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.db import db, writing
from app.people.models import Person
from app.points.models import PersonDay, PersonWeek
from app.points.reconcile import differences, rebuild
from tests.conftest import NOW
from tests.points.deeds import change_rule, entries, noon, paid
from tests.points.test_reversals import AFTER, DAY, rollups
from tests.shoutouts.thanks import DID, LED, deliver, give
from tests.words import danish

TEXTS = [
    f"nummer{number} hjalp{number} en{number} borger{number} over{number} broen{number} i{number}"
    for number in range(9)
]


def test_the_receiver_gets_ten_and_the_giver_an_active_day(sign_in, cast, given):
    given(sign_in("mads"), cast.anna)
    assert paid(cast.anna) == [("SHOUT-R", 10, None)]
    assert paid(cast.mads) == [("SHOUT-G", 0, None)]
    [entry] = entries(cast.anna)
    assert (entry.kind, entry.source_kind, entry.evidence) == ("received", "shoutout", {"receivers": 1})
    assert db.session.get_one(PersonDay, (cast.mads.id, NOW.date())).deeds == 1
    assert db.session.get_one(PersonDay, (cast.anna.id, NOW.date())).deeds == 0
    assert differences() == []


@pytest.mark.parametrize(("count", "each"), [(3, 10), (4, 5), (10, 5)])
def test_in_a_group_over_three_each_gets_five(sign_in, cast, given, count, each):
    everyone = [one for name, one in cast.people.items() if name not in ("mads", "birgit")][:count]
    # Ten people cost ten of the budget.
    with writing():
        for one in everyone[:6]:
            db.session.get_one(Person, one.id).manager_id = cast.mads.id
    given(sign_in("mads"), *everyone)
    assert [paid(one) for one in everyone] == [[("SHOUT-R", each, None)]] * count
    assert {entry.full_amount for one in everyone for entry in entries(one)} == {each}
    assert differences() == []


def test_one_that_is_not_counted_pays_nothing_and_names_the_cap(sign_in, cast, given):
    given(sign_in("mads"), cast.anna, promise="free")
    assert paid(cast.anna) == [("SHOUT-R", 0, "shoutout-budget")]
    assert paid(cast.mads) == [("SHOUT-G", 0, None)]
    page = sign_in("anna").get("/me/points").text
    assert "Skulderklap fra Mads Toft" in page
    assert danish("The giver’s budget of the month was used, so it was given without points") in page
    assert danish("It counts as active all the same.") not in page
    assert danish("You gave a shout-out") in sign_in("mads").get("/me/points").text


def test_fifty_a_week_are_received_at_most(sign_in, cast, given):
    givers = ["mads", "birgit", "karen"]
    with writing():
        db.session.execute(update(Person).values(is_manager=True))
    for number in range(6):
        given(sign_in(givers[number % 3]), cast.anna, did=TEXTS[number], led=LED, nonce=str(number))
    assert [amount for _code, amount, _cap in paid(cast.anna)] == [10, 10, 10, 10, 10, 0]
    assert paid(cast.anna)[-1] == ("SHOUT-R", 0, "received-week")
    week = db.session.get_one(PersonWeek, (cast.anna.id, NOW.date() - timedelta(days=2)))
    assert (week.received_points, week.self_points) == (50, 0)
    page = sign_in("anna").get("/me/points").text
    assert "50" in page
    assert differences() == []


@pytest.mark.parametrize("play", ["quiet", "off"])
def test_without_play_no_entry_is_written_and_recognition_stays(sign_in, cast, given, play):
    with writing():
        db.session.execute(update(Person).values(play=play))
    shoutout_id = given(sign_in("mads"), cast.anna)
    assert paid(cast.anna) == paid(cast.mads) == []
    page = sign_in("anna").get(f"/shoutouts/{shoutout_id}").text
    assert DID in page
    assert "10 point" not in page


def test_it_pays_once_however_often_it_is_delivered(sign_in, cast, given):
    given(sign_in("mads"), cast.anna)
    assert deliver() == 0
    assert len(paid(cast.anna)) == 1


def test_it_counts_on_the_day_when_it_was_given_though_the_worker_comes_the_next(sign_in, cast, clock):
    with clock(noon(DAY)):
        give(sign_in("mads"), cast.anna)
    deliver(noon(DAY) + timedelta(hours=20))
    assert [entry.local_date for entry in entries(cast.anna)] == [DAY]


def test_after_more_than_a_day_it_counts_when_it_comes(sign_in, cast, clock):
    with clock(noon(DAY)):
        give(sign_in("mads"), cast.anna)
    deliver(noon(DAY) + timedelta(days=12))
    assert [entry.local_date for entry in entries(cast.anna)] == [DAY + timedelta(days=12)]
    assert differences() == []


def test_the_rule_of_the_day_decides(sign_in, cast, given):
    change_rule("SHOUT-R", 12, NOW.date())
    mads = sign_in("mads")
    assert "Hver får 12 point" in mads.get("/shoutouts/new").text
    given(mads, cast.anna)
    assert [(entry.amount, entry.rule_version) for entry in entries(cast.anna)] == [(12, 2)]


def test_withdrawing_takes_back_from_each_and_from_the_giver(sign_in, cast, given):
    mads = sign_in("mads")
    before = rollups()
    shoutout_id = given(mads, cast.anna, cast.liv)
    for _twice in range(2):
        mads.post(f"/shoutouts/{shoutout_id}/withdrawal")
    assert paid(cast.anna) == [("SHOUT-R", 10, None), ("SHOUT-R", -10, None)]
    assert paid(cast.liv) == [("SHOUT-R", 10, None), ("SHOUT-R", -10, None)]
    assert paid(cast.mads) == [("SHOUT-G", 0, None), ("SHOUT-G", 0, None)]
    assert differences() == []
    page = sign_in("anna").get("/me/points").text
    assert "Skulderklappet blev trukket tilbage." in page
    after = rollups()
    assert {name: after[name] for name in ("person_totals", "person_days")} == {name: before[name] for name in ("person_totals", "person_days")}  # fmt: skip


def test_withdrawn_after_the_freeze_only_the_totals_change(sign_in, cast, clock):
    mads = sign_in("mads")
    with clock(noon(DAY)):
        shoutout_id = give(mads, cast.anna)
    deliver(noon(DAY) + timedelta(seconds=10))
    before = rollups()
    with clock(AFTER):
        mads.post(f"/shoutouts/{shoutout_id}/withdrawal")
    after = rollups()
    assert before.pop("person_totals") == [(cast.anna.id, 10)]
    assert after.pop("person_totals") == []
    assert after == before
    assert differences() == []


def test_roll_ups_equal_a_rebuild(sign_in, cast, given):
    mads = sign_in("mads")
    shoutout_id = given(mads, cast.anna, cast.liv)
    given(mads, cast.omar, cast.jens, cast.lone, cast.nadia, did=TEXTS[0], nonce="b")
    mads.post(f"/shoutouts/{shoutout_id}/withdrawal")
    before = rollups()
    with writing():
        rebuild()
    assert rollups() == before


def test_an_amount_from_a_form_is_not_taken(sign_in, cast, given):
    given(sign_in("mads"), cast.anna, amount="999", counted="1", cap="", giver_id=str(cast.birgit.id))
    assert paid(cast.anna) == [("SHOUT-R", 10, None)]
    assert paid(cast.birgit) == []
