"""A hundred thousand people with a past, and the stories that they may be given, made by a few statements."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Integer, Select, String, cast, func, insert, literal, select, update

from app.db import Base, db, writing
from app.feed.models import Pick
from app.organisation import actions as organisation
from app.people.hours import ZoneFacts
from app.people.models import Membership, Person, Team
from app.people.viewer import Viewer
from app.sharing.models import SAID, Share
from app.stories import shelf
from app.stories.models import Dismissal, LeaderTold, Story, StoryAudience, StoryTopic, Topic, TopicFollow
from tests.cast import BEGAN

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
TODAY = NOW.date()
DEPARTMENTS, TEAMS, TOPICS = 40, 2000, 24
DAYS_BACK = 5


def bring(people: int, stories: int) -> None:
    """Fill a migrated database."""
    with writing():
        organisation.set_up(NOW, "Fjordby Kommune", "Jeg arbejder i Fjordby Kommune")
        purpose_id = organisation.add_purpose("40 elever til februar").id
        db.session.add_all(Topic(id=number, name=f"Emne {number}") for number in range(1, TOPICS + 1))
        _teams()
        _people(people)
        _stories(stories, purpose_id)
        _past(people, stories)
        shelf.touch()


def leave(stories: int) -> None:
    """Only the first of the stories are live."""
    with writing():
        db.session.execute(update(Story).values(state="withdrawn"))
        db.session.execute(update(Story).where(Story.id <= stories).values(state="published"))
        shelf.touch()


def some(people: int, count: int, chance: Random) -> list[Viewer]:
    """Some of the people, as they look at Today."""
    wanted = chance.sample(range(1, people + 1), count)
    rows = db.session.execute(
        select(Person.id, Membership.team_id, Team.path)
        .join(Membership, Membership.person_id == Person.id)
        .join(Team, Team.id == Membership.team_id)
        .where(Person.id.in_(wanted))
    )
    return [_viewer(row.id, row.team_id, row.path) for row in rows]


def _viewer(person_id: int, team_id: int, path: str) -> Viewer:
    return Viewer(
        token="", zone_facts=ZoneFacts("Europe/Copenhagen"), sign_in_id=0, seen_at=NOW, id=person_id, name="Anna Holm",
        email="", title_da="", title_en=None, avatar=None, locale="da", theme="", play="full", weekly_goal=1,
        working_days=31, employed_from=BEGAN, is_manager=person_id % 12 == 0, is_leader=False, is_admin=False,
        curates_for=None, team_id=team_id, team_path=path, team_da="", team_en=None, organisation_version=1,
    )  # fmt: skip


def _teams() -> None:
    """One at the top, departments below it, and teams below those."""
    db.session.add(Team(id=1, name="Fjordby Kommune", path="/1/"))
    db.session.flush()
    for number in range(2, DEPARTMENTS + 2):
        db.session.add(Team(id=number, name=f"Afdeling {number}", parent_id=1, path=f"/1/{number}/"))
    db.session.flush()
    for number in range(DEPARTMENTS + 2, TEAMS + 1):
        above = 2 + number % DEPARTMENTS
        db.session.add(Team(id=number, name=f"Hold {number}", parent_id=above, path=f"/1/{above}/{number}/"))
    db.session.flush()


def _numbers(count: int) -> Any:
    """The numbers from 1, as rows."""
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    return numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count))


def _people(count: int) -> None:
    n = _numbers(count).c.n
    address = literal("p") + cast(n, String) + literal("@fjordby.example")
    _bring(Person, select(n.label("id"), literal("Anna Holm").label("name"), address.label("email"),
                          literal(BEGAN).label("employed_from"), literal(NOW).label("created_at")))  # fmt: skip
    team = DEPARTMENTS + 2 + n % (TEAMS - DEPARTMENTS - 1)
    _bring(Membership, select(n.label("person_id"), team.label("team_id"), literal(BEGAN).label("from_date")))
    for place in range(3):
        topic = 1 + (n * 5 + place * 7) % TOPICS
        _bring(TopicFollow, select(n.label("person_id"), topic.label("topic_id")).where(n % 8 > 0))


def _bring(table: type[Base], rows: Select[Any]) -> None:
    db.session.execute(insert(table).from_select([column.name for column in rows.selected_columns], rows))


def _stories(count: int, purpose_id: int) -> None:
    """Half for all; others for a department, a team, or managers. Some have a leader, who has told most of them."""
    for number in range(1, count + 1):
        leader = number if number % 5 == 0 else None
        db.session.add(
            Story(
                id=number, state="published", title=f"Historie {number}", why="Fordi.", body="ord " * 300, purpose_id=purpose_id,
                publish_at=NOW - timedelta(hours=number), expires_at=NOW + timedelta(hours=9 + number * 7 % 300),
                created_at=NOW - timedelta(days=14), edited_at=NOW, team_id=41 + number, leader_id=leader,
                told_at=NOW if number % 15 else None, for_roles=2 if number % 10 == 3 else 0,
            )
        )  # fmt: skip
        db.session.flush()
        for place in range(1 + number % 3):
            topic = 1 + (number + place * 5) % TOPICS
            db.session.add(StoryTopic(story_id=number, topic_id=topic, position=place))
        if number % 2:
            team = 2 + number % DEPARTMENTS if number % 4 == 1 else 42 + number
            db.session.add(StoryAudience(story_id=number, team_id=team))
        if leader and number % 15:
            db.session.add(LeaderTold(story_id=number, person_id=leader, at=NOW))
        db.session.flush()


def _past(people: int, stories: int) -> None:
    """Three stories on each of the last days; one in five has told one and dismissed another."""
    n = _numbers(people).c.n
    for back in range(1, DAYS_BACK + 1):
        day: date = TODAY - timedelta(days=back)
        for slot in range(3):
            story = 1 + (n * 7 + back * 13 + slot * 31) % stories
            _bring(Pick, select(n.label("person_id"), literal(day).label("local_date"), literal(slot, Integer).label("slot"),
                                story.label("story_id"), literal("new").label("reason")))  # fmt: skip
    story = 1 + n * 7 % stories
    token = literal("t") + func.lower(cast(n, String))
    _bring(Share, select(n.label("person_id"), story.label("story_id"), literal("linkedin").label("network"), token.label("token"),
                         literal(SAID, Integer).label("rung"), literal(NOW).label("opened_at"), literal(NOW).label("said_at"))
           .where(n % 5 == 0))  # fmt: skip
    dismissed = 1 + (n * 7 + 3) % stories
    _bring(Dismissal, select(n.label("person_id"), dismissed.label("story_id"), literal("no-time").label("reason"),
                             literal(NOW).label("at")).where(n % 5 == 1))  # fmt: skip
