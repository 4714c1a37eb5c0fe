"""A shout-out all the way: to the wall, to the phone of one receiver and by letter to another, in the giver's own letters."""

import pytest
from markupsafe import escape

from app.db import db, writing
from app.people.models import Person
from app.push import choices, jobs, notice_jobs
from app.push.shortening import shortened
from app.push.wording import MOST_BODY, MOST_TITLE
from tests.conftest import NOW
from tests.letters import delivered
from tests.mail.test_letters import in_both
from tests.mail.test_shoutouts import HARD
from tests.shoutouts.thanks import LATER, deliver, give
from tests.words import danish

NAMES = {
    "HTML": "<script>alert(1)</script> & \"<b>Mads</b>\"",
    "right to left": "\u202eMads\u202c \u2067שלום\u2069",
    "emoji and combining": "👩🏽‍🚒🇩🇰 Ame\u0301lie a\u030a Z\u0335\u0321",
    "10,000 characters": "Å" * 120,  # a name has no more
}  # fmt: skip


@pytest.mark.parametrize("what", HARD)
def test_name_and_words_come_out_as_they_went_in_on_the_wall_in_push_and_in_mail(
    app, sign_in, cast, clock, service, subscribed, what
):
    name, words = NAMES[what], HARD[what].strip()
    phone = subscribed("anna")
    with writing():
        db.session.get_one(Person, cast.mads.id).name = name
        choices.choose(cast.anna.id, "detail", True, NOW)
    shoutout_id = give(sign_in("mads"), cast.anna, cast.liv, did=words)
    deliver()
    with clock(LATER):
        notice_jobs.deliver(LATER)
        jobs.deliver(LATER)
        sign_in("anna").post(f"/shoutouts/{shoutout_id}/audience", data={"audience": "organisation"})
        wall = sign_in("omar").get("/shoutouts?view=all").text
        [letter] = delivered(LATER)
    title = danish("%(name)s has written to you", name=name)
    [opened] = service.opened(phone.device)
    assert opened["notification"]["title"] == shortened(title, MOST_TITLE, len)
    assert opened["notification"]["body"] == shortened(words, MOST_BODY, len)
    assert letter["To"] == cast.liv.email
    assert in_both(letter, title)
    assert in_both(letter, words)
    assert f"<bdi>{escape(name)}</bdi>" in wall
    assert str(escape(words)).split("\n")[0][:200] in wall
    assert "<script>alert" not in wall
