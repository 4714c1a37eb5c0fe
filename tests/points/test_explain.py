"""*Explain my points*: rule, version, evidence, cap and time of each entry, in the person's language."""

import re
from datetime import timedelta

import pytest

from app.db import writing
from app.points.actions import pay_reading
from app.points.entries import Deed
from tests.points.deeds import MONDAY, change_rule, noon, read, tell_new


def page_of(browser, address="/me/points"):
    """What a person reads, with plain blanks."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return re.sub(r"[\s\u00a0\u202f]+", " ", answer.text)


def lines(page):
    """Each entry's part of the page, newest first."""
    return [part.split("</details>")[0] for part in page.split('<details class="ent">')[1:]]


def speak(browser, language):
    assert browser.post("/me/choices/locale", data={"value": language}).status_code == 303


DANISH = (
    ("Egne ord: “Historie 1”", "OWN, version 1", "Gælder fra 1. januar 2020", "tegn, 100 % dine egne ord", "30. november 2026 kl. 12.00"),
    ("Delte “Historie 1”", "SHARE, version 1", "Gælder fra 1. januar 2020", "Du har sagt, at den er delt", "30. november 2026 kl. 12.00"),
    ("Læste “Kaffen kommer før kalenderen”", "READ, version 1", "Gælder fra 1. januar 2020", "Du sagde “nyttig”", "30. november 2026 kl. 12.00"),
)  # fmt: skip
ENGLISH = (
    ("Own words: “Historie 1 in English”", "OWN, version 1", "Valid from 1 January 2020", "characters, 100 % your own", "30 November 2026, 12:00"),
    ("Told “Historie 1 in English”", "SHARE, version 1", "Valid from 1 January 2020", "You said it is shared", "30 November 2026, 12:00"),
    ("Read “Coffee before the calendar”", "READ, version 1", "Valid from 1 January 2020", "You said “useful”", "30 November 2026, 12:00"),
)  # fmt: skip


@pytest.mark.parametrize(("language", "said"), [("da", DANISH), ("en", ENGLISH)])
def test_each_entry_shows_its_rule_version_evidence_and_time(sign_in, story, clock, language, said):
    anna = sign_in("anna")
    speak(anna, language)
    with clock(noon(MONDAY)):
        read(anna, story())
        tell_new(anna, lambda **facts: story(**facts, title_en="Historie 1 in English"), 1)
        told = lines(page_of(anna))
    assert len(told) == 3
    for line, texts in zip(told, said, strict=True):
        for text in texts:
            assert text in line
        assert "Loft" not in line
        assert "Cap" not in line


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("da", ("Én deling om dagen giver point", "Du tæller som aktiv alligevel", "Ugens tredje deling giver det halve", "Tre delinger om ugen giver point", "Tre læsninger om dagen giver point", "Du havde optjent det højeste for en dag (20)", "Du havde optjent det højeste for en uge (60)")),
        ("en", ("One share a day gives points", "It counts as active all the same", "The third share of a week gives half", "Three shares a week give points", "Three readings a day give points", "You had earned the most for one day (20)", "You had earned the most for one week (60)")),
    ],
)  # fmt: skip
def test_a_capped_entry_says_which_cap(sign_in, story, clock, language, said):
    anna = sign_in("anna")
    speak(anna, language)
    for code, amount in (("SHARE", 16), ("OWN", 16)):
        change_rule(code, amount, MONDAY)
    with clock(noon(MONDAY)):
        tell_new(anna, story, 100)
        tell_new(anna, story, 1)
    for place in (1, 2, 3, 4):
        with clock(noon(MONDAY + timedelta(days=place))):
            tell_new(anna, story, 10 + place)
            if place == 2:
                for number in range(4):
                    read(anna, story(title=f"Læst {number}"))
    change_rule("READ", 9, MONDAY + timedelta(days=5))
    with clock(noon(MONDAY + timedelta(days=5))):
        for number in range(2):
            read(anna, story(title=f"Lørdag {number}"))
        page = page_of(anna)
    for text in said:
        assert text in page


def test_a_corrected_entry_is_struck_and_shows_its_reversal(sign_in, story, clock):
    anna = sign_in("anna")
    with clock(noon(MONDAY)):
        share_id = tell_new(anna, story, 1)
    with clock(noon(MONDAY + timedelta(days=1))):
        anna.post(f"/shares/{share_id}/withdrawal")
        danish = page_of(anna)
        speak(anna, "en")
        english = page_of(anna)
    own, share = lines(danish)
    assert '<s class="num b">+5</s>' in own
    assert "<b>-5</b> den 1. december kl. 12.00. Du trak delingen tilbage." in own
    assert '<s class="num b">+3</s>' in share
    assert "· <b>rettet</b>" in share
    assert 'class="pts"' not in share + own
    assert "<b>-3</b> on 1 December, 12:00. You withdrew the share." in lines(english)[1]
    assert '<span class="count num">0</span> <span class="mut">point i alt' in danish


def test_it_begins_with_what_one_has_in_all_today_and_this_week(sign_in, story, clock):
    anna = sign_in("anna")
    with clock(noon(MONDAY)):
        tell_new(anna, story, 1)
    with clock(noon(MONDAY + timedelta(days=1))):
        read(anna, story())
        page = page_of(anna)
    assert '<span class="count num">9</span>' in page
    assert "<b>1</b> af højst 20" in page
    assert "<b>9</b> af højst 60" in page


def test_nobody_sees_anothers_entries(sign_in, story):
    tell_new(sign_in("anna"), story, 1)
    page = page_of(sign_in("omar"))
    assert lines(page) == []
    assert "Intet her endnu" in page
    assert "Historie 1" not in page


def test_fifty_entries_a_page_under_their_weeks_and_the_older_ones_behind_a_link(sign_in, cast, clock):
    with writing():
        for number in range(103):
            day = MONDAY + timedelta(days=number // 3)
            pay_reading(Deed(cast.anna.id, ("story", number + 1), noon(day), {"useful": number % 2}))
    anna, seen, weeks, address = sign_in("anna"), [], [], "/me/points"
    while address:
        page = page_of(anna, address)
        seen.append(len(lines(page)))
        weeks += re.findall(r"<h2>Uge (\d+)</h2>", page)
        older = re.search(r'href="(/me/points\?before=\d+)">Ældre<', page)
        address = older and older[1]
    assert seen == [50, 50, 3]
    assert weeks == ["53", "52", "51", "51", "50", "49", "49"]


@pytest.mark.parametrize("before", ["", "x", "-1", "0"])
def test_a_wrong_page_is_no_error(sign_in, story, before):
    anna = sign_in("anna")
    tell_new(anna, story, 1)
    page_of(anna, f"/me/points?before={before}")
