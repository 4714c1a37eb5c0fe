"""Signing in by mail in Chromium: by keyboard alone, with the code here, with the link in another browser."""

import subprocess
import sys

import pytest

from tests.browser.test_every_page import Eye
from tests.letters import code_of, link_of, read
from tests.running import ROOT, environment
from tests.words import danish

DELIVER = """
from app import clock, create_app, mail
app = create_app()
with app.app_context():
    mail.deliver(clock.now())
"""


def letter(running):
    """The latest letter that the server has written, sent into the folder as the worker does."""
    settings = {"PUBLIC_URL": "http://localhost"}
    subprocess.run(
        [sys.executable, "-c", DELIVER], cwd=ROOT, env=environment(running.folder, **settings), check=True
    )
    files = sorted((running.folder / "outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return read(files[-1].read_bytes())


def go(page, name):
    """Tab to the control of that name, as somebody does who has no mouse."""
    for _step in range(12):
        page.keyboard.press("Tab")
        if name in page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText"):
            return
    raise AssertionError(f"{name} is not reached by Tab")


def press(page, name):
    go(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture
def asked(phone, running):
    """A page on which Anna has asked for a link, by keyboard alone."""
    page = phone.new_page()
    page.goto(f"{running.url}/sign-in?next=/me")
    go(page, danish("Work e-mail"))
    page.keyboard.type("anna@fjordby.example")
    press(page, danish("Send me a link"))
    assert page.url == f"{running.url}/sign-in/code"
    assert danish("Check your mail") in page.locator("h1").inner_text()
    return page


def test_the_code_signs_in_here(asked, running):
    code = code_of(letter(running))
    go(asked, danish("The code in the letter"))
    asked.keyboard.type(code)
    with asked.expect_navigation():
        asked.keyboard.press("Enter")
    assert asked.url == f"{running.url}/me"


def test_a_new_code_can_be_sent_and_the_link_signs_in_another_browser(asked, running, chromium):
    press(asked, danish("Send again"))
    assert danish("Sent again") in asked.locator("#toasts").inner_text()
    context = chromium.new_context(locale="da-DK")
    page = context.new_page()
    page.goto(running.url + link_of(letter(running)))
    assert "anna@fjordby.example" in page.locator("main").inner_text()
    press(page, danish("Sign in"))
    assert page.url == f"{running.url}/me"
    context.close()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_pages_are_without_fault(asked, running, chromium, look):
    eye = Eye(asked, running.url)
    asked.emulate_media(color_scheme=look, reduced_motion="reduce")
    eye.look("the code")
    asked.fill("[name=code]", "12")
    eye.press("form button.btn")
    eye.look("no code")
    path = link_of(letter(running))
    eye.visit(path, path[:-2] + "AA")
    asked.goto(f"{running.url}/sign-in")
    eye.press("form button.out")
    eye.look("no address")
    assert eye.faults == []
