"""Parts of pages that look the same to many people, rendered once for what they show, and kept.

A kept part sees nothing but its language and the values it is given, and these are its key: what is kept
cannot be out of date, whichever process changed something.
"""

from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from jinja2 import Environment
from markupsafe import Markup

from app.language import language

MOST_KEPT = 4000


def kept(template: str, **values: Any) -> Markup:
    """A part of a page as HTML, in the reader's language. Each value must be hashable."""
    return _rendered(current_app.jinja_env, template, language(), tuple(values.items()))


@lru_cache(MOST_KEPT)
def _rendered(
    environment: Environment, template: str, lang: str, values: tuple[tuple[str, Any], ...]
) -> Markup:
    html = environment.get_template(template).render(dict(values), lang=lang)
    return Markup(html)  # noqa: S704  # the template has escaped it


def init_app(app: Flask) -> None:
    """Let templates keep their parts."""
    app.jinja_env.globals["kept"] = kept
