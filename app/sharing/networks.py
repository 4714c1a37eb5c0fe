"""The networks as pages show them, and where each lets a link be offered."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext as _
from flask_login import current_user

from app.sharing.models import NETWORKS, Share
from app.sharing.queries import is_told
from app.sharing.tokens import share_token

# Where a network lets a link be offered. The others have no such address, and none takes a text.
OFFERS = {
    "linkedin": "https://www.linkedin.com/sharing/share-offsite/?url=",
    "facebook": "https://www.facebook.com/sharer/sharer.php?u=",
}
ICONS = {"linkedin": "linkedin", "facebook": "facebook", "intranet": "building", "other": "more"}


@dataclass(frozen=True, slots=True)
class Network:
    """A network as a page shows it: its name and icon, the short link, and where to paste (or "")."""

    key: str
    name: str
    icon: str
    link: str
    opens: str
    told: bool = False


def network_of(share: Share) -> Network:
    """The network that a share is for."""
    return _network(share.network, share.token, is_told(share))


def offered(story_id: int, shares: dict[str, Share]) -> list[Network]:
    """All networks, for someone who has told the story with these shares."""
    return [
        network_of(shares[key]) if key in shares else _network(key, token_for(story_id, key), False)
        for key in NETWORKS
    ]


def _network(key: str, token: str, told: bool) -> Network:
    link = f"{current_app.config['PUBLIC_URL']}/s/{token}"
    offers = OFFERS.get(key)
    return Network(key, name_of(key), ICONS[key], link, offers + quote(link, safe="") if offers else "", told)


def name_of(key: str) -> str:
    """What a network is called."""
    names = {
        "linkedin": "LinkedIn",
        "facebook": "Facebook",
        "intranet": _("Intranet"),
        "other": _("Elsewhere"),
    }
    return str(names[key])


def token_for(story_id: int, network: str) -> str:
    """The token of the viewer's short link to a story on a network."""
    return share_token(current_app.config["SECRET_KEY"], current_user.id, story_id, network)
