"""Who is a manager: whoever has the role, and whoever has somebody to lead."""

from datetime import date

from flask import current_app

from app.clock import now
from app.db import db, writing
from app.people import actions, sign_ins
from app.people.models import Person
from app.people.viewer import viewer


def looking(member):
    """The person, as each request reads them."""
    with writing():
        token = sign_ins.begin(member.id, "Firefox, Linux", now())
    with current_app.app_context():
        return viewer(token, now())


def led_by(member, manager):
    with writing():
        db.session.get_one(Person, member.id).manager_id = manager.id


def test_who_has_the_role_is_a_manager_without_any_report(cast):
    assert looking(cast.birgit).is_manager is True
    assert looking(cast.anna).is_manager is False


def test_who_has_a_direct_report_is_a_manager_without_the_role(cast):
    led_by(cast.liv, cast.omar)
    assert looking(cast.omar).is_manager is True
    assert looking(cast.liv).is_manager is False


def test_a_report_who_has_left_makes_nobody_a_manager(cast):
    led_by(cast.liv, cast.omar)
    with writing():
        actions.leave(cast.liv.id, now(), date(2026, 11, 25))
    assert looking(cast.omar).is_manager is False
