"""Each page in both themes: axe finds nothing, the policy is not broken, nothing scrolls sideways at 320."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import PHONE, sign_in

ANNA = ("/", "/stories", "/stories/1", "/stories/1/shares/new", "/stories/1/dismissal", "/questions/1/answers", "/teams", "/teams/how", "/me",
        "/shoutouts", "/shoutouts?view=team", "/shoutouts?view=mine", "/me/points", "/me/topics", "/me/settings", "/me/sign-ins", "/me/messages", "/me/reminders", "/me/reminders/hours",
        "/me/stored", "/shares", "/install", "/offline", "/nothing")  # fmt: skip
KAREN = (
    "/desk",
    "/desk?kind=told",
    "/desk/stories",
    "/desk/feeds",
    "/desk/stories/new",
    "/desk/stories/1",
    "/desk/stories/1/preview",
)


MADS = ("/lead", "/lead/coverage", "/shoutouts?view=all", "/shoutouts/new")
DESK_SHELVES = ("/desk/stories?shelf=scheduled", "/desk?kind=drafts", "/desk/stories?shelf=past")


class Eye:
    """Looks at pages: what axe, the console and the width say of each."""

    def __init__(self, page, url):
        self.page, self.url, self.faults = page, url, []
        page.on("console", lambda message: self._heard(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._heard(str(error)))

    def _heard(self, text):
        # That an answer was 403, 404, 410 or 422 is meant.
        if "the server responded with a status of 4" not in text:
            self.faults.append(text)

    def look(self, name):
        """At the page that is open."""
        self.page.wait_for_timeout(150)
        found = Axe().run(self.page).response["violations"]
        self.faults += [f"{name}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found]
        self.page.set_viewport_size({"width": 320, "height": 640})
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        self.faults += [f"{name}: {wide} points too wide"] if wide > 0 else []
        self.page.set_viewport_size(PHONE)

    def visit(self, *paths):
        for path in paths:
            self.page.goto(self.url + path)
            self.look(path)

    def press(self, selector):
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()


@pytest.fixture(params=["light", "dark"])
def eye(request, phone, running):
    page = phone.new_page()
    page.emulate_media(color_scheme=request.param, reduced_motion="reduce")
    return Eye(page, running.url)


def test_pages_without_a_sign_in_are_without_fault(eye):
    eye.visit("/sign-in", "/offline", "/s/abcdefghij")
    eye.page.goto(f"{eye.url}/sign-in")
    eye.page.fill("[name=email]", "anna@fjordby.example")
    eye.page.fill("[name=password]", "ikke det her")
    eye.press("form button.btn")
    eye.look("a wrong password")
    assert eye.faults == []


def test_annas_pages_are_without_fault(eye):
    sign_in(eye.page, eye.url, "anna")
    eye.visit(*ANNA, "/desk")
    assert eye.faults == []


def test_each_step_of_telling_is_without_fault(eye):
    sign_in(eye.page, eye.url, "anna")
    eye.page.goto(f"{eye.url}/stories/1/shares/new")
    eye.press("#share-form .fo button.btn")
    assert eye.page.locator("[aria-invalid=true]").count() == 1
    eye.look("an empty text")
    eye.page.check("#share-form [name=network][value=other]", force=True)
    eye.page.fill("#share-form textarea", "Jeg var der selv i morges, og det var netop sådan.")
    eye.press("#share-form .fo button.btn")
    assert eye.page.url.endswith("/posting")
    eye.look("was it shared?")
    eye.press("form.fo button.btn")
    assert eye.page.url.endswith("/thanks")
    eye.look("thanks")
    own = eye.page.url.removeprefix(eye.url).removesuffix("/thanks")
    eye.visit("/shares", own, "/me/points", "/")
    assert eye.faults == []


def test_choosing_when_to_be_reminded_is_without_fault(eye):
    sign_in(eye.page, eye.url, "anna")
    eye.page.goto(f"{eye.url}/me/reminders/hours")
    eye.page.fill("[name=to-2]", "08:00")
    eye.press("main form button.btn")
    assert eye.page.locator("[aria-invalid=true]").count() == 2
    eye.look("hours that cannot be")
    eye.page.fill("[name=to-2]", "21:30")
    eye.page.check("[name=at_night]", force=True)
    eye.press("main form button.btn")
    assert eye.page.url.endswith("/me/reminders#hours")
    eye.press("label:has-text('12.15')")
    assert eye.page.url.endswith("/me/reminders#slot")
    eye.press("label:has(input[name=value]):has-text('hvem')")
    assert eye.page.url.endswith("/me/reminders#detail")
    eye.look("own hours")
    assert eye.faults == []


def test_the_desk_is_without_fault(eye):
    sign_in(eye.page, eye.url, "karen")
    eye.visit(*KAREN, *DESK_SHELVES)
    eye.page.goto(f"{eye.url}/desk/stories/new")
    eye.press("button[value=publish]")
    assert eye.page.locator("[aria-invalid=true]").count() > 1
    eye.look("a refused story")
    assert eye.faults == []


def test_each_step_of_thanking_is_without_fault(eye):
    sign_in(eye.page, eye.url, "mads")
    eye.visit(*MADS)
    eye.press(".dock button.btn")
    assert eye.page.locator("[aria-invalid=true]").count() > 3
    eye.look("a refused shout-out")
    eye.page.locator(".who .chip", has_text="Liv Sand").click()
    eye.page.fill("[name=did]", "Du bar kassen op ad trappen, mens alle andre var til møde.")
    eye.page.fill("[name=led]", "Vi fik lukket op til tiden.")
    eye.page.locator(".chips .chip").first.click()
    eye.press(".dock button.btn")
    assert "/shoutouts?view=all" in eye.page.url
    eye.look("sent")
    own = eye.page.locator("article .nm").first.get_attribute("href")
    eye.visit(own, f"{own}/edit")
    eye.page.goto(f"{eye.url}{own}")
    eye.press("form[action$=undo] button")
    eye.look("undone")
    assert eye.page.input_value("[name=led]") == "Vi fik lukket op til tiden."
    assert eye.faults == []


def test_what_a_receiver_sees_is_without_fault(eye):
    sign_in(eye.page, eye.url, "anna")
    eye.page.goto(f"{eye.url}/shoutouts")
    eye.press("a.newgift")
    eye.look("a shout-out to one")
    eye.press("main form .btn.quiet")
    eye.look("a smile")
    eye.press("main form .btn.w")
    eye.look("decided")
    assert eye.faults == []
