"""The day's reminder, from the clock to what is pushed, and what keeps it away."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from app.db import db, writing
from app.people import actions as people
from app.people.models import Person, SignIn
from app.push import choices
from app.push.models import NextLook, Notice, PushChoices
from app.push.wording import TEXTS, text
from app.reminders.jobs import enrol, remind
from tests.conftest import NOW
from tests.push.test_manners import at
from tests.push.test_notices import pushes, run, subscribe, waiting
from tests.sharing.test_telling import tell

TEN = at("2026-11-25T10:15")


@pytest.fixture
def anna(app, cast, story):
    """Anna, with a phone that may be told, and a story that waits for her; looked at from the day's beginning."""
    story()
    subscribe(cast.anna)
    remind(at("2026-11-25T06:00"))
    return cast.anna


def reminded():
    db.session.rollback()
    found = select(Notice).where(Notice.kind == "stories").order_by(Notice.id)
    return [(one.person_id, one.created_at) for one in db.session.scalars(found)]


def pass_days(first, last):
    """The clock looks whenever somebody's look is due, as it would every five minutes."""
    remind(at(first))
    while (moment := next_look()) <= at(last):
        remind(moment)
        run(moment)


def next_look():
    db.session.rollback()
    return db.session.scalars(select(NextLook.at).order_by(NextLook.at).limit(1)).one()


def test_at_a_quarter_past_ten_anna_is_reminded_once(anna):
    assert remind(TEN - timedelta(minutes=1)) == 0
    assert remind(TEN) == 1
    assert remind(TEN) == 0
    assert remind(TEN + timedelta(minutes=5)) == 0
    assert reminded() == [(anna.id, TEN)]
    run(TEN)
    (said,) = pushes()
    assert (said["title"], said["body"]) in {text("stories", n, "da") for n in range(len(TEXTS["stories"]))}
    (row,) = waiting("push")
    assert (row.payload["urgency"], row.payload["topic"]) == ("low", "stories-20261125")
    assert said["path"] == "/"


def test_who_has_opened_today_is_not_reminded(anna, sign_in):
    sign_in("anna").get("/")
    assert remind(TEN) == 0


def test_who_opens_today_before_it_is_sent_is_not_reminded(anna, sign_in):
    assert remind(TEN) == 1
    sign_in("anna").get("/")
    assert run(TEN) == 0
    assert pushes() == []


def test_a_story_that_was_told_dismissed_read_or_seen_is_no_reason(anna, sign_in, story, cast):
    browser = sign_in("anna")
    for deed in ("told", "dismissed", "read", "seen"):
        with writing():
            db.session.execute(update(NextLook).values(at=TEN, to_remind=True))
        told = db.session.scalars(select(func.max(Notice.id))).one()
        assert told is None, deed
        number = story(title=f"Historie {deed}")
        for other in range(1, number):
            browser.post(f"/stories/{other}/dismissal", data={"reason": "no-time"})
        if deed == "told":
            tell(browser, number)
        elif deed == "dismissed":
            browser.post(f"/stories/{number}/dismissal", data={"reason": "wrong"})
        elif deed == "read":
            browser.post(f"/stories/{number}/reading")
        else:
            browser.get("/")
        remind(TEN if deed != "seen" else TEN + timedelta(days=1))
        assert reminded() == [], deed


def test_a_story_for_another_team_or_one_that_is_over_is_no_reason(app, cast, story):
    subscribe(cast.anna)
    story(audience=("library",))
    story(expires_at=NOW + timedelta(hours=1))
    remind(at("2026-11-25T06:00"))
    assert remind(TEN) == 0
    story(audience=("top",))
    with writing():
        db.session.execute(update(NextLook).values(at=TEN, to_remind=True))
    assert remind(TEN) == 1


def test_a_week_brings_two_and_never_two_on_a_day(anna):
    pass_days("2026-11-23T06:00", "2026-11-29T22:00")
    days = [moment.date().isoformat() for _person, moment in reminded()]
    assert len(days) == len(set(days)) == 2
    assert len(pushes()) == 2


@pytest.mark.parametrize(("wish", "number"), [(0, 0), (1, 1), (3, 3), (5, 3)])
def test_a_week_brings_as_many_as_one_wishes_until_three_go_unanswered(anna, wish, number):
    with writing():
        choices.choose(anna.id, "stories_a_week", wish, at("2026-11-22T06:00"))
    pass_days("2026-11-23T06:00", "2026-11-29T22:00")
    assert len(reminded()) == number
    if wish:
        # Nobody answers: the week after brings half.
        pass_days("2026-11-30T06:00", "2026-12-06T22:00")
        assert len(reminded()) <= number + number


def test_nobody_answers_six_times_and_it_stops_until_they_say_so(anna, story):
    story(expires_at=NOW + timedelta(days=200))
    pass_days("2026-11-23T06:00", "2026-12-20T22:00")
    # Two and one, then half.
    assert len(reminded()) == 5
    pass_days("2027-01-11T06:00", "2027-01-31T22:00")
    assert len(reminded()) == 6
    db.session.expire_all()
    assert db.session.get_one(PushChoices, anna.id).stopped_at is not None
    with writing():
        db.session.execute(update(PushChoices).values(stopped_at=None))
        db.session.execute(update(Notice).values(sent_at=NOW - timedelta(days=400)))
        choices.go_on(anna.id, at("2027-02-01T06:00"))
    pass_days("2027-02-01T06:00", "2027-02-07T22:00")
    assert len(reminded()) == 8


