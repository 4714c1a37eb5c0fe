"""The organisation's screens: its words, purposes, values, topics, questions and numbers, and the first steps."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from app.db import db, writing
from app.organisation import named
from app.organisation.models import Organisation, Purpose, Setting, Value
from app.organisation.named import Refused
from app.organisation.queries import DEFAULTS, facts
from app.organisation.settings import RANGES
from app.stories.models import Question, Story, Topic
from app.stories.topics import ICONS
from tests.house.test_pages import Page
from tests.running import ROOT
from tests.words import danish

TODAY = date(2026, 11, 25)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def astrid(sign_in):
    return sign_in("astrid")


def about(**more):
    return {"name": "Fjordby Kommune", "name_en": "", "promise": "Vi viser hverdagen.", "promise_en": "", "disclosure": "Jeg arbejder her",
            "disclosure_en": "", "locale": "da", "zone": "Europe/Copenhagen"} | more  # fmt: skip


def ids(table):
    return list(db.session.scalars(select(table.id).order_by(table.position, table.id)))


# Who we are


def test_what_the_organisation_says_is_on_every_page_at_once(astrid, sign_in, story):
    story()
    anna = sign_in("anna")
    anna.get("/")
    version = facts().version
    assert (
        astrid.post(
            "/desk/organisation/about", data=about(promise="Vi fortæller nyt.", zone="America/Nuuk")
        ).status_code
        == 303
    )
    assert "Vi fortæller nyt." in anna.get("/").text
    assert (facts().zone, facts().name_en, facts().version > version) == ("America/Nuuk", None, True)


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("name", "", danish("This is missing.")),
        ("disclosure", "", danish("This is missing.")),
        ("promise", "x" * 161, danish("That is too long: at most %(most)s characters.", most=160)),
        ("zone", "Fjordby/Havn", danish("Choose one of those on the list.")),
        ("locale", "de", danish("Choose one of those on the list.")),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(astrid, field, given, said):
    answer = astrid.post("/desk/organisation/about", data=about(name_en="Kept") | {field: given})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Kept"' in answer.text
    assert Page(answer.text).wrong == []
    assert facts().name_en == "Fjordby Council"


# Purposes, values, topics


@pytest.mark.parametrize(("kind", "table"), [("purposes", Purpose), ("values", Value), ("topics", Topic)])
def test_a_name_is_added_renamed_and_moved_up(astrid, kind, table):
    there = ids(table)
    address = f"/desk/organisation/{kind}"
    for name in ("Først", "Sidst"):
        astrid.post(address, data={"name": name, "name_en": "", "icon": "leaf"})
    first, last = ids(table)[-2:]
    assert ids(table) == [*there, first, last]
    astrid.post(f"{address}/{last}", data={"name": "Nyt <b>navn</b>", "name_en": "New", "icon": "evil"})
    astrid.post(f"{address}/{last}/up")
    db.session.expire_all()
    assert ids(table) == [*there, last, first]
    row = db.session.get_one(table, last)
    assert (row.name, row.name_en) == ("Nyt <b>navn</b>", "New")
    if table is Topic:
        assert row.icon == "leaf"
    page = astrid.get(address).text
    assert "Nyt &lt;b&gt;navn" in page
    assert Page(page).wrong == []


@pytest.mark.parametrize("kind", ["purposes", "values", "topics"])
def test_a_name_is_needed_once_and_fits(astrid, kind):
    address = f"/desk/organisation/{kind}"
    astrid.post(address, data={"name": "Havn"})
    for name, said in (
        (" ", danish("This is missing.")), ("Havn", danish("That is there already.")),
        ("x" * 200, danish("That is too long: at most %(most)s characters.", most=120 if kind == "purposes" else 60)),
    ):  # fmt: skip
        answer = astrid.post(address, data={"name": name})
        assert answer.status_code == 422
        assert said in answer.text
        assert Page(answer.text).wrong == []


def test_at_most_five_purposes_are_in_use_and_a_retired_one_makes_room(astrid, cast):
    address = "/desk/organisation/purposes"
    for number in range(4):
        assert astrid.post(address, data={"name": f"Formål {number}"}).status_code == 303
    full = astrid.post(address, data={"name": "Et for meget"})
    assert danish("At most %(most)s at a time. Retire one first.", most=5) in full.text
    astrid.post(f"{address}/{ids(Purpose)[-1]}/retirement")
    assert astrid.post(address, data={"name": "Et for meget"}).status_code == 303


def test_two_at_once_do_not_add_a_sixth_purpose(app, cast):
    with writing():
        for number in range(3):
            named.add(Purpose, f"Formål {number}", "")
    barrier, done = threading.Barrier(2), []

    def one(name):
        with app.app_context():
            barrier.wait()
            try:
                with writing():
                    named.add(Purpose, name, "")
                done.append("added")
            except Refused as wrong:
                done.append(wrong.reason)
            db.session.remove()

    threads = [threading.Thread(target=one, args=(name,)) for name in ("Et", "Et andet")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["added", "too-many"]
    assert len(ids(Purpose)) == 5


def test_a_retired_purpose_is_not_offered_and_stays_with_the_stories_that_have_it(
    astrid, sign_in, story, cast
):
    told, karen = story(), sign_in("karen")
    astrid.post("/desk/organisation/purposes", data={"name": "Byen skal kende os"})
    answer = astrid.post(f"/desk/organisation/purposes/{cast.purpose_id}/retirement")
    assert danish("Retired. What has it keeps it.") in astrid.get(answer.location).text
    name = "40 elever til februar"
    assert name not in karen.get("/desk/stories/new").text
    editor = karen.get(f"/desk/stories/{told}").text
    assert f'<option value="{cast.purpose_id}" selected>{name}' in editor
    assert facts().purpose_names[cast.purpose_id][0] == name
    assert cast.purpose_id not in facts().purposes
    assert db.session.get_one(Story, told).purpose_id == cast.purpose_id
    astrid.post(f"/desk/organisation/purposes/{cast.purpose_id}/return")
    assert name in karen.get("/desk/stories/new").text


def test_a_value_that_nothing_names_is_gone_when_it_is_retired(astrid):
    astrid.post("/desk/organisation/values", data={"name": "Mod"})
    (value,) = ids(Value)
    assert "Mod" in str(facts().values)
    astrid.post(f"/desk/organisation/values/{value}/retirement")
    assert ids(Value) == []
    assert facts().values == {}


def test_every_icon_that_is_offered_is_in_the_sprite():
    sprite = (ROOT / "static" / "icons" / "icons.svg").read_text()
    assert [name for name in ICONS if f'id="i-{name}"' not in sprite] == []


# Questions of the day


def test_a_question_takes_its_turns_until_it_is_retired(astrid, sign_in, cast):
    anna = sign_in("anna")
    astrid.post(f"/desk/organisation/questions/{cast.question_id}/retirement")
    assert "Hvad lærte du" not in anna.get("/").text
    astrid.post(
        "/desk/organisation/questions",
        data={"text": "Hvad fik dig til at smile?", "hint": "Et øjeblik er nok."},
    )
    assert "Hvad fik dig til at smile?" in anna.get("/").text
    page = astrid.get("/desk/organisation/questions").text
    assert page.index("smile") < page.index("Hvad lærte du")
    again = astrid.post("/desk/organisation/questions", data={"text": "Hvad fik dig til at smile?"})
    assert danish("That is there already.") in again.text
    assert db.session.scalar(select(func.count()).select_from(Question)) == 2


# Settings with numbers


def test_every_setting_that_exists_is_on_the_page(astrid):
    assert set(RANGES) | {"utm"} == set(DEFAULTS)
    page = astrid.get("/desk/organisation/settings").text
    assert all(f'action="/desk/organisation/settings/{key}"' in page for key in DEFAULTS)


def test_a_number_holds_from_its_day_and_the_last_word_for_a_day_counts(astrid):
    for value in ("5", "4"):
        given = {"value": value, "from_date": TOMORROW.isoformat()}
        assert astrid.post("/desk/organisation/settings/stories_a_day", data=given).status_code == 303
    assert [facts().setting("stories_a_day", day) for day in (TODAY, TOMORROW)] == [3, 4]
    assert db.session.scalar(select(func.count()).select_from(Setting)) == 1
    assert "26. november 2026" in astrid.get("/desk/organisation/settings").text


@pytest.mark.parametrize(
    ("value", "day", "said"),
    [
        ("6", TOMORROW, danish("Write a number from %(least)s to %(most)s.", least=1, most=5)),
        ("0", TOMORROW, danish("Write a number from %(least)s to %(most)s.", least=1, most=5)),
        ("²", TOMORROW, danish("Write a number from %(least)s to %(most)s.", least=1, most=5)),
        ("4", TODAY, danish("Choose a day from tomorrow on, within a year.")),
        ("4", date(2020, 1, 1), danish("Choose a day from tomorrow on, within a year.")),
        ("4", date(2030, 1, 1), danish("Choose a day from tomorrow on, within a year.")),
        ("4", "", danish("Choose a day from tomorrow on, within a year.")),
    ],
)
def test_what_has_begun_is_not_rewritten_and_numbers_have_their_range(astrid, value, day, said):
    answer = astrid.post(
        "/desk/organisation/settings/stories_a_day", data={"value": value, "from_date": str(day)}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert Page(answer.text).wrong == []
    assert db.session.scalar(select(func.count()).select_from(Setting)) == 0


def test_the_tags_on_links_are_letters_digits_and_the_network(astrid):
    tags = {
        "utm_source": "fjordby-{network}",
        "utm_medium": "social",
        "utm_campaign": "2027",
        "from_date": TOMORROW.isoformat(),
    }
    assert astrid.post("/desk/organisation/settings/utm", data=tags | {"evil": "1"}).status_code == 303
    assert facts().setting("utm", TOMORROW) == {key: tags[key] for key in DEFAULTS["utm"]}
    for wrong in ("a b", "{name}", "&x=1", "", "x" * 61):
        assert (
            astrid.post("/desk/organisation/settings/utm", data=tags | {"utm_medium": wrong}).status_code
            == 422
        )


def test_a_setting_that_does_not_exist_cannot_be_set(astrid):
    given = {"value": "1", "from_date": TOMORROW.isoformat()}
    assert astrid.post("/desk/organisation/settings/points_for_everyone", data=given).status_code == 404


# Getting started


def test_a_new_organisation_is_led_from_step_to_step(astrid, cast):
    with writing():
        db.session.execute(delete(Value))
        db.session.execute(update(Organisation).values(promise="", version=Organisation.version + 1))
    page = astrid.get("/desk/start").text
    steps = [part.split("</a>")[0] for part in page.split('<a class="li"')[1:]]
    done = {step.split('href="')[1].split('"')[0]: danish("Done") in step for step in steps}
    assert done == {
        "/desk/organisation/about": False, "/desk/organisation/purposes": True, "/desk/organisation/values": False,
        "/desk/organisation/topics": True, "/desk/organisation/questions": True, "/desk/teams": True, "/desk/people/lists/new": True,
        "/desk/people": True, "/desk/people/invitations": False,
    }  # fmt: skip


def test_the_administrator_finds_the_desk_from_today_and_me(astrid, sign_in):
    for path in ("/", "/me"):
        assert 'href="/desk/start"' in astrid.get(path).text
        assert 'href="/desk' not in sign_in("anna").get(path).text
