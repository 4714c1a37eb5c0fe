"""The editor: a story is written, seen as a phone shows it, scheduled, out, taken down, and out again.

What is refused says why, and nothing that was typed is lost.
"""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.db import db, writing
from app.organisation import actions as organisation
from app.sharing.models import Share
from app.stories.models import Angle, Answer, Picture, Story, StoryAudience, StoryTopic
from tests.conftest import NOW
from tests.sharing.test_telling import tell
from tests.stories.test_pictures import jpeg, png_that_claims
from tests.words import danish

CHANGED = danish(
    "Somebody else has changed this story meanwhile. What you wrote is kept below. Open the story in another "
    "window and compare; saving here replaces the other change."
)
HUGE = "99999999999999999999"


class Form(HTMLParser):
    """The editor's form as a browser would send it."""

    def __init__(self, html):
        super().__init__()
        self.fields, self._select, self._textarea = {}, None, None
        self.feed(html.split('enctype="multipart/form-data"')[1].split("</form>")[0])

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.fields[self._select] = value
        elif tag == "textarea":
            self._textarea = name
            self.fields[name] = ""
        elif tag == "input" and given.get("type") == "checkbox":
            if "checked" in given:
                self.fields.setdefault(name, []).append(value)
        elif tag == "input" and given.get("type") != "file":
            self.fields[name] = value

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._textarea = None

    def handle_data(self, data):
        if self._textarea:
            self.fields[self._textarea] += data


def form_of(page):
    return Form(page.text).fields


def edited(browser, story, **more):
    """Open the editor, change some fields, and send it."""
    fields = form_of(browser.get(f"/desk/stories/{story.id}")) | more
    return browser.post(f"/desk/stories/{story.id}", data=fields)


def said_of(page, field):
    """What the page says of a field."""
    found = page.text.split(f'id="{field}-error"')
    return found[1].split("</p>")[0] if len(found) == 2 else ""


def titles_on(browser, path="/"):
    return browser.get(path).text.replace("\N{NO-BREAK SPACE}", " ")


def stories_kept():
    return db.session.scalar(select(func.count()).select_from(Story))


# From draft to gone


def test_a_draft_is_kept_and_nobody_sees_it(made, sign_in, cast):
    story = made()
    assert (story.state, story.title, story.created_by_id) == ("draft", "Broen tæller", cast.karen.id)
    assert "Broen tæller" not in titles_on(sign_in("anna"))
    assert sign_in("anna").get(f"/stories/{story.id}").status_code == 404
    assert "Broen tæller" in titles_on(sign_in("henrik"), "/desk?kind=drafts")


def test_a_published_story_is_on_today_at_once_and_for_two_weeks(made, sign_in):
    story = made(action="publish")
    assert (story.state, story.publish_at, story.expires_at) == ("published", NOW, NOW + timedelta(days=14))
    assert "Broen tæller" in titles_on(sign_in("anna"))


def test_how_long_stories_live_is_the_organisations_choice(made):
    with writing():
        organisation.change_setting("story_lives_days", 3, NOW.date(), NOW)
    assert made(action="publish").expires_at == NOW + timedelta(days=3)


def test_everything_in_the_form_is_stored_and_stands_there_again(made, sign_in, cast, typed):
    more = {
        "title_en": "The bridge counts", "why_en": "We need 40 trainees.", "body_en": "Amir counted <214> bikes.",
        "leader": str(cast.birgit.id), "leader_line": "Jeg cykler selv.", "leader_line_en": "I cycle too.",
        "team": str(cast.teams["library"]),
        "audience": [str(cast.teams["north"]), str(cast.teams["library"])],
        "topic": [str(cast.topics["culture"]), str(cast.topics["schools"])],
        "publish_at": "2026-11-27T08:30", "expires_at": "2026-12-04T16:00",
        "source_url": "https://fjordby.example/broen?a=1&b=2", "source_name": "fjordby.dk",
        "angle-0-label": "Et øjeblik", "angle-0-question": "Hvornår så du det?", "angle-0-starter": "Det minder …",
        "angle-0-label_en": "A moment", "angle-0-question_en": "When did you see it?", "angle-0-starter_en": "It …",
        "angle-1-label": "Bag om", "angle-1-question": "Hvad ser ingen?", "angle-1-starter": "",
    }  # fmt: skip
    story = made(**more)
    kept = form_of(sign_in("henrik").get(f"/desk/stories/{story.id}"))
    assert {name: kept[name] for name in typed(**more)} == typed(**more)
    rows = db.session.scalars(select(Angle).where(Angle.story_id == story.id).order_by(Angle.position))
    assert [(one.position, one.label, one.question, one.question_en) for one in rows] == [
        (0, "Et øjeblik", "Hvornår så du det?", "When did you see it?"),
        (1, "Bag om", "Hvad ser ingen?", ""),
    ]


