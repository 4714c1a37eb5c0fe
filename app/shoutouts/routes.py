"""The wall, giving and receiving a shout-out, and the manager's home."""

from flask import Blueprint

shoutouts = Blueprint("shoutouts", __name__)
