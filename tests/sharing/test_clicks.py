"""A short link counts people, not machines."""

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from app.sharing.clicks import Verdict, Visit, classify

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36"
DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


def visit(agent=IPHONE, method="GET", purpose="", fetch_mode="navigate", seconds=60.0, sharer=False):
    return classify(Visit(method, agent, purpose, fetch_mode, seconds, sharer))


@pytest.mark.parametrize("agent", [IPHONE, ANDROID, DESKTOP, FIREFOX])
def test_ordinary_phones_and_desktops_are_people(agent):
    assert visit(agent) is Verdict.HUMAN


def test_every_known_machine_is_none():
    agents = [agent for one in CRAWLER_USER_AGENTS_DATA for agent in one.get("instances", [])]
    assert len(agents) > 500
    assert [agent for agent in agents if visit(agent) is Verdict.HUMAN] == []


@pytest.mark.parametrize(
    ("verdict", "facts"),
    [
        (Verdict.HEAD, {"method": "HEAD"}),
        (Verdict.PREFETCH, {"purpose": "prefetch"}),
        (Verdict.PREFETCH, {"purpose": "prefetch;prerender"}),
        (Verdict.PREFETCH, {"fetch_mode": "no-cors"}),
        (Verdict.BOT, {"agent": ""}),
        (Verdict.BOT, {"agent": "   "}),
        (Verdict.PREVIEW, {"agent": "LinkedInBot/1.0 (compatible; Mozilla/5.0)"}),
        (Verdict.SHARER, {"sharer": True}),
        (Verdict.EARLY, {"seconds": 2.9}),
        (Verdict.HUMAN, {"seconds": 3.0}),
    ],
)
def test_what_is_not_counted_says_why(verdict, facts):
    assert visit(**facts) is verdict
