"""What Me shows of a person's own things."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, bindparam, exists, inspect, select

from app.db import Base, UTCDateTime, db
from app.feed.models import DayOpened, Pick
from app.people.models import Membership, PeopleList, Person, SignIn, SignInLink
from app.people.viewer import Viewer
from app.points.models import Entry, PersonDay, PersonTeamWeek, PersonTotal, PersonWeek
from app.prepared import Prepared
from app.push.choices import STOPPED
from app.push.models import NextLook, Notice, PushChoices, Subscription
from app.sharing.models import ClickDay, Share, SharePhoto, ShareRequest
from app.shoutouts.models import BudgetEntry, BudgetMonth, Receiver, Shoutout
from app.stories.models import (
    Answer,
    Dismissal,
    FoundRight,
    LeaderOverride,
    LeaderTold,
    Reading,
    Saving,
    Story,
    TopicFollow,
)
from app.stories.queries import Reader, is_open

# Every table with rows of a person's own; hashes, what a device is reached by, and lists about others are left out.
OWN: tuple[tuple[str, type[Base]], ...] = (
    ("memberships", Membership),
    ("sign_ins", SignIn),
    ("sign_in_links", SignInLink),
    ("push_subscriptions", Subscription),
    ("push_choices", PushChoices),
    ("notices", Notice),
    ("next_looks", NextLook),
    ("topics_followed", TopicFollow),
    ("days_opened", DayOpened),
    ("picks", Pick),
    ("readings", Reading),
    ("dismissals", Dismissal),
    ("savings", Saving),
    ("answers", Answer),
    ("shares", Share),
    ("share_requests", ShareRequest),
    ("stories_told_as_leader", LeaderTold),
    ("ledger_entries", Entry),
    ("person_days", PersonDay),
    ("person_weeks", PersonWeek),
    ("person_team_weeks", PersonTeamWeek),
    ("person_totals", PersonTotal),
    ("people_lists", PeopleList),
)
SECRET = {
    "password_hash", "token_hash", "code_hash", "address_hash", "noted", "endpoint", "public_key", "secret",
    "content",
}  # fmt: skip


_person = bindparam("person_id", type_=Integer)
_reader = Reader(_person, bindparam("team_path", type_=String), bindparam("roles", type_=Integer))
_is_open = is_open(_reader, bindparam("now", type_=UTCDateTime()))  # type: ignore[arg-type]  # a parameter stands in for the instant
# Whether reminders have stopped, and whether something saved can still be told.
STANDS = Prepared(
    select(
        STOPPED.label("asks"),
        exists().where(Saving.person_id == _person, Saving.story_id == Story.id, _is_open).label("saves"),
    )
)


def stands(viewer: Viewer, at: datetime) -> Any:
    """What Me asks or offers just now: `asks` whether reminders are wanted again, `saves` leads to what is saved. One statement."""
    return STANDS.one(person_id=viewer.id, team_path=viewer.team_path, roles=int(viewer.roles), now=at)


def titles(entries: Sequence[Entry]) -> Mapping[tuple[str, int], Story]:
    """The stories that entries are about, by their source."""
    stories = {entry.source_id for entry in entries if entry.source_kind == "story"}
    shares = {entry.source_id for entry in entries if entry.source_kind == "share"}
    found: dict[tuple[str, int], Story] = {
        ("story", story.id): story for story in db.session.scalars(select(Story).where(Story.id.in_(stories)))
    }
    rows = db.session.execute(
        select(Share.id, Story).join(Story, Story.id == Share.story_id).where(Share.id.in_(shares))
    )
    return found | {("share", share_id): story for share_id, story in rows}


def givers(entries: Sequence[Entry]) -> Mapping[int, str]:
    """Who gave the shout-outs that entries are about, by the shout-outs' ids."""
    ids = {entry.source_id for entry in entries if entry.source_kind == "shoutout"}
    rows = db.session.execute(
        select(Shoutout.id, Person.name)
        .join(Person, Person.id == Shoutout.giver_id)
        .where(Shoutout.id.in_(ids))
    )
    return {row.id: row.name for row in rows}


def everything_of(person_id: int, at: datetime) -> dict[str, Any]:
    """All that is stored of a person, as plain values for JSON. A shout-out on its way is its giver's alone."""
    person = db.session.get_one(Person, person_id)
    own = {
        name: [_plain(row) for row in db.session.scalars(select(table).filter_by(person_id=person_id))]
        for name, table in OWN
    }
    clicks = select(ClickDay).join(Share, Share.id == ClickDay.share_id).where(Share.person_id == person_id)
    return {
        "person": _plain(person),
        **own,
        "clicks": [_plain(row) for row in db.session.scalars(clicks)],
        "share_photos": _photos(person_id),
        **_as_curator(person_id),
        **_shoutouts(person_id, at),
    }


def _photos(person_id: int) -> list[dict[str, Any]]:
    """With the address at which the person gets the picture itself."""
    own = select(SharePhoto).join(Share, Share.id == SharePhoto.share_id).where(Share.person_id == person_id)
    return [_plain(row) | {"picture": f"/shares/{row.share_id}/photo"} for row in db.session.scalars(own)]


def _as_curator(person_id: int) -> dict[str, Any]:
    return {
        name: [_plain(row) for row in db.session.scalars(select(table).filter_by(curator_id=person_id))]
        for name, table in (
            ("stories_shown_without_leader", LeaderOverride),
            ("stories_found_right", FoundRight),
        )
    }


def _shoutouts(person_id: int, at: datetime) -> dict[str, Any]:
    given = {
        name: [_plain(row) for row in db.session.scalars(select(table).filter_by(giver_id=person_id))]
        for name, table in (
            ("shoutouts_given", Shoutout),
            ("budget_months", BudgetMonth),
            ("budget_entries", BudgetEntry),
        )
    }
    received = db.session.execute(
        select(Receiver, Shoutout)
        .join(Shoutout, Shoutout.id == Receiver.shoutout_id)
        .where(Receiver.person_id == person_id, Shoutout.undone_at.is_(None), Shoutout.delivers_at <= at)
    )
    return given | {
        "shoutouts_received": [
            _plain(receiver) | {"giver_id": shoutout.giver_id, "did": shoutout.did, "led": shoutout.led}
            for receiver, shoutout in received
        ]
    }


def _plain(row: Base) -> dict[str, Any]:
    columns = inspect(type(row)).columns
    values = {column.key: getattr(row, column.key) for column in columns if column.key not in SECRET}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    }
