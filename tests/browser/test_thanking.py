"""Whom one thanks is found while typing, and no text breaks the wall."""

import sqlite3

import pytest

from tests.browser.conftest import sign_in, until

WORDS = {
    "a long word": "æ" * 10_000,
    "html": '<img src=x onerror=alert(1)><b>fed</b> & "citat"',
    "right to left": "\u202e\u05e9\u05dc\u05d5\u05dd \u2067\u0645\u0631\u062d\u0628\u0627\u2069 tak",
    "emoji and marks": "👩\u200d🚒🏳️\u200d🌈 " + "e\u0301\u0323\u0302" * 300,
}


def open_form(phone, running):
    page = phone.new_page()
    sign_in(page, running.url, "mads")
    page.goto(f"{running.url}/shoutouts/new")
    until(page, "window.htmx !== undefined")
    return page


def test_a_colleague_is_found_while_typing_and_the_chosen_stay(phone, running):
    page = open_form(phone, running)
    page.locator(".who .chip", has_text="Anna Holm").tap()
    page.fill("[name=did]", "Du blev længere.")
    page.locator("[name=q]").press_sequentially("omar a")
    page.wait_for_selector(".who .chip:has-text('Omar Aziz')")
    assert page.locator(".who input:checked").count() == 1
    page.locator(".who .chip", has_text="Omar Aziz").tap()
    page.fill("[name=q]", "liv s")
    page.wait_for_selector(".who .chip:has-text('Liv Sand')")
    assert page.locator(".who input:checked").count() == 2
    assert page.input_value("[name=did]") == "Du blev længere."
    page.locator(".who .chip", has_text="Anna Holm").tap()
    page.fill("[name=q]", "omar")
    until(
        page,
        "document.querySelectorAll('.who .chip').length < 4 && document.querySelectorAll('.who input:checked').length === 1",
    )


@pytest.mark.parametrize("what", WORDS)
def test_no_text_breaks_the_wall_at_320_pixels(phone, running, what):
    page = open_form(phone, running)
    page.locator(".who .chip", has_text="Liv Sand").tap()
    page.fill("[name=did]", WORDS[what])
    page.fill("[name=led]", "Og så gik alting, som det skulle, hele dagen.")
    page.locator(".chips .chip").first.tap()
    page.locator(".dock button").tap()
    page.wait_for_url("**/shoutouts?view=all")
    page.set_viewport_size({"width": 320, "height": 640})
    article = page.locator("article").first
    if article.locator("details").count():
        assert article.bounding_box()["height"] < 800
        article.locator("summary").first.tap()
    assert article.locator("[dir=auto]").last.is_visible()
    assert WORDS[what] in page.evaluate("document.querySelector('article').textContent")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator("article img[src=x]").count() == 0


NAMES = {
    "a long word": "Å" * 120,
    "html": '<img src=x onerror=alert(1)><b>Mads</b> & "Toft"',
    "right to left": "\u202e\u05e9\u05dc\u05d5\u05dd \u2067\u0645\u0631\u062d\u0628\u0627 Toft",
    "emoji and marks": "👩\u200d🚒🏳️\u200d🌈" * 10 + " " + "e\u0301\u0323\u0302" * 20,
}


@pytest.mark.parametrize("what", NAMES)
def test_no_name_breaks_a_page_of_shoutouts_at_320_pixels(phone, running, what):
    with sqlite3.connect(running.folder / "fortael.sqlite3") as database:
        database.execute("UPDATE people SET name = ?", (NAMES[what],))
        ((newest,),) = database.execute(
            "SELECT max(shoutout_id) FROM shoutout_receivers JOIN people ON people.id = person_id WHERE email LIKE 'anna@%'"
        )
    database.close()
    page = phone.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    for who, paths in (
        (
            "anna",
            ("/shoutouts?view=all", f"/shoutouts/{newest}", "/me", "/me/points", "/", "/teams", "/shoutouts"),
        ),
        ("mads", ("/lead", "/lead/coverage", "/shoutouts?view=all", "/shoutouts/new")),
    ):
        page.context.clear_cookies()
        sign_in(page, running.url, who)
        for path in paths:
            assert page.goto(f"{running.url}{path}").status == 200
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            assert page.locator("main img[src=x]").count() == 0, path
        assert page.locator("main bdi").first.text_content() == NAMES[what]
