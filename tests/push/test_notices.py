"""What is to be told is written with its cause, decided again when it is due, and told once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import outbox
from app.db import db, writing
from app.outbox import Outgoing
from app.people import actions as people
from app.people import sign_ins
from app.people.models import SignIn
from app.push import choices, wording
from app.push.models import Notice, PushChoices, Subscription
from app.push.notice_jobs import deliver
from app.push.notices import Tiding, forget_old, forget_words, recall, take_back, tell
from tests.conftest import NOW
from tests.letters import delivered, text_of
from tests.push.test_manners import at

WORDS = {"da": ("Mads Toft", "Du tog den ekstra vagt."), "en": ("Mads Toft", "You took the extra shift.")}
NINE = NOW
MORNING, FRIDAY_EVENING, MONDAY = at("2026-11-26T08:30"), at("2026-11-27T15:00"), at("2026-11-30T08:30")


def subscribe(member, number=1):
    """A device of someone's, bound to a sign-in of its own."""
    with writing():
        sign_ins.begin(member.id, "phone", NOW)
        db.session.flush()
        sign_in = db.session.scalars(select(SignIn.id).order_by(SignIn.id.desc()).limit(1)).one()
        db.session.add(
            Subscription(
                person_id=member.id, sign_in_id=sign_in, endpoint=f"https://push.example/{member.id}/{number}",
                public_key=b"k", secret=b"s", key_id="key", name="Telefon", created_at=NOW, seen_at=NOW,
            )
        )  # fmt: skip


@pytest.fixture
def anna(app, cast):
    """Anna, with a phone that may be told."""
    subscribe(cast.anna)
    return cast.anna


def tell_of(member, key, when=NINE, kind="shoutout", words=WORDS):
    with writing():
        return tell(Tiding(member.id, kind, key, f"/shoutouts/{key}", words), when)


def run(when, badge=None):
    count = deliver(when, badge)
    db.session.rollback()
    return count


def waiting(kind):
    db.session.rollback()
    return [
        row
        for row in db.session.scalars(select(Outgoing).where(Outgoing.kind == kind).order_by(Outgoing.id))
        if row.state == "waiting"
    ]


def pushes():
    return [row.payload["words"] for row in waiting("push")]


def notice(key):
    db.session.expire_all()
    return db.session.scalars(select(Notice).where(Notice.key == key)).one()


def as_told():
    db.session.expire_all()
    return {one.key: one.sent_as for one in db.session.scalars(select(Notice))}


def test_a_shoutout_in_ones_hours_is_pushed_at_once_with_a_text_that_names_nobody(anna):
    tell_of(anna, "s1")
    assert run(NINE, badge=lambda person_id, _at: 3 if person_id == anna.id else 0) == 1
    (row,) = waiting("push")
    said = row.payload["words"]
    assert (said["title"], said["body"]) in {wording.text("shoutout", n, "da") for n in range(15)}
    assert "Mads" not in str(said)
    assert said["path"] == "/shoutouts/s1"
    assert said["lang"] == "da"
    assert said["badge"] == 3
    assert said["tag"] == row.payload["topic"] == "shoutout-20261125"
    assert row.payload["urgency"] == "normal"
    assert row.payload["ttl"] == 7 * 3600
    assert row.expires_at == at("2026-11-25T16:00")
    told = notice("s1")
    assert (told.sent_as, told.sent_at, str(told.local_date)) == ("push", NINE, "2026-11-25")
    assert told.text_number is not None


def test_who_chose_detail_reads_it_in_their_language_cut_to_what_a_lock_screen_shows(anna):
    with writing():
        choices.choose(anna.id, "detail", True, NINE)
    long = {"da": ("Ærlig tak " * 9, "Å" * 500), "en": ("Thanks", "A")}
    tell_of(anna, "s1", words=long)
    run(NINE)
    (said,) = pushes()
    assert len(said["title"]) <= wording.MOST_TITLE
    assert len(said["body"]) <= wording.MOST_BODY
    assert said["title"].startswith("Ærlig tak")
    assert said["body"] == "Å" * 89 + "…"


