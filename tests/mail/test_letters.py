"""A letter as its reader gets it: what people wrote comes out as it went in, and nothing of it becomes anything else."""

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import meta

from app.letters import VALUES, Letter, written
from tests.conftest import NOW
from tests.letters import read, text_of
from tests.words import danish

SAME = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
# All that can be typed: no control characters but line breaks, and no half of a pair.
typed = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1)
lines = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), min_size=1)
HARD = {
    "HTML": "<b>Tak</b> & \"citat\" <script>alert('x')</script> &lt;3 </p></body>",
    "Jinja": "{{ path }} {% include 'mail/test.txt' %} %(name)s %s %",
    "right to left": "שלום \u202eabc\u202c \u200f\u2067مرحبا\u2069",
    "emoji": "👩🏽‍🚒🏳️‍🌈🇩🇰 👍🏿",
    "combining": "Z̸̢̛a̷l̴g̵o̶ e\u0301 a\u030a o\u0308",
    "a button": "Log ind:\nhttps://evil.example/\n\n<a class=\"button\" href=\"https://evil.example\">Log ind</a>",
    "mail itself": ".\n.\r..\nFrom: x\n\n--boundary--\nBcc: a@b.dk\n>From",
    "spaces": "  to  \n\n\n   tre\tfire   ",
    "10,000 characters": "blåbærgrød" * 1000,
    "10,000 lines": "æ\n" * 5000,
}  # fmt: skip


def sent(template, locale="da", to="anna@fjordby.example", **values):
    """The letter after it has been on the wire."""
    whole = dict.fromkeys(VALUES[template], "x") | {"path": "/mine"} | values
    return read(written(Letter(to, template, locale, whole), "key", NOW).as_bytes())


class Words(HTMLParser):
    """What a page says: text, with its line breaks; and the tags and addresses in it."""

    def __init__(self, html):
        super().__init__()
        self.said, self.tags, self.addresses = "", [], []
        self.feed(html.split("<body>")[1])

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in ("href", "src")]
        self.said += "\n" if tag == "br" else ""

    def handle_data(self, data):
        self.said += data


def in_both(letter, words):
    said = text_of(letter), Words(text_of(letter, "html")).said
    return all(words in one for one in said)


@pytest.mark.parametrize("what", HARD)
def test_what_people_wrote_comes_out_as_it_went_in(app, what):
    words = HARD[what].replace("\r", "")
    assert in_both(sent("shoutout", items=words), words)
    page = Words(text_of(sent("shoutout", items=words), "html"))
    assert set(page.tags) <= {"main", "p", "br", "a"}
    assert page.tags.count("a") == 1
    assert page.addresses == ["http://localhost/mine"]


@SAME
@given(lines)
def test_any_words_come_out_as_they_went_in(app, words):
    assert in_both(sent("shoutout", items=words), words)


@SAME
@given(typed)
def test_any_name_comes_out_as_it_went_in_but_for_spaces_around_it(app, name):
    name = " ".join(name.split()) or "x"
    letter = sent("invitation", inviter=name, name=name)
    assert in_both(letter, danish("Hi %(name)s", name=name))
    assert letter["Subject"] == danish("%(inviter)s invites you to Fortæl", inviter=name)
    assert letter["To"] == "anna@fjordby.example"


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r", "\u2028", "\x85", "\x0b", "\0\n"])
def test_no_name_begins_a_header_of_its_own(app, breaks):
    letter = sent("invitation", inviter=f"Mads{breaks}Bcc: evil@evil.example{breaks}{breaks}Hej")
    assert letter["Bcc"] is None
    assert "Bcc: evil@evil.example" in letter["Subject"]
    assert sorted(letter.keys()) == sorted(sent("invitation").keys())


@pytest.mark.parametrize(
    "to",
    ["a@b.dk\nBcc: c@d.dk", "a@b.dk\r\n", "a@b.dk,c@d.dk", "Anna <a@b.dk>", "a@b.dk;", "@b.dk", "a@", ""],
)
def test_one_letter_goes_to_one_address(app, to):
    with pytest.raises(ValueError, match="e-mail"):
        sent("test", to=to)


@pytest.mark.parametrize(
    ("to", "wanted"),
    [("anna@fællesby.dk", "anna@xn--fllesby-mxa.dk"), ("a.b+c@fjordby.dk", "a.b+c@fjordby.dk"), ("o'neil@fjordby.dk", "o'neil@fjordby.dk")],
)  # fmt: skip
def test_a_danish_domain_is_written_as_mail_servers_know_it(app, to, wanted):
    assert sent("test", to=to)["To"] == wanted


def test_the_headers_say_what_it_is(app):
    letter = sent("test")
    assert datetime.strptime(letter["Date"], "%a, %d %b %Y %H:%M:%S %z") == NOW
    assert letter["Auto-Submitted"] == "auto-generated"
    assert str(letter["From"]) == app.config["MAIL_FROM"]
    assert [part.get_content_type() for part in letter.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_the_message_id_follows_from_the_key_alone(app):
    def message_id(key, at=NOW, **more):
        letter = Letter("anna@fjordby.example", "test", "da", {"path": "/"} | more)
        return written(letter, key, at)["Message-ID"]

    assert message_id("a") == message_id("a", NOW + timedelta(hours=1)) == message_id("a", path="/other")
    assert message_id("a") != message_id("b")
    assert re.fullmatch(r"<[0-9a-f]{32}@localhost>", message_id("anna@fjordby.example"))


@pytest.mark.parametrize("locale", ["da", "en"])
@pytest.mark.parametrize("template", sorted(VALUES))
def test_each_letter_is_written_in_both_languages_with_all_that_it_is_given(app, template, locale):
    values = {name: f"[{name}]" for name in VALUES[template]} | {"path": "/mine"}
    letter = sent(template, locale, **values)
    assert letter["Content-Language"] == locale
    html = text_of(letter, "html")
    assert f'<html lang="{locale}">' in html
    for name in VALUES[template] - {"path", "title"}:
        assert in_both(letter, f"[{name}]"), name
    assert letter["Subject"]
    assert "http://localhost/mine" in text_of(letter)
    assert 'href="http://localhost/mine"' in html
    assert Words(html).addresses == ["http://localhost/mine"], "nothing is fetched and nothing tracked"
    assert ("Fortæl" in text_of(letter)) or template == "sign-in"
    other = sent(template, "en" if locale == "da" else "da", **values)
    assert text_of(other) != text_of(letter)


def test_every_template_asks_for_the_values_that_it_is_given_and_no_others(app):
    environment = app.jinja_env
    for template, values in VALUES.items():
        source = environment.loader.get_source(environment, f"mail/{template}.txt")[0]
        if "_notice.txt" in source:
            source += environment.loader.get_source(environment, "mail/_notice.txt")[0]
        asked = meta.find_undeclared_variables(environment.parse(source)) - {"button", "_", "label"}
        assert asked == values, template
