"""The own-words meter: shown while one writes, against the story, colleagues of 30 days and one's last ten."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from app import clock as real_clock
from app.db import db, writing
from app.sharing import told_words
from app.sharing.jobs import forget_old_words
from app.sharing.models import Share, ShareGram
from app.sharing.own_words import grams
from app.stories.models import Story
from tests.conftest import NOW
from tests.sharing.test_telling import OWN, tell
from tests.words import danish

WORDS = [f"ord{number}" for number in range(60)]
LIKE_STORY = "Some of it is like the story."
LIKE_COLLEAGUES = "Some of it is like something a colleague has told."
LIKE_OWN = "Some of it is like something you have told before."


def text_of(*numbers):
    return " ".join(WORDS[number] for number in numbers)


def meter(browser, story_id, text, network="linkedin"):
    answer = browser.post("/own-words", data={"story": story_id, "text": text, "network": network})
    assert answer.status_code == 200
    return answer.text


def test_it_shows_how_much_is_ones_own_and_that_the_rest_is_like_the_story(sign_in, story):
    anna, told = sign_in("anna"), story(title="T", why="W", body=text_of(*range(9)), body_en="")
    copied = meter(anna, told, text_of(*range(9)))
    assert "<b>0 %</b>" in copied
    assert danish(LIKE_STORY) in copied
    assert "<b>40 %</b>" in meter(anna, told, text_of(*range(13)))
    own = meter(anna, told, text_of(*range(20, 40)))
    assert "<b>100 %</b>" in own
    assert danish(LIKE_STORY) not in own


def test_it_is_for_stories_that_one_may_read(sign_in, story, cast):
    anna = sign_in("anna")
    for number in ("9" * 400, "x", str(story(audience=["library"]))):
        assert anna.post("/own-words", data={"story": number, "text": "x"}).status_code == 404


def test_colleagues_words_count_of_whatever_story_and_neither_text_nor_name_is_shown(sign_in, story):
    tell(sign_in("omar"), story(title="En"), text=text_of(*range(20)))
    anna, other = sign_in("anna"), story(title="En anden")
    seen = meter(anna, other, text_of(*range(10, 20)) + " og noget mere som kun Anna skrev i dag")
    assert danish(LIKE_COLLEAGUES) in seen
    assert WORDS[3] not in seen
    assert "Omar" not in seen


def test_a_colleague_who_withdraws_is_compared_with_no_more(sign_in, story):
    omar, told = sign_in("omar"), story()
    share_id = int(tell(omar, told, text=text_of(*range(20))).split("/")[2])
    omar.post(f"/shares/{share_id}/withdrawal")
    assert "<b>100 %</b>" in meter(sign_in("anna"), told, text_of(*range(20)))
    assert db.session.scalar(select(func.count()).select_from(ShareGram)) == 0


def test_told_again_it_is_compared_with_again_in_its_new_words(sign_in, story):
    omar, told = sign_in("omar"), story()
    share_id = int(tell(omar, told, text=text_of(*range(20))).split("/")[2])
    omar.post(f"/shares/{share_id}/withdrawal")
    tell(omar, told, text=text_of(*range(30, 50)))
    anna = sign_in("anna")
    assert "<b>100 %</b>" in meter(anna, told, text_of(*range(20)))
    assert "<b>0 %</b>" in meter(anna, told, text_of(*range(30, 50)))


def test_a_draft_is_compared_with_by_nobody(sign_in, story):
    told = story()
    form = {"text": text_of(*range(20)), "network": "linkedin", "disclosed": "1"}
    assert sign_in("omar").post(f"/stories/{told}/shares", data=form).status_code == 303
    assert "<b>100 %</b>" in meter(sign_in("anna"), told, text_of(*range(20)))


@pytest.mark.parametrize(("days", "percent"), [(29, 0), (31, 100)])
def test_colleagues_words_are_forgotten_after_thirty_days(sign_in, story, clock, days, percent):
    told = story(expires_at=None)
    tell(sign_in("omar"), told, text=text_of(*range(20)))
    with clock(NOW + timedelta(days=days)):
        assert f"<b>{percent} %</b>" in meter(sign_in("anna"), told, text_of(*range(20)))
        with writing():
            gone = forget_old_words(real_clock.now())
    assert gone == (17 if percent else 0)


def test_ones_own_words_of_before_are_said_to_be_so_but_not_those_of_the_same_share(sign_in, story):
    anna, told = sign_in("anna"), story(title="En")
    share_id = int(tell(anna, told, text=text_of(*range(20))).split("/")[2])
    assert danish(LIKE_OWN) in meter(anna, story(title="En anden"), text_of(*range(20)))
    assert danish(LIKE_OWN) in meter(anna, told, text_of(*range(20)), network="facebook")
    anna.post(f"/shares/{share_id}/withdrawal")
    assert "<b>100 %</b>" in meter(anna, told, text_of(*range(20)))


def test_it_is_compared_with_the_last_ten_and_no_more(sign_in, story, clock):
    anna = sign_in("anna")
    for day in range(11):
        with clock(NOW + timedelta(days=day)):
            tell(anna, story(title=f"Nr. {day}"), text=" ".join(f"{word}{day}" for word in WORDS[:20]))
    with clock(NOW + timedelta(days=11)):
        new = story(title="Ny")
        assert "<b>100 %</b>" in meter(anna, new, " ".join(f"{word}0" for word in WORDS[:20]))
        assert "<b>0 %</b>" in meter(anna, new, " ".join(f"{word}1" for word in WORDS[:20]))


def test_what_is_kept_with_a_share_is_what_the_meter_showed(sign_in, story):
    tell(sign_in("omar"), story(title="En"), text=text_of(*range(20)))
    anna, told = sign_in("anna"), story(title="En anden")
    text = text_of(*range(10, 30))
    percent = db.session.scalars(select(Share.own_percent)).one()
    assert percent == 100
    tell(anna, told, text=text)
    kept = db.session.scalars(select(Share.own_percent).order_by(Share.id.desc()).limit(1)).one()
    assert 0 < kept < 100
    assert f"<b>{kept} %</b>" in meter(anna, told, text)


def test_like_a_colleague_it_is_still_paid_as_ones_own_words(sign_in, story, cast):
    """The rule names the story and one's own last ten: the meter shows more than what pays."""
    tell(sign_in("omar"), story(title="En"), text=OWN)
    page = sign_in("anna").get(tell(sign_in("anna"), story(title="En anden"), text=OWN))
    assert "5 for egne ord" in page.text


