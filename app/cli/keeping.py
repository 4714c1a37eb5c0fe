"""`flask demo` and `flask backup`: fill an empty database, keep one, bring one back."""

from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app import backup, clock
from app.config import PRODUCTION
from app.demo import seeding

demo = AppGroup("demo", help="The demo organisation.")
backups = AppGroup("backup", help="Keep everything, and bring it back.")


@demo.command("seed")
@click.option("--people", "wanted", type=click.IntRange(20, seeding.MOST_PEOPLE), default=200)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day; today by default.")
@click.option("--seed", "number", type=int, default=1)
def seed_demo(wanted: int, until: datetime | None, number: int) -> None:
    """Fill an empty database with Fjordby Kommune."""
    if current_app.config["FORTAEL_ENV"] == PRODUCTION:
        raise click.ClickException("The demo organisation is refused in production.")
    last: date = until.date() if until else clock.today("Europe/Copenhagen")
    folder = current_app.config["DATA_DIR"] / "pictures"
    try:
        count = seeding.seed(folder, current_app.config["SECRET_KEY"], wanted, last, number)
    except seeding.NotEmpty as reason:
        raise click.ClickException("There are people already; the demo is for an empty database.") from reason
    click.echo(f"{count} people work in Fjordby Kommune.")


@backups.command("create")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def create_backup(file: Path) -> None:
    """Keep the database and the pictures in one file. The app may run meanwhile."""
    click.echo(backup.create(current_app.config, file))


@backups.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is there. Stop the app first.")
def restore_backup(file: Path, force: bool) -> None:
    """Bring back what a backup keeps."""
    try:
        click.echo(backup.restore(current_app.config, file, force))
    except backup.Refused as reason:
        raise click.ClickException(str(reason)) from reason
