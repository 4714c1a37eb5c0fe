"""Push in a real Chromium: subscribed, told, decrypted, shown, clicked; and gone with the sign-in."""

import os
import shutil
import sqlite3
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.browser.conftest import FLAGS, PHONE, sign_in, until
from tests.browser.google import ENDPOINTS, Google
from tests.browser.notifications import Desktop, Shown
from tests.push.service import PushService, Received
from tests.running import Running, copy
from tests.words import danish

pytestmark = pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="dbus-daemon is not installed")
ON = "[data-push=on]:not([hidden])"
OFF = "[data-push=off]:not([hidden])"


@dataclass
class World:
    """The app, the push service that it sends to, Google behind that, and a desktop."""

    app: Running
    service: PushService
    google: Google
    desktop: Desktop

    @property
    def subscriptions(self) -> list[tuple[str, str]]:
        """Endpoints and names that the app may send to."""
        with sqlite3.connect(self.app.folder / "fortael.sqlite3") as database:
            rows = database.execute(
                "SELECT endpoint, name FROM push_subscriptions JOIN sign_ins ON sign_ins.id = sign_in_id"
                " WHERE ended_at IS NULL ORDER BY push_subscriptions.id"
            ).fetchall()
        database.close()
        return rows


@pytest.fixture
def world(seeded: Path, tmp_path: Path) -> Iterator[World]:
    with (
        Google() as google,
        PushService(then=google.deliver) as service,
        Desktop(tmp_path) as desktop,
        Running(copy(seeded, tmp_path / "data"), **service.reaching(ENDPOINTS)) as app,
    ):
        yield World(app, service, google, desktop)


@pytest.fixture
def phone(world: World, tmp_path: Path) -> Iterator[Callable[..., BrowserContext]]:
    """`phone("name")` starts a Chromium of its own: a lasting profile, for private windows have no push."""
    with sync_playwright() as playwright:
        opened = []

        def start(name: str = "phone", allowed: bool = True) -> BrowserContext:
            context = playwright.chromium.launch_persistent_context(
                tmp_path / name,
                executable_path="/usr/bin/chromium",
                args=[flag for flag in FLAGS if "networking" not in flag] + world.google.flags,
                ignore_default_args=["--disable-background-networking"],
                env={**os.environ, **world.desktop.environment},
                viewport=PHONE,  # type: ignore[arg-type]
                locale="da-DK",
            )
            opened.append(context)
            context.set_default_timeout(15_000)
            if allowed:
                context.grant_permissions(["notifications", "background-sync"])
            context.route(lambda address: "localhost" not in address, lambda route: route.abort())
            return context

        yield start
        for context in opened:
            context.close()


def turn_on(page: Page, url: str) -> None:
    page.goto(f"{url}/me/messages")
    page.locator(f"{OFF} button").click()
    page.wait_for_selector(ON)


def shown(world: World, page: Page, after: int = 0) -> Shown:
    """The notification that follows the first `after`; the page's own work goes on meanwhile."""
    for _ in range(150):
        if len(world.desktop.shown) > after:
            return world.desktop.shown[after]
        page.wait_for_timeout(100)
    raise AssertionError("no notification was shown")


def subscribed(page: Page) -> bool:
    """Whether the browser itself holds a subscription."""
    asked = "navigator.serviceWorker.getRegistration().then(r => r ? r.pushManager.getSubscription() : null)"
    return page.evaluate(f"{asked}.then(one => one !== null)")


def test_a_message_is_sealed_sent_decrypted_shown_and_opened_by_a_click(world, phone):
    context = phone()
    page = context.pages[0]
    sign_in(page, world.app.url)
    turn_on(page, world.app.url)
    assert world.subscriptions[0][0].startswith(f"https://{ENDPOINTS}/")
    page.locator(f"{ON} button", has_text=danish("Send me a test")).click()
    page.get_by_text(danish("The push service has taken it. It should show within a minute.")).wait_for()
    told = shown(world, page)
    assert told.title
    page.goto(f"{world.app.url}/stories")
    with page.expect_navigation():
        world.desktop.click(told)
    assert page.url == f"{world.app.url}/me/messages"