def test_the_same_key_is_told_once(anna):
    assert tell_of(anna, "s1") is not None
    assert tell_of(anna, "s1") is None
    assert run(NINE) == 1
    tell_of(anna, "s1")
    assert run(NINE + timedelta(minutes=1)) == 0
    assert len(pushes()) == 1


def test_trouble_with_one_person_keeps_nobody_waiting_and_is_tried_again(anna, cast):
    subscribe(cast.omar)
    tell_of(cast.omar, "s1")
    with writing():
        db.session.add(choices.choices_of(cast.omar.id))
        choices.choose(cast.omar.id, "shoutouts", True, NINE)
        db.session.get_one(PushChoices, cast.omar.id).hours = [["never", "ever"]] * 7
    for key in ("s2", "s3"):
        tell_of(anna, key)
    assert run(NINE) > 0
    assert as_told()["s1"] is None
    assert len(pushes()) == 1
    [step] = waiting("notice")
    assert (step.key, step.due_at) == ("notice:s1", NINE + timedelta(seconds=30))
    with writing():
        choices.forget_hours(cast.omar.id, NINE)
    run(step.due_at)
    assert as_told()["s1"] == "push"


def test_out_of_hours_it_waits_for_the_next_window(anna):
    evening = at("2026-11-25T17:30")
    tell_of(anna, "s1", evening)
    run(evening)
    assert pushes() == []
    assert [row.due_at for row in waiting("notice")] == [MORNING]
    assert run(MORNING - timedelta(seconds=1)) == 0
    assert run(MORNING) == 1
    assert len(pushes()) == 1


def test_a_test_goes_at_any_hour(anna):
    night = at("2026-11-25T03:00")
    tell_of(anna, "t1", night, "test", None)
    run(night)
    assert len(pushes()) == 1


def test_each_live_device_gets_it_and_one_whose_sign_in_ended_does_not(anna):
    subscribe(anna, 2)
    subscribe(anna, 3)
    with writing():
        gone = db.session.scalars(select(Subscription).order_by(Subscription.id.desc()).limit(1)).one()
        sign_ins.end(anna.id, gone.sign_in_id, NINE)
    tell_of(anna, "s1")
    run(NINE)
    assert len(pushes()) == 2


def test_who_has_no_device_gets_a_letter_unless_they_want_none(cast):
    for member in (cast.anna, cast.omar):
        tell_of(member, f"s{member.id}")
    with writing():
        choices.choose(cast.omar.id, "by_mail", False, NINE)
    run(NINE)
    assert pushes() == []
    assert len(waiting("mail")) == 1
    assert as_told() == {f"s{cast.anna.id}": "mail", f"s{cast.omar.id}": "dropped"}


def test_what_is_taken_back_before_it_was_told_is_never_told(anna):
    tell_of(anna, "s1")
    with writing():
        assert take_back("s1", NINE)
    assert run(NINE) == 0
    assert as_told() == {"s1": "dropped"}
    with writing():
        assert not take_back("s1", NINE)
        assert not take_back("unknown", NINE)


def test_detail_is_kept_until_it_is_told_and_no_longer(anna, cast):
    with writing():
        choices.choose(cast.omar.id, "by_mail", False, NINE)
    for member, keys in ((anna, ("s1", "s2")), (cast.omar, ("s3",)), (cast.mads, ("s4",))):
        for key in keys:
            tell_of(member, key)
    assert all(notice(key).words for key in ("s1", "s2", "s3", "s4"))
    with writing():
        take_back("s4", NINE)
    assert notice("s4").words is None
    run(NINE)
    assert {notice(key).sent_as for key in ("s1", "s2", "s3")} == {"digest", "dropped"}
    assert not any(one.words for one in db.session.scalars(select(Notice)))


