"""One app and one database for all tests; the database is put back as it was before each of them.

`--database=postgresql` runs the same tests on a PostgreSQL server of their own.
"""

import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from app import config, create_app, prepared
from app.db import db, writing
from app.organisation import queries as organisation
from app.stories import cards, questions, shelf
from app.stories.models import Angle, Story, StoryAudience, StoryTopic
from tests.cast import PASSWORD, Cast, bring
from tests.counting import Statements, counted
from tests.postgres import Server
from tests.site import Site, let_through

# A Wednesday, 09:00 in Copenhagen.
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests reach nothing but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not address[0].startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test wanted to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Server | None]:
    """PostgreSQL, when the tests are to run on it."""
    if request.config.getoption("--database") == "sqlite":
        yield None
        return
    # Not in pytest's own folder, which another run of the same user may close to PostgreSQL's user.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, Server(Path(folder)) as running:
        yield running


@pytest.fixture(scope="session")
def settings(server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The settings of the app under test."""
    return config.from_environment(
        {
            "FORTAEL_ENV": "test",
            "DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "DATABASE_URL": server.create("template_fortael") if server else "",
            "PUBLIC_URL": "http://localhost",
        }
    )


@pytest.fixture(scope="session")
def whole_app(settings: dict[str, Any], server: Server | None) -> Iterator[tuple[Flask, Cast]]:
    """The app on a migrated database with its cast, made once."""
    with time_machine.travel(NOW - timedelta(days=2), tick=False):
        app = create_app(settings)
        app.testing = True
        with app.app_context():
            upgrade()
            cast = bring(NOW - timedelta(days=2))
            db.session.remove()
            db.engine.dispose()
        if not server:
            _copy(settings["DATA_DIR"] / "fortael.sqlite3", settings["DATA_DIR"] / "template.sqlite3")
    return app, cast


def _copy(source: Path, target: Path) -> None:
    """Copy an SQLite database as it stands, its write-ahead log included."""
    with sqlite3.connect(source) as one, sqlite3.connect(target) as two:
        one.backup(two)
    one.close()
    two.close()


@pytest.fixture
def put_back(settings: dict[str, Any], server: Server | None) -> Callable[[], None]:
    """`put_back()` lets the database be as the cast left it. Nobody may be connected to it."""

    def put_it_back() -> None:
        if server is None:
            _copy(settings["DATA_DIR"] / "template.sqlite3", settings["DATA_DIR"] / "fortael.sqlite3")
        else:
            server.restore(settings["SQLALCHEMY_DATABASE_URI"])
        for kept in (organisation, cards, questions, shelf):
            kept.forget()

    return put_it_back


@pytest.fixture
def app(
    whole_app: tuple[Flask, Cast], settings: dict[str, Any], put_back: Callable[[], None]
) -> Iterator[Flask]:
    """The app, with the database as the cast left it, inside an app context."""
    app = whole_app[0]
    put_back()
    # Another app of this process may have set it otherwise.
    app.logger.setLevel(app.config["LOG_LEVEL"])
    app.extensions["click-buffer"].begin()
    with time_machine.travel(NOW, tick=False), app.app_context():
        yield app
        db.session.remove()
        prepared.forget()
        db.engine.dispose()
    for folder in ("pictures", "photos", "outbox"):
        shutil.rmtree(settings["DATA_DIR"] / folder, ignore_errors=True)


@pytest.fixture
def cast(whole_app: tuple[Flask, Cast], app: Flask) -> Cast:
    """Anna and the others."""
    return whole_app[1]


@pytest.fixture
def clock(app: Flask) -> Callable[[datetime], Any]:
    """`with clock(instant):` moves time."""
    return lambda instant: time_machine.travel(instant, tick=False)


class Browser(FlaskClient):
    """A client that carries the CSRF token into its forms, as a page would."""

    token = ""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Each request has an app context of its own, and the test's session sees what it did."""
        db.session.rollback()
        with self.application.app_context():
            return super().open(*args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs.pop("csrf", True):
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("X-CSRF-Token", self.token or self.csrf_token())
            kwargs["headers"] = headers
        return super().post(*args, **kwargs)

    def csrf_token(self) -> str:
        """The token of this browser's session, from a page that changes nothing."""
        page = self.get("/me/topics", follow_redirects=True).text
        return page.split('name="csrf_token" value="')[1].split('"')[0]


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser without a sign-in."""
    app.test_client_class = Browser
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def sign_in(app: Flask, cast: Cast) -> Callable[..., Browser]:
    """`sign_in("anna")` gives a browser signed in as her."""

    def sign_in_as(name: str, headers: dict[str, str] | None = None) -> Browser:
        app.test_client_class = Browser
        browser: Browser = app.test_client()  # type: ignore[assignment]
        member = cast.people[name]
        answer = browser.post("/sign-in", data={"email": member.email, "password": PASSWORD}, headers=headers)
        assert answer.status_code == 303, answer.text
        browser.token = browser.csrf_token()
        return browser

    return sign_in_as


@pytest.fixture
def story(app: Flask, cast: Cast) -> Callable[..., int]:
    """`story(title="…")` publishes a story and returns its id; any column may be given."""

    def publish(topics: tuple[str, ...] = ("care",), audience: tuple[str, ...] = (), **columns: Any) -> int:
        values: dict[str, Any] = {
            "state": "published",
            "title": "Kaffen kommer før kalenderen",
            "title_en": "Coffee before the calendar",
            "why": "Vi søger 40 elever til februar.",
            "why_en": "We need 40 trainees by February.",
            "body": "Kl. 7.20 ringer Nadia på hos Else. De første otte minutter sker der ingenting.",
            "body_en": "At 7.20 Nadia rings at Else’s door. For eight minutes nothing happens.",
            "purpose_id": cast.purpose_id,
            "source_url": "https://fjordby.example/nyt/kaffen",
            "source_name": "fjordby.dk",
            "publish_at": NOW - timedelta(hours=2),
            "expires_at": NOW + timedelta(days=14),
            "created_at": NOW - timedelta(days=1),
            "edited_at": NOW - timedelta(days=1),
        } | columns
        with writing():
            made = Story(**values)
            db.session.add(made)
            db.session.flush()
            for place, name in enumerate(topics):
                db.session.add(StoryTopic(story_id=made.id, topic_id=cast.topics[name], position=place))
            for name in audience:
                db.session.add(StoryAudience(story_id=made.id, team_id=cast.teams[name]))
            db.session.add(
                Angle(story_id=made.id, position=0, label="Et øjeblik", label_en="A moment",
                      question="Hvornår oplevede du det sidst selv?", question_en="When did you last see this yourself?",
                      starter="Det minder mig om …", starter_en="It reminds me of …")
            )  # fmt: skip
            shelf.touch()
            return made.id

    return publish


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """A site in the world that may be fetched."""
    with Site() as one, let_through(app.config, one):
        yield one


@pytest.fixture
def count_statements(app: Flask) -> Iterator[Statements]:
    """A list that grows with every statement, whoever asks the driver; `.clear()` it before what you count."""
    with counted() as seen:
        yield seen
