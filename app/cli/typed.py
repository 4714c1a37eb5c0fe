"""What is typed at a command: names and addresses, or a sentence that says what is wrong with them."""

import re

import click

from app.given import text as typed

LONGEST_NAME, LONGEST_ADDRESS = 120, 254
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def name_of(given: str, what: str) -> str:
    """A name; `what` it is the name of. Raises ClickException."""
    name = typed(given)
    if not 0 < len(name) <= LONGEST_NAME:
        raise click.ClickException(f"{what} has 1 to {LONGEST_NAME} characters.")
    return name


def address_of(given: str) -> str:
    """An e-mail address. Raises ClickException."""
    address = typed(given)
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise click.ClickException(f"{address!r} is not an e-mail address.")
    return address
