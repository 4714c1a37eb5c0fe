"""Anna's two minutes: she reads Today, tells a story, sees it count, and takes Today with her."""

import re
import sqlite3

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import kept_on_the_phone, sign_in, until
from tests.running import Running, copy

TEXT = (
    "Jeg havde tre minutter for lidt i morges. Alligevel satte jeg mig ned og drak kaffen. "
    "Det var dér, hun fortalte, at hun ikke havde sovet."
)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_first_share_button_stands_above_the_tab_bar(phone, seeded, tmp_path, lang):
    folder = copy(seeded, tmp_path / lang)
    with sqlite3.connect(folder / "fortael.sqlite3") as database:
        database.execute("UPDATE people SET locale = ?", (lang,))
    database.close()
    with Running(folder) as app:
        page = phone.new_page()
        sign_in(page, app.url)
        button = page.locator("main article .btn").first.bounding_box()
        assert button["y"] + button["height"] <= page.locator("nav.tabs").bounding_box()["y"]


class Thumb:
    """Counts the taps."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.tap()
        self.taps += 1


def points(page: Page, url: str) -> int:
    page.goto(f"{url}/me")
    return int(re.search(r"([\d.]+)\s+point i alt", page.inner_text("main"))[1].replace(".", ""))


def taking_part(page: Page, url: str) -> int:
    page.goto(f"{url}/teams")
    return int(re.search(r"(\d+) af \d+ er med", page.inner_text("main"))[1])


def test_anna_tells_a_story_in_at_most_six_taps_and_it_counts(phone, running):
    page = phone.new_page()
    sign_in(page, running.url)
    had, with_us = points(page, running.url), taking_part(page, running.url)
    thumb = Thumb(page)
    page.goto(running.url)
    thumb.taps += 1  # on the app's icon
    assert page.locator("main article").count() == 3
    thumb.tap("article a[data-sheet][href*='/shares/new']")
    page.wait_for_selector("#share-form")
    page.fill("#share-form textarea", TEXT)
    thumb.tap("#share-form .fo button.btn")
    thumb.tap("form.fo[action$='/posting'] button.btn:not(.quiet)")
    page.wait_for_selector("[data-forget-draft]", state="attached")
    assert thumb.taps <= 6
    assert TEXT in page.evaluate("navigator.clipboard.readText()")
    assert points(page, running.url) == had + 8
    assert taking_part(page, running.url) == with_us + 1


def test_she_shares_where_she_chooses(phone, running):
    page = phone.new_page()
    sign_in(page, running.url)
    page.locator("article a[data-sheet][href*='/shares/new']").first.tap()
    page.wait_for_selector("#share-form")
    page.locator(".net label", has_text="Intranet").tap()
    assert page.inner_text("[data-copy-label]") == "Kopiér teksten"
    page.fill("#share-form textarea", TEXT)
    page.locator("#share-form .fo button.btn").tap()
    page.locator("form.fo[action$='/posting'] button.btn:not(.quiet)").tap()
    page.wait_for_selector("[data-forget-draft]", state="attached")
    page.goto(f"{running.url}/shares")
    assert "Intranet" in page.inner_text("main")


def test_by_keyboard_she_is_led_through_it_and_back_to_today(phone, running):
    page = phone.new_page()
    sign_in(page, running.url)
    opener = page.locator("article a[data-sheet][href*='/shares/new']").first
    opener.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#share-form")
    page.keyboard.press("Escape")
    until(page, "!document.querySelector('#sheet').open && document.activeElement.matches('[data-sheet]')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#share-form")
    page.locator("#share-form .fo button.btn").press("Enter")
    until(page, "document.activeElement.matches('#txt[aria-invalid=true]')")
    page.keyboard.type(TEXT)
    assert page.locator("#share-form .err").count() == 0
    page.locator("#share-form .fo button.btn").press("Enter")
    until(page, "document.activeElement.matches('#sheet h2')")
    page.locator("form.fo[action$='/posting'] button.btn:not(.quiet)").press("Enter")
    until(page, "document.activeElement.matches('.cele h2')")
    with page.expect_navigation():
        page.keyboard.press("Escape")
    assert page.inner_text("#today-h") == "Ugens skridt er taget"


def test_what_she_writes_is_kept_on_the_phone_and_gone_after_sign_out(phone, running):
    page = phone.new_page()
    sign_in(page, running.url)
    page.locator("article a[data-sheet][href*='/shares/new']").first.tap()
    page.wait_for_selector("#share-form")
    page.fill("#share-form textarea", TEXT)
    page.goto(running.url)
    page.locator("article a[data-sheet][href*='/shares/new']").first.tap()
    until(page, f"document.querySelector('#share-form textarea')?.value === {TEXT!r}")
    sign_out(page, running.url)
    assert page.evaluate("localStorage.length") == 0
    assert kept_on_the_phone(page) == {}


def sign_out(page: Page, url: str) -> None:
    page.goto(f"{url}/me/settings")
    page.locator("form[data-sign-out] button").first.tap()
    page.wait_for_url(re.compile("/sign-in"))


def test_offline_she_still_reads_today_and_after_sign_out_nothing(phone, running):
    page = phone.new_page()
    sign_in(page, running.url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(running.url)
    title = page.locator("main article h2, main article h3").first.inner_text()
    page.wait_for_timeout(1000)
    phone.set_offline(True)
    page.goto(running.url)
    assert title in page.inner_text("main")
    phone.set_offline(False)
    sign_out(page, running.url)
    page.wait_for_timeout(500)
    phone.set_offline(True)
    page.goto(running.url)
    assert title not in page.inner_text("body")
    assert page.locator("h1").count() == 1
