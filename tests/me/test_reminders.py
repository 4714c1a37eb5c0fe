"""The page Reminders: each field does what it says, and nonsense changes nothing."""

import re

import pytest
from sqlalchemy import update

from app.db import db, writing
from app.people.models import Person
from app.push.choices import SLOTS, stop_reminding
from app.push.models import NextLook, PushChoices
from app.reminders.jobs import enrol
from tests.conftest import NOW
from tests.words import danish

NONSENSE = (
    "-1",
    "6",
    "2.5",
    "x",
    "true",
    "²",
    "٣",
    "9" * 5000,
    "08:46",
    "8.45",
    "24:00",
    "<b>",
    "on;",
    "None",
)


@pytest.fixture
def anna(sign_in):
    return sign_in("anna")


def chosen(member):
    db.session.rollback()
    return db.session.get(PushChoices, member.id)


def choose(browser, what, value):
    form = {} if value is None else {"value": value}
    return browser.post(f"/me/reminders/choices/{what}", data=form)


def checked(page, what):
    """The values that stand as chosen in a form of the page."""
    form = page.split(f'action="/me/reminders/choices/{what}"')[1].split("</form>")[0]
    return [one.split('"')[0] for one in form.split('value="')[1:] if " checked" in one.split(">")[0]]


@pytest.mark.parametrize(
    ("what", "column", "given"),
    [
        ("stories_a_week", "stories_a_week", [("0", 0), ("5", 5), ("3", 3)]),
        ("slot", "slot", [(slot, slot) for slot in SLOTS] + [("", None)]),
        ("shoutouts", "shoutouts", [(None, False), ("on", True)]),
        ("detail", "detail", [("on", True), (None, False)]),
        ("by_mail", "by_mail", [(None, False), ("on", True)]),
        ("stories", "stories_a_week", [(None, 0), ("on", 2)]),
    ],
)
def test_each_choice_is_kept_and_shown(anna, cast, what, column, given):
    for typed, kept in given:
        answer = choose(anna, what, typed)
        assert (answer.status_code, answer.location) == (303, f"/me/reminders#{what}")
        assert getattr(chosen(cast.anna), column) == kept
        page = anna.get("/me/reminders").text
        assert f'id="{what}"' in page
        assert checked(page, what) == ([] if typed is None else [typed])


@pytest.mark.parametrize("what", ["stories_a_week", "slot", "shoutouts", "detail", "by_mail", "stories"])
def test_nonsense_gets_a_sentence_beside_the_field_and_changes_nothing(anna, cast, what):
    for value in NONSENSE:
        page = choose(anna, what, value)
        assert page.status_code == 422, value
        assert (
            danish("Choose one of those on the page.")
            in page.text.split(f'id="{what}"')[1].split("</form>")[0]
        )
    assert chosen(cast.anna) is None


def test_a_choice_that_is_none_is_not_there(anna, cast):
    for what in ("hours", "at_night", "person_id", "stopped_at", "comebacks", "nonsense"):
        assert choose(anna, what, "on").status_code == 404
    assert chosen(cast.anna) is None


def test_detail_is_off_until_it_is_chosen_and_the_page_says_what_it_means(anna):
    page = anna.get("/me/reminders").text
    assert checked(page, "detail") == []
    assert checked(page, "by_mail") == ["on"]
    assert checked(page, "stories_a_week") == ["2"]
    assert (
        danish(
            "Off, a message only says that there is something for you. On, whoever sees your phone can read who wrote, and what."
        )
        in page
    )


def test_my_choices_are_nobody_elses(anna, sign_in, cast):
    choose(anna, "detail", "on")
    omar = sign_in("omar")
    choose(omar, "stories_a_week", "0")
    assert chosen(cast.anna).stories_a_week == 2
    assert not chosen(cast.omar).detail


