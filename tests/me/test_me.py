"""Me: what I choose, where I am signed in, and what is stored about me. Nobody else sees it."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import db, writing
from app.feed.models import DayOpened
from app.me.queries import OWN as LISTED
from app.people.hours import ZoneFacts, local_date
from app.people.models import Person, SignIn
from app.points.models import Entry
from app.sharing.models import Share
from app.stories.models import Topic, TopicFollow
from tests.conftest import NOW
from tests.sharing.test_clicks import ANDROID, IPHONE
from tests.sharing.test_telling import OWN, tell
from tests.words import danish

NONSENSE = (
    "",
    "0",
    "-1",
    "4",
    "1.5",
    "x",
    "true",
    "9" * 5000,
    "full; DROP TABLE people",
    "FULL",
    "²",
)


@pytest.fixture
def anna(sign_in):
    """Anna's browser."""
    return sign_in("anna")


def person(member):
    db.session.expire_all()
    return db.session.get_one(Person, member.id)


def choose(browser, what, value):
    return browser.post(f"/me/choices/{what}", data={"value": value})


# Choices


@pytest.mark.parametrize(
    ("what", "values"),
    [("weekly_goal", ("1", "2", "3")), ("play", ("quiet", "off", "full")), ("theme", ("dark", "light", "")),
     ("locale", ("en", "da"))],
)  # fmt: skip
def test_each_choice_is_kept_and_shown_as_chosen(anna, cast, what, values):
    page = "/me" if what == "weekly_goal" else "/me/settings"
    for value in values:
        assert choose(anna, what, value).status_code == 303
        assert str(getattr(person(cast.anna), what)) == value
        shown = anna.get(page).text.split(f'action="/me/choices/{what}"')[1].split("</form>")[0]
        chosen = [
            part.split(">")[0]
            for part in shown.split('value="')
            if 'aria-pressed="true"' in part.split(">")[0] or " checked" in part.split(">")[0]
        ]
        assert [one.split('"')[0] for one in chosen] == [value]


@pytest.mark.parametrize("what", ["weekly_goal", "play", "theme", "locale"])
def test_a_choice_that_is_not_offered_gets_a_sentence_and_changes_nothing(anna, cast, what):
    before = getattr(person(cast.anna), what)
    for value in NONSENSE:
        if (what, value) == ("theme", ""):
            continue
        page = choose(anna, what, value)
        assert page.status_code == 422, value
        assert danish("Choose one of those on the page.") in page.text
    assert getattr(person(cast.anna), what) == before


def test_a_choice_that_is_none_is_not_there(anna, cast):
    for what in ("is_admin", "curates_for", "password_hash", "email", "nonsense"):
        assert choose(anna, what, "1").status_code == 404
    assert not person(cast.anna).is_admin


def test_the_language_and_the_look_hold_on_the_next_page(anna):
    choose(anna, "locale", "en")
    choose(anna, "theme", "dark")
    page = anna.get("/me").text
    assert '<html lang="en"' in page
    assert "Your rhythm" in page
    assert 'data-theme="dark"' in page


def test_in_quiet_there_are_no_points_and_in_off_no_rhythm_either(anna):
    full = anna.get("/me").text
    assert ('id="lv-h"' in full, danish("Your rhythm") in full) == (True, True)
    choose(anna, "play", "quiet")
    quiet = anna.get("/me").text
    assert ('id="lv-h"' in quiet, danish("Your rhythm") in quiet) == (False, True)
    choose(anna, "play", "off")
    assert danish("Your rhythm") not in anna.get("/me").text


def test_my_choices_change_nobody_elses(anna, cast, sign_in):
    for what, value in (("weekly_goal", "3"), ("play", "off"), ("theme", "dark"), ("locale", "en")):
        choose(anna, what, value)
    omar = person(cast.omar)
    assert (omar.weekly_goal, omar.play, omar.theme, omar.locale) == (1, "full", "", "da")


