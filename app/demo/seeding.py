"""Seed the demo organisation through the verbs that everyone uses, day by day, up to a date.

The same `until`, `people` and `seed` give the same organisation. Nothing is seeded over anything.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app import clock
from app.db import db, writing
from app.demo import organisation as fjordby
from app.demo import world
from app.demo.stories import ANGLES, STORIES, DemoStory
from app.demo.tellings import ANSWERS, BEGINNINGS, ENDS, MIDDLES
from app.demo.thanks import Thanks, appoint
from app.organisation import actions as organisation
from app.organisation import queries as organisation_queries
from app.people import actions as people
from app.people.models import Team
from app.people.passwords import hashed
from app.people.queries import nobody_yet
from app.sharing import actions as sharing
from app.sharing.models import NETWORKS
from app.sharing.tokens import share_token
from app.stories import actions as stories
from app.stories import editing, pictures
from app.stories.models import Question, Story, Topic, TopicFollow
from app.stories.questions import add_question

PASSWORD = "fjord og fjeld"
ZONE = ZoneInfo("Europe/Copenhagen")
DAYS = 21
MOST_PEOPLE = 2000
# How willing people are to tell on a Monday … Sunday: a team's week of 50 to 80 % in all.
EAGERNESS = (1.0, 0.8, 0.6, 0.5, 0.4, 0.05, 0.05)
PICTURES = Path(__file__).parent / "pictures"


class NotEmpty(Exception):
    """There are people already; the demo organisation is for an empty database."""


@dataclass
class Demo:
    """What has been seeded so far, by key."""

    until: date
    random: Random
    secret: str
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    crowd: list[tuple[int, str]] = field(default_factory=list)
    topics: dict[str, int] = field(default_factory=dict)
    purposes: dict[str, int] = field(default_factory=dict)
    pictures: dict[str, int] = field(default_factory=dict)
    stories: list[tuple[DemoStory, int]] = field(default_factory=list)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A local moment as an instant."""
        return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def seed(
    folder: Path, secret: str, people_wanted: int = 200, until: date | None = None, number: int = 1
) -> int:
    """Seed, all or nothing; `folder` is where pictures are kept. Returns how many people there are.

    Raises NotEmpty.
    """
    if not nobody_yet():
        raise NotEmpty
    demo = Demo(until or clock.today(ZONE.key), Random(f"fjordby:{number}"), secret)  # noqa: S311  # a believable past, not a secret
    encoded = {
        key: pictures.encode((PICTURES / f"{key}.webp").read_bytes())
        for key in {one.picture for one in STORIES}
    }
    for picture in encoded.values():
        pictures.keep(picture, folder)
    password = hashed(PASSWORD)
    with writing():
        began = demo.at(demo.until - timedelta(days=400), 9)
        _organisation(demo, began)
        _teams(demo)
        _people(demo, people_wanted, password, began)
        thanks = appoint(demo.people, demo.crowd, number)
        demo.pictures = {key: pictures.record(picture, began) for key, picture in sorted(encoded.items())}
        for story in STORIES:
            _story(demo, story)
        world.bring(encoded, demo.topics, demo.purposes["neighbours"], demo.at(demo.until, 7))
        _three_weeks(demo, thanks)
    organisation_queries.forget()
    return len(demo.people) + len(demo.crowd)


def _organisation(demo: Demo, at: datetime) -> None:
    organisation.set_up(
        at,
        fjordby.NAME[0],
        fjordby.DISCLOSURE[0],
        name_en=fjordby.NAME[1],
        disclosure_en=fjordby.DISCLOSURE[1],
        promise=fjordby.PROMISE[0],
        promise_en=fjordby.PROMISE[1],
    )
    organisation.add_calendar_years(range(demo.until.year - 2, demo.until.year + 3))
    for place, (key, names) in enumerate(fjordby.PURPOSES.items()):
        demo.purposes[key] = organisation.add_purpose(*names, position=place).id
    for place, names in enumerate(fjordby.VALUES):
        organisation.add_value(*names, position=place)
    for key, (names, icon) in fjordby.TOPICS.items():
        topic = Topic(name=names[0], name_en=names[1], icon=icon, position=len(demo.topics))
        db.session.add(topic)
        db.session.flush()
        demo.topics[key] = topic.id
    for text, english in fjordby.QUESTIONS:
        add_question(text, english, *fjordby.HINT)


