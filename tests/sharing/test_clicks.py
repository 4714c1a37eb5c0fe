"""A short link counts people, not machines."""

import re

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from app.sharing.clicks import Verdict, Visit, classify, has_fetched, is_machine, visitor_hash

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36"
DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
ON_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
IN_ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-S911B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.6778.81 Mobile Safari/537.36"
ON_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"
ON_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"

PEOPLE = {
    "Safari on iPhone": IPHONE,
    "Chrome on Android": ANDROID,
    "Chrome on Windows": DESKTOP,
    "Firefox on Linux": FIREFOX,
    "Chrome on iPhone": f"{ON_IPHONE.replace('Mobile', 'CriOS/131.0.6778.73 Mobile')} Safari/604.1",
    "Firefox on iPhone": f"{ON_IPHONE.replace('Mobile', 'FxiOS/132.0 Mobile')} Safari/605.1.15",
    "Edge on iPad": "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 EdgiOS/131.0.2903.48 Mobile/15E148 Safari/604.1",
    "Google's app on iPhone": f"{ON_IPHONE.replace('Mobile', 'GSA/325.0.652331337 Mobile')} Safari/604.1",
    "Firefox on Android": "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0",
    "Samsung Internet": "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
    "Silk on a tablet": "Mozilla/5.0 (Linux; Android 11; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/124.4.5 like Chrome/124.0.6367.179 Safari/537.36",
    "Edge on Windows": f"{ON_WINDOWS} Edg/138.0.0.0",
    "Opera on Windows": f"{ON_WINDOWS} OPR/114.0.0.0",
    "Vivaldi on Windows": f"{ON_WINDOWS} Vivaldi/7.0.3495.6",
    "Safari on a Mac": f"{ON_MAC} Version/18.1 Safari/605.1.15",
    "DuckDuckGo on a Mac": f"{ON_MAC} Version/17.6 Safari/605.1.15 Ddg/17.6",
    "a Chromebook": "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "LinkedIn's browser on iPhone": f"{ON_IPHONE} [LinkedInApp]/9.30.2391",
    "LinkedIn's browser on Android": f"{IN_ANDROID} [LinkedInApp]/4.1.1023",
    "Facebook's browser on iPhone": f"{ON_IPHONE} [FBAN/FBIOS;FBAV/489.0.0.48.80;FBBV/663474537;FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/18.1;FBLC/da_DK;FBOP/5]",
    "Facebook's browser on Android": f"{IN_ANDROID} [FB_IAB/FB4A;FBAV/488.0.0.78.79;]",
    "Messenger on Android": f"{IN_ANDROID} [FB_IAB/Orca-Android;FBAV/478.0.0.41.86;]",
    "Instagram on iPhone": f"{ON_IPHONE} Instagram 355.1.0.30.100 (iPhone14,5; iOS 17_6_1; da_DK; da; scale=3.00; 1170x2532; 657164325)",
    "Instagram on Android": f"{IN_ANDROID} Instagram 357.0.0.24.109 Android (34/14; 480dpi; 1080x2125; samsung; SM-S911B; dm1q; qcom; da_DK; 657204560)",
    "Threads on iPhone": f"{ON_IPHONE} Barcelona 358.0.0.29.85 (iPhone16,1; iOS 18_1; da_DK; da; scale=3.00; 1179x2556)",
    "Snapchat on iPhone": f"{ON_IPHONE} Safari/604.1 Snapchat/12.90.0.44 (like Safari/8618.2.12.10.9, panda)",
    "Twitter on iPhone": f"{ON_IPHONE} Twitter for iPhone/10.40",
    "Pinterest on iPhone": f"{ON_IPHONE} [Pinterest/iOS]",
    "Telegram on Android": f"{IN_ANDROID} Telegram-Android/11.4.2 (Google Pixel 7; Android 14; SDK 34; AVERAGE)",
    "TikTok on Android": f"{IN_ANDROID} trill_350705 BytedanceWebview/d8a21c6",
    "Teams on Windows, the old one": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Teams/1.7.00.8065 Chrome/114.0.5735.248 Electron/25.3.1 Safari/537.36",
    "Teams on Windows, the new one": f"{ON_WINDOWS} Edg/138.0.0.0 Teams/25198.1107.3775.1109/50",
    "Teams on iPhone": f"{ON_IPHONE} TeamsMobile-iOS/7.5.0",
    "Outlook on Windows": f"{ON_WINDOWS} Edg/128.0.0.0 OneOutlook/1.2024.821.100",
    "Slack on a Mac": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Slack/4.41.98 Chrome/130.0.6723.137 Electron/33.2.1 Safari/537.36",
}
LINKEDIN = "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"
FACEBOOK = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
TEAMS = "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com"
SLACK = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"


def seen(agent=IPHONE, method="GET", purpose="", fetch_mode="navigate", age=60, sharer=False, counted=False):
    return Visit(method, agent, purpose, fetch_mode, age, sharer, counted)


