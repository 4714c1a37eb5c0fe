"""A person's devices that may be told, and the test of them."""

from flask import Blueprint

push = Blueprint("push", __name__)
