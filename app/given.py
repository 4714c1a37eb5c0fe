"""What a browser gives, as the database can hold it: texts without NUL, and numbers of four bytes."""

import re
from collections.abc import Iterable
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.datastructures.structures import iter_multi_items
from werkzeug.routing import IntegerConverter, ValidationError

LARGEST = 2**31 - 1
MOST_DIGITS = 10
MOST_TEXT = 256 * 1024
MOST_WITH_FILES = 64 * 1024 * 1024
MOST_WITH_A_PHOTO = 32 * 1024 * 1024
TAKES_A_PHOTO = re.compile(r"/(stories/\d+/shares|shares/\d+/photo)")


class Texts(ImmutableMultiDict[str, Any]):
    """A form's or an address's fields. PostgreSQL stores no NUL, and nobody types one: it is left out."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__([(_clean(name), _clean(value)) for name, value in _items(mapping)])


def _items(mapping: Any) -> Iterable[tuple[str, Any]]:
    return iter_multi_items(mapping) if mapping is not None else ()


def _clean(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


class Asked(Request):
    """A request whose fields are clean, and whose body is small unless it brings a file."""

    parameter_storage_class = Texts

    @property
    def max_content_length(self) -> int | None:
        # A picture that is too big gets its sentence beside its field, so it may arrive.
        if self.mimetype != "multipart/form-data":
            return MOST_TEXT
        if self.path.startswith("/desk/"):
            return MOST_WITH_FILES
        return MOST_WITH_A_PHOTO if TAKES_A_PHOTO.fullmatch(self.path) else MOST_TEXT

    @max_content_length.setter
    def max_content_length(self, _value: int | None) -> None:
        raise AttributeError("a request's most is decided by what it brings")


def text(typed: str) -> str:
    """What was typed, without what stands around it; a form's line breaks are two characters, ours are one."""
    return typed.replace("\r\n", "\n").strip()


def number(typed: str) -> int:
    """A row's number, or any other that is not negative. Raises ValueError for what no row can have."""
    if not typed.isdecimal() or len(typed) > MOST_DIGITS or (found := int(typed)) > LARGEST:
        raise ValueError("not a number that a row can have")
    return found


class RowNumber(IntegerConverter):
    """`<int:…>` in an address; one that no row can have leads nowhere."""

    regex = rf"\d{{1,{MOST_DIGITS}}}"

    def to_python(self, value: str) -> int:
        try:
            return number(value)
        except ValueError as reason:
            raise ValidationError from reason


def init_app(app: Flask) -> None:
    """Let every request and every address be read so."""
    app.request_class = Asked
    app.url_map.converters["int"] = RowNumber
