"""Pictures of the screens, in light and dark, Danish and English: `make screens [ONLY=name]`.

They are written to pictures-out/, at 390 × 844 with two pixels a point, whole pages; some also at 320 or on a
desktop. Says so, and fails, when a page scrolls sideways.
"""

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.demo.seeding import PASSWORD
from tests.running import Running, copy, seed

OUT = Path(__file__).resolve().parent.parent / "pictures-out"
CHROMIUM = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-quic"]
PHONE, NARROW, DESKTOP = (
    {"width": 390, "height": 844},
    {"width": 320, "height": 700},
    {"width": 1280, "height": 860},
)
TEXT = {
    "da": "Jeg havde tre minutter for lidt i morges. Alligevel satte jeg mig ned og drak kaffen. Det var dér, hun fortalte, at hun ikke havde sovet.",
    "en": "I was three minutes short this morning. I sat down and had the coffee anyway. That is when she told me she had not slept.",
}

EMPLOYEE = {
    "teams": "/teams", "me": "/me", "points": "/me/points", "wall": "/shoutouts", "received": "/shoutouts?view=mine",
    "reminders": "/me/reminders", "hours": "/me/reminders/hours", "messages": "/me/messages",
}  # fmt: skip
NARROW_PATHS = (
    "/",
    "/teams",
    "/me",
    "/me/points",
    "/me/settings",
    "/stories",
    "/shoutouts",
    "/me/reminders",
    "/me/messages",
)
# By who opens them: the screens of managers, curators and administrators.
OTHERS = {
    "mads": {"lead": "/lead", "coverage": "/lead/coverage", "new-shoutout": "/shoutouts/new"},
    "karen": {"queue": "/desk", "shelves": "/desk/stories", "feeds": "/desk/feeds", "editor": "/desk/stories/1"},
    "astrid": {"start": "/desk/start", "people": "/desk/people", "person": "/desk/people/3", "import": "/desk/people/lists/new",
               "teams-tree": "/desk/teams", "purposes": "/desk/organisation/purposes", "numbers": "/desk/organisation/settings"},
}  # fmt: skip


def screens(page: Page, url: str, lang: str) -> Iterator[str]:
    """Bring each screen on the page in turn; its name."""
    page.goto(url)
    yield "today"
    page.locator("a.card-link, article h2 a, article h3 a").first.click()
    page.wait_for_load_state("networkidle")
    yield "story"
    page.locator("[data-sheet][href*='/shares/new']").first.click()
    page.wait_for_selector("#share-form")
    page.fill("#share-form textarea", TEXT[lang])
    page.wait_for_timeout(1600)
    yield "composer"
    page.locator("#share-form .fo button.btn").click()
    page.locator("form.fo button.btn").click()
    page.wait_for_selector("[data-forget-draft]", state="attached")
    page.wait_for_timeout(900)
    yield "thanks"
    for name, path in EMPLOYEE.items():
        page.goto(url + path)
        yield name


def sign_in(page: Page, url: str, name: str) -> None:
    """By the form, as everyone does."""
    page.goto(f"{url}/sign-in")
    page.fill("[name=email]", f"{name}@fjordby.example")
    page.fill("[name=password]", PASSWORD)
    page.locator("form button.btn").first.click()
    page.wait_for_load_state("networkidle")


def picture(page: Page, name: str) -> bool:
    """Write one picture; whether the page fits its width."""
    page.wait_for_timeout(250)
    page.screenshot(path=OUT / f"{name}.png", full_page="composer" not in name and "thanks" not in name)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        print(f"{name} scrolls sideways by {wide} points")
    return wide <= 0


def phone(browser: Browser, theme: str, size: dict[str, int]) -> BrowserContext:
    """A context that reaches nothing but this machine."""
    context = browser.new_context(
        viewport=size, device_scale_factor=2, color_scheme=theme, has_touch=size is not DESKTOP
    )  # type: ignore[arg-type]  # a plain dictionary is one
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.route(lambda address: "localhost" not in address, lambda route: route.abort())
    return context


def take(browser: Browser, url: str, lang: str, theme: str, only: str | None) -> list[bool]:
    """All pictures of one language and theme."""
    fits = []
    context = phone(browser, theme, PHONE)
    page = context.new_page()
    sign_in(page, url, "anna")
    fits += [
        picture(page, f"{name}-{lang}-{theme}") for name in screens(page, url, lang) if only in (None, name)
    ]
    narrow = phone(browser, theme, NARROW)
    narrow.add_cookies(context.cookies())  # type: ignore[arg-type]  # what it gave it takes
    page = narrow.new_page()
    for path in NARROW_PATHS:
        page.goto(url + path)
        fits.append(picture(page, f"narrow{path.replace('/', '-')}-{lang}-{theme}"))
    for size, label in ((PHONE, ""), (DESKTOP, "-desktop")):
        for who, paths in OTHERS.items():
            fits += look(browser, url, who, paths, size, f"{label}-{lang}-{theme}", only)
    return fits


def look(
    browser: Browser,
    url: str,
    who: str,
    paths: dict[str, str],
    size: dict[str, int],
    end: str,
    only: str | None,
) -> list[bool]:
    """What one of the cast sees at some addresses."""
    context = phone(browser, end.rpartition("-")[2], size)
    page = context.new_page()
    sign_in(page, url, who)
    fits = []
    for name, path in paths.items():
        if only in (None, name):
            page.goto(url + path)
            fits.append(picture(page, f"{name}{end}"))
    context.close()
    return fits


def main() -> int:
    OUT.mkdir(exist_ok=True)
    only = os.environ.get("ONLY")
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        seeded = Path(temporary) / "seeded"
        seeded.mkdir()
        seed(seeded, 200)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        fits = []
        for lang in ("da", "en"):
            for theme in ("light", "dark"):
                folder = copy(seeded, Path(temporary) / f"{lang}-{theme}")
                with sqlite3.connect(folder / "fortael.sqlite3") as database:
                    database.execute("UPDATE people SET locale = ?", (lang,))
                database.close()
                with Running(folder) as app:
                    fits += take(browser, app.url, lang, theme, only)
        browser.close()
    print(f"{len(fits)} pictures in {OUT.name}/")
    return 0 if all(fits) else 1


if __name__ == "__main__":
    sys.exit(main())
