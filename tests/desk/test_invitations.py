"""Invitations: a letter to one, or to all who have never signed in; at most one a day, and never a list of who."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, writing
from app.outbox import Outgoing
from app.people import actions, sign_ins
from app.people.models import Person
from tests.conftest import NOW
from tests.words import danish


@pytest.fixture
def astrid(sign_in):
    return sign_in("astrid")


def invited():
    """Whose letters wait, by their number."""
    db.session.rollback()
    keys = db.session.scalars(select(Outgoing.key).where(Outgoing.kind == "mail"))
    return sorted(int(key.split(":")[2]) for key in keys if key.startswith("invitation:"))


def test_one_person_gets_one_letter_a_day(astrid, cast, clock):
    address = f"/desk/people/{cast.liv.id}/invitation"
    said = astrid.get(astrid.post(address).location).text
    assert danish("The letter is on its way to %(name)s.", name="Liv Sand") in said
    assert (
        danish("%(name)s has had a letter today.", name="Liv Sand")
        in astrid.get(astrid.post(address).location).text
    )
    assert invited() == [cast.liv.id]
    with clock(NOW + timedelta(days=1)):
        astrid.post(address)
    assert invited() == [cast.liv.id] * 2


def test_all_who_have_never_signed_in_are_invited_and_nobody_else(astrid, cast, sign_in):
    sign_in("anna")
    with writing():
        actions.leave(cast.omar.id, NOW, NOW.date())
    waiting = list(
        db.session.scalars(select(Person.id).where(Person.joined_at.is_(None), Person.left_at.is_(None)))
    )
    page = astrid.get("/desk/people/invitations").text
    assert danish("A letter tells what Fortæl is, that it is voluntary, and where to sign in.") in page
    assert f"{len(waiting)} har aldrig været logget ind" in page
    assert "Liv Sand" not in page
    astrid.post("/desk/people/invitations")
    assert invited() == sorted(waiting)
    assert not {cast.anna.id, cast.astrid.id, cast.omar.id} & set(waiting)
    astrid.post("/desk/people/invitations")
    assert invited() == sorted(waiting)


def test_the_first_sign_in_is_when_somebody_joins(cast):
    for day in (0, 1):
        with writing():
            sign_ins.begin(cast.liv.id, "Firefox, Linux", NOW + timedelta(days=day))
    assert db.session.get_one(Person, cast.liv.id).joined_at == NOW
