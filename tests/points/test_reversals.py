"""A withdrawn share is corrected by a reversal: in its own week until that freezes, in the total alone after it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.db import db, writing
from app.organisation import actions as organisation
from app.organisation.models import Organisation
from app.people import actions as people
from app.people.models import Person, Team
from app.points.models import Entry, PersonDay, PersonTeamWeek, PersonTotal, PersonWeek, TeamWeek
from app.points.reconcile import ROLLUPS, differences, rebuild
from app.points.weeks import frozen_at
from app.sharing.models import Share
from tests.points.deeds import MONDAY, change_rule, entries, noon, tell_new
from tests.sharing.test_telling import tell

# MONDAY's week freezes on Thursday 10 December, 10:00 in Copenhagen.
FREEZES = datetime(2026, 12, 10, 9, tzinfo=UTC)
BEFORE, AFTER = FREEZES - timedelta(seconds=1), FREEZES
DAY = MONDAY + timedelta(days=1)


def rollups():
    """Every number of every roll-up, without locked rows on which nothing stands."""
    db.session.rollback()
    return {
        table.__tablename__: sorted(
            tuple(row)
            for row in db.session.execute(select(*table.__table__.columns))
            if any(value for name, value in row._mapping.items() if name not in key)
        )
        for table, key, _expected in ROLLUPS
    }


@pytest.fixture
def told(sign_in, story, cast, clock):
    """Anna's browser and her share of Tuesday."""
    anna = sign_in("anna")
    with clock(noon(DAY)):
        return anna, tell_new(anna, story, 1)


def withdraw(told):
    anna, share_id = told
    assert anna.post(f"/shares/{share_id}/withdrawal").status_code == 303


def reversals(person):
    return [entry for entry in entries(person) if entry.reverses_id]


@pytest.mark.parametrize(
    ("week", "frozen"),
    [
        (MONDAY, FREEZES),
        (date(2026, 6, 1), datetime(2026, 6, 11, 8, tzinfo=UTC)),
        # The clocks go back on Sunday 25 October, and forward on 29 March.
        (date(2026, 10, 19), datetime(2026, 10, 29, 9, tzinfo=UTC)),
        (date(2026, 3, 23), datetime(2026, 4, 2, 8, tzinfo=UTC)),
    ],
)
def test_a_week_freezes_72_hours_after_the_next_monday_at_ten(week, frozen):
    assert frozen_at(week, "Europe/Copenhagen") == frozen


def test_before_the_freeze_a_reversal_takes_the_originals_week_team_and_date(told, cast, clock):
    with writing():
        people.move(cast.anna.id, db.session.get_one(Team, cast.teams["library"]), MONDAY + timedelta(days=7))
    with clock(BEFORE):
        withdraw(told)
    share, own, *back = entries(cast.anna)
    assert [(one.code, one.amount, one.reverses_id) for one in back] == [
        ("SHARE", -3, share.id),
        ("OWN", -5, own.id),
    ]
    for one in back:
        assert (one.scored_week, one.local_date, one.team_id) == (MONDAY, DAY, cast.teams["north"])
        assert (one.rule_version, one.kind, one.at) == (1, "self", BEFORE)
    week = db.session.get_one(PersonWeek, (cast.anna.id, MONDAY))
    assert (week.self_points, week.shares, week.active_days) == (0, 0, 0)
    in_team = db.session.get_one(PersonTeamWeek, (cast.anna.id, cast.teams["north"], MONDAY))
    assert (in_team.points, in_team.deeds) == (0, 0)
    team = db.session.get_one(TeamWeek, (cast.teams["north"], MONDAY))
    assert (team.active, team.active_weight, team.capped_points) == (0, 0, 0)
    assert db.session.get_one(PersonTotal, cast.anna.id).points == 0
    assert differences() == []


def test_from_the_freeze_on_only_the_lifetime_total_changes(told, cast, clock):
    before = rollups()
    with clock(AFTER):
        withdraw(told)
    assert [(one.amount, one.scored_week, one.team_id) for one in reversals(cast.anna)] == [
        (-3, None, cast.teams["north"]),
        (-5, None, cast.teams["north"]),
    ]
    after = rollups()
    assert before.pop("person_totals") == [(cast.anna.id, 8)]
    assert after.pop("person_totals") == []
    assert after == before
    assert differences() == []


