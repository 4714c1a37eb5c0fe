"""Reading: one story, all of them, saving, saying what one thinks, and telling one's own."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from app.db import db, writing
from app.points.models import Entry
from app.points.reconcile import differences
from app.stories.models import Answer, Question, Reading, Saving
from tests.conftest import NOW
from tests.stories.test_browsing import hits
from tests.words import danish

HTMX = {"HX-Request": "true"}


@pytest.fixture
def anna(sign_in):
    """Anna's browser."""
    return sign_in("anna")


def toasted(answer):
    """What an answer to HTMX says shortly."""
    return json.loads(answer.headers["HX-Trigger"])["toast"]["text"]


def read_entries(person):
    rows = db.session.execute(
        select(Entry.amount, Entry.cap)
        .where(Entry.person_id == person.id, Entry.code == "READ")
        .order_by(Entry.id)
    )
    return [tuple(row) for row in rows]


# The page of a story


def test_a_storys_page_says_why_now_and_leads_on_to_telling_it(anna, story):
    told = story(body="Første afsnit.\n\nAndet afsnit.")
    page = anna.get(f"/stories/{told}").text
    for said in ("Kaffen kommer før kalenderen", "Vi søger 40 elever til februar.", "<p>Første afsnit.</p>",
                 "<p>Andet afsnit.</p>", f'href="/stories/{told}/shares/new"'):  # fmt: skip
        assert said in page


def test_a_storys_page_speaks_the_readers_language(anna, story):
    told = story()
    anna.post("/me/choices/locale", data={"value": "en"})
    page = anna.get(f"/stories/{told}").text
    assert "Coffee before the calendar" in page
    assert "Kaffen kommer" not in page


def test_what_a_curator_wrote_is_shown_as_text_and_never_as_code(anna, story):
    page = anna.get(f"/stories/{story(title='<img src=x onerror=alert(1)>', body='<script>x</script>')}").text
    assert "<img src=x" not in page
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_what_is_not_open_to_someone_is_not_there(anna, story, clock):
    closed = [
        story(state="draft"),
        story(state="withdrawn"),
        story(publish_at=NOW + timedelta(seconds=1)),
        story(expires_at=NOW),
        story(audience=("library",)),
    ]
    for number in [*closed, 4711]:
        assert anna.get(f"/stories/{number}").status_code == 404
        for deed in ("reading", "saving", "shares", "dismissal"):
            assert (
                anna.post(f"/stories/{number}/{deed}", data={"text": "x", "network": "other"}).status_code
                == 404
            )
    assert hits(anna) == set()
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0


# Saving


def test_saving_is_a_button_that_goes_on_and_off(anna, story, cast):
    told = story()
    path = f"/stories/{told}/saving"
    assert 'aria-pressed="false"' in anna.get(f"/stories/{told}").text
    assert anna.post(path).status_code == 303
    page = anna.get(f"/stories/{told}").text
    assert 'aria-pressed="true"' in page
    assert danish("Saved for later") in page
    assert db.session.scalars(select(Saving.person_id)).all() == [cast.anna.id]
    assert anna.post(path, headers=HTMX).status_code == 204
    assert 'aria-pressed="false"' in anna.get(f"/stories/{told}").text
    assert db.session.scalars(select(Saving)).all() == []


def test_what_one_saves_is_not_saved_for_others(anna, sign_in, story):
    told = story()
    anna.post(f"/stories/{told}/saving")
    assert 'aria-pressed="false"' in sign_in("omar").get(f"/stories/{told}").text


# What one thinks of it


def test_useful_pays_one_point_once(anna, story, cast):
    told = story()
    assert danish("Was it good for you?") in anna.get(f"/stories/{told}").text
    answer = anna.post(f"/stories/{told}/reading", headers=HTMX)
    assert answer.status_code == 200
    assert toasted(answer) == danish("Thank you. 1 point for reading.")
    assert danish("Was it good for you?") not in anna.get(f"/stories/{told}").text
    again = anna.post(f"/stories/{told}/reading", headers=HTMX)
    assert toasted(again) == danish("Thank you. Noted.")
    assert anna.post(f"/stories/{told}/reading").status_code == 303
    assert read_entries(cast.anna) == [(1, None)]
    assert db.session.scalars(select(Reading.useful)).all() == [True]
    assert differences() == []