def _teams(demo: Demo) -> None:
    top = people.add_team(fjordby.NAME[0], name_en=fjordby.NAME[1])
    for key, names in fjordby.DEPARTMENTS.items():
        demo.teams[key] = people.add_team(names[0], top, names[1])
    for key, (names, department, _share, _topic) in fjordby.TEAMS.items():
        demo.teams[key] = people.add_team(names[0], demo.teams[department], names[1])


def _people(demo: Demo, wanted: int, password: str, at: datetime) -> None:
    for key, (name, title, team, avatar, facts) in fjordby.CAST.items():
        new = facts.get("new", False)
        began = demo.until - timedelta(days=3 if new else 900)
        roles = {role: value for role, value in facts.items() if role != "new"}
        demo.people[key] = _employ(
            demo, name, title, team, began, at, avatar=avatar, password_hash=password, is_demo=True, **roles
        )
    for key, (name, title, team, avatar) in fjordby.LEADERS.items():
        began = demo.until - timedelta(days=1500)
        demo.people[key] = _employ(
            demo, name, title, team, began, at, avatar=avatar, is_leader=True, is_manager=True, is_demo=True
        )
    for number in range(max(0, min(wanted, MOST_PEOPLE) - len(demo.people))):
        _someone(demo, number, at)
    for key in ("anna", "liv"):
        _follow(demo, demo.people[key], "care")
    _follow(demo, demo.people["omar"], "culture")
    db.session.flush()


def _employ(
    demo: Demo, name: str, title: tuple[str, str], team: str, began: date, at: datetime, **facts: object
) -> int:
    email = f"{name.split()[0].casefold()}@fjordby.example"
    return people.employ(
        name, email, at, from_date=began, team=demo.teams[team], title=title[0], title_en=title[1], **facts
    ).id


def _someone(demo: Demo, number: int, at: datetime) -> None:
    teams = list(fjordby.TEAMS)
    # The first sixty fill every team with five; the rest follow the teams' sizes.
    shares = [fjordby.TEAMS[key][2] for key in teams]
    team = teams[number % len(teams)] if number < 5 * len(teams) else demo.random.choices(teams, shares)[0]
    _names, department, _share, topic = fjordby.TEAMS[team]
    name = f"{demo.random.choice(fjordby.FIRST_NAMES)} {demo.random.choice(fjordby.LAST_NAMES)}"
    title = demo.random.choice(fjordby.TITLES[department])
    person = people.employ(
        name,
        f"kollega{number}@fjordby.example",
        at,
        from_date=demo.until - timedelta(days=demo.random.randint(60, 4000)),
        team=demo.teams[team],
        title=title[0],
        title_en=title[1],
        working_days=demo.random.choice((31, 31, 31, 15, 30)),
        is_demo=True,
    )
    demo.crowd.append((person.id, team))
    _follow(demo, person.id, topic)


def _follow(demo: Demo, person_id: int, topic: str) -> None:
    others = [key for key in demo.topics if key != topic]
    for key in {topic, *demo.random.sample(others, demo.random.randint(0, 2))}:
        db.session.add(TopicFollow(person_id=person_id, topic_id=demo.topics[key]))


def _story(demo: Demo, told: DemoStory) -> None:
    publish_at = demo.at(_eve(demo, told), 17)
    names = ("label", "question", "starter")
    draft = editing.Draft(
        texts={
            "title": told.title[0], "title_en": told.title[1], "why": told.why[0], "why_en": told.why[1],
            "body": told.body[0], "body_en": told.body[1], "alt": told.alt[0], "alt_en": told.alt[1],
            "leader_line": told.line[0], "leader_line_en": told.line[1],
            "source_url": f"https://fjordby.example/nyt/{told.slug}", "source_name": "fjordby.dk",
        },
        purpose_id=demo.purposes[told.purpose],
        picture_id=demo.pictures[told.picture],
        leader_id=demo.people[told.leader] if told.leader else None,
        team_id=demo.teams[told.team].id if told.team else None,
        topics=[demo.topics[told.topic]],
        audience=[demo.teams[told.audience].id] if told.audience else [],
        angles=[
            {f"{name}{'_en' * lang}": texts[place][lang] for place, name in enumerate(names) for lang in (0, 1)}
            for texts in ANGLES[told.topic]
        ],
        expires_at=publish_at + timedelta(days=told.lives + 1),
    )  # fmt: skip
    story = editing.create(draft, demo.people["karen"], publish_at - timedelta(days=1))
    if told.state == "published":
        editing.publish(story, publish_at, timedelta(days=told.lives))
    demo.stories.append((told, story.id))