def test_the_freeze_is_the_organisations_and_not_the_persons(told, cast, clock):
    with writing():
        db.session.execute(
            update(Person).where(Person.id == cast.anna.id).values(zone="Pacific/Auckland", date_floor=DAY)
        )
        db.session.execute(update(Organisation).values(zone="America/Nuuk"))
        organisation.touch()
    with clock(FREEZES + timedelta(hours=1)):
        withdraw(told)
    assert {one.scored_week for one in reversals(cast.anna)} == {MONDAY}


@pytest.mark.parametrize("instant", [BEFORE, AFTER])
def test_an_entry_is_reversed_once_however_often_the_share_comes_and_goes(told, cast, clock, instant):
    anna, share_id = told
    story_id = db.session.get_one(Share, share_id).story_id
    with clock(instant):
        withdraw(told)
        withdraw(told)
        tell(anna, story_id, "Nu fortæller jeg den igen, og denne gang med helt andre ord end før.")
        withdraw(told)
    assert len(reversals(cast.anna)) == 2
    assert sum(one.amount for one in entries(cast.anna)) == 0
    assert differences() == []


def test_the_database_refuses_a_second_reversal_of_an_entry(told, cast, clock):
    with clock(BEFORE):
        withdraw(told)
    first = reversals(cast.anna)[0]
    columns = {column.key: getattr(first, column.key) for column in Entry.__table__.columns}
    again = Entry(**columns | {"id": first.id + 100, "key": "another"})
    db.session.rollback()

    def add():
        with writing():
            db.session.add(again)
            db.session.flush()

    # On SQLite a trigger drops the row before the unique key can refuse it.
    if db.engine.dialect.name == "postgresql":
        with pytest.raises(IntegrityError):
            add()
    else:
        add()
    assert len(reversals(cast.anna)) == 2


def test_a_reversal_takes_back_what_was_paid_whatever_the_rule_pays_now(told, cast, clock):
    change_rule("SHARE", 9, DAY + timedelta(days=1))
    with clock(noon(DAY + timedelta(days=2))):
        withdraw(told)
    assert [one.amount for one in reversals(cast.anna)] == [-3, -5]


def test_a_capped_entry_is_reversed_by_its_nought(sign_in, story, cast, clock):
    anna = sign_in("anna")
    with clock(noon(DAY)):
        tell_new(anna, story, 1)
        second = tell_new(anna, story, 2)
        withdraw((anna, second))
    assert [one.amount for one in reversals(cast.anna)] == [0, 0]
    day = db.session.get_one(PersonDay, (cast.anna.id, DAY))
    assert (day.self_points, day.shares, day.deeds) == (8, 1, 2)
    assert differences() == []


def test_after_telling_and_withdrawing_the_roll_ups_equal_the_ledger_and_a_rebuild(
    sign_in, story, cast, clock
):
    anna, omar = sign_in("anna"), sign_in("omar")
    shares = []
    for place in (0, 1, 3, 8):
        with clock(noon(MONDAY + timedelta(days=place))):
            shares.append(tell_new(anna, story, place))
            tell_new(omar, story, 100 + place)
            tell_new(omar, story, 200 + place, network="facebook")
    with clock(BEFORE):
        withdraw((anna, shares[1]))
    with clock(AFTER):
        withdraw((anna, shares[0]))
        withdraw((anna, shares[3]))
    assert differences() == []
    before = rollups()
    with writing():
        rebuild()
    assert rollups() == before


def test_a_difference_is_found_and_named(told, cast):
    with writing():
        db.session.execute(update(PersonWeek).values(self_points=PersonWeek.self_points + 2))
        db.session.execute(update(TeamWeek).values(capped_points=TeamWeek.capped_points - 1000))
    assert differences() == [
        f"person_weeks (person_id {cast.anna.id}, week {MONDAY}): self_points is off by +2",
        f"team_weeks (team_id {cast.teams['north']}, week {MONDAY}): capped_points is off by -1000",
    ]
