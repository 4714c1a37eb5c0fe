"""Whom one thanks is found while typing, and no text breaks the wall."""

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
