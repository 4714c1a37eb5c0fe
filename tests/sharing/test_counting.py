"""Clicks are counted as long as the person wants them to be, and they alone see how many and when."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import db, writing
from app.people.models import Person
from app.sharing.models import CLICKED, SAID, ClickDay, Share, Visit, VisitorDay, VisitorSalt
from tests.conftest import NOW
from tests.sharing.test_clicks import ANDROID, FIREFOX, IPHONE, LINKEDIN
from tests.sharing.test_short_link import LATER, counted, link, share, verdicts, visit
from tests.words import danish

__all__ = ["link", "visit"]  # fixtures


@pytest.fixture
def page(sign_in):
    """`page()` is the share's own page, as Anna sees it."""
    anna = sign_in("anna")
    return lambda: anna.get(f"/shares/{share().id}").text


def switch(browser, on, path=None):
    form = {"value": "on"} if on else {}
    answer = browser.post(path or f"/shares/{share().id}/counting", data=form)
    assert answer.status_code == 303
    return answer


def rows():
    return [
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Visit, VisitorDay, ClickDay, VisitorSalt)
    ]


@pytest.mark.parametrize(
    "path", [None, "/me/choices/counts_clicks"], ids=["on the share's page", "in the settings"]
)
def test_whoever_switches_counting_off_has_nothing_of_a_visit_kept(link, visit, sign_in, page, path):
    address, anna = link(), sign_in("anna")
    answer = switch(anna, False, path)
    assert answer.location == (f"/shares/{share().id}" if path is None else "/me/settings")
    for agent in (IPHONE, LINKEDIN, "curl/8"):
        answer = visit(address, agent=agent)
        assert answer.status_code == (302 if agent == IPHONE else 200)
    assert visit(address, method="head").status_code == 302
    assert rows() == [0, 0, 0, 0]
    assert (share().rung, share().fetched_at, share().clicked_at) == (SAID, None, None)
    assert danish("Nothing of a visit is kept. What was counted before stays, for you alone.") in page()
    assert danish("You have switched off that visits are noted.") in page()
    switch(anna, True, path)
    visit(address)
    assert (counted(), share().rung) == (1, CLICKED)
    assert danish("You have switched off that visits are noted.") not in page()


def test_what_was_counted_before_stays(link, visit, sign_in, page):
    address, anna = link(), sign_in("anna")
    visit(address)
    switch(anna, False)
    visit(address, agent=ANDROID)
    assert counted() == 1
    assert '<span class="count num">1</span>' in page()
    assert share().rung == CLICKED


def test_one_persons_switch_is_not_anothers(link, visit, sign_in, cast):
    address = link()
    assert sign_in("omar").post(f"/shares/{share().id}/counting").status_code == 404
    switch(sign_in("omar"), False, "/me/choices/counts_clicks")
    visit(address)
    assert counted() == 1
    assert db.session.get_one(Person, cast.anna.id).counts_clicks
    assert not db.session.get_one(Person, cast.omar.id).counts_clicks


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_switch_works_without_javascript_in_both_languages(link, sign_in, lang):
    link()
    anna = sign_in("anna")
    anna.post("/me/choices/locale", data={"value": lang})
    word = danish if lang == "da" else str
    for path in (f"/shares/{share().id}", "/me/settings"):
        shown = anna.get(path).text
        assert word("Count clicks on my links") in shown
        assert word("People, not hits. Only you see the number.") in shown
        form = shown.split(word("Count clicks on my links"))[1].split("</form>")[0]
        assert 'name="value" value="on" checked' in form
        assert "<noscript><button" in form
    assert anna.post("/me/choices/counts_clicks", data={"value": "perhaps"}).status_code == 422


# What the page tells


def test_the_page_tells_the_rung_in_words(link, visit, page):
    address = link()
    assert f'{danish("%(network)s has fetched your link", network="LinkedIn")} <span class="vh">' in page()
    visit(address, agent=LINKEDIN)
    assert f"{danish('%(network)s has fetched your link', network='LinkedIn')}</p>" in page()
    assert f'{danish("Someone has clicked")} <span class="vh">' in page()
    visit(address)
    assert f"{danish('Someone has clicked')}</p>" in page()


def test_another_services_preview_is_not_linkedins(link, visit):
    visit(link(), agent="Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")
    assert (share().rung, verdicts()) == (SAID, ["preview"])


def test_the_first_six_hours_are_drawn_and_told_as_people_and_not_hits(link, visit, page):
    address = link()  # told at 9.00 in Copenhagen
    for minutes, agent, times in (
        (5, IPHONE, 3),
        (20, ANDROID, 1),
        (70, FIREFOX, 2),
        (5 * 60 + 59, "Mozilla/5.0 (X11; Linux x86_64; rv:149.0) Gecko/20100101 Firefox/149.0", 1),
    ):
        for _time in range(times):
            visit(address, agent=agent, at=NOW + timedelta(minutes=minutes))
    visit(address, agent=LINKEDIN)
    visit(address, at=NOW + timedelta(hours=6), address="203.0.113.99")
    shown = page()
    assert '<span class="count num">5</span>' in shown
    assert danish("the first 6 hours") in shown
    chart = shown.split('<svg class="chart"')[1].split("</svg>")[0]
    assert chart.count("<rect") == 3
    assert chart.count("<text") == 6
    assert [part.split("<")[0] for part in chart.split('y="70">')[1:]] == ["9", "10", "11", "12", "13", "14"]
    assert [part.split('"')[0] for part in chart.split('height="')[1:]] == ["45.0", "22.5", "22.5"]
    table = shown.split("</details>")[0].split("<tbody>")[-1]
    assert [part.split("<")[0] for part in table.split('<td class="r">')[1:]] == [
        "2",
        "1",
        "0",
        "0",
        "0",
        "1",
    ]
    assert (
        danish(
            "Clicks never give points, and nobody else sees the number. Machines and your own clicks are left out."
        )
        in shown
    )


def test_without_clicks_or_when_they_are_forgotten_nothing_is_drawn_and_the_days_stay(
    link, visit, page, sign_in
):
    address = link()
    assert '<svg class="chart"' not in page()
    visit(address)
    assert '<svg class="chart"' in page()
    with writing():
        db.session.query(Visit).delete()
    assert '<svg class="chart"' not in page()
    assert f'<caption class="vh">{danish("People by day")}</caption>' in page()


def test_a_share_that_is_told_again_begins_its_hours_anew(link, visit, page, sign_in, clock):
    address, anna = link(), sign_in("anna")
    visit(address)
    anna.post(f"/shares/{share().id}/withdrawal")
    with clock(LATER + timedelta(days=1)):
        anna.post(f"/shares/{share().id}/posting")
    assert '<svg class="chart"' not in page()
    assert '<span class="count num">1</span>' in page()


def test_nobody_else_sees_the_page(link, sign_in):
    link()
    for name in ("mads", "karen", "astrid", "birgit"):
        assert sign_in(name).get(f"/shares/{db.session.scalars(select(Share.id)).one()}").status_code == 404
