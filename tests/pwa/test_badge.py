"""The number on the app's icon: shout-outs to me that I have not opened."""

from datetime import timedelta

from tests.shoutouts.thanks import LATER, give


def test_it_counts_what_has_arrived_and_is_not_opened(cast, sign_in, clock):
    anna, mads = sign_in("anna"), sign_in("mads")
    first = give(mads, cast.anna)
    assert anna.get("/badge").text == "0"
    with clock(LATER):
        give(
            mads,
            cast.anna,
            cast.liv,
            did="Du tog telefonen, da alle andre var ude, og fandt nøglen.",
            nonce="b",
        )
    with clock(LATER + timedelta(seconds=10)):
        assert anna.get("/badge").text == "2"
        assert mads.get("/badge").text == "0"
        anna.get(f"/shoutouts/{first}")
        assert anna.get("/badge").text == "1"
        assert sign_in("liv").get("/badge").text == "1"


def test_it_is_one_statement_besides_who_asks_and_is_never_stored(sign_in, count_statements):
    anna = sign_in("anna")
    count_statements.clear()
    answer = anna.get("/badge")
    assert len(count_statements) <= 2
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/plain", "no-store")


def test_a_page_with_tabs_has_a_dot_for_it_that_waits_to_be_shown(sign_in):
    for path in ("/", "/teams", "/me"):
        assert 'class="dot" data-waiting hidden' in sign_in("anna").get(path).text
