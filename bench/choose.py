"""What it costs to choose a person's day among 100,000, as ratios of one run: `make bench-choose`.

Beside each other: the choice from the shelf in memory and one small statement of the person's own rows, and the choice
by one large statement that joins all live stories with them. Both must come to the same stories. CPU is that of this
process and of the database's. On SQLite, and on PostgreSQL when it is installed. Fails below 3 times the large
statement's speed, above 3 statements a choice, or when 300 live stories cost over 6 times what 30 cost.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Exists, and_, exists, select, text

from app import config, create_app
from app.db import db, writing
from app.feed import actions
from app.feed.choice import Candidate, choose
from app.feed.history import ROWS
from app.feed.models import Pick
from app.people.viewer import Viewer
from app.sharing.models import SAID, Share
from app.stories.models import Dismissal, LeaderTold, Story, StoryTopic, TopicFollow
from app.stories.queries import Reader, is_open
from bench.crowd import NOW, TODAY, bring, leave, some
from bench.run import ticks
from tests.counting import counted
from tests.postgres import Server, programs
from tests.running import flask

PEOPLE, STORIES, FEW, SLOTS = 100_000, 300, 30, 3
ROUNDS, A_ROUND = 8, 150
AT_LEAST, MOST_STATEMENTS, MOST_GROWTH = 3.0, 3, 6.0


def main() -> int:
    """Measure on each database, print, and say whether all is within its bounds."""
    with tempfile.TemporaryDirectory() as folder:
        good = measure("SQLite", Path(folder))
    if not programs():
        print("PostgreSQL is not installed, and left out.")
        return not good
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as place,
        Server(Path(place)) as server,
    ):
        good &= measure("PostgreSQL", Path(folder), server)
    return not good


def measure(name: str, folder: Path, server: Server | None = None) -> bool:
    """All figures of one database; whether they are within their bounds."""
    settings = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": server.create("crowd") if server else "",
        "FORTAEL_ENV": "test",
    }
    flask(folder, "db", "upgrade", DATABASE_URL=settings["DATABASE_URL"])
    app = create_app(config.from_environment(settings))
    cpu = Cpu(server)
    with app.app_context():
        bring(PEOPLE, STORIES)
        with writing():
            db.session.execute(text("ANALYZE"))
        crowd = some(PEOPLE, ROUNDS * A_ROUND, Random(1))  # noqa: S311  # whom we ask is no secret
        check(crowd)
        many = compare(cpu, crowd)
        asked = statements(lambda: from_shelf(crowd[0])), statements(lambda: by_query(crowd[0]))
        rows = rows_of(crowd)
        whole = statements(lambda: open_day(crowd[0]))
        leave(FEW)
        check(crowd[1:50])
        few = compare(cpu, crowd)
    ratio, growth = many[1] / many[0], many[0] / few[0]
    print(f"{name}, {PEOPLE:,} people, {STORIES} live stories")
    print(
        f"  A choice from the shelf:       {ratio:.1f} for the CPU of one by the large statement (at least {AT_LEAST:.0f})"
    )
    print(
        f"  Statements a choice:           {asked[0]} (at most {MOST_STATEMENTS}); by the large one {asked[1]}"
    )
    print(f"  Rows read a person:            {rows[0]:.0f}; by the large one {rows[1]:.0f}")
    print(f"  The first Today of a day:      {whole} statements, of which {SLOTS + 1} add a row")
    print(
        f"  {STORIES} live stories beside {FEW}:     {growth:.1f} times the CPU (at most {MOST_GROWTH:.0f}); by the large one {many[1] / few[1]:.1f}"
    )
    print(
        f"  All {PEOPLE:,} people:            {many[0] * PEOPLE:.0f} CPU seconds; by the large statement {many[1] * PEOPLE:.0f}"
    )
    return ratio >= AT_LEAST and asked[0] <= MOST_STATEMENTS and growth <= MOST_GROWTH


class Cpu:
    """Seconds of CPU of this process and of the database's."""

    def __init__(self, server: Server | None) -> None:
        pid = server and int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
        self.spent: Callable[[], float] = lambda: time.process_time() + (ticks(pid) / 1e9 if pid else 0)


