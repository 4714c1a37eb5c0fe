"""The topics that a person follows: one to five."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from app.db import db
from app.stories.models import Topic, TopicFollow

LEAST, MOST = 1, 5


def followed(person_id: int) -> set[int]:
    """The ids of the topics someone follows."""
    return set(db.session.scalars(select(TopicFollow.topic_id).where(TopicFollow.person_id == person_id)))


def follow(person_id: int, topic_ids: Iterable[int]) -> None:
    """Follow these topics and no others. Raises ValueError unless they are one to five that exist."""
    wanted = set(topic_ids)
    known = set(db.session.scalars(select(Topic.id).where(Topic.id.in_(wanted))))
    if wanted != known or not LEAST <= len(wanted) <= MOST:
        raise ValueError(len(wanted))
    db.session.execute(delete(TopicFollow).where(TopicFollow.person_id == person_id))
    db.session.add_all(TopicFollow(person_id=person_id, topic_id=topic) for topic in sorted(wanted))