def test_angles_stand_in_the_order_of_their_places(made):
    story = made(**{"angle-0-question": "Sidst?", "angle-0-place": "2", "angle-1-question": "Først?",
                    "angle-1-place": "0", "angle-2-question": "Midt i?", "angle-2-place": "1"})  # fmt: skip
    rows = db.session.scalars(
        select(Angle.question).where(Angle.story_id == story.id).order_by(Angle.position)
    )
    assert list(rows) == ["Først?", "Midt i?", "Sidst?"]


def test_an_edit_of_a_live_story_raises_its_version_and_shows_at_once(made, sign_in):
    story, anna = made(action="publish"), sign_in("anna")
    assert "Broen tæller" in titles_on(anna)
    version = story.version
    assert edited(sign_in("henrik"), story, title="Broen tæller videre").status_code == 303
    assert story.version > version
    assert "Broen tæller videre" in titles_on(anna)


def test_a_preview_shows_card_and_page_of_what_is_not_out_yet(made, sign_in):
    page = sign_in("henrik").get(f"/desk/stories/{made().id}/preview").text
    assert 'class="card story' in page
    assert "Så regnede det." in page
    assert "Vi søger 40 elever til februar." in page


def test_a_story_taken_down_leaves_today_and_can_be_published_again(made, sign_in, karen):
    story, anna = made(action="publish"), sign_in("anna")
    assert "Broen tæller" in titles_on(anna)
    assert karen.post(f"/desk/stories/{story.id}/withdrawal").status_code == 303
    assert story.state == "withdrawn"
    assert "Broen tæller" not in titles_on(anna)
    assert "Broen tæller" in titles_on(karen, "/desk/stories?shelf=past")
    assert edited(karen, story, action="publish").status_code == 303
    assert story.state == "published"
    assert "Broen tæller" in titles_on(anna)


def test_a_story_published_again_long_after_is_asked_for_a_new_end_and_lives_two_weeks_without(
    made, sign_in, clock, karen
):
    story = made(action="publish")
    karen.post(f"/desk/stories/{story.id}/withdrawal")
    with clock(NOW + timedelta(days=30)):
        refused = edited(karen, story, action="publish")
        assert refused.status_code == 422
        assert danish("It must expire after it is published, and later than now") in refused.text
        assert edited(karen, story, action="publish", expires_at="").status_code == 303
        assert story.expires_at == NOW + timedelta(days=44)
        assert "Broen tæller" in titles_on(sign_in("anna"))


def test_a_draft_is_not_taken_down(made, karen):
    story = made()
    karen.post(f"/desk/stories/{story.id}/withdrawal")
    assert story.state == "draft"


# Times


def test_times_are_the_organisations_local_ones_also_across_the_change_of_clocks(made):
    assert made(publish_at="2026-11-27T08:30").publish_at == datetime(2026, 11, 27, 7, 30, tzinfo=UTC)
    assert made(publish_at="2027-06-01T08:30").publish_at == datetime(2027, 6, 1, 6, 30, tzinfo=UTC)


