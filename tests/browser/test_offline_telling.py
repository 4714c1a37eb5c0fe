"""Telling without a network: what is written stays on the phone, is listed as waiting, and is sent once."""

import sqlite3
from contextlib import closing

import pytest

from tests.browser.conftest import PHONE, kept_on_the_phone, sign_in, until
from tests.browser.test_annas_day import TEXT, sign_out
from tests.running import ROOT
from tests.words import danish

ANNA = "(SELECT id FROM people WHERE email = 'anna@fjordby.example')"
YES = "form.fo[action$='/posting'] button.btn:not(.quiet)"
SEND = "#share-form .fo button.btn"
PICTURE = str(ROOT / "app" / "demo" / "pictures" / "bike.webp")


def rows(running, statement):
    with closing(sqlite3.connect(running.folder / "fortael.sqlite3")) as database:
        return database.execute(statement).fetchall()


def told(running):
    """Anna's shares with that text: text and rung."""
    return rows(running, f"SELECT text, rung FROM shares WHERE person_id = {ANNA} AND text = '{TEXT}'")


def paid(running):
    """The codes of what they were paid."""
    return rows(
        running,
        "SELECT code FROM ledger_entries WHERE source_kind = 'share' AND source_id IN "
        f"(SELECT id FROM shares WHERE person_id = {ANNA} AND text = '{TEXT}') ORDER BY code",
    )


def eventually(page, true):
    """Wait for something outside the page."""
    for _ in range(100):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never happened")


