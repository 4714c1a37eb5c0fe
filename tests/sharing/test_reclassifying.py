"""When the click rules change, what is kept is classified again: days' counts follow, rungs only climb."""

from datetime import timedelta

from sqlalchemy import select, update

from app.db import db, writing
from app.sharing.clicks import RULES_VERSION
from app.sharing.jobs import forget_old_visits
from app.sharing.models import CLICKED, FETCHED, SAID, ClickDay, Share, Visit, VisitorDay
from tests.sharing.test_clicks import ANDROID, FIREFOX, IPHONE, LINKEDIN
from tests.sharing.test_short_link import LATER, counted, link, share, verdicts, visit

__all__ = ["link", "visit"]  # fixtures
OLDER = RULES_VERSION - 1


def as_older_rules_had_it(verdict, people, *which, rung=CLICKED, **columns):
    """Some visits had another verdict, and their day another count."""
    with writing():
        db.session.execute(update(Visit).where(*which).values(verdict=verdict, rules_version=OLDER))
        db.session.execute(update(ClickDay).values(people=people))
        db.session.execute(update(Share).values(rung=rung, **columns))


def reclassify(app):
    result = app.test_cli_runner().invoke(args=["clicks", "reclassify"])
    assert result.exit_code == 0, result.output
    return result.output


def test_people_who_were_taken_for_machines_are_counted_and_the_share_climbs(app, link, visit):
    path = link()
    visit(path)
    visit(path, agent=ANDROID)
    visit(path)
    as_older_rules_had_it("bot", 1, Visit.user_agent == IPHONE, rung=SAID, clicked_at=None)
    with writing():
        db.session.query(VisitorDay).delete()
    assert reclassify(app) == "2 visits have another verdict: 1 people more, 0 fewer.\n"
    assert (counted(), verdicts()) == (2, ["human", "human", "repeat"])
    assert (share().rung, share().clicked_at) == (CLICKED, LATER)
    assert reclassify(app) == "0 visits have another verdict: 0 people more, 0 fewer.\n"
    assert counted() == 2


def test_machines_that_were_taken_for_people_are_counted_no_more_and_the_share_stays_where_it_is(
    app, link, visit
):
    path = link()
    visit(path, agent="curl/8")
    visit(path, agent=FIREFOX)
    as_older_rules_had_it("human", 2, Visit.user_agent == "curl/8", rung=CLICKED, clicked_at=LATER)
    assert reclassify(app) == "1 visits have another verdict: 0 people more, 1 fewer.\n"
    assert (counted(), verdicts()) == (1, ["bot", "human"])
    assert (share().rung, share().clicked_at) == (CLICKED, LATER)


def test_a_preview_that_was_not_known_lifts_the_share(app, link, visit):
    visit(link(), agent=LINKEDIN)
    as_older_rules_had_it("bot", 0, rung=SAID, fetched_at=None)
    reclassify(app)
    assert (share().rung, share().fetched_at, verdicts()) == (FETCHED, LATER, ["preview"])


def test_who_is_counted_after_all_is_not_counted_again_by_the_next_click_of_the_day(app, link, visit):
    path = link()
    visit(path)
    with writing():
        db.session.query(VisitorDay).delete()
    as_older_rules_had_it("bot", 0)
    reclassify(app)
    visit(path)
    assert (counted(), verdicts()) == (1, ["human", "repeat"])


def test_a_day_of_which_the_first_visits_are_forgotten_keeps_its_count(app, link, visit):
    path = link()
    visit(path)
    visit(path, at=LATER + timedelta(hours=1))
    with writing():
        forget_old_visits(LATER + timedelta(days=30, minutes=30))
    as_older_rules_had_it("repeat", 1)
    reclassify(app)
    assert (counted(), verdicts()) == (1, ["repeat"])


def test_what_was_kept_without_its_headers_stays_as_it_was_classified(app, link, visit):
    visit(link())
    with writing():
        db.session.execute(
            update(Visit).values(verdict="bot", day=None, rules_version=None, method=None, user_agent=None)
        )
    assert reclassify(app) == "0 visits have another verdict: 0 people more, 0 fewer.\n"
    assert db.session.scalars(select(Visit.verdict)).one() == "bot"
