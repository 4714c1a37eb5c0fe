"""Choose a person's day, once; fill its empty slots later; never take a choice back."""

from datetime import date, datetime

from app.db import insert_once
from app.feed.choice import Candidate, Choice, choose
from app.feed.history import History, history
from app.feed.models import DayOpened, Pick
from app.feed.nearness import is_near
from app.people import sign_ins
from app.people.viewer import Viewer
from app.push.notices import reminder_key, take_back
from app.stories.queries import Reader
from app.stories.shelf import Shelf, Shelved


def open_day(viewer: Viewer, day: date, slots: int, at: datetime) -> None:
    """Choose the stories of a local day, at the person's first Today; later, fill the slots that are still empty.

    What was chosen before stays put. The first look lets the sign-in live on, and the day's reminder, if it still
    waits, is not needed any more.
    """
    if insert_once(DayOpened, person_id=viewer.id, local_date=day, at=at) is not None:
        take_back(reminder_key(viewer.id, day), at)
        sign_ins.prolong(viewer.sign_in_id, at)
    taken, chosen = choices(viewer, day, slots, at)
    for slot, (choice, topic_id) in enumerate(chosen, start=taken):
        # Whoever comes second with another story for the same slot, or with the same story, has not chosen.
        insert_once(
            Pick,
            person_id=viewer.id,
            local_date=day,
            slot=slot,
            story_id=choice.story_id,
            reason=choice.reason,
            also=choice.also,
            topic_id=topic_id,
        )


def choices(
    viewer: Viewer, day: date, slots: int, at: datetime
) -> tuple[int, list[tuple[Choice, int | None]]]:
    """How many slots of the day are taken, and what the others may hold, each with the topic if that is why."""
    shelf, mine = history(viewer, day, at)
    found = choose(_candidates(shelf, mine, viewer, at), mine.follows, slots, at, mine.taken)
    chosen = found[len(mine.taken) :]
    return len(mine.taken), [(one, _topic(one, shelf, mine)) for one in chosen]


def _topic(choice: Choice, shelf: Shelf, mine: History) -> int | None:
    """The first of a story's topics that the person follows, if that is why it was chosen."""
    if choice.reason != "topic":
        return None
    topics = next(story.topics for story in shelf.stories if story.id == choice.story_id)
    return next(topic for topic in topics if topic in mine.follows)


def has_more(viewer: Viewer, day: date, at: datetime) -> bool:
    """Whether there is a story that an empty slot could hold."""
    shelf, mine = history(viewer, day, at)
    gone = mine.told | mine.dismissed | frozenset(mine.taken)
    reader = Reader.of(viewer)
    return any(story.id not in gone and story.is_open(reader, at) for story in shelf.stories)


def _candidates(shelf: Shelf, mine: History, viewer: Viewer, at: datetime) -> list[Candidate]:
    reader = Reader.of(viewer)
    return [_candidate(story, mine, viewer) for story in shelf.stories if story.is_open(reader, at)]


def _candidate(story: Shelved, mine: History, viewer: Viewer) -> Candidate:
    own = story.team_path == viewer.team_path != ""
    return Candidate(
        story_id=story.id,
        published_at=story.publish_at,
        topics=story.topics,
        asked=story.waits and story.leader_id == viewer.id,
        from_own_team=own,
        from_near_team=story.team_path != "" and not own and is_near(viewer.team_path, story.team_path),
        by_leader=story.by_leader,
        seen_before=story.id in mine.seen,
        expires_at=story.expires_at,
        told=story.id in mine.told,
        dismissed=story.id in mine.dismissed,
    )
