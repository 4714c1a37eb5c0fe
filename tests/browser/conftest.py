"""Real Chromium against a real server with the demo organisation."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from app.demo.seeding import PASSWORD
from tests.running import Running, copy, seed

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-gpu",
    "--disable-quic",
    "--disable-component-update",
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def only_loopback() -> None:
    """The browser's own contexts are closed to the network instead."""


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo organisation, made once."""
    return seed(tmp_path_factory.mktemp("seeded"))


@pytest.fixture
def running(seeded: Path, tmp_path: Path) -> Iterator[Running]:
    """A server on a copy of it."""
    with Running(copy(seeded, tmp_path / "data")) as app:
        yield app


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for each process of the tests; a second one is refused."""
    with sync_playwright() as playing:
        yield playing


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone that reaches nothing but this machine."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, locale="da-DK")  # type: ignore[arg-type]  # a plain dictionary is one
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.route(lambda address: "localhost" not in address, lambda route: route.abort())
    context.set_default_timeout(15_000)
    yield context
    context.close()


def sign_in(page: Page, url: str, name: str = "anna") -> None:
    """By the form, as everyone does."""
    page.goto(f"{url}/sign-in", wait_until="commit")
    page.fill("[name=email]", f"{name}@fjordby.example")
    page.fill("[name=password]", PASSWORD)
    page.locator("form button.btn").first.click()
    page.wait_for_url(f"{url}/", wait_until="commit")


def until(page: Page, expression: str) -> None:
    """Wait for a condition; playwright's own way needs eval, which our policy refuses."""
    for _ in range(150):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}")


def kept_on_the_phone(page: Page) -> dict[str, list[Any]]:
    """What stands in the browser's own database, by its stores; those that are empty are left out."""
    found: dict[str, list[Any]] = page.evaluate(
        """async () => {
            const found = {}, done = asked => new Promise(yes => { asked.onsuccess = () => yes(asked.result); });
            for (const { name } of await indexedDB.databases()) {
                const db = await done(indexedDB.open(name));
                for (const store of db.objectStoreNames) {
                    const rows = await done(db.transaction(store).objectStore(store).getAll());
                    if (rows.length) found[store] = rows;
                }
                db.close();
            }
            return found;
        }"""
    )
    return found
