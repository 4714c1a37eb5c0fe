"""Teams as lists name them: by a name that only one has, or by a path such as “Health / Home Care North”.

A path may name teams that are not there yet; they are new, and have negative numbers until they are made.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from app.people.written import LONGEST_NAME, Unreadable, line

DEEPEST, MOST_GUESSES = 10, 100
STEP = " / "


class Named(NamedTuple):
    """A team that is there."""

    id: int
    name: str
    name_en: str | None
    parent_id: int | None


class NewTeam(NamedTuple):
    """A team to be made: its number here, its name, and the number of its parent."""

    number: int
    name: str
    parent: int | None


class TeamTree:
    """All teams, those to be made among them."""

    def __init__(self, teams: Iterable[Named]) -> None:
        self.new: list[NewTeam] = []
        self.names: dict[int, str] = {}
        self.parents: dict[int, int | None] = {}
        self.called: dict[str, list[int]] = {}
        self._guesses: dict[str, str] = {}
        for team in teams:
            self._add(team.id, team.name, team.parent_id, team.name_en)

    def _add(self, number: int, name: str, parent: int | None, name_en: str | None = None) -> None:
        self.names[number], self.parents[number] = name, parent
        for known in {_folded(name), _folded(name_en or name)}:
            self.called.setdefault(known, []).append(number)

    def plant(self, text: str) -> None:
        """Note the teams that a path names and that are not there. Raises Unreadable."""
        if _folded(text) in self.called or not is_path(text):
            return
        parent: int | None = None
        for place, name in enumerate(_steps(text)):
            found = self._below(parent, name, anywhere=place == 0 and not text.startswith("/"))
            parent = self._make(name, parent) if found is None else found

    def _make(self, name: str, parent: int | None) -> int:
        if len(self._upwards(parent)) >= DEEPEST:
            raise Unreadable("no-path", most=DEEPEST)
        made = NewTeam(-len(self.new) - 1, name, parent)
        self._add(*made)
        self.new.append(made)
        return made.number

    def find(self, text: str) -> int:
        """The number of the team that a name or a path means. Raises Unreadable."""
        if (found := self._only(text)) is not None:
            return found
        if not is_path(text):
            raise Unreadable("no-team", near=self._near(text))
        parent: int | None = None
        for place, name in enumerate(_steps(text)):
            parent = self._below(parent, name, anywhere=place == 0 and not text.startswith("/"))
            if parent is None:
                raise Unreadable("no-team", near=self._near(name))
        return parent or 0

    def _only(self, name: str) -> int | None:
        numbers = self.called.get(_folded(name), [])
        if len(numbers) > 1:
            raise Unreadable("several-teams", path=self.path(numbers[0]))
        return numbers[0] if numbers else None

    def _below(self, parent: int | None, name: str, anywhere: bool) -> int | None:
        if anywhere:
            return self._only(name)
        numbers = self.called.get(_folded(name), [])
        return next((number for number in numbers if self.parents[number] == parent), None)

    def _near(self, text: str) -> str:
        """The name of a team that is called nearly that; a file full of strange names gets no more guesses."""
        wanted = _folded(text)
        if wanted not in self._guesses and len(self._guesses) < MOST_GUESSES:
            near = get_close_matches(wanted, self.called, n=1, cutoff=0.7)
            self._guesses[wanted] = self.names[self.called[near[0]][0]] if near else ""
        return self._guesses.get(wanted, "")

    def path(self, number: int | None) -> str:
        """A team's whole path, as it may be written in a list; empty without a team."""
        return " / ".join(self.names[step] for step in reversed(self._upwards(number)))

    def _upwards(self, number: int | None) -> list[int]:
        steps = []
        while number is not None:
            steps.append(number)
            number = self.parents[number]
        return steps


def is_path(text: str) -> bool:
    """Whether a text names a team with those above it; with one step, “/ Name”, a team at the top."""
    return text.startswith("/") or STEP in _on_one_line(text)


def _steps(text: str) -> list[str]:
    steps = [line(step, LONGEST_NAME) for step in _on_one_line(text.removeprefix("/")).split(STEP)]
    if not all(steps) or len(steps) > DEEPEST:
        raise Unreadable("no-path", most=DEEPEST)
    return steps


def _folded(name: str) -> str:
    return _on_one_line(name).casefold()


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
