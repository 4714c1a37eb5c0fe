"""The manager's home: who has waited, for the manager alone, and nobody is blamed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from app.db import db, writing
from app.organisation.queries import facts
from app.people.models import Person
from app.shoutouts.coverage import is_settled
from tests.conftest import NOW
from tests.shoutouts.thanks import deliver, give, led_by
from tests.words import danish

TODAY = NOW.date()


def heard(sign_in, clock, giver, person, days):
    """Somebody got a shout-out so many days ago."""
    at = NOW - timedelta(days=days)
    with clock(at):
        shoutout_id = give(
            sign_in(giver), person, did=f"dag{days} hjalp{days} du{days} en{days} borger{days}"
        )
    deliver(at + timedelta(seconds=10))
    return shoutout_id


def began(person, day):
    with writing():
        db.session.execute(update(Person).where(Person.id == person.id).values(employed_from=day))


def places(page, *words):
    """In which order some words stand on a page."""
    return [page.index(one) for one in words]


def test_who_has_waited_longest_comes_first_and_who_has_heard_is_not_listed(sign_in, cast, clock):
    led_by(cast.mads, cast.anna, cast.kasper, cast.fatima, cast.sofie)
    heard(sign_in, clock, "birgit", cast.kasper, 34)
    heard(sign_in, clock, "mads", cast.fatima, 21)
    heard(sign_in, clock, "mads", cast.sofie, 20)
    page = sign_in("mads").get("/lead").text
    said = [danish("Has not heard anything yet"), "for 34 dage siden", "for 21 dage siden"]
    assert places(page, *said) == sorted(places(page, *said))
    assert cast.sofie.name not in page
    assert danish("Only you see the list.") in page
    assert "Alle 4" in page


def test_the_whole_list_is_in_three_parts(sign_in, cast, clock):
    led_by(cast.mads, cast.anna, cast.kasper, cast.fatima, cast.sofie, cast.liv)
    heard(sign_in, clock, "mads", cast.kasper, 31)
    heard(sign_in, clock, "mads", cast.fatima, 14)
    heard(sign_in, clock, "birgit", cast.sofie, 3)
    page = sign_in("mads").get("/lead/coverage").text
    order = [danish("A long time ago"), cast.anna.name, cast.kasper.name, danish("Soon") + "<", cast.fatima.name, "under 14 dage", cast.sofie.name]  # fmt: skip
    assert places(page, *order) == sorted(places(page, *order))
    assert '<span class="count num">2</span> <span class="mut">af 4 har hørt noget de sidste 30 dage' in page
    assert cast.liv.name not in page, "she began the day before yesterday"


@pytest.mark.parametrize(("days", "listed"), [(6, False), (7, True)])
def test_a_newcomer_is_listed_after_five_working_days(sign_in, cast, days, listed):
    led_by(cast.mads, cast.liv)
    began(cast.liv, TODAY - timedelta(days=days))
    page = sign_in("mads").get("/lead/coverage").text
    assert (cast.liv.name in page) == listed


@pytest.mark.parametrize(
    ("began_on", "today", "working_days", "settled"),
    [
        (date(2026, 11, 18), date(2026, 11, 25), 31, True),
        (date(2026, 11, 19), date(2026, 11, 25), 31, False),
        # Maundy Thursday to Easter Monday are nobody's working days.
        (date(2026, 3, 30), date(2026, 4, 8), 31, False),
        (date(2026, 3, 30), date(2026, 4, 9), 31, True),
        # Mondays and Tuesdays only.
        (date(2026, 11, 9), date(2026, 11, 24), 3, True),
        (date(2026, 11, 9), date(2026, 11, 23), 3, False),
        (date(2026, 11, 2), date(2026, 12, 20), 1, True),
        (date(2020, 1, 1), date(2026, 11, 25), 0, False),
    ],
)
def test_five_working_days_are_counted_by_the_persons_own_week(app, began_on, today, working_days, settled):
    assert is_settled(began_on, today, working_days, facts().holidays) == settled


def test_an_undone_or_withdrawn_one_was_not_heard(sign_in, cast, clock, given):
    led_by(cast.mads, cast.anna)
    mads = sign_in("mads")
    shoutout_id = given(mads, cast.anna)
    assert cast.anna.name not in mads.get("/lead").text.split("<main")[1]
    mads.post(f"/shoutouts/{shoutout_id}/withdrawal")
    assert cast.anna.name in mads.get("/lead").text


def test_the_list_is_the_managers_alone(sign_in, cast):
    led_by(cast.mads, cast.anna)
    led_by(cast.birgit, cast.mads)
    for name in ("birgit",):
        for path in ("/lead", "/lead/coverage", "/shoutouts"):
            assert cast.anna.name not in sign_in(name).get(path).text
    for name in ("anna", "karen", "henrik", "astrid"):
        for path in ("/lead", "/lead/coverage"):
            assert sign_in(name).get(path).status_code == 403


def test_the_tab_leads_a_manager_home_and_everyone_else_to_the_wall(sign_in, cast):
    assert "Hvem gjorde en forskel, Mads?" in sign_in("mads").get("/shoutouts").text
    assert danish("The first is on its way") in sign_in("mads").get("/shoutouts?view=all").text
    assert danish("The first is on its way") in sign_in("anna").get("/shoutouts").text
    assert 'href="/shoutouts"' in sign_in("anna").get("/").text


def test_the_wall_comes_in_pages_of_twenty_newest_first(sign_in, cast):
    mads = sign_in("mads")
    for number in range(21):
        words = " ".join(f"{word}{number}" for word in DEED.split())
        give(mads, cast.anna, did=words, promise="free", nonce=str(number))
    first = mads.get("/shoutouts?view=all").text
    assert first.count("<article") == 20
    assert "satte20" in first
    assert "satte0 " not in first
    older = first.split('href="/shoutouts?view=all&amp;before=')[1].split('"')[0]
    second = mads.get(f"/shoutouts?view=all&before={older}").text
    assert second.count("<article") == 1
    assert "satte0 " in second
    assert "before=" not in second


DEED = "du satte dig ned og hørte efter mens kaffen blev kold"


def test_the_wall_asks_at_most_four_statements(sign_in, cast, given, count_statements):
    mads, anna = sign_in("mads"), sign_in("anna")
    given(mads, cast.anna, cast.liv)
    given(mads, cast.omar, did=DEED, nonce="b")
    for browser in (mads, anna):
        for view in ("all", "team", "mine"):
            browser.get(f"/shoutouts?view={view}")
            count_statements.clear()
            assert browser.get(f"/shoutouts?view={view}").status_code == 200
            assert len(count_statements) <= 4, (view, count_statements)


@pytest.mark.parametrize("view", ["team", "mine"])
def test_an_empty_view_says_what_will_come(sign_in, cast, view):
    page = sign_in("anna").get(f"/shoutouts?view={view}").text
    assert danish({"team": "Quiet on the team so far", "mine": "Your first is on its way"}[view]) in page
    assert 'aria-current="page">' in page