@pytest.mark.parametrize("agent", PEOPLE.values(), ids=PEOPLE.keys())
def test_ordinary_phones_and_desktops_are_people_in_whatever_app_they_read(agent):
    for mode in ("navigate", ""):
        assert classify(seen(agent, fetch_mode=mode)) is Verdict.HUMAN
    assert not is_machine(agent)


def test_every_machine_that_the_list_knows_counts_nothing():
    agents = [agent for one in CRAWLER_USER_AGENTS_DATA for agent in one.get("instances", [])]
    assert len(agents) > 2000
    assert {classify(seen(agent)) for agent in agents} == {Verdict.BOT, Verdict.PREVIEW}
    assert [agent for agent in agents if not is_machine(agent)] == []


def test_the_list_is_asked_as_it_is_meant_only_faster():
    """Names are looked for as names and the rest as patterns: the same answer as all patterns give together."""
    whole = re.compile("|".join(f"(?:{one['pattern']})" for one in CRAWLER_USER_AGENTS_DATA))
    agents = [agent for one in CRAWLER_USER_AGENTS_DATA for agent in one.get("instances", [])]
    for agent in [
        *agents[::7],
        *PEOPLE.values(),
        "curl/8.9.1",
        "Wget/1.21",
        "a curl/8",
        "LCC ",
        " LCC",
        "Silk/1",
    ]:
        assert is_machine(agent) is bool(whole.search(agent[:512])), agent


# What is not counted, and what it is called. Each differs in one thing from a visit that is.
CASES = [
    (Verdict.HUMAN, {}),
    (Verdict.HEAD, {"method": "HEAD"}),
    (Verdict.HEAD, {"method": "HEAD", "agent": LINKEDIN}),
    (Verdict.HEAD, {"method": "OPTIONS"}),
    (Verdict.PREFETCH, {"purpose": "prefetch"}),
    (Verdict.PREFETCH, {"purpose": "prefetch;prerender"}),
    (Verdict.PREFETCH, {"purpose": "prefetch;anonymous-client-ip"}),
    (Verdict.PREFETCH, {"purpose": "Prerender"}),
    (Verdict.PREFETCH, {"purpose": "preview"}),
    (Verdict.PREFETCH, {"fetch_mode": "no-cors"}),
    (Verdict.PREFETCH, {"fetch_mode": "cors"}),
    (Verdict.HUMAN, {"fetch_mode": ""}),
    (Verdict.BOT, {"agent": ""}),
    (Verdict.BOT, {"agent": "   "}),
    (Verdict.BOT, {"agent": "curl/8.9.1"}),
    (Verdict.PREVIEW, {"agent": LINKEDIN}),
    (Verdict.PREVIEW, {"agent": FACEBOOK}),
    (Verdict.PREVIEW, {"agent": TEAMS}),
    (Verdict.PREVIEW, {"agent": SLACK}),
    (Verdict.PREVIEW, {"agent": "WhatsApp/2.23.20.0 A"}),
    (Verdict.PREVIEW, {"agent": "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)"}),
    (Verdict.PREVIEW, {"agent": LINKEDIN, "sharer": True, "age": 0}),
    (Verdict.SHARER, {"sharer": True}),
    (Verdict.SHARER, {"sharer": True, "age": 0}),
    (Verdict.EARLY, {"age": 2}),
    (Verdict.EARLY, {"age": -5}),
    (Verdict.HUMAN, {"age": 3}),
    (Verdict.REPEAT, {"counted": True}),
    (Verdict.EARLY, {"counted": True, "age": 1}),
    # What stands behind the first 512 characters is nobody's name.
    (Verdict.HUMAN, {"agent": IPHONE + " " * 512 + "Googlebot/2.1"}),
]


@pytest.mark.parametrize(("verdict", "facts"), CASES, ids=lambda value: str(value)[:60])
def test_a_visit_is_what_the_first_rule_that_fits_says(verdict, facts):
    assert classify(seen(**facts)) is verdict


@pytest.mark.parametrize(
    ("network", "agent", "fetched"),
    [
        ("linkedin", LINKEDIN, True),
        ("linkedin", SLACK, False),
        ("facebook", FACEBOOK, True),
        ("facebook", LINKEDIN, False),
        ("intranet", TEAMS, True),
        ("other", SLACK, True),
        ("linkedin", IPHONE, False),
        ("other", "Googlebot/2.1", False),
    ],
)
def test_a_network_has_fetched_a_link_when_its_own_machine_has(network, agent, fetched):
    assert has_fetched(network, seen(agent)) is fetched
    assert not has_fetched(network, seen(agent, method="HEAD"))


def test_a_visitor_is_an_address_and_a_browser_for_a_day():
    salt, one = b"1" * 32, ("203.0.113.7", IPHONE)
    assert visitor_hash(salt, *one) == visitor_hash(salt, *one)
    others = [
        visitor_hash(salt, "203.0.113.7", ANDROID),
        visitor_hash(salt, "203.0.113.8", IPHONE),
        visitor_hash(b"2" * 32, *one),
    ]
    assert len({visitor_hash(salt, *one), *others}) == 4
