"""What the organisation decides: from which day it holds, and that everyone reads it again when it has changed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from app.db import db, writing
from app.organisation import actions as organisation
from app.organisation.models import Organisation
from app.organisation.queries import DEFAULTS, facts
from tests.conftest import NOW

TODAY = date(2026, 11, 25)


def change(key, value, from_date):
    with writing():
        organisation.change_setting(key, value, from_date, NOW)


def test_without_a_change_products_defaults_hold(app):
    for key, value in DEFAULTS.items():
        assert facts().setting(key, TODAY) == value
    assert facts().setting("stories_a_day", TODAY) == 3
    assert facts().setting("story_lives_days", TODAY) == 14


def test_a_setting_holds_from_its_day_on_and_never_before(app):
    change("stories_a_day", 5, TODAY + timedelta(days=2))
    change("stories_a_day", 4, TODAY)
    here = facts()
    days = [TODAY + timedelta(days=number) for number in (-1, 0, 1, 2, 400)]
    assert [here.setting("stories_a_day", day) for day in days] == [3, 4, 4, 5, 5]


def test_of_one_day_there_is_one_value(app):
    change("stories_a_day", 4, TODAY)
    with pytest.raises(IntegrityError):
        change("stories_a_day", 5, TODAY)
    assert facts().setting("stories_a_day", TODAY) == 4


def test_a_setting_nobody_knows_is_an_error(app):
    with pytest.raises(KeyError):
        facts().setting("nonsense", TODAY)


def test_today_has_as_many_stories_as_the_organisation_says_from_its_day(sign_in, story, clock):
    for number in range(6):
        story(title=f"Nr. {number}")
    change("stories_a_day", 5, TODAY + timedelta(days=1))
    assert sign_in("anna").get("/").text.count('<article class="card story') == 3
    with clock(NOW + timedelta(days=1)):
        assert sign_in("omar").get("/").text.count('<article class="card story') == 5


def test_every_change_raises_the_version_and_is_read_again(app):
    versions = [facts().version]
    for verb in (
        lambda: organisation.add_purpose("Flere sygeplejersker", "More nurses"),
        lambda: organisation.add_value("Mod", "Courage"),
        lambda: organisation.change_setting("stories_a_day", 2, TODAY, NOW),
        lambda: organisation.add_calendar_years(range(2029, 2030)),
    ):
        with writing():
            verb()
        versions.append(facts().version)
    assert versions == sorted(set(versions))
    here = facts()
    assert ("Flere sygeplejersker", "More nurses") in here.purposes.values()
    assert ("Mod", "Courage") in here.values.values()
    assert here.setting("stories_a_day", TODAY) == 2


def test_facts_are_kept_until_the_version_rises(app, count_statements):
    kept = facts()
    count_statements.clear()
    assert facts() is kept
    assert facts(kept.version) is kept
    assert len(count_statements) == 1
    with writing():
        organisation.touch()
    assert facts() is not kept


def test_a_new_purpose_is_in_the_editor_at_once(sign_in):
    karen = sign_in("karen")
    assert "Flere sygeplejersker" not in karen.get("/desk/stories/new").text
    with writing():
        organisation.add_purpose("Flere sygeplejersker")
    assert "Flere sygeplejersker" in karen.get("/desk/stories/new").text


def test_a_change_in_another_process_shows_on_the_next_page(sign_in, story):
    """Another process raises the version in the database; ours keeps nothing that is older."""
    anna, told = sign_in("anna"), story()
    assert "Jeg arbejder i Fjordby Kommune" in anna.get(f"/stories/{told}/shares/new").text
    with writing():
        db.session.execute(
            update(Organisation).values(disclosure="Jeg er i Fjordby", version=Organisation.version + 1)
        )
    page = anna.get(f"/stories/{told}/shares/new").text
    assert "Jeg er i Fjordby" in page
    assert "Jeg arbejder i Fjordby Kommune" not in page


def test_there_is_one_organisation(app):
    with writing():
        db.session.add(Organisation(id=2, name="To", disclosure="x", created_at=NOW))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_before_it_is_set_up_there_are_no_facts_and_sign_in_still_answers(client):
    with writing():
        db.session.execute(delete(Organisation))
    with pytest.raises(LookupError):
        facts()
    assert client.get("/sign-in").status_code == 200
    assert client.get("/manifest.webmanifest").json["description"] == ""


def test_texts_have_an_english_twin_or_fall_back_to_danish(app):
    here = facts()
    assert (here.called("da"), here.called("en")) == ("Fjordby Kommune", "Fjordby Council")
    assert here.disclosure("en") == "I work for Fjordby Council"
    with writing():
        db.session.execute(update(Organisation).values(disclosure_en=None, version=Organisation.version + 1))
    assert facts().disclosure("en") == "Jeg arbejder i Fjordby Kommune"
