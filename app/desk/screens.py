"""All of the desk's screens: each adds its routes to the one blueprint."""

from app.desk import (
    gate_routes,
    invitation_routes,
    list_routes,
    naming_routes,
    organisation_routes,
    people_routes,
    start_routes,
    team_routes,
)
from app.desk.routes import desk

__all__ = [
    "desk", "gate_routes", "invitation_routes", "list_routes", "naming_routes", "organisation_routes", "people_routes", "start_routes", "team_routes"
]  # fmt: skip