def test_with_the_sign_in_the_subscription_goes_here_and_there(world, phone):
    page = phone().pages[0]
    sign_in(page, world.app.url)
    turn_on(page, world.app.url)
    assert len(world.google.registered) == 1
    page.goto(f"{world.app.url}/me/settings")
    page.locator("form[data-sign-out] button").first.click()
    page.wait_for_url(f"{world.app.url}/sign-in")
    assert world.subscriptions == []
    until(
        page,
        "navigator.serviceWorker.ready.then(r => r.pushManager.getSubscription()).then(one => one === null)",
    )
    assert page.evaluate("localStorage.push") is None
    assert world.google.registered == {}


def test_turned_off_it_is_off_here_and_there_and_on_again_with_another_tap(world, phone):
    page = phone().pages[0]
    sign_in(page, world.app.url)
    turn_on(page, world.app.url)
    page.locator(f"{ON} button", has_text=danish("Turn off")).click()
    page.wait_for_selector(OFF)
    assert world.subscriptions == []
    assert not subscribed(page)
    turn_on(page, world.app.url)
    assert len(world.subscriptions) == 1
    assert subscribed(page)


def test_a_second_device_is_one_of_hers_and_when_it_is_removed_it_finds_out(world, phone):
    one, two = phone("one").pages[0], phone("two").pages[0]
    for page in (one, two):
        sign_in(page, world.app.url)
        turn_on(page, world.app.url)
    assert len(world.subscriptions) == 2
    one.goto(f"{world.app.url}/me/messages")
    one.locator("details summary", has_text=danish("Last seen %(day)s", day="")).click()
    one.locator("details[open] button", has_text=danish("Send a test")).click()
    one.get_by_text(danish("The push service has taken it. It should show within a minute.")).wait_for()
    shown(world, one)
    one.locator("details summary", has_text=danish("Last seen %(day)s", day="")).click()
    one.locator("details[open] button", has_text=danish("Remove")).click()
    one.get_by_text(danish("Messages are off for that device.")).wait_for()
    assert len(world.subscriptions) == 1
    # Tomorrow the other one looks, and lets go.
    two.evaluate('localStorage.push = localStorage.push.replace(/"day":"[^"]*"/, \'"day":"yesterday"\')')
    two.goto(f"{world.app.url}/me")
    until(two, "localStorage.push === undefined")
    assert not subscribed(two)
    assert subscribed(one)


def test_where_the_browser_has_blocked_it_the_page_says_what_to_do(world, phone):
    context = phone(allowed=False)
    context.grant_permissions(["background-sync"])
    page = context.pages[0]
    sign_in(page, world.app.url)
    page.goto(f"{world.app.url}/me/messages")
    page.wait_for_selector("[data-push=denied]:not([hidden])")
    assert page.locator(f"{OFF}, {ON}").count() == 0
    page.locator("[data-push=denied] a").click()
    assert page.locator("#blocked").is_visible()


def test_what_cannot_be_read_is_still_shown_in_the_devices_language(world, phone):
    page = phone().pages[0]
    sign_in(page, world.app.url)
    turn_on(page, world.app.url)
    held = (
        "navigator.serviceWorker.ready.then(r => r.pushManager.getSubscription()).then(one => one.toJSON())"
    )
    device = page.evaluate(held)
    for place, said in enumerate((b"no JSON", b'{"web_push":8030}')):
        sealed = http_ece.encrypt(
            said,
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=urlsafe_b64decode(device["keys"]["p256dh"] + "="),
            auth_secret=urlsafe_b64decode(device["keys"]["auth"] + "=="),
            version="aes128gcm",
        )
        world.google.deliver(Received(device["endpoint"], {}, sealed, 201))
        told = shown(world, page, place)
        assert told.title == "Fortæl"
        assert danish("Something new is waiting for you.") in told.body


def test_our_own_question_on_a_finished_day_turns_it_on_and_is_not_asked_again(world, phone):
    with sqlite3.connect(world.app.folder / "fortael.sqlite3") as database:
        database.execute("UPDATE stories SET state = 'withdrawn'")
    database.close()
    page = phone().pages[0]
    sign_in(page, world.app.url)
    page.locator("section a[data-push-key]").click()
    page.get_by_text(danish("Messages are on for this device.")).wait_for()
    assert page.url == f"{world.app.url}/"
    assert page.locator("[data-push-key]").count() == 0
    assert len(world.subscriptions) == 1
