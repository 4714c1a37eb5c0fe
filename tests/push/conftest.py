"""A push service of the test's own, and people's devices that subscribed there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, writing
from app.people import sign_ins
from app.people.models import SignIn
from app.push import subscriptions
from app.push.messages import Sealer
from app.push.models import Subscription
from app.push.sending import Hosts
from app.push.subscriptions import Browser
from tests.cast import Cast
from tests.conftest import NOW
from tests.push.service import Device, PushService


@pytest.fixture
def service(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """The one push service that the app knows."""
    with PushService() as running:
        monkeypatch.setitem(app.config, "PUSH_HOSTS", (f"localhost:{running.port}",))
        monkeypatch.setitem(app.config, "PUSH_CA", running.certificate)
        yield running


@dataclass(frozen=True)
class Subscribed:
    """A device and the rows that it stands for."""

    device: Device
    id: int
    person_id: int
    sign_in_id: int


@pytest.fixture
def subscribed(app: Flask, cast: Cast, service: PushService) -> Callable[..., Subscribed]:
    """`subscribed("anna")` signs a device in and lets it say yes."""

    def subscribe(
        name: str, sign_in_id: int | None = None, device: Device | None = None, at: datetime = NOW
    ) -> Subscribed:
        person_id, device = cast.people[name].id, device or service.subscribe()
        with writing():
            sign_in_id = sign_in_id or signed_in(person_id)
            keys = device.keys
            browser = Browser.of(
                device.endpoint, keys["p256dh"], keys["auth"], key_id(app), "Chrome, Android"
            )
            subscriptions.subscribe(person_id, sign_in_id, browser, Hosts.of(app.config), at)
        found = db.session.scalars(
            select(Subscription.id).where(Subscription.endpoint == device.endpoint)
        ).one()
        db.session.rollback()
        return Subscribed(device, found, person_id, sign_in_id)

    return subscribe


def signed_in(person_id: int) -> int:
    """A new sign-in of a person's. Needs `writing()`."""
    sign_ins.begin(person_id, "Chrome, Android", NOW)
    db.session.flush()
    newest = select(SignIn.id).where(SignIn.person_id == person_id).order_by(SignIn.id.desc())
    return db.session.scalars(newest.limit(1)).one()


def key_id(app: Flask) -> str:
    """The name of our current VAPID key."""
    return Sealer.of(app.config).key_id
