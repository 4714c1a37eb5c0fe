"""The evidence ladder only climbs, whatever comes in whatever order."""

from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import db, writing
from app.people.models import SignIn
from app.sharing import actions, visits
from app.sharing.clicks import Visit
from app.sharing.models import CLICKED, COMPOSED, FETCHED, SAID, Share
from app.stories.models import Story
from tests.conftest import NOW
from tests.sharing.test_clicks import ANDROID, IPHONE, LINKEDIN, SLACK

DEEDS = (
    "compose",
    "say",
    "withdraw",
    "network fetches",
    "another fetches",
    "person clicks",
    "sharer clicks",
    "machine clicks",
)
AGENTS = {
    "network fetches": LINKEDIN,
    "another fetches": SLACK,
    "person clicks": IPHONE,
    "sharer clicks": ANDROID,
    "machine clicks": "curl/8",
}
MINE = b"m" * 32
number = count(1)


class Told:
    """One share of Anna's, and the deeds that can happen to it, a minute apart."""

    def __init__(self, story_id, person_id):
        self.story_id, self.person_id, self.at = story_id, person_id, NOW
        self.token = f"ladder{next(number):05}"
        self.compose()

    def share(self):
        db.session.expire_all()
        return db.session.query(Share).filter_by(token=self.token).one()

    def compose(self):
        with writing():
            story = db.session.get_one(Story, self.story_id)
            actions.compose(self.person_id, story, "linkedin", "Kaffen først.", True, self.token, self.at)

    def do(self, deed):
        self.at += timedelta(minutes=1)
        if deed == "compose":
            self.compose()
            return
        share_id = self.share().id
        with writing():
            if deed == "say":
                actions.say_posted(share_id, self.person_id, self.at)
            elif deed == "withdraw":
                actions.withdraw(share_id, self.person_id, self.at)
            else:
                visits.note([self.click(share_id, deed)])

    def click(self, share_id, deed):
        visit = Visit("GET", AGENTS[deed], "", "navigate", 60)
        sign_in = MINE if deed == "sharer clicks" else None
        return visits.Click(
            share_id, self.person_id, "linkedin", visit, "203.0.113.7", sign_in, NOW.date(), self.at
        )


def test_a_share_never_climbs_down_and_stands_where_its_evidence_says(app, story, cast):
    with writing():
        _sign_in(cast.anna.id)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(DEEDS), max_size=14))
    def climbs(deeds):
        told, said, seen = Told(story(), cast.anna.id), False, {}
        rung = told.share().rung
        assert rung == COMPOSED
        for deed in deeds:
            told.do(deed)
            said = said or deed == "say"
            if deed in ("network fetches", "person clicks"):
                seen.setdefault(FETCHED if deed == "network fetches" else CLICKED, told.at)
            share = told.share()
            assert share.rung >= rung
            rung = share.rung
            # What came before it was said keeps its time, and counts when it is.
            assert rung == (max(SAID, *seen, SAID) if said else COMPOSED)
            assert (share.fetched_at, share.clicked_at) == (seen.get(FETCHED), seen.get(CLICKED))

    climbs()


def _sign_in(person_id):
    """A phone of hers, known by the hash that her clicks bring."""
    db.session.add(
        SignIn(person_id=person_id, token_hash=MINE, device="", created_at=NOW, seen_at=NOW, expires_at=NOW)
    )
