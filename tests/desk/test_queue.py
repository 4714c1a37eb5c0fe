"""The queue: everything that waits in one place, each with what it lacks, and one tap to deal with it."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, writing
from app.stories import entries, feeds
from app.stories.models import Answer, Story, StoryTopic
from tests.conftest import NOW
from tests.sharing.test_telling import tell
from tests.stories.feeds_of_the_world import item, rss
from tests.words import danish

HTMX = {"HX-Request": "true"}


@pytest.fixture
def proposed(app):
    """A draft that a feed has brought; its row."""
    with writing():
        feeds.take(feeds.gather(entries.read(rss(item("a"), title="Fjordby, nyheder"))), NOW)
    return db.session.scalars(select(Story)).one()


@pytest.fixture
def ready(proposed, cast):
    """The same with all that it needs."""
    with writing():
        proposed.purpose_id, proposed.why = cast.purpose_id, "Vi søger 40 elever."
        db.session.add(StoryTopic(story_id=proposed.id, topic_id=cast.topics["care"]))
    return proposed


@pytest.fixture
def told(sign_in, cast):
    """What Anna has told; the answer's row."""
    sign_in("anna").post(
        f"/questions/{cast.question_id}/answers", data={"text": "Kasper lærte mig at vente."}
    )
    return db.session.scalars(select(Answer)).one()


def page_of(browser, path="/desk"):
    return browser.get(path).text.replace("\N{NO-BREAK SPACE}", " ")


def row_of(page, name):
    return page.split(f'id="{name}"')[1].split("</article>")[0]


def counts(page):
    return [int(one) for one in re.findall(r'<span class="num">(\d+)</span></a>', page)]


def said(answer):
    return json.loads(answer.headers["HX-Trigger"])["toast"]


# What waits


def test_the_queue_holds_drafts_of_feeds_our_own_and_what_colleagues_tell(karen, proposed, told, cast):
    karen.post("/desk/stories", data={"title": "Min egen kladde"})
    page = page_of(karen)
    assert counts(page) == [3, 0, 1, 1, 1]
    assert 'id="waiting">3<' in page
    assert "Fjordby, nyheder" in row_of(page, f"story-{proposed.id}")
    assert "Kasper lærte mig at vente." in row_of(page, f"answer-{told.id}")
    assert danish("Told by %(name)s", name="Anna Holm") in page
    assert danish("Begun by %(name)s", name="Karen Lund") in page
    for kind, there, not_there in (
        ("told", "Kasper lærte", "Søen er åben"), ("feeds", "Søen er åben", "Min egen kladde"), ("drafts", "Min egen kladde", "Kasper lærte"),
    ):  # fmt: skip
        page = page_of(karen, f"/desk?kind={kind}")
        assert there in page
        assert not_there not in page
        assert counts(page) == [3, 0, 1, 1, 1]
    assert karen.get("/desk?kind=andet").status_code == 404


def test_what_is_out_does_not_wait(karen, story):
    story()
    page = page_of(karen)
    assert counts(page) == [0, 0, 0, 0, 0]
    assert danish("Nothing waits here.") in page


def test_a_draft_says_what_it_lacks_and_leads_to_the_editor(karen, proposed):
    row = row_of(page_of(karen), f"story-{proposed.id}")
    for lack in ("Lacks a purpose", "Lacks “why now?”", "Lacks a topic"):
        assert danish(lack) in row
    assert danish("Publish now") not in row
    assert f'href="/desk/stories/{proposed.id}"' in row


def test_a_draft_that_lacks_nothing_is_ready(karen, ready):
    row = row_of(page_of(karen), f"story-{ready.id}")
    assert danish("Ready") in row
    assert danish("Publish now") in row


def test_a_draft_of_a_feed_that_a_curator_has_edited_still_comes_from_its_feed(karen, ready):
    assert "Søen er åben" in page_of(karen, "/desk?kind=feeds")


# Publishing and scheduling


def test_a_ready_draft_is_published_with_one_tap(karen, ready, sign_in):
    answer = karen.post(f"/desk/stories/{ready.id}/publication")
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert (ready.state, ready.publish_at) == ("published", NOW)
    assert ready.expires_at > NOW + timedelta(days=7)
    assert "Søen er åben" in page_of(sign_in("anna"), "/stories")
    assert counts(page_of(karen)) == [0, 0, 0, 0, 0]