def test_a_scheduled_story_is_not_seen_until_its_time(made, sign_in, clock, karen):
    story = made(action="publish", publish_at="2026-11-25T10:00")
    anna = sign_in("anna")
    assert (
        danish("Scheduled for %(time)s. Nobody sees it until then.").split("%")[0]
        in karen.get(f"/desk/stories/{story.id}").text
    )
    assert "Broen tæller" in titles_on(karen, "/desk/stories?shelf=scheduled")
    with clock(NOW + timedelta(minutes=59, seconds=59)):
        assert "Broen tæller" not in titles_on(anna)
        assert "Broen tæller" not in titles_on(anna, "/stories")
        assert anna.get(f"/stories/{story.id}").status_code == 404
    with clock(NOW + timedelta(hours=1)):
        assert "Broen tæller" in titles_on(anna)
        assert anna.get(f"/stories/{story.id}").status_code == 200
        assert "Broen tæller" in titles_on(karen, "/desk/stories?shelf=live")


def test_a_scheduled_story_lives_two_weeks_from_its_time(made):
    story = made(action="publish", publish_at="2026-11-27T09:00")
    assert story.expires_at == story.publish_at + timedelta(days=14)


NO_TIMES = ("i morgen", "2026-02-30T10:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-11-27T10:00+05:00")


def test_what_is_no_time_gets_a_sentence_and_stays_in_its_field(karen, typed):
    for wrong in NO_TIMES:
        fields = {"publish_at": wrong, "expires_at": wrong}
        page = karen.post("/desk/stories", data=typed(action="publish", **fields))
        assert page.status_code == 422, wrong
        for field in fields:
            assert danish("Write a date and a time") in said_of(page, field), wrong
            assert form_of(page)[field] == wrong
    assert stories_kept() == 0


def test_it_may_not_expire_before_it_is_seen(karen, typed):
    for publish_at, expires_at in (
        ("2026-11-27T10:00", "2026-11-27T10:00"),
        ("2026-11-27T10:00", "2026-11-26T10:00"),
        ("", "2026-11-25T09:00"),
    ):
        times = {"publish_at": publish_at, "expires_at": expires_at}
        page = karen.post("/desk/stories", data=typed(action="publish", **times))
        assert page.status_code == 422, times
        assert danish("It must expire after it is published, and later than now") in said_of(
            page, "expires_at"
        )
        assert {name: form_of(page)[name] for name in times} == times
    assert stories_kept() == 0


def test_a_live_story_saved_without_times_keeps_its_own(made, karen):
    story = made(action="publish")
    assert edited(karen, story, publish_at="", expires_at="").status_code == 303
    assert (story.publish_at, story.expires_at) == (NOW, NOW + timedelta(days=14))


def test_an_expired_story_is_live_again_with_a_later_end(made, sign_in, clock, karen):
    story = made(action="publish", expires_at="2026-11-26T09:00")
    with clock(NOW + timedelta(days=2)):
        anna = sign_in("anna")
        assert (
            danish("Expired %(time)s. Choose a later time, and it is seen again.").split("%")[0]
            in karen.get(f"/desk/stories/{story.id}").text
        )
        assert anna.get(f"/stories/{story.id}").status_code == 404
        assert edited(karen, story, expires_at="2026-12-24T12:00").status_code == 303
        assert anna.get(f"/stories/{story.id}").status_code == 200


# What is refused


def test_what_is_missing_to_publish_gets_a_sentence(karen, typed):
    for field, sentence in (
        ("title", danish("Give the story a title")),
        ("purpose", danish("Choose what the story is for")),
        ("why", danish("Write one sentence on why it is asked for now")),
        ("topic", danish("Choose at least one topic")),
    ):
        page = karen.post("/desk/stories", data=typed(action="publish", **{field: None}))
        assert page.status_code == 422, field
        assert sentence in said_of(page, field)
    assert stories_kept() == 0


def test_spaces_alone_are_no_why_line(karen, typed):
    page = karen.post("/desk/stories", data=typed(action="publish", why=" \n\t "))
    assert page.status_code == 422


def test_a_draft_may_lack_all_but_its_title(made):
    story = made(purpose=None, why=None, topic=None, body=None)
    assert (story.state, story.purpose_id, story.why) == ("draft", None, "")


