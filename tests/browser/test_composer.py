"""The composer as one writes: the meter follows, and only what matters now is seen."""

import sqlite3
from contextlib import closing

from playwright.sync_api import Page

from tests.browser.conftest import sign_in, until
from tests.running import Running

TEXT = "Jeg satte mig ned og drak kaffen med Else. Det var dér, hun fortalte, at hun ikke havde sovet."


def crowd(app: Running, network: str) -> None:
    """Everyone but Anna has told every story on a network just now."""
    with closing(sqlite3.connect(app.folder / "fortael.sqlite3")) as database, database:
        database.execute(
            "INSERT OR REPLACE INTO shares (person_id, story_id, network, token, text, own_percent, disclosed, rung,"
            " opened_at, composed_at, said_at)"
            " SELECT p.id, s.id, ?, 'x' || printf('%04d%05d', s.id, p.id), '', 0, 1, 3, at, at, at"
            " FROM people p, stories s, (SELECT strftime('%Y-%m-%d %H:%M:%f000') AS at) WHERE p.name NOT LIKE 'Anna%'",
            (network,),
        )


def open_composer(page: Page, url: str) -> None:
    sign_in(page, url)
    page.locator("article a[data-sheet][href*='/shares/new']").first.tap()
    page.wait_for_selector("#share-form")


def test_the_meter_follows_the_text_asks_about_the_citizen_and_leaves_the_picture_at_home(
    phone, running, tmp_path
):
    page = phone.new_page()
    sent = []
    page.on(
        "request", lambda one: sent.append(one.headers["content-type"]) if "/own-words" in one.url else None
    )
    open_composer(page, running.url)
    page.set_input_files(
        "#share-form [name=photo]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 9}
    )
    page.locator("#txt").press_sequentially(TEXT, delay=5)
    until(page, "document.querySelector('#own b').textContent === '100 %'")
    assert page.inner_text(".anon b") == "Er borgeren anonym?"
    assert page.locator(".anon mark").all_text_contents() == ["Else", "ikke havde sovet"]
    assert not page.locator(".anon mark").first.is_visible()
    page.locator(".anon summary").tap()
    assert page.locator(".anon mark").first.is_visible()
    assert page.evaluate("document.querySelector('#txt').value") == TEXT
    assert sent
    assert not any("multipart" in kind for kind in sent)


def test_only_what_matters_now_is_seen(phone, running):
    crowd(running, "intranet")
    page = phone.new_page()
    open_composer(page, running.url)
    law, many, taken = (
        page.locator("#undisclosed"),
        page.locator(".note[data-for=intranet]"),
        page.locator("p[data-for]:visible"),
    )
    assert not law.is_visible()
    assert not many.is_visible()
    assert taken.count() == 1
    page.locator("[name=disclosed]").tap()
    assert law.is_visible()
    page.locator(".net label", has_text="Intranet").tap()
    assert many.is_visible()
    assert taken.count() == 1
    save = many.locator("button")
    save.tap()
    until(
        page,
        "document.querySelector('.note[data-for=intranet] button').getAttribute('aria-pressed') === 'true'",
    )
    many.locator("a").tap()
    until(page, "!document.querySelector('#sheet').open")


def test_a_way_that_is_not_about_oneself_changes_the_beginning(phone, running):
    page = phone.new_page()
    open_composer(page, running.url)
    page.locator("#share-form summary", has_text="Hellere om andre?").tap()
    page.locator(".ang label", has_text="Sig tak").tap()
    assert page.get_attribute("#txt", "placeholder") == "Tak til en kollega, som …"
    assert page.locator("[name=angle]:checked").count() == 1
