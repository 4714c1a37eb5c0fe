"""What a deed pays, within the limits of product.md: by the pure rules, and told over the days of a week."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.db import db
from app.points.caps import Award, Earned, award, award_share
from app.points.models import PersonDay, PersonWeek
from app.points.reconcile import differences
from app.points.rules import Rule
from tests.points.deeds import MONDAY, change_rule, noon, paid, read, tell_new

LONG_AGO = date(2020, 1, 1)
READ = Rule("READ", 1, 1, LONG_AGO, {"day": 3})
SHARE = Rule("SHARE", 1, 3, LONG_AGO, {"day": 1, "week_full": 2, "week_half": 1})
OWN = Rule("OWN", 1, 5, LONG_AGO)
THANKED, GOAL = Rule("THANK-R", 1, 5, LONG_AGO), Rule("GOAL", 1, 5, LONG_AGO)


@pytest.mark.parametrize(
    ("shares_week", "share", "own"),
    [
        (0, Award(3), Award(5)),
        (1, Award(3), Award(5)),
        (2, Award(2, "half-share"), Award(3, "half-share")),
        (3, Award(0, "shares-a-week"), Award(0, "shares-a-week")),
        (9, Award(0, "shares-a-week"), Award(0, "shares-a-week")),
    ],
)
def test_two_shares_a_week_pay_in_full_the_third_half_rounded_up_then_nothing(shares_week, share, own):
    assert award_share(SHARE, OWN, Earned(shares_week=shares_week)) == (share, own)
    assert award_share(SHARE, None, Earned(shares_week=shares_week)) == (share, None)


def test_one_share_a_day_is_counted():
    nothing = Award(0, "shares-a-day")
    assert award_share(SHARE, OWN, Earned(shares_today=1, shares_week=1)) == (nothing, nothing)


def test_three_readings_a_day_pay():
    assert [award(READ, Earned(reads_today=reads)).amount for reads in range(5)] == [1, 1, 1, 0, 0]
    assert award(READ, Earned(reads_today=3)).cap == "reads-a-day"


@pytest.mark.parametrize(
    ("earned", "share", "own"),
    [
        (Earned(self_today=12), Award(3), Award(5)),
        (Earned(self_today=13), Award(3), Award(4, "day")),
        (Earned(self_today=17), Award(3), Award(0, "day")),
        (Earned(self_today=19), Award(1, "day"), Award(0, "day")),
        (Earned(self_today=20), Award(0, "day"), Award(0, "day")),
        (Earned(self_week=52), Award(3), Award(5)),
        (Earned(self_week=55), Award(3), Award(2, "week")),
        (Earned(self_week=60), Award(0, "week"), Award(0, "week")),
        (Earned(self_today=15, self_week=58), Award(2, "week"), Award(0, "week")),
    ],
)
def test_ones_own_deeds_pay_twenty_a_day_and_sixty_a_week_and_the_entry_names_the_cap(earned, share, own):
    assert award_share(SHARE, OWN, earned) == (share, own)


def test_what_is_received_has_a_cap_of_its_own_and_a_bonus_has_none():
    busy = Earned(self_today=20, self_week=60, received_week=48)
    assert award(THANKED, busy) == Award(2, "received-week")
    assert award(THANKED, replace(busy, received_week=50)) == Award(0, "received-week")
    assert award(THANKED, replace(busy, received_week=45)) == Award(5)
    assert award(GOAL, replace(busy, received_week=50)) == Award(5)


deeds = st.sampled_from(["read", "share", "own"])
weeks = st.lists(st.lists(deeds, max_size=12), min_size=7, max_size=7)


@given(weeks, st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_whatever_a_week_brings_it_stays_within_its_caps(week, read_pays, share_pays, own_pays):
    rules = replace(READ, amount=read_pays), replace(SHARE, amount=share_pays), replace(OWN, amount=own_pays)
    earned, counted = Earned(), []
    for day in week:
        earned = replace(earned, self_today=0, reads_today=0, shares_today=0)
        for deed in day:
            earned, awards = do(deed, rules, earned)
            for full, given_ in awards:
                assert 0 <= given_.amount <= full
                assert given_.cap or given_.amount == full
            counted += [deed] if deed != "read" and awards[0][1].cap != "shares-a-day" else []
        assert earned.self_today <= 20
        assert earned.reads_today == day.count("read")
    assert earned.self_week <= 60
    assert len(counted) == sum(any(deed != "read" for deed in day) for day in week)


def do(deed, rules, earned):
    """What a deed pays, each beside its rule's full amount, and what has been earned after it."""
    reading, share, own = rules
    if deed == "read":
        paid_now = [(reading.amount, award(reading, earned))]
        earned = replace(earned, reads_today=earned.reads_today + 1)
    else:
        first, second = award_share(share, own if deed == "own" else None, earned)
        paid_now = [(share.amount, first)] + ([(own.amount, second)] if second else [])
        if first.cap != "shares-a-day":
            earned = replace(earned, shares_today=earned.shares_today + 1, shares_week=earned.shares_week + 1)
    points = sum(one.amount for _full, one in paid_now)
    return replace(
        earned, self_today=earned.self_today + points, self_week=earned.self_week + points
    ), paid_now