def test_a_live_story_may_not_lose_what_it_needs(made, karen):
    story = made(action="publish")
    for field in ("purpose", "why", "topic"):
        assert edited(karen, story, **{field: ""}).status_code == 422, field
    db.session.expire_all()
    assert (story.why, story.purpose_id is None) == ("Vi søger 40 elever til februar.", False)
    assert db.session.scalars(select(StoryTopic).where(StoryTopic.story_id == story.id)).all()


MOST = {"title": 120, "why": 200, "body": 10_000, "alt": 250, "source_name": 80, "leader_line": 400,
        "title_en": 120, "why_en": 200, "body_en": 10_000, "alt_en": 250, "leader_line_en": 400}  # fmt: skip


def test_a_text_may_be_this_long_and_no_longer_and_is_kept(karen, typed, made):
    longest = {field: "æ" * most for field, most in MOST.items()}
    story = made(**longest)
    assert {field: getattr(story, field) for field in MOST} == longest
    too_long = {field: "æ" * (most + 1) for field, most in MOST.items()}
    page = karen.post("/desk/stories", data=typed(**too_long))
    assert page.status_code == 422
    for field, most in MOST.items():
        assert f"{most:,}".replace(",", ".") in said_of(page, field)
        assert form_of(page)[field] == too_long[field]


def test_an_angle_that_is_too_long_is_refused_and_kept(karen, typed):
    for field, most in (("label", 40), ("question", 160), ("starter_en", 120)):
        fields = {"angle-1-question": "Hvornår?", f"angle-1-{field}": "ø" * (most + 1)}
        page = karen.post("/desk/stories", data=typed(**fields))
        assert page.status_code == 422, field
        assert danish("This is too long") in said_of(page, "angles")
        assert form_of(page)[f"angle-1-{field}"] == "ø" * (most + 1)


def test_an_angle_without_its_question_is_asked_for_it_and_loses_nothing(typed, karen):
    page = karen.post("/desk/stories", data=typed(**{"angle-2-starter": "Det minder mig om"}))
    assert page.status_code == 422
    assert danish("An angle needs its question. Write one, or empty the angle.") in page.text
    assert form_of(page)["angle-2-starter"] == "Det minder mig om"


NO_ADDRESSES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//fjordby.example", "fjordby.example",
    "https://", "https://[::1", "ftp://fjordby.example", "https://fjordby.example/a b",
    "https://fjordby.example:port/", "https://a..example/",
)  # fmt: skip


def test_what_is_no_web_address_is_refused_and_kept(karen, typed):
    for address in NO_ADDRESSES:
        page = karen.post("/desk/stories", data=typed(source_url=address))
        assert page.status_code == 422, address
        assert "https://" in said_of(page, "source_url")
        assert form_of(page)["source_url"] == address
    assert stories_kept() == 0


def test_the_editor_keeps_and_shows_the_one_form(karen, typed):
    answer = karen.post("/desk/stories", data=typed(source_url="HTTPS://Fjоrdby.DK:443/søen"))
    story = db.session.get_one(Story, int(answer.location.split("/")[-1]))
    assert story.source_url == "https://xn--fjrdby-xqf.dk/s%C3%B8en"
    page = karen.get(answer.location)
    assert form_of(page)["source_url"] == "https://xn--fjrdby-xqf.dk/s%C3%B8en"


def test_an_address_with_another_name_before_its_host_is_refused_beside_its_field(karen, typed):
    page = karen.post("/desk/stories", data=typed(source_url="https://fjordby.dk@evil.example/"))
    assert page.status_code == 422
    assert danish("That is no web address. Write it like https://fjordby.dk/nyt") in said_of(
        page, "source_url"
    )
    assert form_of(page)["source_url"] == "https://fjordby.dk@evil.example/"


def test_an_address_that_is_too_long_when_written_out_is_refused(karen, typed):
    page = karen.post("/desk/stories", data=typed(source_url="https://fjordby.dk/" + "ø" * 200))
    assert page.status_code == 422
    assert "1.000" in said_of(page, "source_url")