def test_words_that_are_not_so_any_more_are_in_nothing_that_is_not_sent_yet(anna, cast):
    with writing():
        choices.choose(anna.id, "detail", True, NINE)
    for member, keys in ((anna, ("s1",)), (cast.omar, ("s2",)), (cast.mads, ("s3", "s4"))):
        for key in keys:
            tell_of(member, key)
    run(NINE)
    assert [said["title"] for said in pushes()] == ["Mads Toft"]
    with writing():
        outbox.claim("push", NINE, 1)  # a worker is at it, and may have to try again
        forget_words(["s1", "s2", "s3"])
    [said] = pushes()
    assert (said["title"], said["body"]) == wording.text("shoutout", notice("s1").text_number, "da")
    assert said["path"] == "/shoutouts/s1"
    letters = delivered(NINE)
    assert {letter["To"] for letter in letters} == {cast.omar.email, cast.mads.email}
    assert not any("ekstra vagt" in text_of(letter) for letter in letters)
    with writing():
        recall(["s1"], NINE + outbox.LEASE)
    assert pushes() == []


def test_what_was_told_cannot_be_taken_back(anna):
    tell_of(anna, "s1")
    run(NINE)
    with writing():
        assert not take_back("s1", NINE)
    assert as_told() == {"s1": "push"}


def test_several_that_wait_come_as_one(anna):
    for key in ("s1", "s2", "s3"):
        tell_of(anna, key, at("2026-11-25T18:00"))
    run(at("2026-11-25T18:00"))
    run(MORNING)
    (said,) = pushes()
    assert (said["title"], said["body"]) in {wording.text("digest", n, "da", 3) for n in range(12)}
    told = as_told()
    assert [told.pop(key) for key in ("s1", "s2", "s3")] == ["digest"] * 3
    assert list(told.values()) == ["push"]


def test_what_is_taken_back_out_of_a_digest_is_not_in_it_and_what_is_left_alone_comes_as_itself(anna):
    with writing():
        choices.choose(anna.id, "detail", True, NINE)
    for number in range(2):
        tell_of(anna, f"early{number}", NINE + timedelta(hours=number))
        run(NINE + timedelta(hours=number))
    tell_of(anna, "s1", NINE + timedelta(hours=2))
    tell_of(anna, "s2", NINE + timedelta(hours=3))
    run(NINE + timedelta(hours=3))
    assert as_told()["s1"] == as_told()["s2"] == "digest"
    with writing():
        assert take_back("s1", NINE + timedelta(hours=4))
    run(MORNING)
    assert pushes()[-1]["title"] == "Mads Toft"
    assert pushes()[-1]["path"] == "/shoutouts/s2"
    assert {key: as_told()[key] for key in ("s1", "s2")} == {"s1": "dropped", "s2": "push"}


def test_a_digest_of_which_all_is_taken_back_is_not_sent(anna):
    tell_of(anna, "s1", FRIDAY_EVENING)
    tell_of(anna, "s2", FRIDAY_EVENING)
    run(FRIDAY_EVENING)
    with writing():
        take_back("s1", FRIDAY_EVENING)
        take_back("s2", FRIDAY_EVENING)
    run(MONDAY)
    assert pushes() == []


def test_a_third_of_the_day_comes_with_the_next_days(anna):
    for number in range(4):
        tell_of(anna, f"s{number}", NINE + timedelta(hours=number))
        run(NINE + timedelta(hours=number))
    assert len(pushes()) == 2
    run(MORNING)
    assert len(pushes()) == 3
    assert pushes()[-1]["tag"] == "digest-20261126"


