"""Who sits at the desk, and what they type there."""

import pytest

from app.db import db
from app.stories.models import Story


@pytest.fixture
def typed(cast):
    """`typed(title="…")` is a form that can be published; None leaves a field out."""

    def fields(**more):
        whole = {
            "title": "Broen tæller",
            "purpose": str(cast.purpose_id),
            "why": "Vi søger 40 elever til februar.",
            "body": "Amir talte 214 cykler på broen.\n\nSå regnede det.",
            "topic": [str(cast.topics["care"])],
        } | more
        return {name: value for name, value in whole.items() if value is not None}

    return fields


@pytest.fixture
def karen(sign_in):
    """Karen's browser."""
    return sign_in("karen")


@pytest.fixture
def made(karen, typed):
    """`made(action="publish")` sends a new story as Karen; its row."""

    def create(**more):
        answer = karen.post("/desk/stories", data=typed(**more))
        assert answer.status_code == 303, answer.text
        return db.session.get_one(Story, int(answer.location.split("/")[-1]))

    return create
