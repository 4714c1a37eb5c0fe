"""Every page, as each of the cast: one h1, well-formed, no id twice, nothing inline."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from tests.conftest import NOW
from tests.sharing.test_telling import tell
from tests.shoutouts.thanks import give

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SHAPES = {"path", "circle", "rect", "line", "use", "ellipse", "polyline", "polygon", "stop"}
MOST_PAGES = 60


class Page(HTMLParser):
    """Reads one page and notes what is wrong with it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.named: list[str] = []
        self.links: list[str] = []
        self.headings = 0
        self.feed(html)
        self.close()
        self.wrong += [f"<{tag}> is not closed" for tag in self.open]
        self.wrong += [f"id {one} twice" for one in set(self.ids) if self.ids.count(one) > 1]
        self.wrong += [f"no id {one}" for one in set(self.named) - set(self.ids)]

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if len(given) != len(attributes):
            self.wrong.append(f"<{tag}> has an attribute twice")
        self.headings += tag == "h1"
        self._inline(tag, given)
        self._names(tag, given)
        if tag in ("a", "button") and {"a", "button"} & set(self.open):
            self.wrong.append(f"<{tag}> inside another")
        if tag == "img" and "alt" not in given:
            self.wrong.append("a picture without alt")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def _inline(self, tag, given):
        if "style" in given or tag == "style" or any(name.startswith("on") for name in given):
            self.wrong.append(f"<{tag}> has inline style or script")
        if tag == "script" and not given.get("src"):
            self.wrong.append("an inline script")

    def _names(self, tag, given):
        self.ids += [given["id"]] if "id" in given else []
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            self.named += (given.get(name) or "").split()
        if tag == "a" and (given.get("href") or "").startswith("/"):
            self.links.append(given["href"].split("#")[0])

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass


def crawl(browser, start):
    """Every page that can be reached by links: address and answer."""
    seen, waiting = {start}, [start]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        answer = browser.get(path)
        yield path, answer
        if answer.mimetype == "text/html":
            for link in Page(answer.text).links:
                kind = re.sub(r"\d+|\?.*", "", link)
                if link not in seen and sum(re.sub(r"\d+|\?.*", "", one) == kind for one in seen) < 3:
                    seen.add(link)
                    waiting.append(link)


@pytest.mark.parametrize("name", ["anna", "mads", "karen", "henrik", "birgit", "omar", "liv", "astrid"])
def test_every_page_is_well_formed(sign_in, story, cast, clock, name):
    browser = sign_in(name)
    first, _second = story(), story(title="Broen tæller", audience=())
    tell(browser, first)
    received = give(sign_in("birgit" if name == "mads" else "mads"), cast.people[name], cast.lone)
    if name in ("mads", "birgit"):
        give(browser, cast.anna)
    with clock(NOW + timedelta(seconds=10)):
        pages = dict(crawl(browser, "/"))
    wanted = {"/", "/teams", "/me", "/stories", f"/stories/{first}", "/shoutouts", f"/shoutouts/{received}"}
    assert wanted <= set(pages)
    for path, answer in pages.items():
        assert answer.status_code == 200, path
        if answer.mimetype == "text/html":
            page = Page(answer.text)
            assert page.wrong == [], path
            assert page.headings == 1, path
    if name in ("karen", "henrik"):
        assert any(path.startswith("/desk") for path in pages)


def test_pages_without_a_sign_in_and_errors_are_well_formed(client, sign_in):
    anna = sign_in("anna")
    for browser, path, status in (
        (client, "/sign-in", 200),
        (client, f"/sign-in/link/{'a' * 43}", 410),
        (client, "/offline", 200),
        (client, "/s/abcdefghijk", 404),
        (anna, "/nothing", 404),
        (anna, "/desk", 403),
        (anna, "/own-words", 405),
    ):
        answer = browser.get(path)
        assert answer.status_code == status, path
        page = Page(answer.text)
        assert page.wrong == [], path
        assert page.headings == 1, path


def test_fragments_have_no_id_twice_and_nothing_inline(sign_in, story):
    anna, told = sign_in("anna"), story()
    anna.get("/")
    for path in (f"/stories/{told}/shares/new", f"/stories/{told}/dismissal", "/teams/how"):
        answer = anna.get(path, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert Page(answer.text).wrong == [], path
