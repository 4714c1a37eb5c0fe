"""Is it alive, and is it ready?"""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app import clock, heartbeat
from app.db import db
from app.web import access

health = Blueprint("health", __name__)


@health.get("/healthz")
@access.public
def alive() -> Response:
    """The web server answers."""
    return jsonify(alive=True)


@health.get("/readyz")
@access.public
def ready() -> tuple[Response, int]:
    """Database, migrations and worker, each by name; 503 when one is not ready."""
    parts = {"database": False, "migrations": False, "worker": False}
    try:
        parts["migrations"] = _at_head()
        parts["database"] = True
        parts["worker"] = heartbeat.is_alive(clock.now())
    except SQLAlchemyError:
        current_app.logger.warning("not ready", exc_info=True)
    return jsonify(parts), 200 if all(parts.values()) else 503


def _at_head() -> bool:
    folder = current_app.extensions["migrate"].directory
    head = ScriptDirectory(folder).get_current_head()
    return MigrationContext.configure(db.session.connection()).get_current_revision() == head
