"""`flask points`: the ledgers and their roll-ups."""

import click
from flask.cli import AppGroup

from app.db import writing
from app.points import reconcile
from app.shoutouts import budget

points = AppGroup("points", help="The ledger and its roll-ups.")


@points.command("verify")
def verify() -> None:
    """Do the roll-ups equal the ledgers? Lists each difference and fails when there is one."""
    found = reconcile.differences() + budget.differences()
    for line in found:
        click.echo(line)
    if found:
        raise click.ClickException(f"{len(found)} differences; see `flask points rebuild`.")
    click.echo("The roll-ups equal the ledger.")


@points.command("rebuild")
def rebuild() -> None:
    """Build every roll-up anew from the ledger."""
    with writing():
        written = reconcile.rebuild()
        budget.rebuild()
    click.echo(f"{written} rows built from the ledger.")
