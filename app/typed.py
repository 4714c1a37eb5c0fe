"""What people and browsers send, made fit for the database: texts without NUL, and ids that can be ids."""

from werkzeug.routing import IntegerConverter

# Both databases hold numbers of nine digits. A longer one is nobody's id, and SQLite's driver breaks on it.
MOST_DIGITS = 9


def text(given: str) -> str:
    """What was typed, without what stands around it; a form's line breaks are two characters, ours are one."""
    # PostgreSQL stores no NUL.
    return given.replace("\r\n", "\n").replace("\x00", "").strip()


def an_id(given: str) -> int:
    """The id that a form or a query names. Raises ValueError for what cannot be one."""
    if not given.isdecimal() or len(given) > MOST_DIGITS:
        raise ValueError(given)
    return int(given)


class IdConverter(IntegerConverter):
    """`<int:…>` in a route: a number too long to be an id leads nowhere."""

    regex = rf"\d{{1,{MOST_DIGITS}}}"