def _eve(demo: Demo, told: DemoStory) -> date:
    """A story is out the evening before its day, so that the last day has its stories at any hour."""
    return demo.until + timedelta(days=told.day - 1)


def _three_weeks(demo: Demo, thanks: Thanks) -> None:
    """Each day its tellings and thanks; leaders go first. Fewer at weekends, none today, so that there is something to do."""
    mads = next(leader for leader in thanks.leaders if leader.id == demo.people["mads"])
    for back, person in zip((34, 24), mads.reports[2:4], strict=False):
        thanks.give(mads, [person], demo.at(demo.until - timedelta(days=back), 9))
    for back in range(DAYS, 0, -1):
        day = demo.until - timedelta(days=back)
        _one_day(demo, day)
        if day.weekday() < 5:
            thanks.one_day([demo.at(day, hour, 10) for hour in range(8, 15)])
    thanks.give(mads, [demo.people["anna"]], demo.at(demo.until - timedelta(days=1), 15, 10), answer=False)
    _answers(demo)


def _one_day(demo: Demo, day: date) -> None:
    for told, story_id in demo.stories:
        if told.leader and not told.waits and _eve(demo, told) == day:
            _tell(demo, demo.people[told.leader], story_id, demo.at(day, 17, 30), "linkedin")
    open_stories = [pair for pair in demo.stories if _is_open(demo, pair[0], day) and not pair[0].audience]
    if not open_stories:
        return
    for person, team in demo.crowd:
        lively = 0.18 + 0.06 * ((demo.teams[team].id + 2) % 5)
        if demo.random.random() < lively * EAGERNESS[day.weekday()]:
            near = [pair for pair in open_stories if pair[0].team == team] or open_stories
            told, story_id = demo.random.choice(near if demo.random.random() < 0.5 else open_stories)
            at = demo.at(day, demo.random.randint(8, 15), demo.random.randint(0, 59))
            _tell(demo, person, story_id, at, demo.random.choices(NETWORKS, (6, 2, 1, 1))[0])
        elif demo.random.random() < 0.06:
            stories.say_useful(
                person, demo.random.choice(open_stories)[1], demo.at(day, 12, demo.random.randint(0, 59))
            )
    _anna(demo, day, open_stories)


def _is_open(demo: Demo, told: DemoStory, day: date) -> bool:
    return (
        told.state == "published"
        and not told.waits
        and told.day <= (day - demo.until).days <= told.day + told.lives - 1
    )


def _anna(demo: Demo, day: date, open_stories: list[tuple[DemoStory, int]]) -> None:
    """Anna told one story in each of the last weeks, on a Friday, and read another the day before."""
    if day.weekday() == 4 and day < demo.until - timedelta(days=2):
        _tell(demo, demo.people["anna"], open_stories[0][1], demo.at(day, 7, 42), "linkedin")
    if day.weekday() == 3:
        stories.say_useful(demo.people["anna"], open_stories[-1][1], demo.at(day, 7, 31))


def _tell(demo: Demo, person: int, story_id: int, at: datetime, network: str) -> None:
    text = f"{demo.random.choice(BEGINNINGS)} {demo.random.choice(MIDDLES)}. {demo.random.choice(ENDS)}"
    token = share_token(demo.secret, person, story_id, network)
    story = db.session.get_one(Story, story_id)
    # The demo's people share a few sentences between them; told by people, they would be their own.
    share = sharing.compose(
        person, story, network, text, demo.random.random() < 0.95, token, at - timedelta(minutes=2),
        own=80 + len(text) % 20,
    )  # fmt: skip
    sharing.say_posted(share.id, person, at)


def _answers(demo: Demo) -> None:
    question = db.session.scalars(select(Question).order_by(Question.id)).fetchmany(1)[0]
    day = demo.until - timedelta(days=1)
    for place, text in enumerate(ANSWERS[: len(demo.crowd)]):
        stories.answer(demo.crowd[place][0], question.id, text, day, demo.at(day, 10 + place))
