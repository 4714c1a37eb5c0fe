"""Today: a few stories chosen once a day, a question, and then done."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from app.db import db, writing
from app.organisation import actions as organisation
from app.stories.models import Answer, Dismissal, StoryAudience
from tests.conftest import NOW
from tests.points.deeds import words
from tests.sharing.test_telling import tell

TOMORROW = NOW + timedelta(days=1)


def page_of(browser, address="/"):
    """What a person reads, with plain blanks."""
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"[\s\u00a0\u202f]+", " ", answer.text)


def shown(browser, address="/"):
    """The stories on a page, in their order."""
    return [int(one) for one in re.findall(r'id="story-(\d+)"', page_of(browser, address))]


def not_for_me(browser, story_id, reason="not-mine"):
    answer = browser.post(f"/stories/{story_id}/dismissal", data={"reason": reason})
    assert answer.status_code == 303


def take_down(sign_in, story_id):
    assert sign_in("karen").post(f"/desk/stories/{story_id}/withdrawal").status_code == 303


def test_at_most_three_stories_a_day_and_the_others_under_all_stories(sign_in, story):
    anna, ids = sign_in("anna"), [story(title=f"Historie {number}") for number in range(5)]
    assert len(shown(anna)) == 3
    assert "3 valgt til dig" in page_of(anna)
    assert sorted(shown(anna, "/stories")) == ids


@pytest.mark.parametrize("most", [1, 5])
def test_the_organisation_decides_how_many(sign_in, story, most):
    with writing():
        organisation.change_setting("stories_a_day", most, NOW.date(), NOW)
    for number in range(6):
        story(title=f"Historie {number}")
    assert len(shown(sign_in("anna"))) == most


def test_what_was_chosen_stays_put_all_day_on_each_of_her_phones(sign_in, story, clock):
    anna = sign_in("anna")
    for number in range(3):
        story(title=f"Historie {number}", topics=("schools",))
    chosen = shown(anna)
    story(title="Meget bedre", topics=("care",), expires_at=NOW + timedelta(days=1))
    with clock(datetime(2026, 11, 25, 22, 59, tzinfo=UTC)):
        assert shown(anna) == chosen
        assert shown(sign_in("anna")) == chosen


def test_a_slot_that_is_empty_is_filled_until_midnight_behind_what_stands(sign_in, story):
    anna, first = sign_in("anna"), story(topics=("schools",))
    assert shown(anna) == [first]
    second = story(title="Bedre", topics=("care",))
    assert shown(anna) == [first, second]
    third, _fourth = story(title="Tredje"), story(title="Fjerde", topics=("schools",))
    assert shown(anna) == [first, second, third]


def test_a_withdrawn_story_vanishes_and_is_not_replaced(sign_in, story):
    anna = sign_in("anna")
    for number in range(5):
        story(title=f"Historie {number}")
    first, second, third = shown(anna)
    take_down(sign_in, second)
    assert shown(anna) == [first, third]
    assert anna.get(f"/stories/{second}").status_code == 404
    assert "2 valgt til dig" in page_of(anna)


def test_an_expired_story_vanishes_from_today(sign_in, story, clock):
    anna = sign_in("anna")
    short, long = story(expires_at=NOW + timedelta(hours=1)), story(title="Bliver")
    assert shown(anna) == [short, long]
    with clock(NOW + timedelta(hours=1)):
        assert shown(anna) == [long]
        assert anna.get(f"/stories/{short}").status_code == 404


def test_a_draft_and_a_story_whose_time_has_not_come_are_not_there(sign_in, story, clock):
    anna = sign_in("anna")
    story(state="draft")
    later = story(title="Senere", publish_at=NOW + timedelta(hours=1))
    assert shown(anna) == []
    assert "Færdig for i dag" in page_of(anna)
    with clock(NOW + timedelta(hours=1)):
        assert shown(anna) == [later]


def test_someone_with_no_topics_gets_stories_and_two_colleagues_may_differ(sign_in, story):
    for number in range(3):
        story(title=f"Bog {number}", topics=("culture",), expires_at=NOW + timedelta(days=1))
    about_care = story(title="Omsorg", topics=("care",))
    assert shown(sign_in("anna"))[0] == about_care
    without_topics = shown(sign_in("liv"))
    assert len(without_topics) == 3
    assert about_care not in without_topics


def test_the_next_day_chooses_anew_from_midnight_on(sign_in, story, clock):
    anna = sign_in("anna")
    ids = [story(title=f"Historie {number}", expires_at=NOW + timedelta(days=9)) for number in range(5)]
    monday = shown(anna)
    assert monday == ids[:1:-1]
    with clock(datetime(2026, 11, 25, 22, 59, tzinfo=UTC)):
        assert shown(anna) == monday
    with clock(datetime(2026, 11, 25, 23, 0, tzinfo=UTC)):
        assert shown(anna) == [ids[1], ids[0], ids[4]]


def test_what_was_told_or_dismissed_is_never_chosen_again(sign_in, story, clock):
    anna = sign_in("anna")
    told, gone, left = story(), story(title="Nej tak"), story(title="Bliver")
    assert sorted(shown(anna)) == [told, gone, left]
    tell(anna, told, words(1))
    not_for_me(anna, gone)
    with clock(TOMORROW):
        assert shown(anna) == [left]


def test_the_weekend_has_a_today(sign_in, story, clock):
    anna, only = sign_in("anna"), story()
    with clock(datetime(2026, 11, 28, 9, tzinfo=UTC)):
        assert shown(anna) == [only]


def test_a_card_says_its_topic_why_now_and_how_long_it_takes(sign_in, story):
    anna = sign_in("anna")
    large, small = story(title="Den store"), story(title="Den lille", body="ord " * 400)
    page = page_of(anna).replace("\N{SOFT HYPHEN}", "")
    for story_id, minutes in ((large, 1), (small, 2)):
        card = page.split(f'id="story-{story_id}"')[1].split("</article>")[0]
        assert "Omsorg" in card
        assert "Vi søger 40 elever til februar." in card
        assert f"{minutes} min" in card
        assert f'href="/stories/{story_id}/shares/new"' in card
        assert f'href="/stories/{story_id}/dismissal"' in card


def test_the_leader_who_goes_first_stands_on_the_card(sign_in, story):
    first = story()
    anna = sign_in("anna")
    assert "Birgit Dam" not in page_of(anna)
    tell(sign_in("birgit"), first, words(1))
    assert "<b>Birgit Dam</b>, kommunaldirektør, har delt" in page_of(anna)


def test_not_for_me_hides_it_and_undo_brings_it_back(sign_in, story):
    anna, liv = sign_in("anna"), sign_in("liv")
    for number in range(4):
        story(title=f"Historie {number}")
    first, second, third = shown(anna)
    not_for_me(anna, second, "uncomfortable")
    page = page_of(anna)
    assert "Skjult. Du får den ikke igen." in page
    assert f"/stories/{second}/dismissal/undo" in page
    assert shown(anna) == [first, third]
    assert second in shown(liv)
    assert anna.post(f"/stories/{second}/dismissal/undo").status_code == 303
    assert shown(anna) == [first, second, third]
    assert db.session.scalars(select(Dismissal)).all() == []


def test_not_for_me_takes_one_of_four_reasons(sign_in, story):
    anna, only = sign_in("anna"), story()
    assert shown(anna) == [only]
    answer = anna.post(f"/stories/{only}/dismissal", data={"reason": "boring"})
    assert answer.status_code == 422
    assert "Vælg en af de fire." in answer.text
    page = page_of(anna, f"/stories/{only}/dismissal")
    assert re.findall(r'name="reason" value="([a-z-]+)"', page) == [
        "not-mine",
        "uncomfortable",
        "wrong",
        "no-time",
    ]
    assert "Din leder kan aldrig se dit svar." in page
    assert shown(anna) == [only]


def test_three_who_say_wrong_reach_the_curators_desk_without_their_names(sign_in, story, cast):
    only, karen = story(), sign_in("karen")
    for name in ("anna", "liv"):
        not_for_me(sign_in(name), only, "wrong")
    not_for_me(sign_in("birgit"), only, "not-mine")
    assert "siger, at noget er forkert" not in page_of(karen, "/desk/stories")
    not_for_me(sign_in("omar"), only, "wrong")
    page = page_of(karen, "/desk/stories")
    assert "3 siger, at noget er forkert" in page
    for person in (cast.anna, cast.liv, cast.omar):
        assert person.name not in page
    assert sign_in("mads").get("/desk").status_code == 403


def test_a_story_is_saved_and_unsaved_from_its_card(sign_in, story):
    anna, only = sign_in("anna"), story()
    assert 'aria-pressed="false"' in page_of(anna)
    anna.post(f"/stories/{only}/saving")
    assert "Gemt til senere" in page_of(anna)
    page = page_of(anna)
    assert 'aria-pressed="true"' in page
    assert 'aria-pressed="true"' not in page_of(sign_in("liv"))
    anna.post(f"/stories/{only}/saving")
    assert 'aria-pressed="false"' in page_of(anna)


def test_the_question_of_the_day_asks_for_ones_own_story_once(sign_in, cast, clock):
    anna, asked = sign_in("anna"), "Hvad lærte du af en kollega i denne uge?"
    assert asked in page_of(anna)
    address = f"/questions/{cast.question_id}/answers"
    assert anna.post(address, data={"text": "  "}).status_code == 422
    assert anna.post(address, data={"text": "Kasper viste mig, hvordan man venter."}).status_code == 303
    assert "Tak. Redaktionen læser det." in page_of(anna)
    assert anna.post(address, data={"text": "En gang til."}).status_code == 422
    assert asked not in page_of(anna)
    assert db.session.scalars(select(Answer.text)).all() == ["Kasper viste mig, hvordan man venter."]
    assert "Kasper viste mig, hvordan man venter." in page_of(sign_in("karen"), "/desk?kind=told")
    with clock(TOMORROW):
        assert asked in page_of(anna)


def test_after_the_stories_one_is_done_for_today(sign_in, story):
    anna = sign_in("anna")
    first, second = story(), story(title="Nummer to")
    page = page_of(anna)
    assert '<h2 id="fin-h">Færdig for i dag</h2>' in page
    assert '<h1 class="hello">Godmorgen, Anna</h1>' in page
    tell(anna, first, words(1))
    assert "Godmorgen, Anna" in page_of(anna)
    assert shown(anna) == [second, first]
    not_for_me(anna, second)
    page = page_of(anna)
    assert '<h1 class="hello">Færdig for i dag</h1>' in page
    assert "Ikke flere historier i dag" in page
    assert "Telefonen må gerne få fri nu, Anna." in page


def test_why_this_one_says_why(sign_in, story, cast):
    anna = sign_in("anna")
    with writing():
        organisation.change_setting("stories_a_day", 5, NOW.date(), NOW)
    far = {"topics": ("schools",), "expires_at": NOW + timedelta(days=9)}
    ids = {
        "Du har valgt emnet Omsorg, og det handler den om.": story(title="Emne"),
        "Den kommer fra dit eget hold.": story(title="Hold", team_id=cast.teams["north"], **far),
        "En leder har delt den og går forrest.": story(title="Leder", **far),
        "Den udløber snart, og du har ikke set den.": story(title="Snart", **far | {"expires_at": TOMORROW}),
        "Den er ny, og du har ikke set den.": story(title="Ny", **far),
    }
    tell(sign_in("birgit"), ids["En leder har delt den og går forrest."], words(1))
    assert sorted(shown(anna)) == sorted(ids.values())
    other = story(title="Kun under Alle historier")
    for said, story_id in (ids | {"Alle, der har lyst, kan fortælle den.": other}).items():
        assert said in page_of(anna, f"/stories/{story_id}/dismissal")
    anna.post("/me/choices/locale", data={"value": "en"})
    assert "You picked the topic Care, and this is about it." in page_of(
        anna, f"/stories/{ids.popitem()[1] - 4}/dismissal"
    )


def test_a_story_on_a_second_today_is_not_called_new(sign_in, story, clock):
    anna, only = sign_in("anna"), story(topics=("schools",))
    assert shown(anna) == [only]
    with clock(TOMORROW):
        assert shown(anna) == [only]
        page = page_of(anna, f"/stories/{only}/dismissal")
    assert "du har ikke set den" not in page
    assert "Alle, der har lyst, kan fortælle den." in page


def test_a_story_for_another_team_is_not_there(sign_in, story):
    anna, omar = sign_in("anna"), sign_in("omar")
    theirs, everyones = story(audience=("library",)), story(title="Alles", audience=("top",))
    assert shown(anna) == [everyones]
    assert shown(anna, "/stories") == [everyones]
    for path in ("", "/shares/new", "/dismissal"):
        assert anna.get(f"/stories/{theirs}{path}").status_code == 404
        assert omar.get(f"/stories/{theirs}{path}").status_code == 200
    for path, form in (("shares", {"text": words(1), "network": "linkedin"}), ("reading", {}), ("saving", {}), ("dismissal", {"reason": "wrong"})):  # fmt: skip
        assert anna.post(f"/stories/{theirs}/{path}", data=form).status_code == 404
    assert sorted(shown(omar)) == [theirs, everyones]


def test_a_story_that_is_narrowed_to_another_team_vanishes_and_is_not_replaced(sign_in, story, cast):
    anna = sign_in("anna")
    for number in range(4):
        story(title=f"Historie {number}")
    first, second, third = shown(anna)
    with writing():
        db.session.execute(delete(StoryAudience))
        db.session.add(StoryAudience(story_id=second, team_id=cast.teams["library"]))
    assert anna.get(f"/stories/{second}").status_code == 404
    assert shown(anna) == [first, third]
