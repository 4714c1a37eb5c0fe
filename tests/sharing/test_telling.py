"""Telling a story: from the composer to thanks, once and for all."""

from sqlalchemy import func, select

from app.db import db
from app.points.models import Entry, PersonTotal
from app.points.reconcile import differences
from app.sharing.models import SAID, Share
from app.stories.models import Story
from tests.conftest import NOW

OWN = (
    "Jeg havde tre minutter for lidt i morges. Alligevel satte jeg mig ned og drak kaffen. "
    "Det var dér, hun fortalte, at hun ikke havde sovet."
)


def tell(browser, story_id, text=OWN, network="linkedin", disclosed=True):
    """The whole way without JavaScript; the address of the thanks page."""
    form = {"text": text, "network": network} | ({"disclosed": "1"} if disclosed else {})
    posting = browser.post(f"/stories/{story_id}/shares", data=form)
    assert posting.status_code == 303, posting.text
    thanks = browser.post(posting.location)
    assert thanks.status_code == 303
    return thanks.location


def amounts(person):
    rows = db.session.execute(
        select(Entry.code, Entry.amount, Entry.cap).where(Entry.person_id == person.id).order_by(Entry.id)
    )
    return [tuple(row) for row in rows]


def test_a_story_told_in_own_words_pays_share_and_own_words(sign_in, story, cast):
    page = sign_in("anna").get(tell(sign_in("anna"), story()))
    assert "3 for at dele, 5 for egne ord" in page.text or "for sharing" in page.text
    assert amounts(cast.anna) == [("SHARE", 3, None), ("OWN", 5, None)]
    assert db.session.scalar(select(PersonTotal.points).where(PersonTotal.person_id == cast.anna.id)) == 8
    assert differences() == []


def test_telling_the_same_story_twice_pays_once(sign_in, story, cast):
    anna, told = sign_in("anna"), story()
    tell(anna, told)
    tell(anna, told)
    assert len(amounts(cast.anna)) == 2
    assert db.session.scalar(select(func.count()).select_from(Share)) == 1


def test_a_double_tap_on_yes_pays_once(sign_in, story, cast):
    anna = sign_in("anna")
    thanks = tell(anna, story())
    share_id = int(thanks.split("/")[2])
    assert anna.post(f"/shares/{share_id}/posting").status_code == 303
    assert len(amounts(cast.anna)) == 2


def test_two_networks_are_two_shares_of_which_one_a_day_is_counted(sign_in, story, cast):
    anna, told = sign_in("anna"), story()
    tell(anna, told)
    tell(anna, told, OWN[::-1], network="facebook")
    assert amounts(cast.anna)[2:] == [("SHARE", 0, "shares-a-day"), ("OWN", 0, "shares-a-day")]
    assert db.session.get_one(Story, told).tellers == 1
    assert differences() == []


def test_without_the_disclosure_line_nothing_is_paid_and_the_page_says_so_kindly(sign_in, story, cast):
    anna = sign_in("anna")
    page = anna.get(tell(anna, story(), disclosed=False))
    assert page.status_code == 200
    assert amounts(cast.anna) == []
    assert db.session.scalars(select(Share)).one().rung == SAID


def test_a_copy_of_the_story_is_not_ones_own_words(sign_in, story, cast):
    told = story(body="Kl. 7.20 ringer Nadia på hos Else. " * 4)
    tell(sign_in("anna"), told, text=db.session.get_one(Story, told).body[:200])
    assert [code for code, _amount, _cap in amounts(cast.anna)] == ["SHARE"]


def test_an_empty_text_is_refused_with_a_sentence(sign_in, story):
    anna, told = sign_in("anna"), story()
    page = anna.post(f"/stories/{told}/shares", data={"text": " ", "network": "linkedin"})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text


def test_a_text_that_is_too_long_is_refused_and_kept(sign_in, story):
    anna, told = sign_in("anna"), story()
    page = anna.post(f"/stories/{told}/shares", data={"text": "ord " * 400, "network": "other"})
    assert page.status_code == 422
    assert "ord ord ord" in page.text


def test_withdrawing_takes_the_points_back_and_says_goodbye_on_the_link(sign_in, story, cast, client):
    anna, told = sign_in("anna"), story()
    share_id = int(tell(anna, told).split("/")[2])
    assert anna.post(f"/shares/{share_id}/withdrawal").status_code == 303
    assert sum(amount for _code, amount, _cap in amounts(cast.anna)) == 0
    assert db.session.get_one(Story, told).tellers == 0
    token = db.session.get_one(Share, share_id).token
    assert client.get(f"/s/{token}").status_code == 410
    assert differences() == []


def test_a_withdrawn_share_told_again_is_not_paid_twice(sign_in, story, cast):
    anna, told = sign_in("anna"), story()
    share_id = int(tell(anna, told).split("/")[2])
    anna.post(f"/shares/{share_id}/withdrawal")
    tell(anna, told)
    assert sum(amount for _code, amount, _cap in amounts(cast.anna)) == 0
    assert db.session.scalars(select(Share)).one().withdrawn_at is None
    assert differences() == []


def test_nobody_opens_anothers_share(sign_in, story):
    share_id = int(tell(sign_in("anna"), story()).split("/")[2])
    omar = sign_in("omar")
    for path in (f"/shares/{share_id}", f"/shares/{share_id}/posting", f"/shares/{share_id}/thanks"):
        assert omar.get(path).status_code == 404
    assert omar.post(f"/shares/{share_id}/withdrawal").status_code == 404


def test_in_quiet_a_telling_counts_and_writes_no_entry(sign_in, story, cast):
    anna = sign_in("anna")
    assert anna.post("/me/choices/play", data={"value": "quiet"}).status_code == 303
    tell(anna, story())
    assert amounts(cast.anna) == []
    assert differences() == []


def test_what_the_page_says_of_when_it_was_opened_is_believed_only_when_it_can_be(sign_in, story):
    anna, now = sign_in("anna"), int(NOW.timestamp())
    for opened in (
        "9" * 400,
        "nan",
        "inf",
        "-1",
        "x",
        "",
        str(now + 60),
        str(now - 2 * 86400),
        str(now - 90),
    ):
        told = story(title=f"Nr. {opened[:9]}")
        form = {"text": OWN, "network": "other", "disclosed": "1", "opened": opened}
        assert anna.post(f"/stories/{told}/shares", data=form).status_code == 303, opened
        spent = NOW - db.session.scalars(select(Share.opened_at).where(Share.story_id == told)).one()
        assert spent.total_seconds() == (90 if opened == str(now - 90) else 0), opened