def test_a_manager_sees_nothing_of_what_someone_chose(anna, sign_in):
    mads = sign_in("mads")

    def pages():
        return [mads.get(path).text for path in ("/", "/teams", "/teams/how", "/me", "/me/data")]

    before = pages()
    choose(anna, "play", "off")
    assert [page.split("csrf_token")[0] for page in pages()] == [
        page.split("csrf_token")[0] for page in before
    ]


# Zone


def move_to(browser, zone):
    return browser.post("/me/zone", data={"zone": zone})


def local_day(member, instant):
    one = person(member)
    return local_date(ZoneFacts(one.zone, one.next_zone, one.next_zone_at, one.date_floor), instant)


def test_another_zone_takes_effect_at_the_next_local_midnight(anna, cast):
    assert move_to(anna, "America/Nuuk").status_code == 303
    assert danish("Your zone changes at %(time)s.").split("%")[0] in anna.get("/me/settings").text
    here = person(cast.anna)
    midnight = datetime(2026, 11, 25, 23, tzinfo=UTC)
    assert (here.zone, here.next_zone, here.next_zone_at) == ("Europe/Copenhagen", "America/Nuuk", midnight)
    assert "<option selected>America/Nuuk</option>" in anna.get("/me/settings").text


def test_until_then_and_after_the_local_date_never_goes_back(anna, cast, clock):
    move_to(anna, "America/Nuuk")
    days = [local_day(cast.anna, NOW + timedelta(hours=hours)) for hours in range(72)]
    assert days[0] == date(2026, 11, 25)
    assert days == sorted(days)
    # At 23:00 UTC it is midnight in Copenhagen and 21:00 in Nuuk: the day stays the 25th until Nuuk's midnight.
    assert local_day(cast.anna, datetime(2026, 11, 26, 1, 59, tzinfo=UTC)) == date(2026, 11, 25)
    assert local_day(cast.anna, datetime(2026, 11, 26, 2, 1, tzinfo=UTC)) == date(2026, 11, 26)


