"""Who visits a short link: a person, or one of the many machines that follow links (product.md, "Click rules")."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

# Raise it when a verdict changes: `flask clicks reclassify` then looks at the kept visits again.
RULES_VERSION = 1
LONGEST_AGENT = 512
SETTLES_AFTER = 3  # seconds
# Those who fetch a page to draw a preview of it. Names alone, never the app's own: a person reads in Teams, Slack
# or Pinterest, too. Cardyb is Bluesky's and unknown to the package.
PREVIEW = re.compile(
    r"LinkedInBot|facebookexternalhit|Facebot|Slackbot|Slack-ImgProxy|SkypeUriPreview|skype-url-preview|WhatsApp"
    r"|Twitterbot|TelegramBot|Discordbot|Cardyb|Mastodon|Iframely|Embedly|redditbot|Pinterestbot|pinterest\.com/bot",
    re.IGNORECASE,
)
# Whose fetching says that a network has seen the link; elsewhere any preview does.
OF_NETWORK = {
    "linkedin": re.compile(r"LinkedInBot", re.IGNORECASE),
    "facebook": re.compile(r"facebookexternalhit|Facebot", re.IGNORECASE),
}
# How browsers say that nobody has asked for the page yet.
AHEAD = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)
ESCAPED = re.compile(r"\\([^A-Za-z0-9])")
SPECIAL = re.compile(r"[.^$*+?{}\[\]|()\\]")


class Verdict(StrEnum):
    """What a visit is taken for. Only HUMAN is counted."""

    HUMAN = "human"
    BOT = "bot"
    PREVIEW = "preview"
    PREFETCH = "prefetch"
    EARLY = "early"
    SHARER = "sharer"
    REPEAT = "repeat"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of a visit.

    `age` is whole seconds since the share was made, `by_sharer` whether it is their own, and `counted` whether
    the same visitor was counted that day.
    """

    method: str
    user_agent: str
    purpose: str
    fetch_mode: str
    age: int
    by_sharer: bool = False
    counted: bool = False


def classify(visit: Visit) -> Verdict:
    """A visit's verdict, by the first rule that fits. It depends on nothing else."""
    if visit.method != "GET":
        return Verdict.HEAD
    if is_preview_agent(visit.user_agent):
        return Verdict.PREVIEW
    if is_machine(visit.user_agent):
        return Verdict.BOT
    if AHEAD.search(visit.purpose) or visit.fetch_mode not in ("", "navigate"):
        return Verdict.PREFETCH
    if visit.by_sharer:
        return Verdict.SHARER
    if visit.age < SETTLES_AFTER:
        return Verdict.EARLY
    return Verdict.REPEAT if visit.counted else Verdict.HUMAN


def is_preview_agent(user_agent: str) -> bool:
    """Whether a preview is drawn with this agent."""
    return PREVIEW.search(user_agent[:LONGEST_AGENT]) is not None


def has_fetched(network: str, visit: Visit) -> bool:
    """Whether a visit is the network itself, fetching the page for its preview."""
    if classify(visit) is not Verdict.PREVIEW:
        return False
    own = OF_NETWORK.get(network)
    return own is None or own.search(visit.user_agent) is not None


@lru_cache(2000)
def is_machine(user_agent: str) -> bool:
    """Whether a user agent is a known machine's, one that draws previews included; an empty one is."""
    known = user_agent[:LONGEST_AGENT]
    if not known.strip() or is_preview_agent(known):
        return True
    names, patterns = _crawlers()
    return any(name in known for name in names) or patterns.search(known) is not None


@cache
def _crawlers() -> tuple[tuple[str, ...], re.Pattern[str]]:
    """Plain names, and what is more than a name. As one pattern of all they cost ten times as much."""
    given = [str(one["pattern"]) for one in CRAWLER_USER_AGENTS_DATA]
    plain = [one for one in given if not SPECIAL.search(ESCAPED.sub("", one))]
    patterns = "|".join(f"(?:{one})" for one in given if one not in set(plain))
    return tuple(ESCAPED.sub(r"\1", one) for one in plain), re.compile(patterns)


def visitor_hash(salt: bytes, address: str, user_agent: str) -> bytes:
    """Sixteen bytes that mean the same visitor on the same day, and nothing once the salt is gone."""
    return hmac.digest(salt, f"{address}\n{user_agent[:LONGEST_AGENT]}".encode(), hashlib.sha256)[:16]
