"""The composer: angles, ways that are not about oneself, length, the line about where one works, and all kept."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.db import db, writing
from app.language import catalogue
from app.sharing.models import MODES, Share, SharePhoto
from app.stories.models import Angle, Picture
from tests.conftest import NOW
from tests.sharing.test_telling import OWN, tell
from tests.words import danish

HTMX = {"HX-Request": "true"}
STARTERS = {
    "thank": "Thanks to a colleague who …",
    "ask": "How do you do it when …",
    "teach": "A small trick we use is …",
    "photo": "In the picture you can see …",
    "learnt": "I used to think that …",
}
LAW = "Without the line, the post may be seen as hidden advertising, which the Danish Marketing Practices Act does not allow. Write yourself where you work."
POINTS = "Points come only with the line."


def composer(browser, story_id, **more):
    return browser.get(f"/stories/{story_id}/shares/new", **more).text


def write(browser, story_id, **fields):
    form = {"text": OWN, "network": "linkedin", "disclosed": "1"} | fields
    return browser.post(f"/stories/{story_id}/shares", data=form, content_type="multipart/form-data")


def chosen(page, name="angle"):
    return re.findall(rf'name="{name}" value="(\w+)"[^>]* checked', page)


def jpeg():
    file = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(file, "JPEG")
    return file.getvalue()


def test_the_keys_of_the_modes_are_those_that_are_kept(sign_in, story):
    page = composer(sign_in("anna"), story())
    assert re.findall(r'name="angle" value="(\w+)"', page) == ["1", *MODES]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_each_way_is_a_question_with_a_soft_beginning_in_both_languages(sign_in, story, mode, lang):
    anna = sign_in("anna")
    anna.post("/me/choices/locale", data={"value": lang})
    starter = str(catalogue(lang).gettext(STARTERS[mode])) if lang == "da" else STARTERS[mode]
    page = composer(anna, story())
    assert f'value="{mode}" data-ph="{starter}"' in page
    assert starter.endswith("…")


def test_a_story_without_angles_has_the_ways_that_are_not_about_oneself_open(sign_in, story):
    told = story()
    with writing():
        db.session.query(Angle).filter_by(story_id=told).delete()
    page = composer(sign_in("anna"), told)
    assert "<details open>" in page
    assert chosen(page) == []


def test_the_first_angle_is_chosen_and_its_beginning_shown(sign_in, story):
    page = composer(sign_in("anna"), story())
    assert chosen(page) == ["1"]
    assert 'placeholder="Det minder mig om …"' in page


@pytest.mark.parametrize(
    ("sent", "kept"), [("1", "1"), ("thank", "thank"), ("9", ""), ("<b>", ""), ("thanks", "")]
)
def test_the_angle_is_kept_with_the_share_and_a_strange_one_is_none(sign_in, story, sent, kept):
    write(sign_in("anna"), story(), angle=sent)
    assert db.session.scalars(select(Share.angle)).one() == kept


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_draft_comes_back_with_its_angle_network_and_switch(sign_in, story, headers):
    anna, told = sign_in("anna"), story()
    anna.post(f"/stories/{told}/shares", data={"text": OWN, "network": "facebook", "angle": "learnt"})
    page = composer(anna, told, headers=headers)
    assert chosen(page) == ["learnt"]
    assert chosen(page, "network") == ["facebook"]
    assert chosen(page, "disclosed") == []
    assert f'placeholder="{danish(STARTERS["learnt"])}"' in page
    assert "<details open>" in page


def test_refused_it_keeps_all_that_was_typed_and_the_same_key(sign_in, story):
    anna, told = sign_in("anna"), story()
    answer = anna.post(
        f"/stories/{told}/shares",
        data={
            "text": " ", "network": "facebook", "angle": "teach", "key": "k" * 22, "photo_alt": "En fuld kaffekop",
            "photo_consent": "agreed", "photo": (BytesIO(jpeg()), "kaffe.jpg"),
        },
        content_type="multipart/form-data",
    )  # fmt: skip
    assert answer.status_code == 422
    page = answer.text
    assert chosen(page) == ["teach"]
    assert chosen(page, "network") == ["facebook"]
    assert chosen(page, "photo_consent") == ["agreed"]
    assert chosen(page, "disclosed") == []
    assert 'value="En fuld kaffekop"' in page
    assert f'name="key" value="{"k" * 22}"' in page
    assert danish("Choose the picture again, for the browser has let go of it.") in page
    assert db.session.scalar(select(func.count()).select_from(Share)) == 0


def test_each_fresh_form_has_a_key_of_its_own(sign_in, story):
    anna, told = sign_in("anna"), story()
    keys = {re.search(r'name="key" value="([\w-]{16,})"', composer(anna, told))[1] for _time in range(3)}
    assert len(keys) == 3


def test_a_picture_of_ones_own_goes_with_the_text_in_one_form(sign_in, story):
    anna, told = sign_in("anna"), story()
    assert 'enctype="multipart/form-data"' in composer(anna, told)
    form = {"photo": (BytesIO(jpeg()), "kaffe.jpg"), "photo_alt": "En kaffekop", "photo_consent": "nobody"}
    assert write(anna, told, **form).status_code == 303
    assert db.session.scalars(select(SharePhoto.alt)).one() == "En kaffekop"


def test_a_picture_without_an_answer_about_people_is_refused_and_nothing_is_kept(sign_in, story):
    anna, told = sign_in("anna"), story()
    answer = write(anna, told, photo=(BytesIO(jpeg()), "kaffe.jpg"), photo_alt="En kaffekop")
    assert answer.status_code == 422
    assert OWN in answer.text
    assert db.session.scalar(select(func.count()).select_from(Share)) == 0


def test_a_chosen_picture_is_not_sent_with_each_pause_in_typing(sign_in, story):
    """The text area asks for the meter inside a form that brings files."""
    area = re.search(r"<textarea[^>]*>", composer(sign_in("anna"), story()))[0]
    assert 'hx-encoding="application/x-www-form-urlencoded"' in area


def test_the_line_about_where_one_works_says_what_it_is_to_take_it_off(sign_in, story):
    """Which of both is seen, the style sheet decides: it needs no script."""
    page = composer(sign_in("anna"), story())
    assert chosen(page, "disclosed") == ["1"]
    assert danish(LAW) in page
    assert danish(POINTS) in page


def test_without_points_nothing_is_said_of_them(sign_in, story):
    anna = sign_in("anna")
    anna.post("/me/choices/play", data={"value": "quiet"})
    page = composer(anna, story())
    assert danish(LAW) in page
    assert danish(POINTS) not in page


@pytest.mark.parametrize("said", [
    "LinkedIn does not accept text from apps. We copy it, you paste it. Your link comes along.",
    "Facebook accepts your link, but no text. We copy it, you paste it.",
    "We copy the text and your link. Open the intranet, and paste them there.",
    "We copy the text and your link. Paste them where you want to tell it.",
])  # fmt: skip
def test_of_each_network_it_is_said_what_comes_along(sign_in, story, said):
    assert danish(said) in composer(sign_in("anna"), story())


@pytest.mark.parametrize(("count", "network", "said"), [
    (79, "linkedin", danish("%(count)s characters are enough to count as own words.", count=80)),
    (80, "linkedin", danish("%(count)s characters. A good length.", count=80)),
    (500, "facebook", danish("%(count)s characters. A good length.", count=500)),
    (501, "facebook", "Facebook"),
    (501, "linkedin", danish("%(count)s characters. A good length.", count=501)),
    (901, "linkedin", "LinkedIn"),
    (901, "nonsense", "LinkedIn"),
    (5000, "linkedin", "LinkedIn"),
])  # fmt: skip
def test_the_length_is_said_beside_the_meter(sign_in, story, count, network, said):
    page = sign_in("anna").post(
        "/own-words", data={"story": story(), "text": "a" * count, "network": network}
    )
    assert said in re.search(r'id="own-length">([^<]*)<', page.text)[1]


def test_of_nothing_there_is_nothing_to_say(sign_in, story):
    page = sign_in("anna").post("/own-words", data={"story": story(), "text": " "}).text
    assert '<p class="full sm mut" id="own-length"></p>' in page
    assert "<b>0 %</b>" in page


def test_the_meter_keeps_nothing(sign_in, story):
    anna, told = sign_in("anna"), story()
    anna.post("/own-words", data={"story": told, "text": OWN, "network": "linkedin", "key": "k" * 22})
    assert db.session.scalar(select(func.count()).select_from(Share)) == 0


@pytest.fixture
def pictured(story):
    """A story with a picture."""
    with writing():
        picture = Picture(
            name="a" * 40, width=720, height=480, small_width=360, small_height=240, added_at=NOW
        )
        db.session.add(picture)
        db.session.flush()
        picture_id = picture.id
    return story(picture_id=picture_id, alt="To kopper & en kande", expires_at=NOW + timedelta(days=1))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_storys_picture_can_be_taken_along_with_its_description(sign_in, pictured, headers):
    anna = sign_in("anna")
    posting = write(anna, pictured).location
    page = anna.get(posting, headers=headers).text
    assert f'href="/stories/{pictured}/picture" download' in page
    assert 'data-copy="To kopper &amp; en kande"' in page


def test_no_picture_of_a_story_that_is_over_or_has_none_is_offered(sign_in, story, pictured, clock):
    anna = sign_in("anna")
    without, gone = write(anna, story()).location, write(anna, pictured).location
    assert "/picture" not in anna.get(without).text
    with clock(NOW + timedelta(days=2)):
        page = anna.get(gone)
    assert page.status_code == 200
    assert "/picture" not in page.text


def said_posted(browser, story_id):
    share = int(write(browser, story_id).location.split("/")[2])
    return share, browser.post(f"/shares/{share}/posting", headers=HTMX)


def test_the_page_after_the_sheet_offers_to_undo_and_it_does(sign_in, story):
    anna, told = sign_in("anna"), story()
    share, thanks = said_posted(anna, told)
    assert danish("Undo") in thanks.text
    undo = f'class="undo" method="post" action="/shares/{share}/withdrawal"'
    today = anna.get("/").text
    assert undo in today
    assert danish("It is told.") in today
    assert undo not in anna.get("/").text
    assert anna.post(f"/shares/{share}/withdrawal").status_code == 303
    assert db.session.get_one(Share, share).withdrawn_at == NOW


def test_undone_in_the_sheet_the_next_page_says_only_that(sign_in, story):
    anna = sign_in("anna")
    share, _thanks = said_posted(anna, story())
    anna.post(f"/shares/{share}/withdrawal", data={"undo": "1"}, headers=HTMX)
    today = anna.get("/").text
    assert danish("The share is withdrawn.") in today
    assert danish("It is told.") not in today


def test_looked_at_again_later_thanks_offers_no_fresh_toast(sign_in, story, clock):
    anna = sign_in("anna")
    share, _thanks = said_posted(anna, story())
    anna.get("/")
    with clock(NOW + timedelta(seconds=11)):
        anna.get(f"/shares/{share}/thanks", headers=HTMX)
        assert danish("It is told.") not in anna.get("/").text


def test_withdrawing_says_what_is_corrected_and_that_the_post_is_ones_own_to_delete(sign_in, story):
    anna = sign_in("anna")
    share = int(tell(anna, story()).split("/")[2])
    page = anna.get(f"/shares/{share}").text
    assert (
        danish("The link says goodbye and the points are corrected. Remember to delete the post itself.")
        in page
    )
    after = anna.get(anna.post(f"/shares/{share}/withdrawal").location).text
    assert danish("The share is withdrawn.") in after
    assert "8 point er rettet" in after


def test_the_composer_asks_no_more_than_it_must(sign_in, story, count_statements):
    anna, told = sign_in("anna"), story()
    composer(anna, told)
    count_statements.clear()
    composer(anna, told)
    assert len(count_statements) <= 7, count_statements
