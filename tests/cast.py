"""The people of every test: Anna tells, Mads leads her team, Karen and Henrik curate, Omar is in another
team, Liv is new, Birgit goes first, Astrid hosts."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher

from app.db import db, writing
from app.organisation import actions as organisation
from app.people import actions as people
from app.people.models import Person, Team
from app.stories.models import Topic, TopicFollow
from app.stories.questions import add_question

PASSWORD = "fjord og fjeld"
BEGAN = date(2024, 3, 4)


@cache
def password_hash() -> str:
    """Hashed once, and lightly: as we hash, checking it would cost more than most tests."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass(frozen=True)
class Member:
    """One of the cast, by what tests ask for."""

    id: int
    name: str
    email: str
    team_id: int | None


@dataclass
class Cast:
    """Everyone, and the things they share."""

    people: dict[str, Member] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    topics: dict[str, int] = field(default_factory=dict)
    purpose_id: int = 0
    question_id: int = 0

    def __getattr__(self, name: str) -> Member:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


# name, team, extra facts
PEOPLE: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("birgit", "Birgit Dam", "top", {"title": "Kommunaldirektør", "title_en": "Chief executive", "is_leader": True, "is_manager": True}),
    ("mads", "Mads Toft", "north", {"title": "Teamleder", "title_en": "Team manager", "is_manager": True}),
    ("anna", "Anna Holm", "north", {"title": "Social- og sundhedsassistent", "title_en": "Care assistant", "avatar": "mette"}),
    ("karen", "Karen Lund", "top", {"title": "Kommunikationskonsulent", "title_en": "Communications officer", "curates_for": "communications"}),
    ("henrik", "Henrik Bro", "top", {"title": "HR-konsulent", "title_en": "HR officer", "curates_for": "hr"}),
    ("omar", "Omar Aziz", "library", {"title": "Bibliotekar", "title_en": "Librarian"}),
    ("liv", "Liv Sand", "north", {"title": "Elev", "title_en": "Trainee", "employed_from": date(2026, 11, 23)}),
    ("astrid", "Astrid Friis", "top", {"title": "Systemadministrator", "title_en": "System administrator", "is_admin": True}),
)  # fmt: skip


def bring(at: datetime) -> Cast:
    """Set the organisation up with its cast: two teams of six and five under one roof."""
    cast = Cast()
    with writing():
        organisation.set_up(
            at, "Fjordby Kommune", "Jeg arbejder i Fjordby Kommune",
            name_en="Fjordby Council", disclosure_en="I work for Fjordby Council",
            promise="Vi viser hverdagen, så flere får lyst til at arbejde i Fjordby.",
            promise_en="We show everyday work, so more people want to join Fjordby.",
        )  # fmt: skip
        cast.purpose_id = _purpose()
        _teams_of(cast)
        for key, name, team, facts in PEOPLE:
            cast.people[key] = _employ(name, db.session.get_one(Team, cast.teams[team]), at, **facts)
        _colleagues(cast, at)
        for name, name_en, icon in (
            ("Omsorg", "Care", "care"),
            ("Kultur", "Culture", "book"),
            ("Skole", "Schools", "school"),
        ):
            topic = Topic(name=name, name_en=name_en, icon=icon, position=len(cast.topics))
            db.session.add(topic)
            db.session.flush()
            cast.topics[name_en.lower()] = topic.id
        db.session.add(TopicFollow(person_id=cast.anna.id, topic_id=cast.topics["care"]))
        cast.question_id = add_question(
            "Hvad lærte du af en kollega i denne uge?", "What did a colleague teach you this week?"
        )
    return cast


def _purpose() -> int:
    purpose = organisation.add_purpose("40 elever til februar", "40 trainees by February")
    return purpose.id


def _teams_of(cast: Cast) -> None:
    top = people.add_team("Fjordby Kommune", name_en="Fjordby Council")
    north = people.add_team("Hjemmepleje Nord", top, "Home Care North")
    library = people.add_team("Bibliotekerne", top, "Libraries")
    cast.teams.update(top=top.id, north=north.id, library=library.id)


def _employ(name: str, team: Team, at: datetime, **facts: Any) -> Member:
    facts = {"from_date": facts.pop("employed_from", BEGAN)} | facts
    email = f"{name.split()[0].lower()}@fjordby.example"
    person: Person = people.employ(name, email, at, team=team, password_hash=password_hash(), **facts)
    return Member(person.id, person.name, person.email, team.id)


def _colleagues(cast: Cast, at: datetime) -> None:
    for key, team in (
        ("kasper", "north"),
        ("fatima", "north"),
        ("sofie", "north"),
        ("amir", "library"),
        ("jens", "library"),
        ("lone", "library"),
        ("nadia", "library"),
    ):
        cast.people[key] = _employ(f"{key.title()} Kollega", db.session.get_one(Team, cast.teams[team]), at)
