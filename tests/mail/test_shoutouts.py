"""A shout-out for somebody without a device: the same words by letter, and a link to the page where they are."""

import pytest

from app.push import notice_jobs
from tests.letters import delivered, link_of
from tests.mail.test_letters import in_both
from tests.shoutouts.thanks import LATER, deliver, give
from tests.words import danish

HARD = {
    "HTML": "<script>alert(1)</script> & \"<b>tak</b>\" for hjælpen med den nye vikar i fredags.",
    "right to left": "\u202eTak\u202c fordi du blev \u2067שלום\u2069 en time længere og hjalp til.",
    "emoji and combining": "👩🏽‍🚒🇩🇰 Tak, fordi du blev en time længere, Ame\u0301lie a\u030a o\u0308.",
    "10,000 characters": "Tak. " * 2000,
}  # fmt: skip


@pytest.mark.parametrize("what", HARD)
def test_who_has_no_device_gets_the_words_by_letter(sign_in, cast, what):
    words = HARD[what].strip()
    shoutout_id = give(sign_in("mads"), cast.anna, did=words)
    deliver()
    notice_jobs.deliver(LATER)
    [letter] = delivered(LATER)
    assert letter["To"] == cast.anna.email
    assert in_both(letter, danish("%(name)s has written to you", name=cast.mads.name))
    assert in_both(letter, words)
    assert link_of(letter) == f"/shoutouts/{shoutout_id}"