def test_a_choice_that_is_not_offered_is_refused_with_a_sentence(karen, typed):
    choices = ("purpose", "topic", "leader", "team", "audience")
    for wrong in ("4711", HUGE, "-1", "0", "en", "9" * 5000):
        page = karen.post("/desk/stories", data=typed(**dict.fromkeys(choices, wrong)))
        assert page.status_code == 422, wrong
        for field in choices:
            assert danish("That is not on the list any more. Choose again.") in said_of(page, field), (
                field,
                wrong,
            )
    assert stories_kept() == 0


def test_someone_who_is_no_leader_cannot_go_first(typed, cast, karen):
    page = karen.post("/desk/stories", data=typed(leader=str(cast.anna.id)))
    assert page.status_code == 422


def test_a_picture_id_that_is_none_is_ignored(made):
    for wrong in ("4711", HUGE, "x"):
        assert made(picture_id=wrong).picture_id is None


def test_a_place_that_is_none_is_ignored(made):
    story = made(**{"angle-0-question": "Hvornår?", "angle-0-place": HUGE})
    assert db.session.scalar(select(Angle.question).where(Angle.story_id == story.id)) == "Hvornår?"


def test_nul_is_left_out_of_every_text(made):
    texts = ("title", "why", "body", "alt", "title_en", "why_en", "body_en", "alt_en", "leader_line",
             "leader_line_en", "source_name", "angle-0-label", "angle-0-question", "angle-0-starter_en")  # fmt: skip
    story = made(
        **dict.fromkeys(texts, "Bro\x00en"), source_url="https://fjordby.example/\x00", publish_at="\x00"
    )
    angle = db.session.scalars(select(Angle).where(Angle.story_id == story.id)).one()
    assert [story.title, story.body_en, story.source_url, angle.question] == [
        "Broen", "Broen", "https://fjordby.example/", "Broen"]  # fmt: skip


def test_a_number_that_is_nobodys_leads_nowhere(karen):
    for path in (
        "/desk/stories/{}", "/desk/stories/{}/preview", "/stories/{}", "/stories/{}/shares/new",
        "/stories/{}/dismissal", "/questions/{}/answers", "/shares/{}", "/shares/{}/thanks",
    ):  # fmt: skip
        for number in (HUGE, "2147483648", "2147483647", "9" * 5000, "0", "-1"):
            assert karen.get(path.format(number)).status_code == 404, path
    for path in ("/desk/stories/{}", "/desk/answers/{}/draft", "/stories/{}/saving", "/shares/{}/withdrawal"):
        assert karen.post(path.format(HUGE)).status_code == 404, path


def test_the_desks_shelves_are_those_and_no_others(karen):
    for shelf in ("live", "scheduled", "past"):
        assert karen.get(f"/desk/stories?shelf={shelf}").status_code == 200
    assert karen.get("/desk/stories?shelf=hylde").status_code == 404


# Nothing typed is lost


def test_a_refusal_keeps_every_field_as_it_was_typed(typed, cast, karen):
    fields = typed(
        why="", title_en="Bridge & <b>", why_en="Why", body_en="Body", alt="Alt", alt_en="Alt en",
        leader=str(cast.birgit.id), leader_line="Linje", leader_line_en="Line", team=str(cast.teams["north"]),
        audience=[str(cast.teams["library"])], source_url="https://fjordby.example/?a=1&b=2", source_name="Navn",
        topic=[str(cast.topics["care"]), str(cast.topics["schools"])],
        publish_at="2026-11-27T08:30", expires_at="2026-12-04T16:00",
        **{f"angle-{n}-{name}": f"{name} {n}" for n in range(3)
           for name in ("label", "question", "starter", "label_en", "question_en", "starter_en")},
    )  # fmt: skip
    page = karen.post("/desk/stories", data=fields | {"action": "publish"})
    assert page.status_code == 422
    kept = form_of(page)
    assert {name: kept[name] for name in fields} == fields


