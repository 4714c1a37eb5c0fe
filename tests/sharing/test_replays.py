"""A request to tell that comes again, and again: one share, one payment, and always a good answer."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select, text

from app.db import db, writing
from app.points.reconcile import differences
from app.sharing import requests
from app.sharing.models import SAID, Share, ShareRequest
from app.stories.models import Story
from tests.conftest import NOW
from tests.points.test_race import under_way_at_once
from tests.postgres import Server
from tests.racing import TEXT
from tests.running import ROOT, environment, flask, seed
from tests.sharing.test_telling import OWN, amounts
from tests.words import danish

KEY, OTHER_KEY = "K" * 22, "P" * 22
REPLAYS, PROCESSES = 1000, 2


def send(browser, story_id, key=KEY, words=OWN, **more):
    form = {"text": words, "network": "linkedin", "disclosed": "1", "key": key} | more
    return browser.post(f"/stories/{story_id}/shares", data=form)


def one_share():
    db.session.rollback()
    return db.session.scalars(select(Share)).one()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_what_waited_is_told_at_once_and_a_replay_is_thanked_again(sign_in, story, cast, headers):
    anna, told = sign_in("anna"), story()
    form = {"text": OWN, "network": "linkedin", "disclosed": "1", "key": KEY, "said": "1"}
    answers = [anna.post(f"/stories/{told}/shares", data=form, headers=headers) for _replay in range(3)]
    if headers:
        assert all(danish("Follow your share") in answer.text for answer in answers)
    else:
        assert {answer.location for answer in answers} == {f"/shares/{one_share().id}/thanks"}
    assert one_share().rung == SAID
    assert amounts(cast.anna) == [("SHARE", 3, None), ("OWN", 5, None)]


def test_it_may_be_said_later_with_the_same_key_and_once(sign_in, story, cast):
    anna, told = sign_in("anna"), story()
    assert send(anna, told).location == f"/shares/{one_share().id}/posting"
    assert send(anna, told, said="1").location == f"/shares/{one_share().id}/thanks"
    assert len(amounts(cast.anna)) == 2


def test_a_replay_leaves_what_was_written_since(sign_in, story):
    anna, told = sign_in("anna"), story()
    send(anna, told)
    send(anna, told, OTHER_KEY, "Noget helt andet, som jeg kom til at tænke på bagefter.")
    assert send(anna, told).location == f"/shares/{one_share().id}/posting"
    assert one_share().text.startswith("Noget helt andet")


@pytest.mark.parametrize("said", ["share", "posting"])
def test_a_replay_after_a_withdrawal_does_not_tell_it_again(sign_in, story, cast, clock, said):
    anna, told = sign_in("anna"), story()
    send(anna, told, **({"said": "1"} if said == "share" else {}))
    share_id = one_share().id
    with clock(NOW + timedelta(seconds=10)):
        anna.post(f"/shares/{share_id}/posting", data={"key": OTHER_KEY})
    with clock(NOW + timedelta(seconds=20)):
        anna.post(f"/shares/{share_id}/withdrawal")
    with clock(NOW + timedelta(seconds=30)):
        again = [
            send(anna, told, said="1"),
            anna.post(f"/shares/{share_id}/posting", data={"key": OTHER_KEY}),
        ]
        for answer in again:
            assert answer.location == f"/shares/{share_id}/thanks"
            assert anna.get(answer.location, follow_redirects=True).status_code == 200
    assert one_share().withdrawn_at is not None
    assert sum(amount for _code, amount, _cap in amounts(cast.anna)) == 0


def test_withdrawn_and_told_again_is_the_same_row_and_not_paid_twice(sign_in, story, cast):
    anna, told = sign_in("anna"), story()
    send(anna, told, said="1")
    first = one_share()
    identity, token = first.id, first.token
    anna.post(f"/shares/{identity}/withdrawal")
    send(anna, told, OTHER_KEY, said="1")
    again = one_share()
    assert (again.id, again.token, again.withdrawn_at) == (identity, token, None)
    assert sum(amount for _code, amount, _cap in amounts(cast.anna)) == 0
    assert [code for code, amount, _cap in amounts(cast.anna) if amount > 0] == ["SHARE", "OWN"]
    assert differences() == []


def test_a_replay_is_answered_when_the_story_is_over(sign_in, story, clock):
    anna, told = sign_in("anna"), story()
    send(anna, told, said="1")
    with writing():
        db.session.get_one(Story, told).expires_at = NOW + timedelta(hours=1)
    with clock(NOW + timedelta(hours=2)):
        assert send(anna, told, said="1").location == f"/shares/{one_share().id}/thanks"
        assert send(anna, told, OTHER_KEY).status_code == 404


def test_a_replay_needs_no_text_for_what_was_kept_stands(sign_in, story):
    anna, told = sign_in("anna"), story()
    send(anna, told)
    assert send(anna, told, words="").status_code == 303
    assert one_share().text == OWN


def test_anothers_key_is_refused_and_tells_nothing(sign_in, story, cast):
    anna, omar, told = sign_in("anna"), sign_in("omar"), story()
    send(anna, told, said="1")
    share_id = one_share().id
    answer = send(omar, told)
    assert answer.status_code == 409
    assert f"/shares/{share_id}" not in answer.text
    assert one_share().person_id == cast.anna.id
    assert amounts(cast.omar) == []


def test_what_was_written_under_anothers_sign_in_is_refused(sign_in, story, cast):
    omar, told = sign_in("omar"), story()
    assert send(omar, told, person=str(cast.anna.id)).status_code == 409
    assert db.session.scalars(select(Share)).all() == []
    assert send(omar, told, person=str(cast.omar.id)).status_code == 303


@pytest.mark.parametrize("key", ["", "short", "x" * 44, "æ" * 22, "a b" * 8, "'; DROP TABLE shares; --"])
def test_without_a_key_that_is_one_nothing_is_remembered_and_all_works(sign_in, story, cast, key):
    anna, told = sign_in("anna"), story()
    for _tap in range(2):
        assert send(anna, told, key, said="1").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(ShareRequest)) == 0
    assert len(amounts(cast.anna)) == 2


def test_a_refused_text_keeps_its_key_which_then_counts_as_new(sign_in, story):
    anna, told = sign_in("anna"), story()
    page = send(anna, told, words="")
    assert page.status_code == 422
    assert f'name="key" value="{KEY}"' in page.text
    assert send(anna, told).status_code == 303


def test_each_form_has_a_key_of_its_own(sign_in, story):
    anna, told = sign_in("anna"), story()
    keys = {
        anna.get(f"/stories/{told}/shares/new").text.split('name="key" value="')[1][:22] for _look in range(3)
    }
    assert len(keys) == 3
    assert all(requests.read(key) for key in keys)


def test_keys_are_forgotten_after_30_days(sign_in, story):
    anna, told = sign_in("anna"), story()
    send(anna, told)
    with writing():
        assert requests.forget_old(NOW + timedelta(days=30)) == 0
        assert requests.forget_old(NOW + timedelta(days=30, seconds=1)) == 1


def test_whether_it_was_shared_is_asked_until_it_is_answered_or_put_off(sign_in, story):
    anna, told = sign_in("anna"), story()
    send(anna, told)
    assert one_share().asked_at is None
    assert anna.post(f"/shares/{one_share().id}/later").location == "/"
    assert one_share().asked_at == NOW
    send(anna, told, OTHER_KEY)
    assert one_share().asked_at is None
    anna.post(f"/shares/{one_share().id}/posting")
    assert one_share().asked_at == NOW


@pytest.fixture
def place(server: Server | None, tmp_path: Path) -> Iterator[tuple[Path, dict[str, str], Engine]]:
    """A seeded database of its own, a file on SQLite: its folder, its settings and a connection to look in."""
    address = server.create("replays") if server else ""
    seed(tmp_path, 30, DATABASE_URL=address)
    driver = address.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(driver or f"sqlite:///{tmp_path}/fortael.sqlite3")
    yield tmp_path, {"DATABASE_URL": address}, engine
    engine.dispose()


def found(engine, statement):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


ANNA = "(SELECT id FROM people WHERE email = 'anna@fjordby.example')"
UNTOLD = (
    f"SELECT min(id) FROM stories WHERE state = 'published' AND id NOT IN (SELECT story_id FROM shares WHERE person_id = {ANNA}) "
    "AND leader_id IS NULL AND id NOT IN (SELECT story_id FROM story_audiences)"
)


def test_1000_replays_from_two_processes_leave_one_share_and_one_payment(place):
    folder, settings, engine = place
    ((told,),) = found(engine, UNTOLD)
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.sharing.replaying", *map(str, (number, REPLAYS // PROCESSES, told, KEY, OTHER_KEY))],
            cwd=ROOT, text=True, env=environment(folder, **settings),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    for racer in racers:
        if racer.stdout.readline() != "ready\n":
            raise AssertionError(racer.communicate()[1])
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    seen = []
    for racer in racers:
        out, err = racer.communicate(timeout=300)
        assert racer.returncode == 0, err
        assert "locked" not in err
        assert "deadlock" not in err
        seen.append(json.loads(out))
    kinds = Counter((path.split("/")[-1], status) for mine in seen for _began, _ended, status, path in mine)
    assert set(kinds) == {("shares", 303), ("posting", 303)}
    assert sum(kinds.values()) == REPLAYS
    assert under_way_at_once(seen) > REPLAYS / 4

    shares = f"FROM shares WHERE person_id = {ANNA} AND story_id = {told}"
    assert found(engine, f"SELECT network, text, rung {shares}") == [("linkedin", TEXT, SAID)]
    entries = f"FROM ledger_entries WHERE source_kind = 'share' AND source_id = (SELECT id {shares})"
    assert sorted(found(engine, f"SELECT code {entries}")) == [("OWN",), ("SHARE",)]
    assert sorted(found(engine, "SELECT key FROM share_requests")) == [(KEY,), (OTHER_KEY,)]
    assert "equal the ledger" in flask(folder, "points", "verify", **settings)
