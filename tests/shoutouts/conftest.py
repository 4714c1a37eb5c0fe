"""Shout-outs that have arrived."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.clock import now
from tests.conftest import NOW
from tests.shoutouts.thanks import deliver, give


@pytest.fixture
def given(app: Flask) -> Iterator[Callable[..., int]]:
    """`given(mads, cast.anna)` gives, and a minute passes, in which it arrives; its id."""
    with time_machine.travel(NOW, tick=False) as time:

        def give_and_wait(browser, *people, **fields):
            shoutout_id = give(browser, *people, **fields)
            deliver(now() + timedelta(seconds=10))
            time.shift(timedelta(minutes=1))
            return shoutout_id

        yield give_and_wait
