"""`flask mail` and `flask outbox`: how letters leave, and what must still happen outside."""

from datetime import timedelta
from secrets import token_hex

import click
from flask import current_app
from flask.cli import AppGroup

from app import clock, mail, outbox, postbox
from app.cli.typed import address_of

LATE_AFTER = timedelta(minutes=10)
letters = AppGroup("mail", help="Letters and how they leave.")
outgoing = AppGroup("outbox", help="What must still happen outside: notices, push messages, letters.")


@letters.command("test")
@click.argument("address")
def send_test_letter(address: str) -> None:
    """Send one letter now, past the worker, and say what happened."""
    letter = mail.Letter(address_of(address), "test", "da", {"path": "/"})
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


@outgoing.command("status")
def outbox_status() -> None:
    """What is due, what waits for later, and what has ended in 14 days. Fails when the worker is far behind."""
    late = False
    for kind, state, steps, first_due_at in outbox.status(clock.now()):
        click.echo(f"{kind:10}{state:10}{steps:8}   first due {first_due_at:%Y-%m-%d %H:%M} UTC")
        late = late or (state == "due" and clock.now() - first_due_at > LATE_AFTER)
    if late:
        raise click.ClickException("Something has been due for more than ten minutes: is the worker running?")