@pytest.mark.parametrize(
    "zones",
    [("Pacific/Kiritimati", "Pacific/Pago_Pago"), ("Pacific/Pago_Pago", "Pacific/Kiritimati"),
     ("America/Nuuk", "Europe/Copenhagen"), ("Asia/Tokyo", "America/Nuuk", "Asia/Tokyo")],
)  # fmt: skip
def test_no_journey_lets_a_day_come_twice(sign_in, cast, clock, zones):
    """A zone is chosen every sixteen hours; the local date is read every quarter, and Today now and then."""
    anna, seen = sign_in("anna"), []
    for hour in range(0, 96, 4):
        with clock(NOW + timedelta(hours=hour)):
            if hour % 16 == 0 and hour // 16 < len(zones):
                assert move_to(anna, zones[hour // 16]).status_code == 303
            anna.get("/")
        seen += [local_day(cast.anna, NOW + timedelta(hours=hour, minutes=15 * part)) for part in range(16)]
    assert seen == sorted(seen)
    assert seen[-1] - seen[0] >= timedelta(days=3)
    opened = db.session.scalars(
        select(DayOpened.local_date).where(DayOpened.person_id == cast.anna.id).order_by(DayOpened.at)
    ).all()
    assert list(opened) == sorted(set(opened))
    assert set(opened) <= set(seen)


def test_choosing_the_same_zone_again_takes_a_change_back(anna, cast, clock):
    move_to(anna, "America/Nuuk")
    assert move_to(anna, "Europe/Copenhagen").status_code == 303
    assert person(cast.anna).next_zone is None
    with clock(NOW + timedelta(days=1)):
        assert local_day(cast.anna, NOW + timedelta(days=1)) == date(2026, 11, 26)


def test_a_zone_that_is_none_gets_a_sentence(anna, cast):
    for zone in ("", "Fjordby", "../../etc/passwd", "europe/copenhagen", "x" * 5000):
        page = move_to(anna, zone)
        assert page.status_code == 422, zone
        assert danish("Choose one of the zones on the list.") in page.text
    assert person(cast.anna).next_zone is None


# Topics


def more_topics():
    with writing():
        db.session.add_all(Topic(name=f"Emne {number}", position=10 + number) for number in range(4))
    return [str(number) for number in db.session.scalars(select(Topic.id).order_by(Topic.position))]


def follows(member):
    return {
        str(one)
        for one in db.session.scalars(select(TopicFollow.topic_id).where(TopicFollow.person_id == member.id))
    }


def checked(page):
    return {
        part.split('"')[0]
        for part in page.text.split('name="topic" value="')[1:]
        if " checked" in part.split(">")[0]
    }


def test_one_to_five_topics_may_be_followed(anna, cast):
    known = more_topics()
    for number in (1, 5, 2):
        assert anna.post("/me/topics", data={"topic": known[:number]}).status_code == 303
        assert follows(cast.anna) == set(known[:number])
        assert checked(anna.get("/me/topics")) == set(known[:number])


def test_none_or_six_get_a_sentence_and_the_choice_stays_on_the_page(anna, cast):
    known, before = more_topics(), follows(cast.anna)
    for chosen, sentence in (
        ([], danish("Choose at least one topic.")),
        (known[:6], danish("Choose at most %(most)s topics.", most=5)),
    ):
        page = anna.post("/me/topics", data={"topic": chosen})
        assert page.status_code == 422
        assert sentence in page.text
        assert checked(page) == set(chosen)
    assert follows(cast.anna) == before


def test_a_topic_that_is_none_is_refused_clearly_or_ignored(anna, cast):
    known = more_topics()
    page = anna.post("/me/topics", data={"topic": [known[0], "4711"]})
    assert page.status_code == 422
    assert danish("Choose among the topics on the page.") in page.text
    assert checked(page) == {known[0]}
    for nonsense in ("x", "99999999999999999999", "-1", "\x00"):
        assert anna.post("/me/topics", data={"topic": nonsense}).status_code == 422
    assert anna.post("/me/topics", data={"topic": [known[1], known[1], "x"]}).status_code == 303
    assert follows(cast.anna) == {known[1]}


# Sign-ins


def test_my_devices_are_listed_by_name_and_ended_one_by_one(sign_in):
    phone = sign_in("anna", headers={"User-Agent": IPHONE})
    tablet = sign_in("anna", headers={"User-Agent": ANDROID})
    page = phone.get("/me/sign-ins").text
    assert "Safari, iPhone" in page
    assert "Chrome, Android" in page
    assert page.count(danish("This device")) == 1
    ids = list(db.session.scalars(select(SignIn.id).order_by(SignIn.id)))
    assert phone.post(f"/me/sign-ins/{ids[1]}/end").location == "/me/sign-ins"
    assert tablet.get("/me").status_code == 303
    assert "Chrome, Android" not in phone.get("/me/sign-ins").text
    assert phone.post(f"/me/sign-ins/{ids[0]}/end").location == "/sign-in"
    assert phone.get("/me").status_code == 303


def test_a_device_without_a_name_is_listed_too(sign_in):
    assert danish("Unknown device") in sign_in("anna", headers={"User-Agent": "nc"}).get("/me/sign-ins").text


def test_nobody_ends_anothers_sign_in(anna, sign_in, cast):
    omar = sign_in("omar")
    hers = db.session.scalars(select(SignIn.id).where(SignIn.person_id == cast.anna.id)).one()
    for number in (hers, 4711):
        assert omar.post(f"/me/sign-ins/{number}/end").status_code in (303, 404)
    assert anna.get("/me").status_code == 200
    assert "Anna" not in omar.get("/me/sign-ins").text


# One's own data


def test_my_data_holds_all_i_have_done_and_no_hash(app, anna, client, story, cast, clock):
    first, second = story(), story(title="Broen")
    tell(anna, first)
    with clock(NOW + timedelta(minutes=1)):
        client.get(f"/s/{db.session.scalars(select(Share.token)).one()}", headers={"User-Agent": IPHONE})
    app.extensions["click-buffer"].flush()
    anna.get("/")
    anna.post(f"/stories/{first}/reading")
    anna.post(f"/stories/{first}/saving")
    anna.post(f"/stories/{second}/dismissal", data={"reason": "wrong"})
    anna.post(f"/questions/{cast.question_id}/answers", data={"text": "Hun ventede – æøå."})
    answer = anna.get("/me/data")
    assert answer.mimetype == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    mine = answer.json
    assert mine["person"]["email"] == cast.anna.email
    assert [one["text"] for one in mine["shares"]] == [OWN]
    assert [one["text"] for one in mine["answers"]] == ["Hun ventede – æøå."]
    assert [one["reason"] for one in mine["dismissals"]] == ["wrong"]
    assert [one["code"] for one in mine["ledger_entries"]] == ["SHARE", "OWN", "READ"]
    assert [one["people"] for one in mine["clicks"]] == [1]
    for name in ("memberships", "sign_ins", "topics_followed", "days_opened", "picks", "readings", "savings",
                 "person_weeks", "person_totals"):  # fmt: skip
        assert mine[name], name
    assert "hash" not in answer.text
    assert "argon2" not in answer.text
    token = next(iter(db.session.scalars(select(SignIn.token_hash))))
    assert token.hex() not in answer.text


def test_my_data_leaves_out_no_table_that_names_me(anna):
    """A new table with a person in it must be added to what one can take along."""
    ours = {
        table.name
        for table in db.metadata.sorted_tables
        if any(
            key.target_fullname == "people.id" and key.parent.name == "person_id"
            for key in table.foreign_keys
        )
    }
    assert len(ours) > 10
    # A received shout-out comes with its words, and only once it has arrived: see tests/shoutouts.
    assert ours <= {table.__tablename__ for _name, table in LISTED} | {"shoutout_receivers"}


def test_my_data_is_mine_alone(anna, story, sign_in, cast):
    told = story()
    tell(sign_in("omar"), told, text=f"{OWN} Skrevet af Omar.")
    tell(anna, told)
    assert "Omar" not in anna.get("/me/data").text
    assert json.loads(anna.get("/me/data").text)["person"]["id"] == cast.anna.id


def test_a_page_says_what_is_stored_why_how_long_and_who_sees_it(anna):
    page = anna.get("/me/stored").text
    for said in (
        danish("What we store about you"),
        danish("Why"),
        danish("How long"),
        danish("Who sees it"),
        danish("30 days, the key one day; then a number per day"),
    ):
        assert said in page, said
    assert 'href="/me/data"' in anna.get("/me/settings").text


# Points explained


def test_points_are_explained_and_only_ones_own(anna, story, sign_in, cast):
    tell(sign_in("omar"), story(title="Omars historie"))
    tell(anna, story(title="Annas historie"))
    page = anna.get("/me/points").text
    assert "Annas historie" in page
    assert "Omars historie" not in page
    assert "SHARE, version 1" in page
    newest = max(db.session.scalars(select(Entry.id)))
    for before in ("x", "0", "-1", "99999999999999999999", str(newest + 1)):
        assert "Annas historie" in anna.get(f"/me/points?before={before}").text, before
    assert "Annas historie" not in anna.get("/me/points?before=1").text


def test_a_person_with_one_name_and_no_title_has_a_page_too(sign_in, cast):
    with writing():
        one = db.session.get_one(Person, cast.anna.id)
        one.title, one.name = "", "Anna"
    assert sign_in("anna").get("/me").status_code == 200


def test_a_zone_is_chosen_among_places_and_the_one_that_holds_is_never_missing(anna, cast):
    zones = re.findall(r"<option(?: selected)?>([^<]+)</option>", anna.get("/me/settings").text)
    assert zones[0] == "Europe/Copenhagen"
    assert all("/" in zone and not zone.startswith(("Etc/", "US/")) for zone in zones)
    assert move_to(anna, "UTC").status_code == 303
    assert "<option selected>UTC</option>" in anna.get("/me/settings").text