def test_a_week_of_sharing_pays_twice_in_full_once_by_half_and_begins_anew_on_monday(
    sign_in, story, cast, clock
):
    anna = sign_in("anna")
    for place in (0, 1, 2, 3, 7):
        with clock(noon(MONDAY + timedelta(days=place))):
            tell_new(anna, story, place)
    assert paid(cast.anna) == [
        ("SHARE", 3, None), ("OWN", 5, None),
        ("SHARE", 3, None), ("OWN", 5, None),
        ("SHARE", 2, "half-share"), ("OWN", 3, "half-share"),
        ("SHARE", 0, "shares-a-week"), ("OWN", 0, "shares-a-week"),
        ("SHARE", 3, None), ("OWN", 5, None),
    ]  # fmt: skip
    week = db.session.get_one(PersonWeek, (cast.anna.id, MONDAY))
    assert (week.self_points, week.shares, week.active_days) == (21, 4, 4)
    assert differences() == []


def test_a_second_share_on_a_day_pays_nothing_and_does_not_use_up_the_week(sign_in, story, cast, clock):
    anna = sign_in("anna")
    with clock(noon(MONDAY)):
        tell_new(anna, story, 1)
        tell_new(anna, story, 2)
    with clock(noon(MONDAY + timedelta(days=1))):
        tell_new(anna, story, 3)
    assert paid(cast.anna) == [
        ("SHARE", 3, None), ("OWN", 5, None),
        ("SHARE", 0, "shares-a-day"), ("OWN", 0, "shares-a-day"),
        ("SHARE", 3, None), ("OWN", 5, None),
    ]  # fmt: skip
    assert differences() == []


def test_the_fourth_reading_of_a_day_is_kept_at_nought_and_the_next_day_pays(sign_in, story, cast, clock):
    anna = sign_in("anna")
    ids = [story(title=f"Historie {number}") for number in range(5)]
    with clock(noon(MONDAY)):
        for story_id in ids[:4]:
            read(anna, story_id)
    with clock(noon(MONDAY + timedelta(days=1))):
        read(anna, ids[4])
        read(anna, ids[0])
    assert paid(cast.anna) == [("READ", 1, None)] * 3 + [("READ", 0, "reads-a-day"), ("READ", 1, None)]
    assert db.session.get_one(PersonWeek, (cast.anna.id, MONDAY)).active_days == 0
    assert differences() == []


def test_a_capped_share_is_told_kindly_kept_at_nought_and_counts_as_active(sign_in, story, cast, clock):
    anna = sign_in("anna")
    for place in range(4):
        with clock(noon(MONDAY + timedelta(days=place))):
            share_id = tell_new(anna, story, place)
    with clock(noon(MONDAY + timedelta(days=3))):
        page = anna.get(f"/shares/{share_id}/thanks").text
    assert "Tre delinger om ugen giver point, og de er talt med" in page
    assert db.session.get_one(PersonDay, (cast.anna.id, MONDAY + timedelta(days=3))).deeds == 2
    assert db.session.get_one(PersonWeek, (cast.anna.id, MONDAY)).active_days == 4


def test_the_caps_of_day_and_week_cut_what_is_left_to_pay(sign_in, story, cast, clock):
    for code, amount in (("SHARE", 14), ("OWN", 9), ("READ", 4)):
        change_rule(code, amount, MONDAY)
    anna = sign_in("anna")
    for place in range(3):
        with clock(noon(MONDAY + timedelta(days=place))):
            tell_new(anna, story, place)
    ids = [story(title=f"Læst {number}", expires_at=None) for number in range(5)]
    with clock(noon(MONDAY + timedelta(days=2))):
        for story_id in ids[:3]:
            read(anna, story_id)
    with clock(noon(MONDAY + timedelta(days=3))):
        read(anna, ids[3])
    with clock(noon(MONDAY + timedelta(days=4))):
        read(anna, ids[4])
    assert paid(cast.anna) == [
        ("SHARE", 14, None), ("OWN", 6, "day"),
        ("SHARE", 14, None), ("OWN", 6, "day"),
        ("SHARE", 7, "half-share"), ("OWN", 5, "half-share"),
        ("READ", 4, None), ("READ", 4, None), ("READ", 0, "day"),
        ("READ", 0, "week"), ("READ", 0, "week"),
    ]  # fmt: skip
    days = db.session.scalars(select(PersonDay.self_points).order_by(PersonDay.local_date)).all()
    assert days == [20, 20, 20, 0, 0]
    assert differences() == []
