"""Something real behind every address of the app, and who of the cast may open it."""

from io import BytesIO
from pathlib import Path

from sqlalchemy import select

from app import heartbeat
from app.db import db, writing
from app.demo import seeding
from app.people.models import PeopleList, Person
from app.sharing.models import Share
from app.stories import pictures
from app.stories.models import Answer, Story
from app.stories.sources import Feed
from tests.conftest import NOW
from tests.house.test_access import AUDIENCE
from tests.sharing.test_telling import OWN, tell
from tests.shoutouts.thanks import give

# What leads nowhere, for each name that stands in an address.
NOWHERE = dict.fromkeys(
    ("story_id", "share_id", "answer_id", "question_id", "sign_in_id", "device_id", "feed_id", "shoutout_id",
     "person_id", "team_id", "list_id", "identity"), 999_999,
) | {
    "what": "theme", "token": "abcdefghijk", "link_token": "a" * 43, "name": "nothing-480.webp", "kind": "purposes",
    "key": "utm", "turn": "retirement",
}  # fmt: skip
BIKE = Path(seeding.__file__).parent / "pictures" / "bike.webp"
OPENS = {"manager": "mads", "admin": "astrid"}
LIST = "navn;e-mail;hold\nNora Ny;nora@fjordby.example;Hjemmepleje Nord\nUden Mail;;Hjemmepleje Nord\n"


def who_opens(endpoint):
    """Who of the cast a route is tried with: Karen, unless it is for managers or administrators."""
    return "mads" if endpoint.startswith("shoutouts.") else OPENS.get(AUDIENCE[endpoint], "karen")


def build(app, sign_in, story):
    """Browsers by name, and for each name in an address the value of something that is there."""
    browsers = {name: sign_in(name) for name in ("karen", "mads", "astrid")}
    karen, astrid, told = browsers["karen"], browsers["astrid"], story()
    share = db.session.get_one(Share, int(tell(karen, told).split("/")[2]))
    karen.post("/questions/1/answers", data={"text": OWN})
    karen.get("/")
    karen.post(f"/shares/{share.id}/photo", data={"photo": (BytesIO(BIKE.read_bytes()), "bike.webp"), "photo_alt": "En cykel",
                                                  "photo_consent": "nobody"})  # fmt: skip
    shoutout = give(browsers["mads"], _of("Karen"))
    astrid.post("/desk/people/lists", data={"list": (BytesIO(LIST.encode()), "folk.csv")})
    picture = pictures.encode(BIKE.read_bytes())
    pictures.keep(picture, app.config["DATA_DIR"] / "pictures")
    with writing():
        row = db.session.get_one(Story, told)
        row.picture_id, row.alt = pictures.record(picture, NOW), "En cykel"
        heartbeat.beat(NOW)
        feed = Feed(
            key="fjordby.example/nyt/rss",
            address="https://fjordby.example/nyt/rss",
            name="Fjordby",
            added_at=NOW,
            due_at=NOW,
        )
        db.session.add(feed)
        db.session.flush()
        feed_id = feed.id
    person = _of("Omar")
    return browsers, NOWHERE | {
        "story_id": told, "share_id": share.id, "question_id": 1, "token": share.token,
        "answer_id": db.session.scalars(select(Answer.id)).one(), "shoutout_id": shoutout, "feed_id": feed_id,
        "list_id": db.session.scalars(select(PeopleList.id)).one(), "person_id": person.id, "team_id": 2,
        "identity": 1, "name": f"{picture.name}-720.webp",
    }  # fmt: skip


def _of(first_name):
    return db.session.scalars(select(Person).where(Person.name.startswith(first_name))).one()


def addresses(app, values, *methods):
    """(endpoint, method, address) of every route, for those of these methods that it takes."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return [
            (rule.endpoint, method, adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}, method))
            for rule in app.url_map.iter_rules()
            for method in methods
            if method in rule.methods
        ]  # fmt: skip