def test_a_refusal_keeps_the_picture_that_was_sent(typed, karen):
    fields = typed(action="publish", picture=(BytesIO(jpeg()), "bro.jpg"))
    page = karen.post("/desk/stories", data=fields)
    assert page.status_code == 422
    assert danish("Write it for those who cannot see the picture") in page.text
    picture = db.session.scalars(select(Picture)).one()
    assert f"/pictures/{picture.name}-{picture.small_width}.webp" in page.text
    again = karen.post("/desk/stories", data=form_of(page) | {"alt": "En bro i regn", "action": "publish"})
    assert again.status_code == 303
    story = db.session.scalars(select(Story)).one()
    assert (story.state, story.picture_id, story.alt) == ("published", picture.id, "En bro i regn")


def test_a_live_story_with_a_picture_may_not_lose_its_alt_text(made, karen):
    story = made(action="publish", picture=(BytesIO(jpeg()), "bro.jpg"), alt="En bro")
    assert edited(karen, story, alt="").status_code == 422
    assert edited(karen, story, alt="", remove_picture="1").status_code == 303
    assert story.picture_id is None


def test_a_file_that_is_no_picture_here_says_why_and_the_texts_stay(karen, typed):
    for sentence, file in (
        (danish("That file is not a JPEG, PNG or WebP picture."), b"hej"),
        (danish("That picture has too many pixels. 24 million at most."), png_that_claims(20_000, 20_000)),
        (danish("That picture is too small. It must be at least 320 pixels wide."), jpeg(100, 100)),
        (
            danish("Pictures may be up to 10 MB. Choose a smaller one."),
            b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024),
        ),
        (
            danish("Pictures may be up to 10 MB. Choose a smaller one."),
            b"\xff\xd8\xff" + b"\0" * (16 * 1024 * 1024),
        ),
    ):
        page = karen.post("/desk/stories", data=typed(picture=(BytesIO(file), "x.jpg")))
        page.request.environ["wsgi.input"].close()
        assert page.status_code == 422, sentence
        assert sentence in said_of(page, "picture")
        assert form_of(page)["title"] == "Broen tæller"
    assert stories_kept() == 0
    assert db.session.scalar(select(func.count()).select_from(Picture)) == 0


def test_the_same_picture_is_kept_once(made):
    one = made(picture=(BytesIO(jpeg()), "a.jpg"))
    two = made(picture=(BytesIO(jpeg()), "b.jpg"))
    assert one.picture_id == two.picture_id
    assert one.picture_id


def test_a_picture_from_the_editor_is_served_as_webp(made, client):
    story = made(picture=(BytesIO(jpeg(900, 600)), "a.jpg"))
    picture = db.session.get_one(Picture, story.picture_id)
    answer = client.get(f"/pictures/{picture.name}-{picture.width}.webp", buffered=True)
    assert answer.mimetype == "image/webp"
    assert Image.open(BytesIO(answer.data)).size == (900, 600)


# Two at once


def test_of_two_curators_at_once_the_second_is_told_and_loses_nothing(made, sign_in, karen):
    story, henrik = made(action="publish"), sign_in("henrik")
    hers, his = (form_of(one.get(f"/desk/stories/{story.id}")) for one in (karen, henrik))
    path = f"/desk/stories/{story.id}"
    assert karen.post(path, data=hers | {"title": "Karens titel"}).status_code == 303
    page = henrik.post(path, data=his | {"title": "Henriks titel", "body": "Henriks tekst"})
    assert page.status_code == 422
    assert CHANGED in page.text
    kept = form_of(page)
    assert (kept["title"], kept["body"]) == ("Henriks titel", "Henriks tekst")
    db.session.expire_all()
    assert story.title == "Karens titel"
    assert henrik.post(path, data=kept).status_code == 303
    assert story.title == "Henriks titel"


def test_a_refusal_does_not_hide_that_somebody_else_has_changed_the_story(made, sign_in, karen):
    story, henrik = made(action="publish"), sign_in("henrik")
    his = form_of(henrik.get(f"/desk/stories/{story.id}"))
    edited(karen, story, title="Karens titel")
    refused = henrik.post(f"/desk/stories/{story.id}", data=his | {"why": ""})
    assert refused.status_code == 422
    second = henrik.post(f"/desk/stories/{story.id}", data=form_of(refused) | {"why": "Derfor."})
    assert second.status_code == 422
    assert CHANGED in second.text
    db.session.expire_all()
    assert story.title == "Karens titel"


