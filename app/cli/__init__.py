"""Thin commands that call the packages."""

from flask import Flask

from app.cli.clicks import clicks
from app.cli.keeping import backups, demo
from app.cli.outside import letters, outgoing
from app.cli.people import people
from app.cli.points import points
from app.cli.stories import stories


def init_app(app: Flask) -> None:
    """Add the commands."""
    for group in (people, points, stories, clicks, letters, demo, outgoing, backups):
        app.cli.add_command(group)
