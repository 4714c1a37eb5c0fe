"""`flask people`: who is here, and who comes from a list."""

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError, ProgrammingError

from app import clock
from app.cli.typed import address_of, name_of
from app.db import writing
from app.organisation import actions as organisation
from app.organisation.queries import facts
from app.people import actions, imports, passwords, queries, reasons, sheets
from app.people.enrolment import NotEnrolled, enrol, register
from app.people.plans import Plan

people = AppGroup("people", help="The people of the organisation.")


@people.command("create-admin")
@click.option("--name", prompt=True)
@click.option("--email", prompt="E-mail")
@click.option(
    "--organisation", "organisation_name", default="", help="Its name; asked for when there is none yet."
)
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False))
def create_admin(name: str, email: str, organisation_name: str, password_file: str | None) -> None:
    """Create the first administrator, and the organisation when there is none."""
    name, email = name_of(name, "A name"), address_of(email)
    password = passwords.hashed(_checked(_password(password_file)))
    try:
        facts()
    except (OperationalError, ProgrammingError) as reason:
        raise click.ClickException(
            "The database has no tables yet. Run `flask db upgrade` first."
        ) from reason
    except LookupError:
        given = organisation_name or click.prompt("The organisation's name")
        organisation_name = name_of(given, "An organisation's name")
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


def _person(email: str) -> int:
    person = queries.by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody has the address {email}.")
    return person.id


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