def test_over_the_weeks_five_the_rest_comes_as_one_letter_a_day(anna):
    day = at("2026-11-23T09:00")
    for number in range(9):
        when = day + timedelta(days=number // 3, hours=number % 3)
        tell_of(anna, f"s{number}", when)
        run(when)
    # Two on Monday; on Tuesday Monday's third, in its digest, and one; on Wednesday one.
    run(MORNING)
    run(MORNING + timedelta(hours=1))
    db.session.rollback()
    assert len(pushes()) == 5
    assert len(waiting("mail")) == 1
    assert "digest" not in [
        one.sent_as for one in db.session.scalars(select(Notice).where(Notice.kind == "digest"))
    ]


def test_who_wants_no_letters_gets_what_is_over_the_caps_next_week(anna):
    with writing():
        choices.choose(anna.id, "by_mail", False, NINE)
    for number in range(9):
        when = at("2026-11-23T09:00") + timedelta(days=number // 3, hours=number % 3)
        tell_of(anna, f"s{number}", when)
        run(when)
    for day in range(26, 31):
        run(at(f"2026-11-{day}T08:30"))
        run(at(f"2026-11-{day}T12:00"))
    assert waiting("mail") == []
    assert len(pushes()) == 6
    assert waiting("notice") == []
    days = sorted(str(one.local_date) for one in db.session.scalars(select(Notice)) if one.sent_as == "push")
    assert days[-1] == "2026-11-30"


def test_after_a_weekend_it_comes_on_monday_as_itself(anna):
    tell_of(anna, "s1", FRIDAY_EVENING)
    run(FRIDAY_EVENING)
    run(MONDAY)
    (said,) = pushes()
    assert said["path"] == "/shoutouts/s1"
    assert as_told()["s1"] == "push"


def test_who_left_or_turned_shoutouts_off_meanwhile_is_not_told(anna, cast):
    subscribe(cast.omar)
    evening = at("2026-11-25T17:30")
    for member in (anna, cast.omar):
        tell_of(member, f"s{member.id}", evening)
    run(evening)
    with writing():
        people.leave(anna.id, evening, evening.date())
        choices.choose(cast.omar.id, "shoutouts", False, evening)
    run(MORNING)
    assert pushes() == []
    assert set(as_told().values()) == {"dropped"}


def test_own_hours_are_theirs_alone(anna, cast):
    subscribe(cast.omar)
    with writing():
        choices.choose_hours(anna.id, [("12:00", "14:00")] * 7, False, NINE)
    for member in (anna, cast.omar):
        tell_of(member, f"s{member.id}")
    run(NINE)
    assert [row.payload["person"] for row in waiting("push")] == [cast.omar.id]
    assert [row.due_at for row in waiting("notice")] == [at("2026-11-25T12:00")]


def test_no_text_is_repeated_within_14_days(anna):
    when = at("2026-11-23T09:00")
    for number in range(20):
        moment = when + timedelta(days=number // 2, hours=number % 2)
        tell_of(anna, f"s{number}", moment)
        run(moment)
    told = db.session.scalars(select(Notice).where(Notice.sent_as == "push", Notice.kind == "shoutout")).all()
    numbers = [one.text_number for one in told]
    assert len(numbers) == len(set(numbers)) >= 8


def test_notices_are_forgotten_after_180_days_with_their_digests(anna):
    for key in ("s1", "s2"):
        tell_of(anna, key)
    run(NINE)
    assert len(as_told()) == 3
    with writing():
        assert forget_old(NINE + timedelta(days=180)) == 0
        assert forget_old(NINE + timedelta(days=181)) == 3


@pytest.mark.parametrize(
    ("what", "value"),
    [("stories_a_week", 6), ("stories_a_week", "2"), ("slot", "09:00"), ("detail", None), ("by_mail", "yes")],
)
def test_a_choice_that_is_not_offered_is_refused(anna, what, value):
    with pytest.raises(ValueError), writing():
        choices.choose(anna.id, what, value, NINE)
    assert db.session.get(PushChoices, anna.id) is None


def test_a_choice_brings_the_defaults_along(anna):
    with writing():
        choices.choose(anna.id, "detail", True, NINE)
    row = db.session.get_one(PushChoices, anna.id)
    kept = (row.stories_a_week, row.slot, row.hours, row.at_night, row.shoutouts, row.detail, row.by_mail)
    assert kept == (2, None, None, False, True, True, True)
    fresh = choices.choices_of(anna.id + 1)
    assert (fresh.stories_a_week, fresh.at_night, fresh.shoutouts, fresh.detail, fresh.by_mail) == (
        2,
        False,
        True,
        False,
        True,
    )
