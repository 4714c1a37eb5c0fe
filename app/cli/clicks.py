"""`flask clicks`: the visits to short links."""

import click
from flask.cli import AppGroup

from app.db import writing
from app.sharing import reclassifying

clicks = AppGroup("clicks", help="Visits to short links.")


@clicks.command("reclassify")
def reclassify() -> None:
    """Look at the visits of the last 30 days again, by the present rules. A share never climbs down by it."""
    changed, more, fewer = 0, 0, 0
    for share_id, day in reclassifying.outdated():
        # Each by itself, so that nobody waits for all of them.
        with writing():
            corrected = reclassifying.reclassify(share_id, day)
        changed += corrected.visits
        more, fewer = more + max(0, corrected.people), fewer - min(0, corrected.people)
    click.echo(f"{changed} visits have another verdict: {more} people more, {fewer} fewer.")
