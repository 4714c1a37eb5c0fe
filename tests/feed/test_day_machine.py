"""Random people on random days, thousands of steps through the app, beside the plain model.

Never more than the day's number; never a story outside its audience, before its leader or after its end; never one twice
on a day, and none that was told or dismissed is given again; the same person and day always has the same list.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import ClassVar

import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app import clock, prepared
from app.db import db, writing
from app.feed.history import history
from app.feed.models import Pick
from app.organisation import actions as organisation
from app.people.models import Person as PersonRow
from app.sharing import actions as sharing
from app.sharing.models import Share
from app.stories import editing, following, gate
from app.stories.models import Story as StoryRow
from app.stories.queries import Reader, is_open
from tests.cast import Cast
from tests.conftest import NOW, Browser
from tests.feed import curating
from tests.feed.plain_day import Person, Story, wanted
from tests.feed.test_today import shown

EXAMPLES, STEPS = 40, 60
ON_A_SERVER = 12  # where a fresh database for each takes its time
REASONS = ("asked", "topic", "team", "leader", "expiring", "new", "other")
ZONES = ("Europe/Copenhagen", "America/Nuuk", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Pago_Pago")
PEOPLE = {
    "anna": ("north", 1, False),
    "liv": ("north", 1, False),
    "omar": ("library", 1, False),
    "mads": ("north", 2 | 4, True),
    "birgit": ("top", 2 | 4, True),
}
names, topics = st.sampled_from(list(PEOPLE)), st.lists(st.integers(1, 3), max_size=3, unique=True)
facts = st.fixed_dictionaries(
    {
        "topics": topics,
        "audience": st.sampled_from([(), (), (), ("north",), ("library",), ("top",), ("north", "library")]),
        "roles": st.sampled_from([0, 0, 0, 1, 2, 4]),
        "team": st.sampled_from([None, None, "north", "library", "top"]),
        "leader": st.sampled_from([None, None, "mads", "birgit"]),
        "begins": st.integers(-20, 10),
        "lives": st.integers(6, 150),
    }
)
any_story = st.integers(0, 9)


class Days(RuleBasedStateMachine):
    """What people and curators do; every look at Today is compared with the model."""

    begin: ClassVar[Callable[[], tuple[Cast, dict[str, Browser]]]]
    seen: ClassVar[Counter[str]]

    def __init__(self):
        super().__init__()
        self.cast, self.browsers = type(self).begin()
        self.at, self.slots, self.later_slots = NOW, 3, {}
        self.stories = {}
        self.people = {
            name: Person(team, roles, leads, zone)
            for (name, (team, roles, leads)), zone in zip(PEOPLE.items(), ZONES, strict=True)
        }
        self.people["anna"].follows = {1}
        with writing():
            for name, person in self.people.items():
                row = db.session.get_one(PersonRow, self.cast.people[name].id)
                row.zone, row.is_leader = person.zone, person.leads

    def travel(self):
        type(self).seen["steps"] += 1
        db.session.rollback()
        return time_machine.travel(self.at, tick=False)

    def chosen(self, number):
        """One of the stories that are there, the newest first."""
        return list(self.stories.values())[::-1][number % len(self.stories)]

    @initialize(several=st.lists(facts, min_size=2, max_size=7))
    def there_are_stories(self, several):
        for facts in several:
            self.a_story_is_published(facts | {"begins": -abs(facts["begins"])})

    @rule(hours=st.integers(1, 9))
    def time_passes(self, hours):
        self.at += timedelta(hours=hours, minutes=7)

    @rule(facts=facts)
    def a_story_is_published(self, facts):
        leader, team = facts["leader"], facts["team"]
        begins = self.at + timedelta(hours=facts["begins"])
        draft = editing.Draft(
            texts={"title": f"Historie {len(self.stories)}", "why": "Fordi."}, purpose_id=self.cast.purpose_id,
            leader_id=self.cast.people[leader].id if leader else None, team_id=self.cast.teams[team] if team else None,
            topics=facts["topics"], audience=[self.cast.teams[one] for one in facts["audience"]], for_roles=facts["roles"],
            publish_at=begins, expires_at=max(begins, self.at) + timedelta(hours=facts["lives"]),
        )  # fmt: skip
        with self.travel(), writing():
            row = editing.create(draft, self.cast.karen.id, self.at)
            editing.publish(row, self.at, timedelta(days=14))
            self.stories[row.id] = Story(
                row.id, draft.publish_at, draft.expires_at, draft.topics, set(facts["audience"]), facts["roles"], team, leader
            )  # fmt: skip

    @precondition(lambda self: self.stories)
    @rule(number=any_story, facts=facts)
    def a_story_is_edited(self, number, facts):
        story, leader = self.chosen(number), facts["leader"]
        ends = max(story.publish_at, self.at) + timedelta(hours=facts["lives"])
        with self.travel():
            curating.edit(
                story.id, self.cast.karen.id, topics=facts["topics"], for_roles=facts["roles"], audience=[self.cast.teams[one] for one in facts["audience"]],
                leader_id=self.cast.people[leader].id if leader else None, expires_at=ends,
            )  # fmt: skip
        if leader != story.leader:
            story.leader, story.told, story.overridden = leader, leader in story.led_by, False
        story.topics, story.audience, story.roles = facts["topics"], set(facts["audience"]), facts["roles"]
        story.expires_at = ends

    @precondition(lambda self: self.stories)
    @rule(number=any_story)
    def a_story_is_taken_down_or_put_out_again(self, number):
        story = self.chosen(number)
        with self.travel():
            if story.out:
                curating.take_down(story.id)
            else:
                curating.publish(story.id, timedelta(days=14))
        story.out = not story.out

    @precondition(lambda self: self.stories)
    @rule(number=any_story)
    def a_curator_lets_a_story_go_without_its_leader_or_has_it_wait_again(self, number):
        story = self.chosen(number)
        with self.travel(), writing():
            if story.overridden:
                again = gate.wait_again(story.id, self.cast.karen.id, self.at)
                assert again == (story.leader is not None and not story.told)
                story.overridden = not again
            else:
                story.overridden = gate.open_without_leader(story.id, self.cast.karen.id, self.at)
                assert story.overridden == (story.out and story.leader is not None and not story.told)

    @rule(name=names, topics=topics.filter(bool))
    def someone_follows_other_topics(self, name, topics):
        with self.travel(), writing():
            following.follow(self.cast.people[name].id, topics)
        self.people[name].follows = set(topics)

    @rule(name=names, zone=st.sampled_from(ZONES))
    def someone_moves_to_another_zone(self, name, zone):
        with self.travel():
            assert self.browsers[name].post("/me/zone", data={"zone": zone}).status_code == 303
        self.people[name].move(zone, self.at)

    @rule(slots=st.integers(1, 5))
    def the_organisation_changes_the_number_from_a_later_day_on(self, slots):
        day = self.at.date() + timedelta(days=2)
        if day not in self.later_slots:
            with self.travel(), writing():
                organisation.change_setting("stories_a_day", slots, day, clock.now())
            self.later_slots[day] = slots

    def may_choose(self, day):
        valid = [number for start, number in sorted(self.later_slots.items()) if start <= day]
        return valid[-1] if valid else self.slots

    @precondition(lambda self: self.stories)
    @rule(name=names, number=any_story)
    def someone_dismisses_one_or_takes_it_back(self, name, number):
        story, person = self.chosen(number), self.people[name]
        undo = "/undo" if story.id in person.dismissed else ""
        with self.travel():
            answer = self.browsers[name].post(
                f"/stories/{story.id}/dismissal{undo}", data={"reason": "no-time"}
            )
        is_open = story.is_open(name, person, self.at)
        assert answer.status_code == (303 if is_open else 404)
        if is_open:
            person.dismissed ^= {story.id}
            type(self).seen["dismissed"] += not undo

    @precondition(lambda self: self.stories)
    @rule(name=names, number=any_story)
    def someone_tells_one_or_takes_it_back(self, name, number):
        story, person = self.chosen(number), self.people[name]
        person_id = self.cast.people[name].id
        if story.id in person.told:
            with self.travel(), writing():
                share = select(Share.id).where(Share.person_id == person_id, Share.story_id == story.id)
                sharing.withdraw(db.session.scalars(share).one(), person_id, self.at)
            person.told.remove(story.id)
            story.led_by.discard(name)
            story.told = story.told and story.leader != name
        elif story.is_open(name, person, self.at):
            with self.travel(), writing():
                row = db.session.get_one(StoryRow, story.id)
                token = f"{person_id}x{story.id}"
                share = sharing.compose(person_id, row, "linkedin", "Mine ord.", True, token, self.at)
                sharing.say_posted(share.id, person_id, self.at)
            person.told.add(story.id)
            story.led_by |= {name} if person.leads else set()
            type(self).seen["opened by their leader"] += story.waits
            story.told = story.told or story.leader == name

    @rule()
    def all_look_at_today(self):
        for name in self.people:
            self.someone_looks_at_today(name)

    @rule(name=names)
    def someone_looks_at_today(self, name):
        person = self.people[name]
        day = person.day(self.at)
        number, before = self.may_choose(day), person.days.get(day, [])
        expected = wanted(self.stories, name, person, day, number, self.at)
        with self.travel():
            page = shown(self.browsers[name])
            written = self.written(name, day)
            self.check_what_is_open(name, person)
        assert written == expected
        assert written[: len(before)] == before
        assert len(written) == len(set(written)) <= max(number, len(before))
        assert not set(written[len(before) :]) & person.settled
        person.days[day] = written
        there = [one for one in written if self.stories[one].is_open(name, person, self.at)]
        there = [one for one in there if one not in person.dismissed]
        assert page == sorted(there, key=lambda one: one in person.told)
        type(self).seen.update({"looks": 1, "shown": len(page), "hidden": len(written) - len(page)})
        type(self).seen["filled later"] += bool(before) and len(written) > len(before)
        type(self).seen["another day"] += len(person.days) > 1

    def written(self, name, day):
        rows = db.session.execute(
            select(Pick.story_id, Pick.reason)
            .where(Pick.person_id == self.cast.people[name].id, Pick.local_date == day)
            .order_by(Pick.slot)
        )
        picks = rows.all()
        type(self).seen.update({f"because {row.reason}": 1 for row in picks})
        return [row.story_id for row in picks]

    def check_what_is_open(self, name, person):
        """The model, the database and the shelf say the same."""
        reader = Reader(self.cast.people[name].id, self.path(person), person.roles)
        asked = set(db.session.scalars(select(StoryRow.id).where(is_open(reader, self.at))))
        stands = history(SimpleNamespace(id=reader.id), person.day(self.at), self.at)[0]
        kept = {one.id for one in stands.stories if one.is_open(reader, self.at)}
        assert (
            asked == kept == {one.id for one in self.stories.values() if one.is_open(name, person, self.at)}
        )

    def path(self, person):
        top, own = self.cast.teams["top"], self.cast.teams[person.team]
        return f"/{top}/" if own == top else f"/{top}/{own}/"


def test_any_days_are_as_the_rule_says(put_back, sign_in, cast, server):
    def begin():
        db.session.remove()
        prepared.forget()
        db.engine.dispose()
        put_back()
        return cast, {name: sign_in(name) for name in PEOPLE}

    Days.begin, Days.seen = staticmethod(begin), Counter()
    run_state_machine_as_test(
        Days,
        settings=settings(
            max_examples=ON_A_SERVER if server else EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,  # what it comes to is asserted below
            suppress_health_check=list(HealthCheck),
        ),
    )
    if server:
        assert Days.seen["steps"] > 400, Days.seen
        return
    # It came to what the rule speaks of.
    assert Days.seen["steps"] > 2000, Days.seen
    came_to = ("hidden", "filled later", "another day", "dismissed", "opened by their leader")
    assert all(Days.seen[one] for one in (*came_to, *(f"because {reason}" for reason in REASONS))), Days.seen
