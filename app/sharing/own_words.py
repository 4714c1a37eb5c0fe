"""How much of a text is the person's own: distinct word 4-grams, case-folded (product.md, "Points")."""

import re
from collections.abc import Iterable, Mapping

SIZE = 4
WORD = re.compile(r"[\w’']+")
Gram = tuple[str, ...]


def grams(text: str) -> frozenset[Gram]:
    """The distinct runs of four words; none when there are fewer."""
    words = WORD.findall(text.casefold())
    return frozenset(tuple(words[at : at + SIZE]) for at in range(len(words) - SIZE + 1))


def likeness(text: str, other: str) -> float:
    """The part, 0 to 1, of a text's 4-grams that are found in another; 0 under four words."""
    mine = grams(text)
    return len(mine & grams(other)) / len(mine) if mine else 0.0


def own_percent(text: str, others: Iterable[str]) -> int:
    """How much of a text, in whole percent, is found in none of the others; 0 for an empty one."""
    if not text.strip():
        return 0
    mine = grams(text)
    if not mine:
        return 100
    borrowed = mine & frozenset().union(*map(grams, others))
    return (200 * (len(mine) - len(borrowed)) + len(mine)) // (2 * len(mine))


def counts_as_own(
    text: str, story: Iterable[str], last_texts: Iterable[str], limits: Mapping[str, int]
) -> bool:
    """Long enough, not too like the story, nor like one of the person's last texts."""
    if len(" ".join(text.split())) < limits["least_characters"]:
        return False
    most = limits["most_like_percent"] / 100
    return all(likeness(text, other) < most for other in [" ".join(story), *last_texts])
