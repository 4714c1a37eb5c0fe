"""What tests of points do again and again: tell and read over days, and change a rule."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from app.db import db, writing
from app.points.models import Entry, RuleVersion
from tests.sharing.test_telling import tell

# The Monday of the first whole week after the tests' own day.
MONDAY = date(2026, 11, 30)


def noon(day):
    """12:00 in Copenhagen, in winter."""
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=11)


def words(number):
    """A text of one's own that is like no other number's."""
    sentence = "jeg satte mig ned og hørte efter mens kaffen blev kold og bussen kørte forbi vinduet"
    return " ".join(f"{word}{number}" for word in sentence.split())


def read(browser, story_id):
    """Say that a story was useful."""
    assert browser.post(f"/stories/{story_id}/reading").status_code == 303


def tell_new(browser, story, number, network="linkedin"):
    """Publish a story and tell it; the share's id."""
    told = story(title=f"Historie {number}", expires_at=None)
    return int(tell(browser, told, words(number), network).split("/")[2])


def change_rule(code, amount, valid_from, **limits):
    """The next version of a rule, from a day on; limits that are not named stay."""
    with writing():
        before = db.session.scalars(
            select(RuleVersion).where(RuleVersion.code == code).order_by(RuleVersion.version)
        ).all()[-1]
        db.session.add(
            RuleVersion(
                code=code,
                version=before.version + 1,
                amount=amount,
                valid_from=valid_from,
                limits={**before.limits, **limits},
            )
        )


def entries(person, since=date.min):
    """A person's entries from a local date on, oldest first."""
    return db.session.scalars(
        select(Entry).where(Entry.person_id == person.id, Entry.local_date >= since).order_by(Entry.id)
    ).all()


def paid(person, since=date.min):
    """Code, amount and cap of each of them."""
    return [(entry.code, entry.amount, entry.cap) for entry in entries(person, since)]
