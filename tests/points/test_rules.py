"""Which version of a rule pays, from which day, and that nothing is paid twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.db import db, writing
from app.points.actions import pay_reading, pay_share
from app.points.entries import Deed
from app.points.models import Entry, PersonTotal
from app.points.reconcile import differences
from app.points.rules import Kind, Rule, entry_key, kind_of, rule_on
from tests.points.deeds import MONDAY, change_rule, entries, noon, paid, tell_new

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.lists(DAYS, min_size=1, max_size=6, unique=True), DAYS)
def test_the_version_that_began_last_holds_whatever_their_order(starts, day):
    rules = [Rule("SHARE", place, place, start) for place, start in enumerate(starts)]
    rules += [Rule("OWN", 9, 9, day)]
    begun = [start for start in starts if start <= day]
    if begun:
        assert rule_on(rules, "SHARE", day).valid_from == max(begun)
        assert rule_on(rules[::-1], "SHARE", day) == rule_on(rules, "SHARE", day)
    else:
        with pytest.raises(ValueError, match="SHARE"):
            rule_on(rules, "SHARE", day)


def test_a_code_has_one_of_three_kinds():
    kinds = {
        code: kind_of(code) for code in ("READ", "OWN", "THANK-G", "THANK-R", "SHOUT-R", "GOAL", "WELCOME")
    }
    assert kinds == {
        "READ": Kind.SELF, "OWN": Kind.SELF, "THANK-G": Kind.SELF, "THANK-R": Kind.RECEIVED,
        "SHOUT-R": Kind.RECEIVED, "GOAL": Kind.BONUS, "WELCOME": Kind.BONUS,
    }  # fmt: skip


def test_a_key_names_rule_source_person_and_period():
    assert entry_key("SHARE", "share:9", 7) == "SHARE:share:9:7"
    assert entry_key("GOAL", "week:1", 7, "2026-11-30") == "GOAL:week:1:7:2026-11-30"


def test_a_change_takes_effect_on_its_day_and_rewrites_nothing(sign_in, story, cast, clock):
    anna = sign_in("anna")
    with clock(noon(MONDAY)):
        before = tell_new(anna, story, 1)
        change_rule("SHARE", 4, MONDAY + timedelta(days=2))
        assert entries(cast.anna)[0].amount == 3
    with clock(noon(MONDAY + timedelta(days=1))):
        tell_new(anna, story, 2)
    with clock(noon(MONDAY + timedelta(days=7))):
        after = tell_new(anna, story, 3)
        page = anna.get("/me/points").text
    shares = [entry for entry in entries(cast.anna) if entry.code == "SHARE"]
    assert [(one.amount, one.full_amount, one.rule_version) for one in shares] == [
        (3, 3, 1),
        (3, 3, 1),
        (4, 4, 2),
    ]
    assert [one.source_id for one in shares][::2] == [before, after]
    assert (page.count("SHARE, version 1"), page.count("SHARE, version 2")) == (2, 1)
    assert "Gælder fra 2. december 2026" in page
    assert differences() == []


@pytest.mark.parametrize(("minute", "version"), [(59, 1), (60, 2)])
def test_the_version_is_chosen_by_the_persons_own_date(sign_in, story, cast, clock, minute, version):
    change_rule("SHARE", 4, MONDAY)
    anna = sign_in("anna")
    # 23:59 on Sunday, and midnight, in Copenhagen; in UTC both are Sunday.
    with clock(datetime(2026, 11, 29, 22, tzinfo=UTC) + timedelta(minutes=minute)):
        tell_new(anna, story, 1)
    entry = entries(cast.anna)[0]
    assert (entry.rule_version, entry.local_date) == (version, MONDAY - timedelta(days=2 - version))
    assert entry.zone == "Europe/Copenhagen"
    assert entry.scored_week == MONDAY - timedelta(weeks=2 - version)


def test_limits_have_versions_too(sign_in, story, cast, clock):
    change_rule("SHARE", 3, MONDAY + timedelta(days=1), week_full=0)
    anna = sign_in("anna")
    for place in (0, 1):
        with clock(noon(MONDAY + timedelta(days=place))):
            tell_new(anna, story, place)
    assert paid(cast.anna) == [
        ("SHARE", 3, None), ("OWN", 5, None), ("SHARE", 0, "shares-a-week"), ("OWN", 0, "shares-a-week"),
    ]  # fmt: skip


def test_the_same_deed_pays_once_and_another_persons_pays_them(cast, clock):
    with clock(noon(MONDAY)), writing():
        for person in (cast.anna, cast.anna, cast.omar, cast.anna):
            pay_share(
                Deed(person.id, ("share", 1), noon(MONDAY), {"characters": 90, "own_percent": 100}), True
            )
            pay_reading(Deed(person.id, ("story", 1), noon(MONDAY), {"useful": 1}))
    keys = db.session.scalars(select(Entry.key).order_by(Entry.id)).all()
    assert keys == [
        f"{deed}:{person.id}"
        for person in (cast.anna, cast.omar)
        for deed in ("SHARE:share:1", "OWN:share:1", "READ:story:1")
    ]
    totals = db.session.scalars(select(PersonTotal.points)).all()
    assert totals == [9, 9]
    assert differences() == []


def test_a_deed_paid_again_on_another_day_and_under_another_rule_pays_nothing(cast):
    deed = Deed(cast.anna.id, ("share", 1), noon(MONDAY))
    change_rule("SHARE", 9, MONDAY + timedelta(days=7))
    with writing():
        assert [one.amount for one in pay_share(deed, False)] == [3]
    with writing():
        again = Deed(cast.anna.id, ("share", 1), noon(MONDAY + timedelta(days=7)))
        assert pay_share(again, False) == []
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 1
    assert differences() == []
