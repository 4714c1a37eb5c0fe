"""htmx comes from the CDN, and from our own copy when the CDN is down, wrong or hangs."""

from pathlib import Path

import pytest

from app.web import HTMX_ADDRESS
from tests.browser.conftest import sign_in, until
from tests.running import ROOT, Running, copy

OURS = ROOT / "static" / "vendor" / "htmx.min.js"


@pytest.fixture
def by_cdn(seeded: Path, tmp_path: Path):
    with Running(copy(seeded, tmp_path / "cdn"), HTMX_LOCAL="false") as app:
        yield app


def good(route):
    route.fulfill(path=OURS, headers={"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"})


def wrong(route):
    route.fulfill(
        body="window.wrong = true",
        headers={"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"},
    )


def down(route):
    route.abort()


def hangs(_route):
    """Never answers."""


@pytest.mark.parametrize("cdn", [good, wrong, down, hangs])
def test_sheets_open_whatever_the_cdn_does(phone, by_cdn, cdn):
    asked = []
    phone.route(HTMX_ADDRESS, lambda route: (asked.append(route.request.url), cdn(route)))
    page = phone.new_page()
    sign_in(page, by_cdn.url)
    until(page, "window.htmx !== undefined")
    page.locator("article a[data-sheet][href*='/shares/new']").first.tap()
    page.wait_for_selector("#share-form")
    assert page.url == f"{by_cdn.url}/"
    assert asked
    assert page.evaluate("window.wrong") is None
