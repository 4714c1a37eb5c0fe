"""A table of instants, and what manners say to each; then any instant at all."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.organisation.calendar import danish_holidays, default_pause_weeks
from app.people.hours import ZoneFacts, local_date, monday, zone_at
from app.people.windows import Hours, default_days, next_window, own_days
from app.push.manners import Digest, Drop, Receiver, Send, Told, Wait, decide

HOLIDAYS = frozenset(day for day, _danish, _english in danish_holidays((2026, 2027)))
PAUSES = frozenset(default_pause_weeks((2026, 2027)))
MONDAY_TO_FRIDAY = default_days(31)
NIGHT = own_days([["02:15", "05:00"]] * 7, at_night=True)
LONG_DAY = own_days([["05:00", "23:00"]] * 7, at_night=False)
WIDE = own_days([["05:00", "23:00"]] * 7, at_night=True)


def at(text, zone="Europe/Copenhagen", fold=0):
    """A local moment as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def someone(days=MONDAY_TO_FRIDAY, zone="Europe/Copenhagen", **more):
    return Receiver(Hours(ZoneFacts(zone), days, HOLIDAYS, PAUSES), **more)


ANNA = someone()
TABLE = [
    # what, when, who, the answer: until when it is sent, or when it is decided again
    ("15:59", "2026-11-25T15:59", ANNA, Send(at("2026-11-25T16:00"))),
    ("16:00", "2026-11-25T16:00", ANNA, Wait(at("2026-11-26T08:30"))),
    ("16:01", "2026-11-25T16:01", ANNA, Wait(at("2026-11-26T08:30"))),
    ("08:29", "2026-11-25T08:29", ANNA, Wait(at("2026-11-25T08:30"))),
    ("08:30", "2026-11-25T08:30", ANNA, Send(at("2026-11-25T16:00"))),
    ("Friday 14:29", "2026-11-27T14:29", ANNA, Send(at("2026-11-27T14:30"))),
    ("Friday 14:31", "2026-11-27T14:31", ANNA, Wait(at("2026-11-30T08:30"))),
    ("Saturday noon", "2026-11-28T12:00", ANNA, Wait(at("2026-11-30T08:30"))),
    ("Easter Monday", "2026-04-06T10:00", ANNA, Wait(at("2026-04-07T08:30"))),
    ("the night to summer time", "2026-03-29T01:59", ANNA, Wait(at("2026-03-30T08:30"))),
    ("the hour that is skipped", "2026-03-29T03:00", someone(NIGHT), Send(at("2026-03-29T05:00"))),
    ("just before it", "2026-03-29T01:59", someone(NIGHT), Wait(at("2026-03-29T03:00"))),
    ("the night to winter time", "2026-10-25T03:30", ANNA, Wait(at("2026-10-26T08:30"))),
    ("the first of two half past twos", "2026-10-25T02:10", someone(NIGHT), Wait(at("2026-10-25T02:15", fold=1))),
    ("19:59 with long hours", "2026-11-25T19:59", someone(LONG_DAY), Send(at("2026-11-25T20:00"))),
    ("20:00 with long hours", "2026-11-25T20:00", someone(LONG_DAY), Wait(at("2026-11-26T07:00"))),
    ("06:59 with long hours", "2026-11-25T06:59", someone(LONG_DAY), Wait(at("2026-11-25T07:00"))),
    ("07:00 with long hours", "2026-11-25T07:00", someone(LONG_DAY), Send(at("2026-11-25T20:00"))),
    ("20:30, opened for the night", "2026-11-25T20:30", someone(WIDE), Send(at("2026-11-25T23:00"))),
    ("06:59, opened for the night", "2026-11-25T06:59", someone(WIDE), Send(at("2026-11-25T23:00"))),
    ("04:59, opened for the night", "2026-11-25T04:59", someone(WIDE), Wait(at("2026-11-25T05:00"))),
    ("19:59 with the usual hours", "2026-11-25T19:59", ANNA, Wait(at("2026-11-26T08:30"))),
    ("06:59 with the usual hours", "2026-11-25T06:59", ANNA, Wait(at("2026-11-25T08:30"))),
    ("a day off", "2026-11-25T10:00", someone(default_days(0b11011)), Wait(at("2026-11-26T08:30"))),
    ("10:00 here is 06:00 in Nuuk", "2026-07-06T10:00", someone(zone="America/Nuuk"), Wait(at("2026-08-03T08:30", "America/Nuuk"))),
    ("07:00 in Nuuk", "2026-11-25T10:00", someone(zone="America/Nuuk"), Wait(at("2026-11-25T08:30", "America/Nuuk"))),
    ("12:00 in Nuuk", "2026-11-25T15:00", someone(zone="America/Nuuk"), Send(at("2026-11-25T16:00", "America/Nuuk"))),
    ("a pause week", "2026-07-08T10:00", ANNA, Wait(at("2026-08-03T08:30"))),
    ("week 53 and week 1", "2026-12-28T10:00", ANNA, Wait(at("2027-01-11T08:30"))),
]  # fmt: skip