def colleagues_tell(cast, story_id, count):
    """So many tell a text of their own, each in words that others use too."""
    told = db.session.get_one(Story, story_id)
    names = [name for name in cast.people if name != "anna"]
    for number in range(count):
        other = Story(**{c.key: getattr(told, c.key) for c in Story.__table__.columns if c.key != "id"})
        db.session.add(other)
        db.session.flush()
        share = Share(
            person_id=cast.people[names[number % len(names)]].id, story_id=other.id, network="linkedin", token=f"t{number:09}",
            text=text_of(*range(number % 7, 40)), rung=3, opened_at=NOW, composed_at=NOW, said_at=NOW,
        )  # fmt: skip
        db.session.add(share)
        db.session.flush()
        told_words.remember(share)


def test_it_costs_the_same_statements_however_many_told(sign_in, story, cast, count_statements):
    anna, told = sign_in("anna"), story(expires_at=None)
    seen = []
    for count in (0, 300):
        with writing():
            colleagues_tell(cast, told, count)
        meter(anna, told, "x")
        count_statements.clear()
        meter(anna, told, text_of(*range(45)))
        seen.append(list(count_statements))
    assert len(seen[0]) == len(seen[1]) <= 6
    assert sum("share_grams" in one for one in seen[1]) == 1


def test_each_word_run_is_looked_up_in_the_index_and_the_first_found_is_enough(sign_in, story, cast):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by what it has counted")
    told, asked = story(), {}
    with writing():
        colleagues_tell(cast, told, 50)

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if "share_grams" in statement:
            asked[statement] = parameters

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        told_words.told_by_colleagues(grams(text_of(*range(30))), cast.anna.id, NOW)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    ((statement, parameters),) = asked.items()
    plan = [
        row[3]
        for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]
    assert any("SEARCH share_grams USING PRIMARY KEY (gram=?" in line for line in plan), plan
    assert not any("SCAN share" in line for line in plan), plan


def test_nobody_who_has_the_table_alone_can_read_it_back(sign_in, story):
    """The hash is keyed: the same words give other numbers in another installation."""
    tell(sign_in("omar"), story(), text=text_of(*range(4)))
    (gram,) = db.session.scalars(select(ShareGram.gram)).all()
    plain = hashlib.blake2b(text_of(*range(4)).encode(), digest_size=8).digest()
    assert gram != int.from_bytes(plain, signed=True)
