"""Tell a person something: written with its cause, told when manners allow."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tiding:
    """What is to be told: one of push.models.KINDS, a unique key, the page that it leads to, and its detail.

    `words` are title and body by language, shown only to who chose detail; all others get the kind's own text.
    """

    person_id: int
    kind: str
    key: str
    path: str
    words: dict[str, tuple[str, str]] | None = None


def tell(tiding: Tiding, at: datetime) -> None:
    """Write the notice and its step in the outbox, in the caller's transaction. The same key is told once."""
    raise NotImplementedError
