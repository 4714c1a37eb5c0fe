"""The yardstick of `make bench`: the smallest Flask app there is."""

from flask import Flask

app = Flask(__name__)


@app.get("/healthz")
@app.get("/")
def hello() -> str:
    """A sentence."""
    return "Hello, world."
