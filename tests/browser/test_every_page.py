"""Each page in both themes: axe finds nothing, the policy is not broken, nothing scrolls sideways at 320."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import sign_in

ANNA = ("/", "/stories", "/stories/1", "/stories/1/shares/new", "/stories/1/dismissal", "/questions/1/answers", "/teams", "/teams/how", "/me",
        "/me/points", "/me/topics", "/me/settings", "/me/sign-ins", "/me/stored", "/shares", "/install", "/offline", "/nothing")  # fmt: skip
KAREN = ("/desk", "/desk?shelf=answers", "/desk/stories/new", "/desk/stories/1", "/desk/stories/1/preview")


def faults(page, url, paths):
    """What axe, the console and the width say of each page."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in paths:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(url + path)
        page.wait_for_timeout(150)
        found = Axe().run(page).response["violations"]
        yield from (f"{path}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found)
        page.set_viewport_size({"width": 320, "height": 640})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            yield f"{path}: {wide} points too wide"
    yield from (one for one in said if "404" not in one)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("name", "paths"), [("anna", ANNA), ("karen", KAREN)])
def test_every_page_is_without_fault(phone, running, theme, name, paths):
    page = phone.new_page()
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(f"{running.url}/sign-in")
    assert Axe().run(page).response["violations"] == []
    sign_in(page, running.url, name)
    assert list(faults(page, running.url, paths)) == []
