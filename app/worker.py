"""The clock: huey runs small steps that may be repeated. Start it with `huey_consumer app.worker.clockwork`.

Nothing that must not be lost stands in huey; it only says when.
"""

from typing import Any

from huey import SqliteHuey, crontab
from huey.api import Huey

from app import clock, create_app, heartbeat
from app.db import db, writing
from app.organisation.queries import facts
from app.people import sign_ins
from app.people.hours import monday
from app.people.models import Team
from app.points.rollups import open_team_week
from app.sharing import jobs as sharing
from app.stories import jobs as stories


def _clockwork(config: dict[str, Any]) -> Huey:
    """huey's own store: a file in DATA_DIR, or PostgreSQL when that is the database."""
    address = config["SQLALCHEMY_DATABASE_URI"]
    if address.startswith("postgresql"):
        from huey import PostgresHuey  # only then: it asks for psycopg when imported

        return PostgresHuey("fortael", dsn=address.replace("+psycopg", "", 1))
    return SqliteHuey("fortael", filename=str(config["DATA_DIR"] / "worker.sqlite3"), fsync=False)


app = create_app()
clockwork = _clockwork(app.config)


@clockwork.on_startup()  # type: ignore[untyped-decorator]  # huey ships no types
def begin() -> None:
    """What is done at once when the worker starts."""
    alive()
    open_week()


@clockwork.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # huey ships no types
def alive() -> None:
    """Say that the worker is alive."""
    with app.app_context(), writing():
        heartbeat.beat(clock.now())


@clockwork.periodic_task(crontab(minute="7"))  # type: ignore[untyped-decorator]  # huey ships no types
def forget() -> None:
    """Delete what is kept for a time only: tries, ended sign-ins, visits and their salts."""
    with app.app_context(), writing():
        sign_ins.forget_old(clock.now())
        sharing.forget_old_visits(clock.now())
        stories.forget_discarded(clock.now())


@clockwork.periodic_task(crontab(minute="20"))  # type: ignore[untyped-decorator]  # huey ships no types
def fetch_feeds() -> None:
    """Read the feeds that are due, on weekdays."""
    with app.app_context():
        stories.fetch_feeds(clock.now(), app.config["DATA_DIR"] / "pictures")


@clockwork.periodic_task(crontab(minute="5"))  # type: ignore[untyped-decorator]  # huey ships no types
def open_week() -> None:
    """Weigh every team for the week that runs, unless that is done."""
    with app.app_context():
        try:
            week = monday(clock.today(facts().zone))
        except LookupError:
            return
        teams = db.session.query(Team.id).order_by(Team.id).all()
        with writing():
            for team in teams:
                open_team_week(team.id, week)