def compare(cpu: Cpu, crowd: list[Viewer]) -> tuple[float, float]:
    """CPU seconds a choice from the shelf and by the large statement: medians of alternating rounds."""
    spent: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS):
        people = crowd[turn * A_ROUND : (turn + 1) * A_ROUND]
        for choice, seconds in zip((from_shelf, by_query), spent, strict=True):
            before = cpu.spent()
            for viewer in people:
                choice(viewer)
            seconds.append((cpu.spent() - before) / len(people))
    return statistics.median(spent[0]), statistics.median(spent[1])


def from_shelf(viewer: Viewer) -> list[int]:
    """The day's stories, as Today chooses them."""
    return [choice.story_id for choice, _topic in actions.choices(viewer, TODAY, SLOTS, NOW)[1]]


def by_query(viewer: Viewer) -> list[int]:
    """The same, by one statement that reads all live stories with all that they are to the person."""
    rows, follows = large_statement(viewer)
    topics: dict[int, set[int]] = {}
    for row in rows:
        topics.setdefault(row.id, set()).add(row.topic_id)
    candidates = [
        Candidate(
            story_id=row.id, topics=frozenset(topics[row.id]), by_leader=row.by_leader, seen_before=row.seen,
            asked=row.leader_id == viewer.id and row.told_at is None, from_own_team=row.team_id == viewer.team_id,
            expires_at=row.expires_at, published_at=row.publish_at, told=row.told, dismissed=row.dismissed,
        )
        for row in {row.id: row for row in rows}.values()
    ]  # fmt: skip
    db.session.rollback()
    return [choice.story_id for choice in choose(candidates, follows, SLOTS, NOW)]


def large_statement(viewer: Viewer) -> tuple[Any, frozenset[int]]:
    """A row for each topic of each live story; and the topics followed."""
    seen = exists().where(Pick.person_id == viewer.id, Pick.story_id == Story.id, Pick.local_date < TODAY)
    rows = db.session.execute(
        select(
            Story.id, Story.team_id, Story.leader_id, Story.told_at, Story.publish_at, Story.expires_at, StoryTopic.topic_id,
            TopicFollow.topic_id.label("followed"), seen.label("seen"), _told(viewer).label("told"),
            exists().where(LeaderTold.story_id == Story.id).label("by_leader"),
            exists().where(Dismissal.person_id == viewer.id, Dismissal.story_id == Story.id).label("dismissed"),
        )
        .outerjoin(StoryTopic, StoryTopic.story_id == Story.id)
        .outerjoin(TopicFollow, and_(TopicFollow.topic_id == StoryTopic.topic_id, TopicFollow.person_id == viewer.id))
        .where(is_open(Reader.of(viewer), NOW))
        .order_by(Story.id, StoryTopic.position)
    ).all()  # fmt: skip
    return rows, frozenset(row.followed for row in rows if row.followed)


def _told(viewer: Viewer) -> Exists:
    return exists().where(Share.person_id == viewer.id, Share.story_id == Story.id, Share.rung >= SAID,
                          Share.withdrawn_at.is_(None))  # fmt: skip


def check(crowd: list[Viewer]) -> None:
    """Both ways come to the same, and to something."""
    for viewer in crowd[:100]:
        assert from_shelf(viewer) == by_query(viewer), viewer.id
        assert len(from_shelf(viewer)) == SLOTS


def open_day(viewer: Viewer) -> None:
    """The whole first Today, written down."""
    with writing():
        actions.open_day(viewer, TODAY, SLOTS, NOW)


def rows_of(crowd: list[Viewer]) -> tuple[float, float]:
    """Rows that the small and the large statement give, a person."""
    since = NOW - timedelta(days=14)
    small = [
        len(ROWS.rows(person_id=viewer.id, day=TODAY, since=since, since_day=since.date()))
        for viewer in crowd[:100]
    ]
    return statistics.mean(small), statistics.mean(len(large_statement(viewer)[0]) for viewer in crowd[:100])


def statements(deed: Callable[[], Any]) -> int:
    """How many statements it asks."""
    db.session.rollback()
    with counted() as seen:
        deed()
        db.session.rollback()
    return len(seen)


if __name__ == "__main__":
    sys.exit(main())
