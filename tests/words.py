"""What a Danish reader sees for a text of the app, so that a test holds while its wording is polished."""

from app.language import catalogue


def danish(english: str, **values: object) -> str:
    """The Danish of a text in the catalogue. Raises KeyError for a text that is not there."""
    found = catalogue("da")._catalog[english]
    return str(found % values if values else found)
