"""What looks the same to many people is rendered once for what it shows, and kept.

A kept part, or a kept page with holes, sees nothing but its language and the values it is given, and these
are its key: what is kept cannot be out of date, whichever process changed something.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

MOST_KEPT = 4000
Values = tuple[tuple[str, Any], ...]


@pass_context
def kept(context: Context, template: str, **values: Any) -> Markup:
    """A part of a page as HTML, in the page's language. Each value must be hashable."""
    return part(template, context["lang"], **values)


def part(template: str, lang: str, **values: Any) -> Markup:
    """The same, for code."""
    return _rendered(current_app.jinja_env, template, lang, tuple(values.items()))


def filled(template: str, lang: str, holes: Mapping[str, Markup], **values: Any) -> str:
    """A whole page: rendered once for its values, with its holes filled for the person who asks.

    In the template a hole is a variable. Each value must be hashable.
    """
    pieces = _pieces(current_app.jinja_env, template, lang, tuple(holes), tuple(values.items()))
    page = list(pieces)
    page[1::2] = [holes[name] for name in pieces[1::2]]
    return "".join(page)


@lru_cache(MOST_KEPT)
def _rendered(environment: Environment, template: str, lang: str, values: Values) -> Markup:
    html = environment.get_template(template).render(dict(values), lang=lang)
    return Markup(html)  # noqa: S704  # the template has escaped it


@lru_cache(MOST_KEPT)
def _pieces(
    environment: Environment, template: str, lang: str, holes: tuple[str, ...], values: Values
) -> tuple[str, ...]:
    """The page's text, with the name of a hole at every second place."""
    marks = {name: Markup(f"\x00{name}\x00") for name in holes}  # noqa: S704  # our own names
    html = environment.get_template(template).render(dict(values) | marks, lang=lang)
    return tuple(re.split(f"\x00({'|'.join(holes)})\x00", html))


def init_app(app: Flask) -> None:
    """Let templates keep their parts."""
    app.jinja_env.globals["kept"] = kept