def test_it_comes_back_after_thirty_quiet_days_three_times_in_all(anna, story):
    story(expires_at=NOW + timedelta(days=400))
    with writing():
        db.session.execute(update(SignIn).values(expires_at=NOW + timedelta(days=400)))
    pass_days("2026-11-23T06:00", "2027-09-01T00:00")
    after_six = [moment for _person, moment in reminded()][5:]
    assert len(after_six) == 4
    assert all(later - earlier >= timedelta(days=30) for earlier, later in pairwise(after_six))


@pytest.mark.parametrize(
    ("slot", "expected"), [("08:45", "08:45"), ("12:15", "12:15"), ("14:30", "14:30"), (None, "10:15")]
)
def test_the_own_slot_wins(anna, slot, expected):
    with writing():
        choices.choose(anna.id, "slot", slot, at("2026-11-25T06:10"))
    pass_days("2026-11-25T06:15", "2026-11-25T20:00")
    assert reminded() == [(anna.id, at(f"2026-11-25T{expected}"))]


def test_a_choice_made_after_its_slot_reminds_on_the_next_day(anna, clock):
    with writing():
        choices.choose(anna.id, "slot", "08:45", at("2026-11-25T09:30"))
    pass_days("2026-11-25T09:30", "2026-11-26T12:00")
    assert reminded() == [(anna.id, at("2026-11-26T08:45"))]


def test_ones_habit_chooses_the_slot(anna, sign_in, clock, story):
    for day in (18, 19, 20):
        with clock(datetime.combine(datetime(2026, 11, day, tzinfo=UTC), time(11, 20), UTC)):
            assert sign_in("anna").get("/").status_code == 200
    story(title="En ny")
    with writing():
        db.session.execute(update(NextLook).values(at=at("2026-11-25T06:00"), to_remind=False))
    pass_days("2026-11-25T06:00", "2026-11-25T16:00")
    assert reminded() == [(anna.id, at("2026-11-25T12:15"))]


def test_another_zone_moves_the_slot(anna, cast):
    with writing():
        one = db.session.get_one(Person, anna.id)
        one.zone = "America/Nuuk"
        choices.choose(anna.id, "slot", "10:15", at("2026-11-25T06:10"))
    pass_days("2026-11-25T06:15", "2026-11-25T22:00")
    assert reminded() == [(anna.id, at("2026-11-25T10:15", "America/Nuuk"))]


def test_days_off_holidays_and_pause_weeks_bring_none(anna):
    with writing():
        db.session.execute(update(Person).values(working_days=0b00001))
    pass_days("2026-11-25T06:00", "2026-11-29T22:00")
    assert reminded() == []
    with writing():
        db.session.execute(update(Person).values(working_days=0b11111))
    pass_days("2026-12-21T06:00", "2027-01-10T22:00")
    assert reminded() == []


def test_without_a_device_it_is_a_letter_for_who_has_been_here_and_wants_letters(
    app, cast, story, sign_in, clock
):
    with clock(NOW - timedelta(days=1)):
        for name in ("anna", "omar"):
            sign_in(name).get("/")
    story(title="En ny")
    with writing():
        choices.choose(cast.omar.id, "by_mail", False, NOW)
    remind(at("2026-11-25T06:00"))
    assert remind(TEN) == 1
    run(TEN)
    assert pushes() == []
    assert [row.key for row in waiting("mail")] == [f"mail:stories:{cast.anna.id}:2026-11-25"]


def test_who_left_is_not_looked_at_any_more(anna, cast):
    with writing():
        people.leave(anna.id, NOW, NOW.date())
    assert remind(TEN) == 0
    db.session.rollback()
    assert db.session.get(NextLook, anna.id) is None
    remind(TEN)
    db.session.rollback()
    assert db.session.get(NextLook, anna.id) is None


def test_whoever_is_employed_later_is_looked_at_too(anna, cast):
    with writing():
        new = people.employ("Ny Kollega", "ny@fjordby.example", NOW, from_date=NOW.date()).id
    for _again in range(2):
        enrol(TEN)
        db.session.rollback()
        assert db.session.get_one(NextLook, new).at == TEN


def test_a_worker_that_was_away_reminds_late_within_ones_hours_only(anna):
    assert remind(at("2026-11-25T13:00")) == 1
    remind(at("2026-11-26T17:00"))
    assert len(reminded()) == 1


def test_looking_at_many_asks_a_few_statements_for_all(anna, count_statements, cast, story):
    with writing():
        for number in range(150):
            people.employ(f"Kollega {number}", f"k{number}@fjordby.example", NOW, from_date=NOW.date())
    remind(at("2026-11-25T06:00"))
    count_statements.clear()
    remind(TEN)
    mine = [one for one in count_statements if "INSERT" not in one.upper()]
    assert len(mine) < 15 or sum("UPDATE next_looks" in one for one in mine) > len(mine) - 15


def test_a_zone_chosen_on_the_page_moves_no_reminder_out_of_the_hours(anna, sign_in):
    browser = sign_in("anna")
    browser.post("/me/zone", data={"zone": "Asia/Tokyo"})
    pass_days("2026-11-25T06:00", "2026-11-27T23:00")
    for _person, moment in reminded():
        zone = "Europe/Copenhagen" if moment < at("2026-11-26T00:00") else "Asia/Tokyo"
        assert time(8, 30) <= moment.astimezone(ZoneInfo(zone)).time() < time(16)
