"""The worker: huey runs small steps that may be repeated. Start it with `huey_consumer app.worker.clockwork`.

Nothing that must not be lost stands in huey; it only says when. What must happen outside stands in the outbox.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial

from huey import crontab

from app import clock, create_app, heartbeat, mail, outbox
from app import clockwork as huey
from app.db import db, writing
from app.organisation.queries import facts
from app.people import lists, sign_ins
from app.people.hours import monday
from app.people.models import Team
from app.points.rollups import open_team_week
from app.push import jobs as push
from app.push import notice_jobs, notices, subscriptions
from app.reminders import jobs as reminders
from app.sharing import jobs as sharing
from app.sharing import photos, requests
from app.shoutouts import jobs as shoutouts
from app.shoutouts.queries import waiting
from app.stories import jobs as stories

EVERY = 15
# In this order, for one kind's steps write those of the next.
STEPS: tuple[tuple[str, Callable[[datetime], int]], ...] = (
    ("shoutout", shoutouts.deliver),
    ("notice", partial(notice_jobs.deliver, badge=waiting)),
    ("push", push.deliver),
    ("mail", mail.deliver),
)

app = create_app()
clockwork = huey.clockwork(app.config)
_turns = {kind: (threading.Lock(), threading.Event()) for kind, _steps in STEPS}


@clockwork.on_startup()  # type: ignore[untyped-decorator]  # huey ships no types
def begin() -> None:
    """What is done at once when the worker starts."""
    alive()
    open_week()


@clockwork.on_shutdown()  # type: ignore[untyped-decorator]  # huey ships no types
def end() -> None:
    """A worker that is asked to stop says so."""
    with app.app_context(), writing():
        heartbeat.stop()


@clockwork.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # huey ships no types
def minute() -> None:
    """huey's clock knows whole minutes: cut this one into quarters."""
    for seconds in range(0, 60, EVERY):
        beat.schedule(delay=seconds)


@clockwork.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # huey ships no types
def remind() -> None:
    """Write the reminders of those whose time has come."""
    with app.app_context():
        reminders.remind(clock.now())


@clockwork.task(priority=1)  # type: ignore[untyped-decorator]  # huey ships no types
def beat() -> None:
    """Say that the worker is alive, and sweep the outbox for what nobody has asked for."""
    alive()
    deliver()


def alive() -> None:
    """Say that the worker is alive."""
    with app.app_context(), writing():
        heartbeat.beat(clock.now())


def one_round() -> None:
    """Of each kind of step as many as its package takes at once; then ask for the next round if there was anything.

    Asking through huey lets it stop in between.
    """
    more = [taken_of(kind, steps) for kind, steps in STEPS]
    if any(more):
        deliver()


deliver = huey.delivery(clockwork, one_round)


def taken_of(kind: str, steps: Callable[[datetime], int]) -> bool:
    """Whether there may be more of a kind. One thread at a time takes a kind; who comes meanwhile is not forgotten.

    A slow mail server keeps no push message waiting.
    """
    turn, asked = _turns[kind]
    asked.set()
    if not turn.acquire(blocking=False):
        return False
    try:
        asked.clear()
        taken = _taken_of(kind, steps)
    finally:
        turn.release()
    return taken > 0 or asked.is_set()


def _taken_of(kind: str, steps: Callable[[datetime], int]) -> int:
    """How many steps were taken. One kind's trouble is not that of the others."""
    with app.app_context():
        try:
            return steps(clock.now()) if outbox.is_due(kind, clock.now()) else 0
        except Exception:
            app.logger.exception("steps of the kind %s are interrupted, and taken up again later", kind)
            return 0


@clockwork.periodic_task(crontab(minute="7"))  # type: ignore[untyped-decorator]  # huey ships no types
def forget() -> None:
    """Delete what is kept for a time only: tries, ended sign-ins and their devices, visits, keys of requests, the words of
    what was told, notices, steps that have ended, drafts that were discarded, pictures of shares that were withdrawn."""
    with app.app_context(), writing():
        subscriptions.forget_ended(clock.now())
        sign_ins.forget_old(clock.now())
        lists.forget_old(clock.now())
        sharing.forget_old_visits(clock.now())
        sharing.forget_old_words(clock.now())
        photos.forget_old(clock.now())
        requests.forget_old(clock.now())
        notices.forget_old(clock.now())
        outbox.forget_old(clock.now())
        stories.forget_discarded(clock.now())
    with app.app_context():
        photos.sweep(app.config["DATA_DIR"] / photos.FOLDER, clock.now())


@clockwork.periodic_task(crontab(minute="20"))  # type: ignore[untyped-decorator]  # huey ships no types
def read_feeds() -> None:
    """Read the feeds that are due, each in a task of its own, so that the worker can be stopped in between."""
    read_feed()


@clockwork.task()  # type: ignore[untyped-decorator]  # huey ships no types
def read_feed() -> None:
    """Read the feed that has waited longest; then ask for the next one."""
    with app.app_context():
        if stories.read_next_feed(clock.now(), app.config["DATA_DIR"] / "pictures"):
            read_feed()


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
