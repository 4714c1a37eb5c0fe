"""Whether it counts is told before it is sent, and what was told is what is done."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app.db import db, writing
from app.organisation import actions as organisation
from app.organisation.models import Organisation
from app.organisation.queries import facts
from app.shoutouts import budget
from app.shoutouts.models import BudgetEntry, BudgetMonth, Shoutout
from tests.conftest import NOW
from tests.shoutouts.thanks import form, give, led_by, part_of, problems_in, used
from tests.words import danish

DEEDS = ("Du bar kassen op ad trappen, mens alle andre var til møde i byen.", "Du ringede til en pårørende, som ingen havde nået i tre dage.",
         "Du fandt nøglen til arkivet bag reolen og lukkede alle ind til tiden.", "Du lærte eleven at lytte efter lyden i røret, før hun skruede.")  # fmt: skip


@pytest.fixture
def few(cast):
    """`few(2)`: the budget of this month."""

    def set_to(count):
        with writing():
            for name in ("least", "most"):
                organisation.change_setting(f"shoutout_budget_{name}", count, NOW.date().replace(day=1), NOW)

    return set_to


def promise_in(page):
    """What the form carries."""
    return re.search(r'name="promise" value="(\w+)"', page.text)[1]


@pytest.mark.parametrize(("reports", "wanted"), [(0, 6), (2, 6), (3, 7), (9, 13), (16, 20), (40, 20)])
def test_a_month_holds_four_and_one_for_each_report_within_six_and_twenty(app, reports, wanted):
    assert budget.granted(reports, facts(), NOW.date()) == wanted


def test_the_form_and_the_managers_home_show_what_is_left(sign_in, cast):
    mads = sign_in("mads")
    led_by(cast.mads, cast.anna, cast.liv, cast.kasper)
    give(mads, cast.omar)
    assert "<b>6</b> af 7 tilbage" in mads.get("/shoutouts/new").text
    home = mads.get("/lead").text
    assert "6 skulderklap" in home
    assert "af 7, til 1. december" in home


def test_who_has_left_is_no_report_and_a_month_is_a_new_one(sign_in, cast, clock):
    mads = sign_in("mads")
    give(mads, cast.omar)
    with clock(datetime(2026, 11, 30, 22, 59, tzinfo=UTC)):
        assert "<b>5</b> af 6 tilbage" in mads.get("/shoutouts/new").text
    # Midnight in Copenhagen: nothing rolls over.
    with clock(datetime(2026, 11, 30, 23, 0, tzinfo=UTC)):
        assert "<b>6</b> af 6 tilbage" in mads.get("/shoutouts/new").text
        assert "december" in mads.get("/shoutouts/new").text
    with writing():
        db.session.execute(update(Organisation).values(zone="America/Nuuk"))
        organisation.touch()
    with clock(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)):
        assert "<b>5</b> af 6 tilbage" in mads.get("/shoutouts/new").text


def test_when_the_budget_is_used_the_form_says_so_and_it_is_given_without_points(sign_in, cast, few, given):
    mads = sign_in("mads")
    few(1)
    assert promise_in(mads.get("/shoutouts/new")) == "counts"
    give(mads, cast.anna)
    page = mads.get("/shoutouts/new")
    assert promise_in(page) == "free"
    assert danish("This one is given without points.") in page.text
    free = given(mads, cast.liv, did=DEEDS[0], promise="free", nonce="b")
    assert (part_of(free, cast.liv).counted, part_of(free, cast.liv).cap) == (False, "shoutout-budget")
    assert used(cast.mads) == 1


def test_a_budget_used_meanwhile_sends_nothing_keeps_everything_and_the_second_tap_sends(sign_in, cast, few):
    one, two = sign_in("mads"), sign_in("mads")
    few(1)
    assert promise_in(one.get("/shoutouts/new")) == "counts"
    give(two, cast.anna)
    answer = one.post("/shoutouts", data=form(cast.liv, did=DEEDS[0], nonce="b"))
    assert answer.status_code == 422
    assert danish(
        "Your budget was used up in the meantime, so nothing is sent yet. Tap once more to give it without points."
    ) in problems_in(answer)
    assert DEEDS[0] in answer.text
    assert promise_in(answer) == "free"
    assert db.session.scalar(select(func.count()).select_from(Shoutout)) == 1
    shoutout_id = give(one, cast.liv, did=DEEDS[0], nonce="b", promise="free")
    assert not part_of(shoutout_id, cast.liv).counted


def test_a_group_is_counted_whole_or_not_at_all(sign_in, cast, few):
    mads = sign_in("mads")
    few(2)
    answer = mads.post("/shoutouts", data=form(cast.anna, cast.liv, cast.omar))
    assert answer.status_code == 422
    assert "Din pulje har 2 tilbage, og du har valgt 3. Send det uden point, eller vælg færre." in answer.text
    assert 'type="checkbox" name="promise" value="free" checked' in answer.text
    assert used(cast.mads) is None
    free = give(mads, cast.anna, cast.liv, cast.omar, promise="free")
    assert [part_of(free, one).counted for one in (cast.anna, cast.liv, cast.omar)] == [False] * 3
    both = give(mads, cast.anna, cast.liv, did=DEEDS[1], nonce="b")
    assert [part_of(both, one).counted for one in (cast.anna, cast.liv)] == [True] * 2
    assert used(cast.mads) == 2


def test_what_was_promised_without_points_is_given_without_even_when_there_is_room_again(sign_in, cast):
    shoutout_id = give(sign_in("mads"), cast.anna, promise="free")
    assert part_of(shoutout_id, cast.anna).cap == "shoutout-budget"
    assert used(cast.mads) is None


def test_to_ones_own_managers_it_is_without_points_and_the_form_says_so(sign_in, cast):
    led_by(cast.birgit, cast.mads)
    led_by(cast.astrid, cast.birgit)
    mads = sign_in("mads")
    for boss in (cast.birgit, cast.astrid):
        page = mads.get(f"/shoutouts/new?to={boss.id}").text
        assert f'value="{boss.id}:free" checked' in page
        assert danish("your manager: without points") in page
    told = mads.post("/shoutouts", data=form(cast.birgit, cast.anna))
    assert told.status_code == 422
    assert danish("Your own managers get no points from you.") in told.text
    shoutout_id = give(mads, f"{cast.birgit.id}:free", cast.anna)
    assert part_of(shoutout_id, cast.birgit).cap == "shoutout-manager"
    assert part_of(shoutout_id, cast.anna).counted
    assert used(cast.mads) == 1


def test_the_third_to_the_same_person_in_thirty_days_is_without_points(sign_in, cast, clock):
    mads = sign_in("mads")
    for number in range(2):
        give(mads, cast.anna, did=DEEDS[number], nonce=str(number))
    page = mads.get(f"/shoutouts/new?to={cast.anna.id}").text
    assert danish("two from you lately: without points") in page
    assert mads.post("/shoutouts", data=form(cast.anna, did=DEEDS[2], nonce="c")).status_code == 422
    third = give(mads, f"{cast.anna.id}:free", did=DEEDS[2], nonce="c")
    assert part_of(third, cast.anna).cap == "shoutout-pair"
    assert used(cast.mads) == 2
    give(sign_in("birgit"), cast.anna)
    assert used(cast.birgit) == 1
    with clock(NOW + timedelta(days=30)):
        fourth = give(mads, cast.anna, did=DEEDS[3], nonce="d")
    assert part_of(fourth, cast.anna).counted


def test_a_withdrawn_one_costs_nothing_and_counts_for_nothing(sign_in, cast, clock, given):
    mads = sign_in("mads")
    first = given(mads, cast.anna, did=DEEDS[0])
    give(mads, cast.anna, did=DEEDS[1], nonce="b")
    with clock(NOW + timedelta(minutes=1)):
        mads.post(f"/shoutouts/{first}/withdrawal")
        assert used(cast.mads) == 1
        give(mads, cast.anna, did=DEEDS[2], nonce="c")
    assert used(cast.mads) == 2
    assert budget.differences() == []
    assert [row.amount for row in db.session.scalars(select(BudgetEntry).order_by(BudgetEntry.id))] == [
        1,
        1,
        -1,
        1,
    ]


def test_a_month_that_is_off_is_found_and_mended(app, sign_in, cast):
    give(sign_in("mads"), cast.anna)
    with writing():
        db.session.execute(update(BudgetMonth).values(used=4))
    runner = app.test_cli_runner()
    said = runner.invoke(args=["points", "verify"])
    assert f"budget_months (giver_id {cast.mads.id}, month 2026-11-01): used is off by +3" in said.output
    assert said.exit_code == 1
    runner.invoke(args=["points", "rebuild"])
    assert runner.invoke(args=["points", "verify"]).exit_code == 0
    assert used(cast.mads) == 1
