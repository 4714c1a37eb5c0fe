"""Push in a real Chromium: subscribed, told, decrypted, shown, clicked; and gone with the sign-in.

One app with its worker serves the whole file, on a Wednesday morning, so each story has a person of its own.
"""

import os
import shutil
import sqlite3
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import BrowserContext, Page, Playwright

from app.push.wording import TEXTS, text
from tests.browser.conftest import FLAGS, PHONE, sign_in, until
from tests.browser.google import ENDPOINTS, Google
from tests.browser.notifications import Desktop, Shown
from tests.conftest import NOW
from tests.push.service import PushService, Received
from tests.running import Running, seed
from tests.words import danish
from tests.working import Worker

pytestmark = pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="dbus-daemon is not installed")
PAGE = "/me/messages"
ON, OFF = "[data-push=on]:not([hidden])", "[data-push=off]:not([hidden])"
TAKEN = "The push service has taken it. It should show within a minute."


@dataclass
class World:
    """The app, Google behind its push service, and the desktop that a browser shows its notifications on."""

    app: Running
    google: Google
    desktop: Desktop

    def asked(self, statement: str, *values: object) -> list[tuple]:
        """What the database holds; or change it."""
        with sqlite3.connect(self.app.folder / "fortael.sqlite3") as database:
            rows = database.execute(statement, values).fetchall()
        database.close()
        return rows

    def endpoints(self, name: str) -> list[str]:
        """Where the app may tell somebody something."""
        rows = self.asked(
            "SELECT endpoint FROM push_subscriptions JOIN people ON people.id = push_subscriptions.person_id"
            " JOIN sign_ins ON sign_ins.id = sign_in_id WHERE ended_at IS NULL AND email = ?",
            f"{name}@fjordby.example",
        )
        return [endpoint for (endpoint,) in rows]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder, now = tmp_path_factory.mktemp("push"), {"FORTAEL_NOW": NOW.isoformat()}
    seed(folder, 40, **now)
    where = {"DATA_DIR": folder, "DATABASE_URL": "", "HOST": "localhost", "PORT": 0, "WEB_WORKERS": 1}
    with Google() as google, PushService(then=google.deliver) as service, Desktop(folder) as desktop:
        leads = service.reaching(ENDPOINTS)
        with Running(folder, **leads, **now) as app, Worker(where, NOW, PUBLIC_URL=app.url, **leads):
            yield World(app, google, desktop)


@pytest.fixture
def phone(
    world: World, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Page]]:
    """`phone("anna")` is a phone that she has signed in on: a lasting profile, for private windows have no push."""
    opened: list[BrowserContext] = []

    def start(name: str, *allowed: str) -> Page:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp(name),
            executable_path="/usr/bin/chromium",
            args=[flag for flag in FLAGS if "networking" not in flag] + world.google.flags,
            ignore_default_args=["--disable-background-networking"],
            env={**os.environ, **world.desktop.environment},
            viewport=PHONE,
            locale="da-DK",
        )
        opened.append(context)
        context.set_default_timeout(15_000)
        context.grant_permissions(list(allowed) or ["notifications", "background-sync"])
        context.route(lambda address: "localhost" not in address, lambda route: route.abort())
        page = context.pages[0]
        sign_in(page, world.app.url, name)
        return page

    yield start
    for context in opened:
        context.close()


def turn_on(page: Page, url: str) -> None:
    page.goto(f"{url}{PAGE}")
    page.locator(f"{OFF} button").click()
    page.wait_for_selector(ON)


def shown(world: World, page: Page, after: int) -> Shown:
    """The notification that follows the first `after`; the page's own work goes on meanwhile."""
    for _ in range(400):
        if len(world.desktop.shown) > after:
            return world.desktop.shown[after]
        page.wait_for_timeout(100)
    raise AssertionError("no notification was shown")


def subscribed(page: Page) -> bool:
    """Whether the browser itself holds a subscription."""
    asked = "navigator.serviceWorker.ready.then(worker => worker.pushManager.getSubscription())"
    return page.evaluate(f"{asked}.then(one => one !== null)")


def fold_out(page: Page) -> None:
    """Of one's two devices, the other."""
    page.locator("details summary", has_text=danish("Last seen %(day)s", day="")).click()


def test_mads_thanks_anna_and_a_click_on_what_her_phone_shows_opens_it(world, phone, playwright):
    anna, before = phone("anna"), len(world.desktop.shown)
    turn_on(anna, world.app.url)
    until(anna, "sessionStorage.waiting !== undefined")
    waiting = int(anna.evaluate("sessionStorage.waiting"))
    assert world.endpoints("anna")[0].startswith(f"https://{ENDPOINTS}/")
    give(world, playwright)
    told = shown(world, anna, before)
    texts = [text("shoutout", number, "da") for number in range(len(TEXTS["shoutout"]))]
    assert any(told.title == title and body in told.body for title, body in texts)
    until(anna, f"sessionStorage.waiting === '{waiting + 1}'")
    assert anna.locator("[data-waiting]").is_visible()
    anna.goto(f"{world.app.url}/stories")
    with anna.expect_navigation():
        world.desktop.click(told)
    (newest,) = world.asked("SELECT max(id) FROM shoutouts")[0]
    assert anna.url == f"{world.app.url}/shoutouts/{newest}"
    assert TEXT in anna.inner_text("body")
    anna.goto(f"{world.app.url}/me")
    until(anna, f"sessionStorage.waiting === '{waiting}'")
    assert anna.locator("[data-waiting]").is_visible() == (waiting > 0)


