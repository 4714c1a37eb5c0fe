"""What curators do with stories, by the verbs that their desk uses. `python -m tests.feed.curating ID` takes one down."""

import sys

from sqlalchemy import select

from app import create_app
from app.clock import now
from app.db import db, writing
from app.people.models import Person
from app.stories import editing
from app.stories.models import Story


def edit(story_id, curator_id, **changes):
    """A curator changes fields of a story's draft."""
    with writing():
        story = db.session.get_one(Story, story_id, with_for_update=True, populate_existing=True)
        draft = editing.draft_of(story)
        for name, value in changes.items():
            setattr(draft, name, value)
        curator = db.session.scalars(select(Person.id).where(Person.curates_for.is_not(None)).limit(1)).one()
        editing.edit(story, draft, curator, now(), editing.fingerprint(story))


def publish(story_id, lives):
    """Let it be seen."""
    with writing():
        editing.publish(db.session.get_one(Story, story_id, with_for_update=True), now(), lives)


def take_down(story_id):
    """Take it off every Today."""
    with writing():
        editing.unpublish(db.session.get_one(Story, story_id, with_for_update=True))


if __name__ == "__main__":
    with create_app().app_context():
        take_down(int(sys.argv[1]))
