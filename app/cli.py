"""Thin commands that call the packages."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the commands."""
