"""`flask stories`: drafts out of a feed."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from app import clock
from app.db import writing
from app.fetch import MOST_BYTES, FetchRefused
from app.stories import entries, feeds
from app.stories.entries import MOST_ENTRIES, Contents
from app.stories.jobs import keep_pictures

WHY_REFUSED = {"no-link": "it has no http or https link", "no-title": "it has neither title nor text"}
stories = AppGroup("stories", help="Drafts for the desk.")


@stories.command("import-feed")
@click.argument("source", metavar="FILE-OR-URL")
def import_feed(source: str) -> None:
    """Make drafts of what is new in an RSS or Atom feed. Nothing is published; what is known stays as it is."""
    try:
        found = feeds.gather(_feed(source))
    except FetchRefused as refused:
        with force_locale("en"):
            raise click.ClickException(refused.sentence) from refused
    keep_pictures(found, current_app.config["DATA_DIR"] / "pictures")
    with writing():
        new = feeds.take(found, clock.now())
    known = found.known + len(found.entries) - new
    click.echo(f"{found.name or source}: {new} new, {known} known, {len(found.refused)} refused.")
    for title, reason in found.refused:
        click.echo(f"  refused: {title or 'an entry'}: {WHY_REFUSED[reason]}")
    if found.left_out:
        click.echo(f"  {found.left_out} more entries were not read: only the {MOST_ENTRIES} newest are.")


def _feed(source: str) -> Contents:
    """The feed in a file or at an address."""
    path = Path(source)
    if not path.is_file():
        return feeds.look(source)[1]
    with path.open("rb") as file:
        body = file.read(MOST_BYTES["feed"] + 1)
    if len(body) > MOST_BYTES["feed"]:
        raise FetchRefused("too-big")
    return entries.read(body)
