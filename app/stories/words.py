"""Finding stories by their words, in the index that the database keeps of them by itself.

SQLite has an FTS5 table `story_words`, PostgreSQL a column of that name with Danish and English word stems. Either
finds what begins as it was typed; PostgreSQL finds a word's other forms too.
"""

import re
from collections.abc import Sequence
from unicodedata import normalize

from sqlalchemy import ColumnElement, and_, false, func, literal_column, or_, select, table

from app.db import db
from app.stories.models import Story, StoryTopic, Topic

MOST, LONGEST = 6, 40
WORD = re.compile(r"[^\W_]+")
INDEX = "story_words"
WRITTEN: ColumnElement[object] = literal_column(f"stories.{INDEX}")
BESIDE: ColumnElement[object] = literal_column(INDEX)


def is_of_index(name: str | None) -> bool:
    """Whether something in the database belongs to the index, which its migration makes and the models do not know."""
    return bool(name and name.startswith(INDEX))


def words_of(typed: str) -> list[str]:
    """The words of what was typed: letters and digits alone, six at most, each as far as forty characters."""
    return [word[:LONGEST] for word in WORD.findall(normalize("NFC", typed).lower())[:MOST]]


def has_words(typed: str) -> ColumnElement[bool]:
    """Each word begins one in the story's title, why-line or text, in either language, or in a topic's name.

    What is typed without a letter or a digit in it stands in no story.
    """
    words = words_of(typed)
    topics = db.session.scalars(select(Topic)).all() if words else []
    return and_(*(or_(_stands_in(word), _is_topic(word, topics)) for word in words)) if words else false()


def _stands_in(word: str) -> ColumnElement[bool]:
    if db.engine.dialect.name == "sqlite":
        rowid: ColumnElement[int] = literal_column("rowid")
        beside = select(rowid).select_from(table(INDEX))
        return Story.id.in_(beside.where(BESIDE.bool_op("MATCH")(f'"{word}"*')))
    begun = func.to_tsquery("simple", f"'{word}':*")
    stems = (func.to_tsquery(language, f"'{word}'") for language in ("danish", "english"))
    return or_(*(WRITTEN.bool_op("@@")(query) for query in (begun, *stems)))


def _is_topic(word: str, topics: Sequence[Topic]) -> ColumnElement[bool]:
    named = [
        topic.id
        for topic in topics
        if any(name.startswith(word) for name in words_of(f"{topic.name} {topic.name_en or ''}"))
    ]
    about = select(StoryTopic.story_id).where(StoryTopic.topic_id.in_(named))
    return Story.id.in_(about) if named else false()