def test_a_tap_takes_the_row_away_and_counts_anew(karen, ready):
    answer = karen.post(f"/desk/stories/{ready.id}/publication", headers=HTMX)
    assert answer.status_code == 200
    assert "<article" not in answer.text
    assert answer.headers["HX-Reswap"] == "delete"
    assert 'hx-swap-oob="true"' in answer.text
    assert counts(answer.text) == [0, 0, 0, 0, 0]
    assert said(answer)["text"] == danish("Published.")


def test_a_draft_is_scheduled_without_opening_the_editor(karen, ready, sign_in, clock):
    answer = karen.post(f"/desk/stories/{ready.id}/publication", data={"publish_at": "2026-11-27T08:30"})
    assert answer.status_code == 303
    assert (ready.state, ready.publish_at.isoformat()) == ("published", "2026-11-27T07:30:00+00:00")
    assert "Søen er åben" not in page_of(sign_in("anna"), "/stories")
    assert "Søen er åben" in page_of(karen, "/desk/stories?shelf=scheduled")
    with clock(NOW + timedelta(days=2)):
        assert "Søen er åben" in page_of(sign_in("anna"), "/stories")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("2026-11-25T08:59", "Choose a time that is still to come"), ("i morgen", "Write a date and a time"), ("", "Write a date and a time"),
     ("2026-11-27T08:30+01:00", "Write a date and a time"), ("9999-99-99T00:00", "Write a date and a time")],
)  # fmt: skip
def test_a_time_that_cannot_be_is_refused_beside_the_field_and_kept(karen, ready, typed, sentence):
    for headers in ({}, HTMX):
        page = karen.post(
            f"/desk/stories/{ready.id}/publication", data={"publish_at": typed}, headers=headers
        )
        assert page.status_code == 422
        row = row_of(page.text, f"story-{ready.id}")
        assert danish(sentence) in row
        assert f'value="{typed}"' in row
        assert '<details class="more" open' in row
        assert ("<html" in page.text) is (not headers)
    db.session.expire_all()
    assert ready.state == "draft"


def test_what_lacks_something_leads_to_the_editor_and_stays_a_draft(karen, proposed):
    answer = karen.post(f"/desk/stories/{proposed.id}/publication")
    assert (answer.status_code, answer.location) == (303, f"/desk/stories/{proposed.id}")
    assert proposed.state == "draft"
    assert danish("Something is missing before it can be published.") in page_of(karen, answer.location)


def test_only_drafts_are_published_here(karen, story):
    assert karen.post(f"/desk/stories/{story()}/publication").status_code == 404
    assert karen.post("/desk/stories/4711/publication").status_code == 404
    assert karen.post("/desk/stories/4711/publication", data={"publish_at": "nu"}).status_code == 404


# Deleting


def test_a_deleted_draft_is_gone_and_can_be_brought_back(karen, proposed):
    answer = karen.post(f"/desk/stories/{proposed.id}/discarding", headers=HTMX)
    assert counts(answer.text) == [0, 0, 0, 0, 0]
    undo = said(answer)["undo"]["url"]
    assert karen.get(f"/desk/stories/{proposed.id}").status_code == 404
    assert karen.post(undo).status_code == 303
    assert "Søen er åben" in page_of(karen)


def test_only_drafts_are_deleted_and_only_once(karen, proposed, story):
    out = story()
    assert karen.post(f"/desk/stories/{out}/discarding").status_code == 404
    assert karen.post(f"/desk/stories/{proposed.id}/discarding").status_code == 303
    assert karen.post(f"/desk/stories/{proposed.id}/discarding").status_code == 404
    assert karen.get(f"/stories/{out}").status_code == 200


def test_what_one_curator_deletes_while_another_writes_is_not_lost(karen, proposed, sign_in):
    henrik, fields = sign_in("henrik"), {"title": "Henriks titel"}
    seen = page_of(henrik, f"/desk/stories/{proposed.id}").split('name="seen" value="')[1].split('"')[0]
    karen.post(f"/desk/stories/{proposed.id}/discarding")
    page = henrik.post(f"/desk/stories/{proposed.id}", data=fields | {"seen": seen})
    assert page.status_code == 422
    assert "Henriks titel" in page.text
    seen = page.text.split('name="seen" value="')[1].split('"')[0]
    assert henrik.post(f"/desk/stories/{proposed.id}", data=fields | {"seen": seen}).status_code == 303
    assert "Henriks titel" in page_of(karen)


# What colleagues tell


