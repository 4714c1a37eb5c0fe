"""What the composer says of a text while it is written: how much is one's own, its length, and whom one might know in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_login import current_user

from app.organisation.queries import facts
from app.points.queries import rules
from app.points.rules import rule_on
from app.sharing.actions import LONGEST_TEXT
from app.sharing.anonymity import Piece, pieces, suspects
from app.sharing.drafts import Draft
from app.sharing.meter import measure
from app.sharing.models import NETWORKS
from app.sharing.networks import name_of
from app.sharing.own_words import Own, length
from app.stories.models import Story

# Characters after which a post is long for its network. A judgement of ours: nothing counts by it.
LONG = {"linkedin": 900, "facebook": 500, "intranet": 900, "other": 900}


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said of a text. `enough` characters count as own words; `long_for` names a network, or is ""."""

    own: Own
    length: int
    enough: int
    long_for: str
    pieces: Sequence[Piece]
    suspects: Sequence[str]

    @property
    def kinds(self) -> set[str]:
        """Of what kinds the pieces are that one might know somebody by."""
        return {piece.kind for piece in self.pieces if piece.kind}


def advice_on(story: Story, draft: Draft, at: datetime) -> Advice:
    """What there is to say of a draft. Three statements at most, and nothing is kept."""
    network = draft.network if draft.network in NETWORKS else NETWORKS[0]
    limits = rule_on(rules(), "OWN", current_user.local_date(at)).limits
    text = draft.text[:LONGEST_TEXT]
    cut, characters = pieces(text, _known()), length(text)
    return Advice(
        own=measure(current_user.id, story, network, text, at),
        length=characters,
        enough=limits["least_characters"],
        long_for=name_of(network) if characters > LONG[network] else "",
        pieces=cut,
        suspects=list(suspects(cut)),
    )


def _known() -> list[str]:
    """What is no citizen's name: the writer's own, their team's and the organisation's."""
    organisation = facts(current_user.organisation_version)
    languages = ("da", "en")
    return [
        current_user.name,
        current_user.team_da,
        current_user.team_en or "",
        *map(organisation.called, languages),
        *map(organisation.disclosure, languages),
    ]