def test_a_choice_plans_the_next_reminder_anew(anna, cast):
    enrol(NOW)
    with writing():
        db.session.execute(update(NextLook).values(at=NOW.replace(year=2027), to_remind=True))
    choose(anna, "slot", "14:30")
    db.session.rollback()
    look = db.session.get_one(NextLook, cast.anna.id)
    assert (look.at, look.to_remind) == (NOW, False)
    assert db.session.get_one(NextLook, cast.omar.id).to_remind


# Hours


def week(**changes):
    """The form as it stands for someone with the usual hours."""
    form = {f"from-{day}": "08:30" for day in range(7)}
    form |= {f"to-{day}": "14:30" if day == 4 else "16:00" for day in range(7)}
    form |= {f"day-{day}": "1" for day in range(5)}
    for name, value in changes.items():
        name = name.replace("_", "-") if name != "at_night" else name
        form.pop(name, None)
        if value is not None:
            form[name] = value
    return form


def bars(page):
    """Each day's bar on the page: from and length, or None."""
    return [
        (match.group(1), match.group(2))
        if (match := re.search(r'class="w" x="([\d.]+)" width="([\d.]+)"', one))
        else None
        for one in page.split('viewBox="0 0 240 14"')[1:]
    ]


def test_the_usual_hours_are_drawn_and_said(anna):
    page = anna.get("/me/reminders").text
    assert bars(page) == [("85.0", "75.0")] * 4 + [("85.0", "60.0")]
    assert "Man–tors 8.30–16.00, fre 8.30–14.30." in page
    assert danish("Between 20 and 7 we never write, unless you open for it yourself.") in page


def test_own_working_days_are_drawn(anna, cast):
    with writing():
        db.session.get_one(Person, cast.anna.id).working_days = 0b1011011
    page = anna.get("/me/reminders").text
    assert bars(page)[2] is None
    assert "Man–tirs 8.30–16.00, tors 8.30–16.00, fre 8.30–14.30, søn 8.30–16.00." in page
    english = anna.post("/me/choices/locale", data={"value": "en"})
    assert english.status_code == 303
    assert "Mon–Tue 8:30–16:00" in anna.get("/me/reminders").text


def test_own_hours_are_kept_drawn_and_offered_again(anna, cast):
    answer = anna.post("/me/reminders/hours", data=week(day_2=None, from_0="07:00", to_0="19:45", day_6="1"))
    assert (answer.status_code, answer.location) == (303, "/me/reminders#hours")
    kept = chosen(cast.anna)
    assert kept.hours[0] == ["07:00", "19:45"]
    assert kept.hours[2] is None
    assert kept.hours[6] == ["08:30", "16:00"]
    assert not kept.at_night
    page = anna.get("/me/reminders").text
    assert bars(page)[0] == ("70.0", "127.5")
    assert "Man 7.00–19.45, tirs 8.30–16.00, tors 8.30–16.00, fre 8.30–14.30, søn 8.30–16.00." in page
    form = anna.get("/me/reminders/hours").text
    assert 'name="from-0" value="07:00"' in form
    assert 'name="day-2" value="1">' in form
    assert 'name="day-6" value="1" checked>' in form