def test_three_readings_a_day_give_points_and_the_next_day_begins_anew(anna, story, cast, clock):
    stories = [story(title=f"Nr. {number}") for number in range(5)]
    for told in stories[:4]:
        assert anna.post(f"/stories/{told}/reading").status_code == 303
    assert read_entries(cast.anna) == [(1, None)] * 3 + [(0, "reads-a-day")]
    with clock(NOW + timedelta(days=1)):
        anna.post(f"/stories/{stories[4]}/reading")
    assert read_entries(cast.anna)[4:] == [(1, None)]
    assert differences() == []


def test_not_for_me_pays_only_who_has_opened_it(anna, story, cast):
    opened, unopened = story(), story(title="Uåbnet")
    anna.post(f"/stories/{opened}/dismissal", data={"reason": "not-mine", "opened": "1"})
    anna.post(f"/stories/{unopened}/dismissal", data={"reason": "no-time"})
    assert read_entries(cast.anna) == [(1, None)]


def test_in_quiet_a_reading_is_kept_and_pays_nothing(anna, story, cast):
    told = story()
    anna.post("/me/choices/play", data={"value": "quiet"})
    answer = anna.post(f"/stories/{told}/reading", headers=HTMX)
    assert toasted(answer) == danish("Thank you. Noted.")
    assert read_entries(cast.anna) == []
    assert db.session.scalar(select(func.count()).select_from(Reading)) == 1


# One's own story


def answer_to(browser, cast, text):
    return browser.post(f"/questions/{cast.question_id}/answers", data={"text": text})


def kept_answers():
    return list(db.session.scalars(select(Answer.text)))


def test_an_answer_reaches_the_editors_and_pays_nothing_yet(anna, cast):
    assert "Hvad lærte du af en kollega" in anna.get(f"/questions/{cast.question_id}/answers").text
    assert answer_to(anna, cast, "Hun ventede.\r\nSå kom svaret.").status_code == 303
    row = db.session.scalars(select(Answer)).one()
    assert (row.text, row.person_id, row.local_date) == (
        "Hun ventede.\nSå kom svaret.", cast.anna.id, date(2026, 11, 25)
    )  # fmt: skip
    assert danish("Thank you. The editors read it.") in anna.get("/").text
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0


def test_an_empty_answer_is_asked_for_a_sentence(anna, cast):
    for nothing in ("", "  \r\n ", "\x00"):
        page = answer_to(anna, cast, nothing)
        assert page.status_code == 422
        assert danish("Write a sentence or two first.") in page.text
    assert kept_answers() == []


def test_an_answer_may_have_4000_characters_with_its_line_breaks_counted_once(anna, sign_in, cast):
    page = answer_to(anna, cast, "æ" * 4001)
    assert page.status_code == 422
    assert danish("That is a little long. 4,000 characters at most.") in page.text
    assert "æ" * 4001 in page.text
    assert answer_to(anna, cast, "\r\n".join(["æ" * 1999, "æ" * 2000])).status_code == 303
    assert [len(text) for text in kept_answers()] == [4000]


def test_an_answer_sent_twice_is_kept_once(anna, cast):
    assert answer_to(anna, cast, "Hun ventede.").status_code == 303
    assert answer_to(anna, cast, "Hun ventede.").status_code == 303
    assert kept_answers() == ["Hun ventede."]


def test_a_second_answer_of_a_day_is_not_lost_without_a_word(anna, cast, clock):
    answer_to(anna, cast, "Hun ventede.")
    page = answer_to(anna, cast, "Og en ting til.")
    assert page.status_code == 422
    assert (
        danish("The editors have your first answer from today. Copy this one and send it another day.")
        in page.text
    )
    assert "Og en ting til." in page.text
    assert kept_answers() == ["Hun ventede."]
    with clock(NOW + timedelta(days=1)):
        assert answer_to(anna, cast, "Og en ting til.").status_code == 303
    assert sorted(kept_answers()) == ["Hun ventede.", "Og en ting til."]


def test_a_nul_in_an_answer_is_left_out(anna, cast):
    assert answer_to(anna, cast, "Hun\x00 ventede.").status_code == 303
    assert kept_answers() == ["Hun ventede."]


def test_a_question_that_is_no_longer_asked_is_not_there(anna, cast):
    with writing():
        db.session.execute(update(Question).values(retired_at=NOW))
    assert anna.get(f"/questions/{cast.question_id}/answers").status_code == 404
    assert answer_to(anna, cast, "Hej").status_code == 404
    assert kept_answers() == []