TEXT = "Du blev en time længere fredag og hjalp den nye vikar i gang på ruten."


def give(world: World, playwright: Playwright) -> None:
    """Mads writes to Anna, from a phone of his own."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
    page = browser.new_page(viewport=PHONE, locale="da-DK")
    sign_in(page, world.app.url, "mads")
    ((anna,),) = world.asked("SELECT id FROM people WHERE email = 'anna@fjordby.example'")
    page.goto(f"{world.app.url}/shoutouts/new?to={anna}")
    page.fill("[name=did]", TEXT)
    page.fill("[name=led]", "Hun kom tilbage mandag og sagde, at hun gerne vil søge fast.")
    page.locator("[name=value]").first.check(force=True)
    page.locator(".dock button").click()
    page.wait_for_url("**/shoutouts?*")
    browser.close()


def test_with_the_sign_in_the_subscription_goes_here_and_there(world, phone):
    mads = phone("mads")
    turn_on(mads, world.app.url)
    registered = len(world.google.registered)
    mads.goto(f"{world.app.url}/me/settings")
    mads.locator("form[data-sign-out] button").first.click()
    mads.wait_for_url(f"{world.app.url}/sign-in")
    assert world.endpoints("mads") == []
    held = "navigator.serviceWorker.ready.then(worker => worker.pushManager.getSubscription())"
    until(mads, f"{held}.then(one => one === null)")
    assert mads.evaluate("localStorage.push") is None
    assert len(world.google.registered) == registered - 1


def test_a_second_device_is_tried_and_removed_from_the_first_and_finds_out(world, phone):
    one, two = phone("karen"), phone("karen")
    for page in (one, two):
        turn_on(page, world.app.url)
    assert len(world.endpoints("karen")) == 2
    before = len(world.desktop.shown)
    one.goto(f"{world.app.url}{PAGE}")
    fold_out(one)
    one.locator("details[open] button", has_text=danish("Send a test")).click()
    one.get_by_text(danish(TAKEN)).wait_for()
    assert shown(world, two, before).title
    fold_out(one)
    one.locator("details[open] button", has_text=danish("Remove")).click()
    one.get_by_text(danish("Messages are off for that device.")).wait_for()
    assert len(world.endpoints("karen")) == 1
    # Tomorrow the other one looks, and lets go.
    two.evaluate('localStorage.push = localStorage.push.replace(/"day":"[^"]*"/, \'"day":"yesterday"\')')
    two.goto(f"{world.app.url}/me")
    until(two, "localStorage.push === undefined")
    assert not subscribed(two)
    assert subscribed(one)


def test_where_the_browser_has_blocked_it_the_page_says_what_to_do(world, phone):
    omar = phone("omar", "background-sync")
    omar.goto(f"{world.app.url}{PAGE}")
    omar.wait_for_selector("[data-push=denied]:not([hidden])")
    assert omar.locator(f"{OFF}, {ON}").count() == 0
    omar.locator("[data-push=denied] a").click()
    assert omar.locator("#blocked").is_visible()


def test_our_own_question_turns_it_on_and_what_cannot_be_read_is_shown_too(world, phone):
    world.asked("UPDATE stories SET state = 'withdrawn'")
    world.asked(
        "UPDATE shares SET person_id = (SELECT id FROM people WHERE email = 'liv@fjordby.example')"
        " WHERE id = (SELECT min(id) FROM shares WHERE rung >= 3)"
    )
    liv = phone("liv")
    liv.locator("section a[data-push-key]").click()
    liv.get_by_text(danish("Messages are on for this device.")).wait_for()
    assert liv.url == f"{world.app.url}/"
    assert liv.locator("[data-push-key]").count() == 0
    held = "navigator.serviceWorker.ready.then(worker => worker.pushManager.getSubscription())"
    device = liv.evaluate(f"{held}.then(one => one.toJSON())")
    for said in (b"no JSON", b'{"web_push":8030}'):
        before = len(world.desktop.shown)
        world.google.deliver(Received(device["endpoint"], {}, sealed(said, device["keys"]), 201))
        told = shown(world, liv, before)
        assert told.title == "Fortæl"
        assert danish("Something new is waiting for you.") in told.body
    liv.goto(f"{world.app.url}{PAGE}")
    liv.locator(f"{ON} button", has_text=danish("Turn off")).click()
    liv.wait_for_selector(OFF)
    assert world.endpoints("liv") == []
    assert not subscribed(liv)


def sealed(said: bytes, keys: dict[str, str]) -> bytes:
    """For that device, and nothing that our app would send."""
    return http_ece.encrypt(
        said,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=urlsafe_b64decode(keys["p256dh"] + "="),
        auth_secret=urlsafe_b64decode(keys["auth"] + "=="),
        version="aes128gcm",
    )
