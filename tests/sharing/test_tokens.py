"""A short link cannot be guessed, and is one person's, one story's and one network's own."""

import math

import pytest
from sqlalchemy.exc import IntegrityError

from app.db import db, writing
from app.sharing.models import NETWORKS, Share
from app.sharing.tokens import ALPHABET, LENGTH, looks_like_token, share_token
from tests.conftest import NOW
from tests.sharing.test_clicks import IPHONE
from tests.sharing.test_telling import tell

SECRET = "s" * 40


def test_a_token_has_at_least_64_bits_in_letters_and_digits():
    assert len(set(ALPHABET)) == 62
    assert LENGTH * math.log2(len(ALPHABET)) >= 64
    token = share_token(SECRET, 1, 2, "linkedin")
    assert len(token) == LENGTH >= 11
    assert set(token) <= set(ALPHABET)
    assert looks_like_token(token)


def test_tokens_differ_by_person_story_network_and_secret_and_say_nothing_of_them():
    made = {
        share_token(secret, person, story, network)
        for secret in (SECRET, "t" * 40)
        for person in range(1, 40)
        for story in range(1, 20)
        for network in NETWORKS
    }
    assert len(made) == 2 * 39 * 19 * 4
    for place in range(LENGTH):
        assert len({token[place] for token in made}) == 62


def test_the_same_share_always_has_the_same_token():
    assert share_token(SECRET, 7, 8, "other") == share_token(SECRET, 7, 8, "other")


def shared(story_id, person_id, network, token):
    with writing():
        db.session.add(
            Share(
                person_id=person_id,
                story_id=story_id,
                network=network,
                token=token,
                opened_at=NOW,
                composed_at=NOW,
            )
        )


def test_the_database_refuses_a_second_share_of_the_same_and_a_token_twice(story, cast):
    first, second = story(), story()
    shared(first, cast.anna.id, "linkedin", "a" * 11)
    with pytest.raises(IntegrityError):
        shared(first, cast.anna.id, "linkedin", "b" * 11)
    with pytest.raises(IntegrityError):
        shared(second, cast.omar.id, "facebook", "a" * 11)
    shared(first, cast.anna.id, "facebook", "c" * 11)
    shared(first, cast.omar.id, "linkedin", "d" * 11)
    assert db.session.query(Share).count() == 3


def test_a_link_that_was_handed_out_with_ten_characters_leads_on_and_stays_the_shares_own(
    client, sign_in, story, cast
):
    old, anna = story(), sign_in("anna")
    shared(old, cast.anna.id, "linkedin", "Ab3dEf6hIj")
    assert client.get("/s/Ab3dEf6hIj", headers={"User-Agent": IPHONE}).status_code == 302
    tell(anna, old)
    assert db.session.query(Share).one().token == "Ab3dEf6hIj"
    assert "/s/Ab3dEf6hIj" in anna.get(f"/stories/{old}/shares/new").text


def test_a_new_share_has_the_token_that_its_composer_showed(sign_in, story):
    anna, told = sign_in("anna"), story()
    composer = anna.get(f"/stories/{told}/shares/new").text
    tell(anna, told, network="facebook")
    assert f"/s/{db.session.query(Share).one().token}" in composer
