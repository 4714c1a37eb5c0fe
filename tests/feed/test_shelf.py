"""The shelf in memory: read again only when something has changed that may be chosen, and right at each look."""

import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, writing
from app.feed.models import Pick
from app.people.models import Person
from app.stories import editing, shelf
from tests.conftest import NOW
from tests.counting import counted
from tests.feed.curating import edit, publish, take_down
from tests.feed.test_today import TOMORROW, page_of, shown
from tests.points.deeds import words
from tests.running import ROOT, environment
from tests.sharing.test_telling import tell


def version():
    db.session.rollback()
    return db.session.execute(select(shelf.ShelfVersion.version)).scalar_one()


@pytest.fixture
def raised(app):
    """Whether a deed raises the shelf's version."""

    def raises(deed):
        before = version()
        deed()
        return version() > before

    return raises


def test_a_choice_asks_one_small_statement_of_the_persons_own(sign_in, story, clock):
    anna = sign_in("anna")
    for number in range(20):
        story(title=f"Historie {number}")
    shown(sign_in("liv"))
    with counted() as seen:
        shown(anna)
    assert sum("topic_follows" in one for one in seen) == 1
    assert not [one for one in seen if "story_audiences" in one and "days_opened" not in one]


def test_what_may_be_chosen_is_read_again_only_when_it_has_changed(sign_in, story):
    anna, first = sign_in("anna"), story()
    liv, omar = sign_in("liv"), sign_in("omar")
    assert shown(anna) == [first]
    with counted() as seen:
        assert shown(liv) == [first]
    assert reads_the_shelf(seen) == 0
    second = story(title="En til")
    with counted() as seen:
        assert sorted(shown(omar)) == [first, second]
    assert reads_the_shelf(seen) == 1


def reads_the_shelf(statements):
    return sum("story_topics.position" in one and "story_topics.story_id IN" not in one for one in statements)


def test_a_day_with_empty_slots_asks_at_most_four_statements(sign_in, story):
    anna, _only = sign_in("anna"), story()
    shown(anna)
    with counted() as seen:
        shown(anna)
    assert len(seen) <= 4, seen


def test_a_curators_verbs_raise_the_version(raised, sign_in, story, cast):
    karen, out = sign_in("karen"), story()
    assert raised(lambda: edit(out, cast.karen.id, audience=[cast.teams["library"]]))
    assert raised(lambda: take_down(out))
    assert raised(lambda: publish(out, timedelta(days=14)))
    with writing():
        draft = editing.create(editing.Draft(texts={"title": "Et udkast"}), cast.karen.id, NOW).id
    assert not raised(lambda: edit(draft, cast.karen.id, topics=[cast.topics["care"]]))
    assert not raised(lambda: karen.post(f"/desk/stories/{draft}/discarding"))


def test_a_leaders_telling_and_taking_back_raise_the_version_and_others_do_not(raised, sign_in, story):
    out, anna, birgit = story(), sign_in("anna"), sign_in("birgit")
    assert not raised(lambda: tell(anna, out))
    assert not raised(lambda: anna.post(_own(anna) + "/withdrawal"))
    assert raised(lambda: tell(birgit, out, words(1)))
    assert raised(lambda: birgit.post(_own(birgit) + "/withdrawal"))


def _own(browser):
    return page_of(browser, "/shares").split('href="/shares/')[1].split('"')[0].join(("/shares/", ""))


def test_time_alone_opens_and_ends_a_story_on_the_shelf(sign_in, story, clock):
    anna = sign_in("anna")
    short = story(expires_at=NOW + timedelta(hours=3))
    later = story(title="Senere", publish_at=NOW + timedelta(hours=2))
    before = version()
    assert shown(anna) == [short]
    with clock(NOW + timedelta(hours=2)):
        assert shown(anna) == [short, later]
        assert shown(sign_in("liv")) == [short, later]
    with clock(NOW + timedelta(hours=4)):
        assert shown(sign_in("omar")) == [later]
    assert version() == before


def test_a_story_that_was_on_todays_before_it_was_taken_down_is_known_to_have_been_seen(
    sign_in, story, clock, cast
):
    anna, old = sign_in("anna"), story()
    assert shown(anna) == [old]
    take_down(old)
    new = story(title="Ny", publish_at=NOW - timedelta(days=3))
    with clock(TOMORROW):
        edit(old, cast.karen.id, publish_at=TOMORROW)
        publish(old, timedelta(days=14))
        assert shown(anna) == [new, old]


def test_what_another_process_has_changed_is_so_at_the_next_look(sign_in, story, settings):
    out, stays = story(), story(title="Bliver")
    assert sorted(shown(sign_in("liv"))) == [out, stays]
    address = settings["SQLALCHEMY_DATABASE_URI"] if settings["DATABASE_URL"] else ""
    more = {"FORTAEL_ENV": "test", "DATABASE_URL": address.replace("+psycopg", "")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.feed.curating", str(out)], cwd=ROOT, env=environment(settings["DATA_DIR"], **more),
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert shown(sign_in("anna")) == [stays]
    assert picked("anna") == [stays]


def picked(name):
    """What is written down, whether it is still shown or not."""
    return list(
        db.session.scalars(
            select(Pick.story_id).join(Person).where(Person.email.startswith(name)).order_by(Pick.slot)
        )
    )
