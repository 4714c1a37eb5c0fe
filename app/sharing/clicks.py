"""Who visits a short link: a person, or one of the many machines that follow links (product.md, "Click rules")."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

LONGEST_AGENT = 512
SETTLES_AFTER = 3  # seconds
# Those who fetch a page to draw a preview of it. Cardyb is Bluesky's and unknown to the package.
PREVIEW = re.compile(
    r"LinkedInBot|facebookexternalhit|Facebot|Slackbot|Slack-ImgProxy|SkypeUriPreview|Teams|WhatsApp|Twitterbot"
    r"|TelegramBot|Discordbot|Cardyb|Mastodon|Iframely|Embedly|redditbot|Pinterest",
    re.IGNORECASE,
)


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
    """What is known of a visit; `seconds_since` the share was made."""

    method: str
    user_agent: str
    purpose: str
    fetch_mode: str
    seconds_since: float
    is_sharer: bool


def classify(visit: Visit) -> Verdict:
    """A visit's verdict, by the first rule that fits. REPEAT is decided by the database."""
    if is_preview_agent(visit.user_agent):
        return Verdict.PREVIEW
    if is_bot(visit.user_agent):
        return Verdict.BOT
    if visit.method != "GET":
        return Verdict.HEAD
    if "prefetch" in visit.purpose.lower() or visit.fetch_mode not in ("", "navigate"):
        return Verdict.PREFETCH
    if visit.is_sharer:
        return Verdict.SHARER
    return Verdict.EARLY if visit.seconds_since < SETTLES_AFTER else Verdict.HUMAN


def is_preview_agent(user_agent: str) -> bool:
    """Whether a network draws its preview with this agent."""
    return PREVIEW.search(user_agent[:LONGEST_AGENT]) is not None


def is_bot(user_agent: str) -> bool:
    """Whether a user agent is a known machine; an empty one is."""
    return not user_agent.strip() or _crawlers().search(user_agent[:LONGEST_AGENT]) is not None


@cache
def _crawlers() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one['pattern']})" for one in CRAWLER_USER_AGENTS_DATA))


def visitor_hash(salt: bytes, address: str, user_agent: str) -> bytes:
    """Sixteen bytes that mean the same visitor on the same day, and nothing once the salt is gone."""
    return hmac.digest(salt, f"{address}\n{user_agent[:LONGEST_AGENT]}".encode(), hashlib.sha256)[:16]