@pytest.mark.parametrize(("when", "who", "answer"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_news_is_told_in_ones_hours_or_waits_for_them(when, who, answer):
    instant = at(when)
    assert decide("shoutout", instant, instant, who, ()) == answer


@pytest.mark.parametrize(("when", "who", "answer"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_reminder_outside_ones_hours_is_not_sent_later(when, who, answer):
    instant = at(when)
    expected = answer if isinstance(answer, Send) else Drop("late")
    assert decide("stories", instant, instant, who, ()) == expected


def test_a_test_goes_at_once_and_does_not_count():
    night = at("2026-11-25T03:00")
    full = [Told("shoutout", date(2026, 11, 25))] * 9
    assert isinstance(decide("test", night, night, someone(shoutouts=False), full), Send)


NOON = at("2026-11-25T12:00")
THURSDAY, WEDNESDAY, TUESDAY, MONDAY, SUNDAY = (date(2026, 11, day) for day in (26, 25, 24, 23, 22))
TOMORROW = at("2026-11-26T08:30")


def told(*days, kind="shoutout"):
    return [Told(kind, day) for day in days]


@pytest.mark.parametrize(
    ("before", "answer"),
    [
        (told(), Send(at("2026-11-25T16:00"))),
        (told(WEDNESDAY), Send(at("2026-11-25T16:00"))),
        (told(WEDNESDAY, WEDNESDAY), Digest(TOMORROW)),
        (told(MONDAY, MONDAY, TUESDAY, TUESDAY), Send(at("2026-11-25T16:00"))),
        (told(MONDAY, MONDAY, TUESDAY, TUESDAY, WEDNESDAY), Digest(TOMORROW)),
        (told(MONDAY) + told(TUESDAY, WEDNESDAY, kind="stories") + told(MONDAY, TUESDAY), Digest(TOMORROW)),
        (told(SUNDAY, SUNDAY, SUNDAY, SUNDAY, SUNDAY), Send(at("2026-11-25T16:00"))),
    ],
)
def test_news_comes_at_most_twice_a_day_and_five_times_a_week(before, answer):
    assert decide("shoutout", NOON, NOON, ANNA, before) == answer


@pytest.mark.parametrize(
    ("before", "wish", "is_sent"),
    [
        (told(), 2, True),
        (told(), 0, False),
        (told(WEDNESDAY, kind="stories"), 5, False),
        (told(MONDAY, kind="stories"), 2, True),
        (told(MONDAY, kind="stories"), 1, False),
        (told(MONDAY, TUESDAY, kind="stories"), 2, False),
        (told(MONDAY, TUESDAY, kind="stories"), 3, True),
        (told(SUNDAY, kind="stories"), 1, True),
        (told(MONDAY, TUESDAY), 1, True),
        (told(WEDNESDAY, WEDNESDAY), 2, False),
        (told(MONDAY, MONDAY, TUESDAY, TUESDAY, TUESDAY), 2, False),
    ],
)
def test_a_reminder_comes_once_a_day_and_as_often_a_week_as_wished(before, wish, is_sent):
    answer = decide("stories", NOON, NOON, someone(stories_a_week=wish), before)
    assert isinstance(answer, Send) == is_sent
    assert isinstance(answer, Send | Drop)


def test_who_wishes_five_reminders_a_week_gets_five_while_nothing_else_is_told():
    friday, four = at("2026-11-27T12:00"), (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)
    who = someone(stories_a_week=5)
    assert isinstance(decide("stories", friday, friday, who, told(*four, kind="stories")), Send)
    full = told(*four, kind="stories") + told(MONDAY)
    assert decide("stories", friday, friday, who, full) == Drop("enough")


def test_news_that_is_late_or_not_alone_is_bundled():
    assert decide("shoutout", NOON, NOON - timedelta(hours=24), ANNA, ()) == Send(at("2026-11-25T16:00"))
    late = decide("shoutout", NOON, NOON - timedelta(hours=24, seconds=1), ANNA, ())
    assert late == Digest(NOON)
    assert decide("shoutout", NOON, NOON, someone(has_more=True), ()) == Digest(NOON)
    assert decide("shoutout", at("2026-11-30T08:30"), at("2026-11-27T15:00"), ANNA, ()) == Digest(
        at("2026-11-30T08:30")
    )


def test_a_digest_comes_once_a_day_and_over_the_caps_as_a_letter():
    until = at("2026-11-25T16:00")
    assert decide("digest", NOON, NOON, ANNA, ()) == Send(until)
    assert decide("digest", NOON, NOON, ANNA, told(WEDNESDAY, WEDNESDAY)) == Send(until, by_push=False)
    assert decide("digest", NOON, NOON, ANNA, told(WEDNESDAY, kind="digest")) == Wait(TOMORROW)


def test_who_left_or_does_not_want_it_is_not_told():
    for kind in ("stories", "shoutout", "digest", "test"):
        assert decide(kind, NOON, NOON, someone(employed=False), ()) == Drop("left")
    assert decide("shoutout", NOON, NOON, someone(shoutouts=False), ()) == Drop("not wanted")
    assert decide("stories", NOON, NOON, someone(stories_a_week=0), ()) == Drop("not wanted")
    assert decide("shoutout", NOON, NOON, someone(days=(None,) * 7), ()) == Drop("no hours")


zones = st.sampled_from(
    ["Europe/Copenhagen", "America/Nuuk", "Australia/Lord_Howe", "Asia/Tokyo", "Africa/Cairo"]
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone
kinds = st.sampled_from(["stories", "shoutout"])


@st.composite
def receivers(draw):
    if draw(st.booleans()):
        days = default_days(draw(st.integers(1, 127)))
    else:
        spans = []
        for _day in range(7):
            start = draw(st.integers(0, 22))
            end = draw(st.integers(start + 1, 23))
            spans.append([f"{start:02}:15", f"{end:02}:15"] if draw(st.booleans()) else None)
        days = own_days(spans, draw(st.booleans()))
    wish = draw(st.integers(0, 5))
    return someone(days, draw(zones), stories_a_week=wish)


class Month:
    """What becomes of a month of tidings: each waits, is decided again, and is sent, bundled or dropped."""

    def __init__(self, who):
        self.who, self.told, self.waiting = who, [], []
        self.ended = {"sent": [], "bundled": [], "dropped": []}

    def run(self):
        for _step in range(2000):
            if not self.waiting:
                return
            self.waiting.sort(key=lambda one: one[0])
            self.decide(*self.waiting.pop(0))

    def decide(self, now, since, kind):
        match decide(kind, now, since, self.who, self.told):
            case Send(until):
                self.inside(now, until)
                self.told.append(Told(kind, local_date(self.who.hours.zone, now)))
                self.ended["sent"].append(kind)
            case Wait(until):
                assert until > now
                self.waiting.append((until, since, kind))
            case Digest(due):
                assert due >= now
                self.ended["bundled"].append(kind)
            case Drop():
                self.ended["dropped"].append(kind)

    def inside(self, now, until):
        window = next_window(self.who.hours, now)
        assert window.holds(now)
        assert until == window.end
        shown = now.astimezone(ZoneInfo(zone_at(self.who.hours.zone, now)))
        start, end = self.who.hours.days[shown.weekday()]
        assert start <= shown.time() < end


@settings(deadline=None, max_examples=200)
@given(receivers(), moments, st.lists(st.tuples(kinds, st.integers(0, 200)), max_size=25))
def test_never_outside_the_hours_never_above_the_caps_and_news_always_told(who, begin, events):
    month = Month(who)
    month.waiting = [
        (begin + timedelta(hours=gap), begin + timedelta(hours=gap), kind) for kind, gap in events
    ]
    month.run()
    assert not month.waiting
    if next_window(who.hours, begin) is not None:
        assert set(month.ended["dropped"]) <= {"stories"}
    assert "stories" not in month.ended["bundled"]
    for kinds_counted, a_day, a_week in (
        ({"stories"}, 1, who.stories_a_week),
        ({"stories", "shoutout"}, 2, 5),
    ):
        days = [one.day for one in month.told if one.kind in kinds_counted]
        weeks = [monday(day) for day in days]
        assert all(days.count(day) <= a_day for day in days)
        assert all(weeks.count(week) <= a_week for week in weeks)


@settings(deadline=None)
@given(moments, st.integers(0, 23), st.integers(0, 59), zones)
def test_nobody_is_told_anything_at_night_who_did_not_open_for_it(instant, hour, minute, zone):
    for days in (default_days(127), LONG_DAY, own_days([["00:00", "23:59"]] * 7, at_night=False)):
        now = instant.replace(hour=hour, minute=minute)
        if isinstance(decide("shoutout", now, now, someone(days, zone), ()), Send):
            assert time(7) <= now.astimezone(ZoneInfo(zone)).time() < time(20)