def open_app(context, running):
    """Anna's phone with the app on it: signed in, and its service worker in charge."""
    page = context.new_page()
    sign_in(page, running.url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(running.url)
    until(page, "navigator.serviceWorker.controller !== null && window.htmx !== undefined")
    page.wait_for_timeout(500)
    return page


def write(page):
    """The composer of the day's first story, with a text in it; the story's title."""
    page.locator("article a[data-sheet][href*='/shares/new']").first.tap()
    page.wait_for_selector("#share-form")
    until(page, "document.querySelector('#share-form').dataset.ready === '1'")
    page.fill("#share-form textarea", TEXT)
    return page.get_attribute("#share-form", "data-waits")


def share_without_network(context, running):
    """Written, the network lost, sent, and said to be shared; the page, and the story's title."""
    page = open_app(context, running)
    title = write(page)
    context.set_offline(True)
    page.locator(SEND).first.tap()
    page.wait_for_selector("#sheet [data-said]")
    return page, title


@pytest.fixture
def syncing(chromium):
    """A phone whose browser has Background Sync."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, locale="da-DK")
    context.grant_permissions(["background-sync", "clipboard-read", "clipboard-write"])
    context.route(lambda address: "localhost" not in address, lambda route: route.abort())
    context.set_default_timeout(15_000)
    yield context
    context.close()


def test_written_the_network_lost_the_tab_closed_and_back_online_sent_once(phone, running):
    page, title = share_without_network(phone, running)
    assert TEXT in page.evaluate("navigator.clipboard.readText()")
    assert danish("Waits for a connection") in page.inner_text("#sheet h2")
    page.locator("#sheet [data-said]").tap()
    until(
        page, f"document.querySelector('#sheet h2')?.textContent === {danish('Thank you for telling it')!r}"
    )
    page.locator("#sheet .fo [data-close]").tap()
    page.goto(running.url)
    page.wait_for_selector("[data-unsent] .li")
    listed = page.inner_text("[data-unsent]")
    assert title in listed
    assert "LinkedIn · " + danish("sent by itself when there is a connection") in listed
    page.close()
    assert told(running) == []

    phone.set_offline(False)
    page = phone.new_page()
    page.goto(running.url)
    eventually(page, lambda: told(running))
    until(page, "document.querySelector('[data-unsent]').hidden")
    page.goto(f"{running.url}/shares")
    page.goto(running.url)
    page.wait_for_timeout(500)
    assert told(running) == [(TEXT, 3)]
    assert paid(running) == [("OWN",), ("SHARE",)]
    assert kept_on_the_phone(page) == {}


def test_it_goes_off_by_itself_while_the_page_is_open(phone, running):
    page, title = share_without_network(phone, running)
    page.locator("#sheet [data-said]").tap()
    page.locator("#sheet .fo [data-close]:not(.ib)").tap()
    phone.set_offline(False)
    eventually(page, lambda: told(running))
    page.wait_for_selector(f"#toasts >> text={danish('Sent: {title}').format(title=title)}")
    assert told(running) == [(TEXT, 3)]
    assert paid(running) == [("OWN",), ("SHARE",)]


def test_the_service_worker_sends_it_when_no_page_of_the_app_is_open(syncing, running):
    page, _title = share_without_network(syncing, running)
    page.locator("#sheet [data-said]").tap()
    until(
        page, f"document.querySelector('#sheet h2')?.textContent === {danish('Thank you for telling it')!r}"
    )
    page.close()
    syncing.set_offline(False)
    elsewhere = syncing.new_page()
    elsewhere.goto(f"{running.url}/manifest.webmanifest")
    dispatch_sync(syncing, elsewhere, running)
    eventually(elsewhere, lambda: told(running))
    eventually(elsewhere, lambda: kept_on_the_phone(elsewhere) == {})
    dispatch_sync(syncing, elsewhere, running)
    page = syncing.new_page()
    page.goto(running.url)
    page.wait_for_timeout(500)
    assert told(running) == [(TEXT, 3)]
    assert paid(running) == [("OWN",), ("SHARE",)]


def dispatch_sync(context, page, running):
    """What the browser does when there is a network again."""
    devtools, found = context.new_cdp_session(page), []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    devtools.send("ServiceWorker.enable")
    eventually(page, lambda: any(one["scopeURL"].startswith(running.url) for one in found))
    identity = next(one["registrationId"] for one in found if one["scopeURL"].startswith(running.url))
    devtools.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": running.url, "registrationId": identity, "tag": "waiting", "lastChance": False},
    )
    devtools.detach()


def test_not_said_it_is_kept_by_the_server_and_asked_about(phone, running):
    page, _title = share_without_network(phone, running)
    phone.set_offline(False)
    page.wait_for_selector(YES)
    assert told(running) == [(TEXT, 2)]
    page.locator(YES).tap()
    page.wait_for_selector("#sheet [data-forget-draft]", state="attached")
    assert told(running) == [(TEXT, 3)]
    assert paid(running) == [("OWN",), ("SHARE",)]


def test_the_reply_lost_after_the_server_has_done_it_leaves_one_share(phone, running):
    page = open_app(phone, running)
    write(page)
    arrived = []

    def lose(route):
        arrived.append(route.fetch().status)
        route.abort() if len(arrived) < 2 else route.continue_()

    page.route("**/stories/*/shares", lose)
    page.locator(SEND).first.tap()
    page.wait_for_selector("#sheet [data-said]")
    assert arrived == [200]
    assert told(running) == [(TEXT, 2)]
    page.unroute("**/stories/*/shares")
    page.locator("#sheet [data-said]").tap()
    page.wait_for_selector("#sheet [data-forget-draft]", state="attached")
    assert told(running) == [(TEXT, 3)]
    assert paid(running) == [("OWN",), ("SHARE",)]
    until(page, "navigator.onLine")
    page.goto(running.url)
    page.wait_for_timeout(500)
    assert kept_on_the_phone(page) == {}


def test_yes_without_a_network_waits_too(phone, running):
    page = open_app(phone, running)
    write(page)
    page.locator(SEND).first.tap()
    page.wait_for_selector(YES)
    phone.set_offline(True)
    page.locator(YES).tap()
    until(
        page, f"document.querySelector('#sheet h2')?.textContent === {danish('Thank you for telling it')!r}"
    )
    assert told(running) == [(TEXT, 2)]
    phone.set_offline(False)
    eventually(page, lambda: told(running) == [(TEXT, 3)])


def test_a_whole_page_waits_as_a_sheet_does(phone, running):
    page = open_app(phone, running)
    address = page.get_attribute("article a[data-sheet][href*='/shares/new']", "href")
    page.goto(running.url + address)
    until(page, "document.querySelector('#share-form').dataset.ready === '1'")
    page.fill("#share-form textarea", TEXT)
    phone.set_offline(True)
    page.locator(SEND).first.tap()
    page.locator("#sheet[open] [data-said]").tap()
    until(
        page, f"document.querySelector('#sheet h2')?.textContent === {danish('Thank you for telling it')!r}"
    )
    phone.set_offline(False)
    eventually(page, lambda: told(running) == [(TEXT, 3)])


def test_a_whole_page_with_a_network_goes_on_to_the_question(phone, running):
    page = open_app(phone, running)
    address = page.get_attribute("article a[data-sheet][href*='/shares/new']", "href")
    page.goto(running.url + address)
    until(page, "document.querySelector('#share-form').dataset.ready === '1'")
    page.locator(SEND).first.tap()
    page.wait_for_selector("#share-error")
    until(page, "document.querySelector('#share-form').dataset.ready === '1'")
    page.fill("#share-form textarea", TEXT)
    page.locator(SEND).first.tap()
    page.wait_for_url("**/posting")
    page.locator(YES).tap()
    page.wait_for_url("**/thanks")
    assert told(running) == [(TEXT, 3)]
    until(page, "true")
    eventually(page, lambda: kept_on_the_phone(page) == {})


def test_a_draft_comes_back_with_its_angle_its_network_and_its_line_also_without_a_connection(phone, running):
    page = open_app(phone, running)
    write(page)
    page.locator(".ang .opt").nth(1).tap()
    page.locator(".net label", has_text="Facebook").tap()
    page.locator("[name=disclosed]").tap()
    page.wait_for_timeout(300)
    page.close()
    phone.set_offline(True)
    page = phone.new_page()
    page.goto(running.url)
    page.locator("article a[data-sheet][href*='/shares/new']").first.tap()
    until(page, f"document.querySelector('#share-form textarea')?.value === {TEXT!r}")
    assert page.locator(".ang input").nth(1).is_checked()
    assert page.locator(".net input[value=facebook]").is_checked()
    assert not page.locator("[name=disclosed]").is_checked()
    page.locator(SEND).first.tap()
    page.locator("#sheet [data-said]").tap()
    until(
        page, f"document.querySelector('#sheet h2')?.textContent === {danish('Thank you for telling it')!r}"
    )
    phone.set_offline(False)
    eventually(page, lambda: told(running) == [(TEXT, 3)])
    assert rows(running, f"SELECT network, disclosed FROM shares WHERE text = '{TEXT}'") == [("facebook", 0)]


def test_a_composer_that_was_never_opened_says_without_a_connection_that_nothing_is_lost(phone, running):
    page = open_app(phone, running)
    phone.set_offline(True)
    page.locator("article a[data-sheet][href*='/shares/new']").first.tap()
    said = "What you have written is safe on this phone."
    page.wait_for_selector(f"#toasts >> text={danish(said_whole(said)).split('.')[1].strip()}")


def said_whole(part):
    return f"No connection right now. {part} Try again when the connection is back."


def test_drafts_of_before_move_once(phone, running):
    page = open_app(phone, running)
    link = page.get_attribute("article a[data-sheet][href*='/shares/new']", "href")
    ((anna,),) = rows(running, f"SELECT {ANNA}")
    page.evaluate(f"localStorage['draft:{anna}:{link.split('/')[2]}'] = {TEXT!r}")
    page.locator("article a[data-sheet][href*='/shares/new']").first.tap()
    until(page, f"document.querySelector('#share-form textarea')?.value === {TEXT!r}")
    assert page.evaluate("Object.keys(localStorage).filter(one => one.startsWith('draft:')).length") == 0


def test_what_waits_can_be_deleted_and_its_draft_stays(phone, running):
    page, _title = share_without_network(phone, running)
    page.locator("#sheet .fo .quiet").tap()
    page.goto(running.url)
    page.locator("[data-unsent] [data-drop]").tap()
    until(page, "document.querySelector('[data-unsent]').hidden")
    phone.set_offline(False)
    page.goto(running.url)
    page.wait_for_timeout(500)
    assert told(running) == []
    assert [one["text"] for one in kept_on_the_phone(page)["drafts"]] == [TEXT]


def test_a_story_that_is_gone_is_said_and_not_tried_again(phone, running):
    page, _title = share_without_network(phone, running)
    page.locator("#sheet .fo .quiet").tap()
    with closing(sqlite3.connect(running.folder / "fortael.sqlite3")) as database:
        database.execute("UPDATE stories SET state = 'withdrawn'")
        database.commit()
    asked = []
    page.on("request", lambda request: asked.append(request.method))
    phone.set_offline(False)
    until(page, "document.querySelector('[data-unsent]').innerText.includes('fortælles ikke længere videre')")
    page.goto(running.url)
    page.wait_for_selector("[data-unsent] .li")
    page.locator("[data-unsent] [data-copy]").tap()
    page.wait_for_timeout(300)
    assert page.evaluate("navigator.clipboard.readText()") == TEXT
    assert asked.count("POST") == 1
    assert told(running) == []


def test_after_sign_out_nothing_of_it_is_left_on_the_phone(phone, running):
    page, _title = share_without_network(phone, running)
    page.locator("#sheet .fo .quiet").tap()
    page.route("**/stories/*/shares", lambda route: route.abort())
    phone.set_offline(False)
    assert set(kept_on_the_phone(page)) == {"drafts", "waiting"}
    sign_out(page, running.url)
    eventually(page, lambda: kept_on_the_phone(page) == {})
    assert page.evaluate("localStorage.length") == 0
    assert told(running) == []


def test_when_the_sign_in_was_ended_elsewhere_nothing_is_left_either(phone, running):
    page, _title = share_without_network(phone, running)
    with closing(sqlite3.connect(running.folder / "fortael.sqlite3")) as database:
        database.execute("UPDATE sign_ins SET ended_at = created_at")
        database.commit()
    phone.set_offline(False)
    page.goto(running.url)
    page.wait_for_url("**/sign-in**")
    eventually(page, lambda: kept_on_the_phone(page) == {})
    assert told(running) == []


def test_sent_when_signed_out_she_is_told_and_the_text_is_on_the_clipboard(phone, running):
    page = open_app(phone, running)
    write(page)
    with closing(sqlite3.connect(running.folder / "fortael.sqlite3")) as database:
        database.execute("UPDATE sign_ins SET ended_at = created_at")
        database.commit()
    page.locator(SEND).first.tap()
    until(
        page,
        f"document.querySelector('#sheet h2')?.textContent === {danish('You are signed out on this phone')!r}",
    )
    assert TEXT in page.evaluate("navigator.clipboard.readText()")


def test_what_one_person_wrote_is_never_sent_under_anothers_sign_in(syncing, running):
    page, _title = share_without_network(syncing, running)
    waiting = kept_on_the_phone(page)["waiting"][0]
    page.evaluate("new Promise(done => { indexedDB.deleteDatabase('fortael').onsuccess = done; })")
    syncing.set_offline(False)
    sign_out(page, running.url)
    sign_in(page, running.url, "liv")
    page.evaluate(
        """async entry => {
            const open = indexedDB.open('fortael', 1), done = asked => new Promise(yes => { asked.onsuccess = yes; });
            open.onupgradeneeded = () => { open.result.createObjectStore('drafts'); open.result.createObjectStore('waiting', { keyPath: 'key' }); };
            await done(open);
            await done(open.result.transaction('waiting', 'readwrite').objectStore('waiting').put(entry));
            open.result.close();
        }""",
        waiting,
    )
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    dispatch_sync(syncing, page, running)
    page.goto(running.url)
    page.wait_for_timeout(1000)
    assert told(running) == []
    assert rows(running, f"SELECT 1 FROM shares WHERE text = '{TEXT}'") == []


def test_closed_without_an_answer_it_is_not_asked_again(phone, running):
    page = open_app(phone, running)
    write(page)
    page.locator(SEND).first.tap()
    page.wait_for_selector(YES)
    asked = f"SELECT asked_at IS NOT NULL FROM shares WHERE text = '{TEXT}'"
    assert rows(running, asked) == [(0,)]
    page.keyboard.press("Escape")
    eventually(page, lambda: rows(running, asked) == [(1,)])
    assert page.url == f"{running.url}/"


def choose_picture(page):
    page.locator("#share-form details:has([name=photo]) summary").tap()
    page.set_input_files("[name=photo]", PICTURE)
    page.locator("#share-form .seg label").first.tap()
    page.fill("[name=photo_alt]", "Min cykel ved fjorden.")


def test_a_picture_of_her_own_waits_and_is_sent_too(phone, running):
    page = open_app(phone, running)
    write(page)
    choose_picture(page)
    phone.set_offline(True)
    page.locator(SEND).first.tap()
    page.locator("#sheet [data-said]").tap()
    until(
        page, f"document.querySelector('#sheet h2')?.textContent === {danish('Thank you for telling it')!r}"
    )
    page.close()
    phone.set_offline(False)
    page = phone.new_page()
    page.goto(running.url)
    eventually(page, lambda: told(running) == [(TEXT, 3)])
    assert rows(running, "SELECT alt FROM share_photos") == [("Min cykel ved fjorden.",)]


SHARES = """
window.handed = [];
navigator.canShare = all => !all.files || all.files.every(one => one.type.startsWith('image/'));
navigator.share = async all => { handed.push({ text: all.text, url: all.url, files: (all.files || []).map(one => one.name) }); };
"""


def test_the_share_sheet_takes_text_link_and_picture_and_the_text_is_copied_too(phone, running):
    phone.add_init_script(SHARES)
    page = open_app(phone, running)
    write(page)
    choose_picture(page)
    page.locator("#share-form [data-native]").tap()
    page.wait_for_selector(YES)
    (handed,) = page.evaluate("handed")
    assert handed["text"].startswith(TEXT)
    assert f"{running.url}/s/" in handed["url"]
    assert handed["files"] == ["bike.webp"]
    copied = page.evaluate("navigator.clipboard.readText()")
    assert TEXT in copied
    assert handed["url"] in copied


def test_a_share_sheet_that_takes_no_files_gets_text_and_link(phone, running):
    phone.add_init_script(SHARES + "navigator.canShare = all => !all.files;")
    page = open_app(phone, running)
    write(page)
    choose_picture(page)
    page.locator("#share-form [data-native]").tap()
    page.wait_for_selector(YES)
    (handed,) = page.evaluate("handed")
    assert handed["files"] == []
    assert handed["text"].startswith(TEXT)


def test_a_text_that_cannot_be_copied_is_said(phone, running):
    phone.add_init_script(
        "Clipboard.prototype.writeText = () => Promise.reject(); document.execCommand = () => false;"
    )
    page = open_app(phone, running)
    write(page)
    page.locator(SEND).first.tap()
    page.wait_for_selector(
        f"#sheet #toasts >> text={danish('The text could not be copied. Copy it from the next page.')}"
    )
    page.wait_for_selector(YES)