@pytest.mark.parametrize(
    ("changes", "day", "sentence"),
    [
        ({"from_1": "16:00", "to_1": "08:30"}, 1, "Let it end at least 30 minutes after it begins."),
        ({"from_1": "10:00", "to_1": "10:29"}, 1, "Let it end at least 30 minutes after it begins."),
        ({"from_3": "10:00", "to_3": "10:00"}, 3, "Let it end at least 30 minutes after it begins."),
        ({"from_0": ""}, 0, "Write a time to begin and a time to end."),
        ({"to_0": None}, 0, "Write a time to begin and a time to end."),
        ({"from_0": "25:00"}, 0, "Write a time to begin and a time to end."),
        ({"from_0": "08:30+02:00"}, 0, "Write a time to begin and a time to end."),
        ({"from_0": "T08"}, 0, "Write a time to begin and a time to end."),
        ({"from_0": "08:30:15.5"}, 0, "Write a time to begin and a time to end."),
        ({"from_0": "9" * 5000}, 0, "Write a time to begin and a time to end."),
        ({"from_0": "<script>"}, 0, "Write a time to begin and a time to end."),
        ({"from_4": "06:59"}, 4, "That reaches into the time between 20 and 7. Open for it below, or choose hours between 7 and 20."),
        ({"to_4": "20:01"}, 4, "That reaches into the time between 20 and 7. Open for it below, or choose hours between 7 and 20."),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_get_a_sentence_beside_the_day_and_all_that_was_typed_stays(
    anna, cast, changes, day, sentence
):
    page = anna.post("/me/reminders/hours", data=week(**changes, from_2="09:15", from_6="11:45"))
    assert page.status_code == 422
    assert danish(sentence) in page.text.split(f'id="day-{day}-error"')[1].split("</p>")[0]
    assert page.text.count('aria-invalid="true"') == 2
    assert 'name="from-2" value="09:15"' in page.text
    assert 'name="from-6" value="11:45"' in page.text
    assert "<script>" not in page.text.split("<main")[1]
    assert chosen(cast.anna) is None


def test_hours_of_a_day_that_is_off_are_not_looked_at(anna, cast):
    answer = anna.post("/me/reminders/hours", data=week(day_1=None, from_1="nonsense", to_1=""))
    assert answer.status_code == 303
    assert chosen(cast.anna).hours[1] is None


def test_who_opens_for_the_night_may_choose_any_hours_and_the_page_says_so(anna, cast):
    form = anna.get("/me/reminders/hours").text
    assert (
        danish("Open for messages between 20 and 7. Then your phone may light up and sound at night.") in form
    )
    answer = anna.post("/me/reminders/hours", data=week(from_0="00:00", to_0="23:59", at_night="1"))
    assert answer.status_code == 303
    assert chosen(cast.anna).at_night
    page = anna.get("/me/reminders").text
    assert danish("You have opened for the time between 20 and 7.") in page
    assert 'class="nt"' not in page


def test_no_days_at_all_is_a_choice_too(anna, cast):
    anna.post("/me/reminders/hours", data=week(**{f"day_{day}": None for day in range(5)}))
    assert chosen(cast.anna).hours == [None] * 7
    assert danish("No hours at all: we write nothing.") in anna.get("/me/reminders").text


def test_back_to_the_usual_hours(anna, cast):
    assert 'value="usual"' not in anna.get("/me/reminders/hours").text
    anna.post("/me/reminders/hours", data=week(from_0="00:00", at_night="1"))
    assert 'value="usual"' in anna.get("/me/reminders/hours").text
    anna.post("/me/reminders/hours", data={"action": "usual"})
    kept = chosen(cast.anna)
    assert (kept.hours, kept.at_night) == (None, False)


# After six without an answer


def test_when_we_stopped_the_app_asks_and_yes_begins_again(anna, cast):
    assert danish("Shall we write again?") not in anna.get("/me").text
    with writing():
        stop_reminding(cast.anna.id, NOW)
    for path in ("/me", "/me/reminders"):
        assert danish("Shall we write again?") in anna.get(path).text
    assert anna.post("/me/reminders/answer", data={"value": "yes"}).location == "/me/reminders"
    kept = chosen(cast.anna)
    assert (kept.stopped_at, kept.stories_a_week) == (None, 2)
    assert danish("Shall we write again?") not in anna.get("/me").text


def test_and_no_turns_reminders_off(anna, cast):
    with writing():
        stop_reminding(cast.anna.id, NOW)
    anna.post("/me/reminders/answer", data={"value": "no"})
    kept = chosen(cast.anna)
    assert (kept.stopped_at, kept.stories_a_week, kept.shoutouts) == (None, 0, True)


def test_me_leads_to_reminders(anna):
    assert 'href="/me/reminders"' in anna.get("/me").text
