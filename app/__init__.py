"""Fortæl: a few stories a day, told onward in people's own words, and thanked for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from app import assets, cli, clock, clockwork, config, errors, fragments, given, language, prepared, web
from app.boards.routes import boards
from app.cookies import Cookies
from app.db import db
from app.desk.editor_routes import editor
from app.desk.feed_routes import feeds
from app.desk.queue_routes import queue
from app.desk.screens import desk
from app.feed.routes import feed
from app.health import health
from app.me.reminders import reminders
from app.me.routes import me
from app.people import sessions
from app.people.link_routes import links
from app.people.routes import people
from app.push.routes import push
from app.pwa.routes import pwa
from app.sharing import click_buffer
from app.sharing.link_routes import onward
from app.sharing.photo_routes import photo
from app.sharing.routes import sharing
from app.shoutouts.routes import shoutouts
from app.stories.routes import stories

ROOT = Path(__file__).parent.parent
BLUEPRINTS = (
    health, people, links, push, stories, sharing, onward, photo, shoutouts, feed, boards, me, reminders, queue, editor, desk, feeds,
    pwa,
)  # fmt: skip


class Fortael(Flask):
    """A Flask without asynchronous views, which need not be looked for at each call."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is."""
        return func


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The wired app. It neither migrates nor seeds."""
    app = Fortael("app", template_folder=ROOT / "templates", static_folder=None)
    app.config.from_mapping(settings or config.from_environment())
    app.config.update(COMPRESSION)
    app.logger.setLevel(app.config["LOG_LEVEL"])
    clock.start_at(app.config["FORTAEL_NOW"])
    app.session_interface = Cookies(app)
    given.init_app(app)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    language.init_app(app)
    clockwork.init_app(app)
    fragments.init_app(app)
    prepared.init_app(app)
    sessions.init_app(app)
    web.init_app(app)
    errors.init_app(app)
    click_buffer.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    cli.init_app(app)
    _wrap(app)
    return app


COMPRESSION = {
    # For pages of about 10 kB, brotli costs the least, and its lowest level is as small as the next.
    "COMPRESS_ALGORITHM": ["br", "zstd", "gzip"],
    "COMPRESS_ZSTD_LEVEL": 3,
    "COMPRESS_BR_LEVEL": 0,
    "COMPRESS_LEVEL": 1,
    "COMPRESS_MIN_SIZE": 500,
    # Pages are never stored and have no ETag to compare.
    "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
}


def _wrap(app: Flask) -> None:
    Compress(app)
    assets.serve(app, assets.prepare(ROOT / "static", app.config["DATA_DIR"] / "assets"))
    if hops := app.config["PROXY_COUNT"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask's documentation does it