def test_an_answer_is_declined_with_a_note_that_its_teller_reads_with_thanks(karen, told, sign_in, cast):
    note = "Den er fin. Vi har lige haft en om at vente; fortæl os gerne en til."
    answer = karen.post(f"/desk/answers/{told.id}/declining", data={"note": note}, headers=HTMX)
    assert said(answer)["text"] == danish("Declined with thanks.")
    assert "Kasper lærte" not in page_of(karen)
    page = page_of(sign_in("anna"), f"/questions/{cast.question_id}/answers")
    assert danish("Thank you for telling. It did not become a story this time.") in page
    assert note in page
    assert note not in page_of(sign_in("mads"), f"/questions/{cast.question_id}/answers")


def test_an_answer_declined_without_a_note_is_thanked_too(karen, told, sign_in, cast):
    karen.post(f"/desk/answers/{told.id}/declining")
    page = page_of(sign_in("anna"), f"/questions/{cast.question_id}/answers")
    assert danish("Thank you for telling. It did not become a story this time.") in page
    assert danish("The editors write:") not in page


def test_declining_can_be_undone(karen, told):
    answer = karen.post(f"/desk/answers/{told.id}/declining", data={"note": "Nej"}, headers=HTMX)
    karen.post(said(answer)["undo"]["url"])
    assert "Kasper lærte" in page_of(karen)
    db.session.expire_all()
    assert (told.declined_at, told.note) == (None, "")


def test_an_answer_is_declined_once(karen, told):
    assert karen.post(f"/desk/answers/{told.id}/declining").status_code == 303
    assert karen.post(f"/desk/answers/{told.id}/declining").status_code == 404
    assert karen.post("/desk/answers/4711/declining").status_code == 404


def test_a_note_that_is_too_long_is_refused_and_kept(karen, told):
    for headers in ({}, HTMX):
        page = karen.post(f"/desk/answers/{told.id}/declining", data={"note": "æ" * 401}, headers=headers)
        assert page.status_code == 422
        row = row_of(page.text, f"answer-{told.id}")
        assert danish("That is a little long. 400 characters at most.") in row
        assert "æ" * 401 in row
    db.session.expire_all()
    assert told.declined_at is None


def test_an_answer_that_became_a_draft_waits_no_longer_and_waits_again_when_that_is_deleted(karen, told):
    story = int(karen.post(f"/desk/answers/{told.id}/draft").location.split("/")[-1])
    assert karen.post(f"/desk/answers/{told.id}/declining").status_code == 404
    assert counts(page_of(karen)) == [1, 0, 0, 0, 1]
    karen.post(f"/desk/stories/{story}/discarding")
    assert counts(page_of(karen)) == [1, 0, 1, 0, 0]
    again = int(karen.post(f"/desk/answers/{told.id}/draft").location.split("/")[-1])
    assert again != story


def test_a_teller_sees_that_it_became_a_story(karen, told, sign_in, cast):
    story = int(karen.post(f"/desk/answers/{told.id}/draft").location.split("/")[-1])
    with writing():
        row = db.session.get_one(Story, story)
        row.purpose_id, row.why = cast.purpose_id, "Derfor."
        db.session.add(StoryTopic(story_id=story, topic_id=cast.topics["care"]))
    anna = sign_in("anna")
    assert f"/stories/{story}" not in page_of(anna, f"/questions/{cast.question_id}/answers")
    karen.post(f"/desk/stories/{story}/publication")
    page = page_of(anna, f"/questions/{cast.question_id}/answers")
    assert danish("It became a story:") in page
    assert f'href="/stories/{story}"' in page


def test_the_note_stands_in_ones_own_data(karen, told, sign_in):
    karen.post(f"/desk/answers/{told.id}/declining", data={"note": "Tak for den."})
    answers = sign_in("anna").get("/me/data").json["answers"]
    assert answers[0]["note"] == "Tak for den."


# The shelf


def test_the_shelf_says_how_many_told_each_story(karen, story, sign_in):
    first, _second = story(), story(title="Broen tæller")
    tell(sign_in("anna"), first)
    page = page_of(karen, "/desk/stories")
    assert "1 har delt" in page
    assert danish("Nobody has told it yet") in page


def test_a_colleague_is_no_curator(sign_in, proposed, told):
    for name in ("anna", "mads", "astrid"):
        browser = sign_in(name)
        for path in ("/desk", "/desk/stories", "/desk/feeds"):
            assert browser.get(path).status_code == 403
        for path in (
            f"stories/{proposed.id}/publication",
            f"stories/{proposed.id}/discarding",
            f"answers/{told.id}/declining",
            "links",
            "feeds",
        ):
            assert browser.post(f"/desk/{path}").status_code == 403
