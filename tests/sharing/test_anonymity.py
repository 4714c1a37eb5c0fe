"""Is the citizen anonymous? What is taken for a name or a word about health, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sharing.anonymity import pieces, suspects
from tests.words import danish

KNOWN = ["Anna Holm", "Fjordby Kommune", "Hjemmepleje Nord"]
ASKS = "Is the citizen anonymous?"


def found(text):
    return list(suspects(pieces(text, KNOWN)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Jeg drak kaffen med Else. Hun fortalte, at hun ikke havde sovet.", ["Else", "ikke havde sovet"]),
        ("Jeg spurgte Elses datter.", ["Elses"]),
        ("Else var glad. Jeg hilste på Else.", ["Else"]),
        ("Else, 82 år, er glad.", ["Else"]),
        ("Else på 82 er glad.", ["Else"]),
        ("Vi ringede til fru Madsen og hr. Holst.", ["Madsen", "Holst"]),
        ("Hos Kaj er der altid åbent.", ["Kaj"]),
        ("Han har fået demens og tager medicin.", ["demens", "medicin"]),
        ("Hun er syg, og moren har Alzheimers.", ["syg", "Alzheimers"]),
        ("We had coffee with Mrs Jones, who had not slept.", ["Jones", "had not slept"]),
        ("He was diagnosed last year. He is ill.", ["diagnosed", "ill"]),
        ("Han har ikke SOVET.", ["har ikke SOVET"]),
    ],
)
def test_names_and_words_about_health_are_found(text, words):
    assert found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jeg havde tre minutter for lidt. Alligevel satte jeg mig ned.",
        "Her er det Anna, der skriver. Det er Annas ord.",
        "Jeg arbejder i Fjordby Kommune, og det gør Hjemmepleje Nord også.",
        "Min kollega Bente viste mig det, og vores leder Mads gik med.",
        "Vi mødes i Havnekvarteret og på Skovskolen ved Enghavevej.",
        "Jeg er SOSU og bruger LinkedIn, Facebook og HR.",
        "Hun sagde: “Kaffen kommer først.” Og så gik vi.",
        "Første linje\nAnden linje\n- Tredje linje",
        "I think I’ll stay. In Denmark we do it on Monday.",
        "Receptionen gav mig en opskrift, og sygeplejersken grinede.",
        "Jeg har det godt og sover fint.",
    ],
)
def test_what_is_written_so_for_another_reason_is_left_alone(text):
    assert found(text) == []


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["Else", "syg", ".", " ", "\n", "og", ",", "82", "“", "Holm"])).map(" ".join)
)
def test_the_pieces_are_the_text_and_each_suspect_is_named_once(text):
    cut = pieces(text, KNOWN)
    assert "".join(piece.text for piece in cut) == text
    named = list(suspects(cut))
    assert len(named) == len(set(named))


def test_the_fragment_asks_names_the_words_and_marks_them_in_the_text(sign_in, story):
    anna, told = sign_in("anna"), story()
    text = "Jeg drak kaffe med Else, & hun <havde> ikke sovet. Hun har demens."
    page = anna.post("/own-words", data={"story": told, "text": text}).text
    assert danish(ASKS) in page
    assert "<mark>Else</mark>" in page
    assert "<mark>demens</mark>" in page
    assert "&amp; hun &lt;havde&gt;" in page


def test_it_does_not_ask_when_there_is_nothing_to_ask_about(sign_in, story):
    page = sign_in("anna").post("/own-words", data={"story": story(), "text": "Jeg satte mig ned."}).text
    assert danish(ASKS) not in page
    assert "<mark>" not in page


def test_it_knows_the_writer_their_team_and_the_organisation_in_both_languages(sign_in, story):
    text = "Det er Anna Holm, der skriver fra Hjemmepleje Nord for Fjordby Council."
    assert danish(ASKS) not in sign_in("anna").post("/own-words", data={"story": story(), "text": text}).text


def test_it_asks_and_never_blocks(sign_in, story):
    form = {"text": "Jeg drak kaffe med Else, som har demens.", "network": "other", "disclosed": "1"}
    anna, told = sign_in("anna"), story()
    assert anna.post(f"/stories/{told}/shares", data=form).status_code == 303