def test_a_story_taken_down_meanwhile_is_not_saved_as_if_it_were_out(made, sign_in, karen):
    story, henrik = made(action="publish"), sign_in("henrik")
    his = form_of(henrik.get(f"/desk/stories/{story.id}"))
    karen.post(f"/desk/stories/{story.id}/withdrawal")
    assert henrik.post(f"/desk/stories/{story.id}", data=his).status_code == 422


def test_a_colleague_who_tells_the_story_is_no_second_editor(made, sign_in, karen):
    story = made(action="publish")
    fields = form_of(karen.get(f"/desk/stories/{story.id}"))
    version = story.version
    tell(sign_in("anna"), story.id)
    assert story.version > version
    answer = karen.post(f"/desk/stories/{story.id}", data=fields | {"title": "Ny titel"})
    assert answer.status_code == 303
    assert (story.title, story.tellers) == ("Ny titel", 1)


# Who sees it


def test_a_team_includes_all_below_it_and_nobody_beside_it(made, sign_in, cast):
    top, north = (
        made(title="For alle hold", action="publish", audience=str(cast.teams["top"])),
        made(title="For nord", action="publish", audience=str(cast.teams["north"])),
    )
    assert db.session.scalar(select(StoryAudience.team_id).where(StoryAudience.story_id == north.id))
    anna, omar, birgit = sign_in("anna"), sign_in("omar"), sign_in("birgit")
    assert [one.get(f"/stories/{top.id}").status_code for one in (anna, omar, birgit)] == [200, 200, 200]
    assert [one.get(f"/stories/{north.id}").status_code for one in (anna, omar, birgit)] == [200, 404, 404]
    assert "For nord" in titles_on(anna, "/stories")
    assert "For nord" not in titles_on(omar, "/stories")
    assert omar.get(f"/stories/{north.id}/shares/new").status_code == 404


@pytest.mark.parametrize("how", ["expired", "withdrawn"])
def test_what_is_over_is_gone_for_readers_and_its_short_links_say_goodbye(
    made, sign_in, client, clock, how, karen
):
    story = made(action="publish", source_url="https://fjordby.example/broen")
    tell(sign_in("anna"), story.id)
    token = db.session.scalars(select(Share.token)).one()
    assert client.get(f"/s/{token}").status_code == 302
    if how == "withdrawn":
        karen.post(f"/desk/stories/{story.id}/withdrawal")
    with clock(NOW + timedelta(days=14 if how == "expired" else 0)):
        assert sign_in("omar").get(f"/stories/{story.id}").status_code == 404
        assert client.get(f"/s/{token}").status_code == 410


# Drafts out of answers


def test_an_answer_becomes_one_draft_and_waits_no_longer(sign_in, cast, karen):
    text = "Min kollega lærte mig at vente.\r\n\r\nDet tog otte minutter."
    sign_in("anna").post(f"/questions/{cast.question_id}/answers", data={"text": text})
    henrik = sign_in("henrik")
    assert "Min kollega lærte mig" in karen.get("/desk?kind=told").text
    answer_id = db.session.scalars(select(Answer.id)).one()
    first = karen.post(f"/desk/answers/{answer_id}/draft")
    second = henrik.post(f"/desk/answers/{answer_id}/draft")
    assert first.location == second.location
    story = db.session.scalars(select(Story)).one()
    assert (story.state, story.title) == ("draft", "Min kollega lærte mig at vente.")
    assert story.body == "Min kollega lærte mig at vente.\n\nDet tog otte minutter."
    assert "Min kollega lærte mig" not in karen.get("/desk?kind=told").text


def test_an_answer_that_is_not_there_is_a_404(karen):
    assert karen.post("/desk/answers/4711/draft").status_code == 404
    assert karen.post(f"/desk/answers/{HUGE}/draft").status_code == 404
