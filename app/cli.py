"""Thin commands that call the packages."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError, ProgrammingError

from app import backup, clock, mail, outbox, postbox
from app.config import PRODUCTION
from app.db import writing
from app.demo import seeding
from app.fetch import MOST_BYTES, FetchRefused
from app.given import text as typed
from app.organisation import actions as organisation
from app.organisation.queries import facts
from app.people import actions, imports, passwords, queries, reasons, sheets
from app.people.enrolment import NotEnrolled, enrol, register
from app.people.plans import Plan
from app.points import reconcile
from app.shoutouts import budget
from app.stories import entries, feeds
from app.stories.entries import MOST_ENTRIES, Contents
from app.stories.jobs import keep_pictures

LONGEST_NAME, LONGEST_ADDRESS = 120, 254
LATE_AFTER = timedelta(minutes=10)
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
WHY_REFUSED = {"no-link": "it has no http or https link", "no-title": "it has neither title nor text"}
people = AppGroup("people", help="The people of the organisation.")
points = AppGroup("points", help="The ledger and its roll-ups.")
letters = AppGroup("mail", help="Letters and how they leave.")
demo = AppGroup("demo", help="The demo organisation.")
outgoing = AppGroup("outbox", help="What must still happen outside: notices, push messages, letters.")
stories = AppGroup("stories", help="Drafts for the desk.")
backups = AppGroup("backup", help="Keep everything, and bring it back.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    for group in (people, points, stories, letters, demo, outgoing, backups):
        app.cli.add_command(group)


def _password(from_file: str | None) -> str:
    if not from_file:
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    try:
        return Path(from_file).read_text(encoding="utf-8").strip()
    except ValueError as reason:
        raise click.ClickException("The password's file must hold UTF-8 text.") from reason


def _checked(password: str) -> str:
    if not passwords.LEAST <= len(password) <= passwords.MOST:
        raise click.ClickException(f"A password has {passwords.LEAST} to {passwords.MOST} characters.")
    return password


def _name(given: str, what: str) -> str:
    name = typed(given)
    if not 0 < len(name) <= LONGEST_NAME:
        raise click.ClickException(f"{what} has 1 to {LONGEST_NAME} characters.")
    return name


def _address(given: str) -> str:
    address = typed(given)
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise click.ClickException(f"{address!r} is not an e-mail address.")
    return address


@people.command("create-admin")
@click.option("--name", prompt=True)
@click.option("--email", prompt="E-mail")
@click.option(
    "--organisation", "organisation_name", default="", help="Its name; asked for when there is none yet."
)
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False))
def create_admin(name: str, email: str, organisation_name: str, password_file: str | None) -> None:
    """Create the first administrator, and the organisation when there is none."""
    name, email = _name(name, "A name"), _address(email)
    password = passwords.hashed(_checked(_password(password_file)))
    try:
        facts()
    except (OperationalError, ProgrammingError) as reason:
        raise click.ClickException(
            "The database has no tables yet. Run `flask db upgrade` first."
        ) from reason
    except LookupError:
        given = organisation_name or click.prompt("The organisation's name")
        organisation_name = _name(given, "An organisation's name")
    else:
        organisation_name = ""
    now = clock.now()
    try:
        with writing():
            if organisation_name:
                organisation.set_up(now, organisation_name, f"Jeg arbejder i {organisation_name}")
            actions.employ(name, email, now, from_date=now.date(), password_hash=password, is_admin=True)
    except actions.EmailTaken as taken:
        raise click.ClickException(f"{taken} belongs to somebody already.") from taken
    click.echo(f"{name} can sign in with {email.casefold()}.")


@people.command("set-password")
@click.argument("email")
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False))
def set_password(email: str, password_file: str | None) -> None:
    """Give someone a new password and sign them out everywhere."""
    person_id = _person(email)
    password = _checked(_password(password_file))
    with writing():
        actions.set_password(person_id, password, clock.now())
    click.echo(f"{email} has a new password and is signed out everywhere.")


@people.command("leave")
@click.argument("email")
def leave(email: str) -> None:
    """Someone leaves: their sign-ins end now; what they did stays in the books."""
    person_id = _person(email)
    try:
        with writing():
            actions.leave(person_id, clock.now(), clock.now().date())
    except actions.LastAdmin as reason:
        raise click.ClickException("Somebody must stay administrator.") from reason
    click.echo(f"{email} has left.")


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_people(file: Path, dry_run: bool) -> None:
    """Let a CSV list of people be true: all of it, or nothing when a row is wrong."""
    with force_locale("en"):
        made = _imported(file, dry_run)
        for problem in made.problems:
            click.echo(reasons.line(problem))
        if made.problems:
            raise click.ClickException(reasons.refusal(made.bad_rows))
        click.echo(
            f"{'Nothing is imported yet: ' if dry_run else ''}{reasons.summary(reasons.counted(made))}."
        )


def _imported(file: Path, dry_run: bool) -> Plan:
    with file.open("rb") as content:
        given = content.read(sheets.MOST_BYTES + 1)
    try:
        sheet, today = sheets.read(given), clock.today(facts().zone)
        if dry_run:
            return imports.plan(sheet, register(today))
        with writing():
            return enrol(sheet, clock.now(), today)
    except sheets.SheetRefused as reason:
        raise click.ClickException(reasons.refused(reason.reason)) from reason
    except LookupError as reason:
        raise click.ClickException("Create the first administrator first.") from reason
    except NotEnrolled as nothing:
        return nothing.plan


def _person(email: str) -> int:
    person = queries.by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody has the address {email}.")
    return person.id


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


@letters.command("test")
@click.argument("address")
def send_test_letter(address: str) -> None:
    """Send one letter now, past the worker, and say what happened."""
    letter = mail.Letter(_address(address), "test", "da", {"path": "/"})
    try:
        mail.send_now(letter, f"test:{token_hex(8)}", clock.now())
    except ValueError as reason:
        raise click.ClickException(f"{address!r} is not an e-mail address.") from reason
    except postbox.Unreachable as reason:
        raise click.ClickException(f"Nothing was sent: {reason}. {reason.reply}".strip()) from reason
    except (postbox.NotNow, postbox.Refused) as reason:
        raise click.ClickException(f"The mail server said no, {reason}. {reason.reply}".strip()) from reason
    config = current_app.config
    if config["SMTP_HOST"]:
        click.echo(f"{config['SMTP_HOST']} has taken a letter from {config['MAIL_FROM']} to {address}.")
    else:
        click.echo(
            f"SMTP_HOST is not set, so nothing was sent. The letter lies in {config['DATA_DIR'] / 'outbox'}."
        )


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


@outgoing.command("status")
def outbox_status() -> None:
    """What is due, what waits for later, and what has ended in 14 days. Fails when the worker is far behind."""
    late = False
    for kind, state, steps, first_due_at in outbox.status(clock.now()):
        click.echo(f"{kind:10}{state:10}{steps:8}   first due {first_due_at:%Y-%m-%d %H:%M} UTC")
        late = late or (state == "due" and clock.now() - first_due_at > LATE_AFTER)
    if late:
        raise click.ClickException("Something has been due for more than ten minutes: is the worker running?")


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
