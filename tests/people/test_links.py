"""Signing in by mail: a link that works once, for ten minutes, and a code for the browser that asked."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.db import db, writing
from app.outbox import Outgoing
from app.people import actions, sign_ins
from app.people.models import Person, SignIn, SignInLink, SignInTry
from tests.cast import PASSWORD
from tests.conftest import NOW, Browser
from tests.house.test_pages import Page
from tests.letters import code_of, delivered, link_of, text_of
from tests.words import danish

NOBODY = "nobody@fjordby.example"
ASK, CODE = "/sign-in/link", "/sign-in/code"


@pytest.fixture
def browser(app):
    """`browser()` is one more browser that nobody is signed in with."""
    app.test_client_class = Browser
    return app.test_client


def ask(browser, email, **more):
    answer = browser.post(ASK, data={"email": email, **more})
    assert (answer.status_code, answer.location) == (303, CODE), answer.text
    return answer


def is_in(browser):
    return browser.get("/me").status_code == 200


def count(table, *where):
    return db.session.scalar(select(func.count()).select_from(table).where(*where))


def wrong(code):
    """Another code than that."""
    return f"{(int(code) + 1) % 10**6:06}"


# The letter


def test_the_letter_has_a_link_and_a_code_in_the_persons_language(browser, cast):
    with writing():
        db.session.execute(update(Person).where(Person.id == cast.omar.id).values(locale="en"))
    ask(browser(), cast.anna.email)
    ask(browser(), cast.omar.email)
    annas, omars = delivered(NOW)
    assert (annas["To"], annas["Subject"]) == (cast.anna.email, danish("Sign in to Fortæl"))
    assert danish("Hi %(name)s", name="Anna") in text_of(annas)
    assert "Fjordby Kommune" in text_of(annas)
    assert (omars["To"], omars["Subject"]) == (cast.omar.email, "Sign in to Fortæl")
    assert "Fjordby Council" in text_of(omars)
    for letter in (annas, omars):
        assert link_of(letter).startswith(f"{ASK}/")
        assert f'href="http://localhost{link_of(letter)}"' in text_of(letter, "html")
        assert code_of(letter) in text_of(letter, "html")


def test_the_address_may_be_typed_with_capitals_and_spaces(browser, cast):
    ask(browser(), f"  {cast.anna.email.upper()} ")
    assert [letter["To"] for letter in delivered(NOW)] == [cast.anna.email]


def test_neither_token_nor_code_stands_anywhere_but_in_the_letter(app, browser, cast):
    asking = browser()
    ask(asking, cast.anna.email)
    payload = str(db.session.scalars(select(Outgoing.payload)).one())
    kept = repr(db.session.execute(select(SignInLink.__table__)).one())
    [letter] = delivered(NOW)
    token, code = link_of(letter).rsplit("/", 1)[1], code_of(letter)
    name = app.config["SESSION_COOKIE_NAME"]
    session = app.session_interface.get_signing_serializer(app).loads(asking.get_cookie(name).value)
    for secret in (token, code, cast.anna.email):
        for place in (payload, kept):
            assert secret not in place
    assert token not in str(session)
    assert code not in str(session)
    assert db.session.scalars(select(Outgoing.payload)).one() == {}


# The link


def test_a_scanner_may_open_the_link_as_often_as_it_likes_and_the_button_still_works(browser, cast):
    ask(browser(), cast.anna.email)
    path = link_of(delivered(NOW)[0])
    scanner = browser()
    for _look in range(12):
        page = scanner.get(path)
        assert page.status_code == 200
        assert scanner.head(path).status_code == 200
        assert cast.anna.email in page.text
    anna = browser()
    assert f'action="{path}"' in anna.get(path).text
    answer = anna.post(path)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_in(anna)
    assert not is_in(scanner)


def test_the_button_lets_the_phone_forget_what_another_has_written_on_it(browser, cast):
    """As signing out does: who comes by a link never sees the sign-in page, where it is forgotten too."""
    ask(browser(), cast.anna.email)
    path = link_of(delivered(NOW)[0])
    assert f'action="{path}" data-sign-out>' in browser().get(path).text


def test_the_link_works_once(browser, cast):
    ask(browser(), cast.anna.email)
    path = link_of(delivered(NOW)[0])
    anna, thief = browser(), browser()
    assert anna.post(path).status_code == 303
    again = thief.post(path)
    assert again.status_code == thief.get(path).status_code == 410
    assert danish("This link is no longer good") in again.text
    assert not is_in(thief)
    assert count(SignIn) == 1
    assert anna.get(path).location == "/"


def test_the_link_and_the_code_work_for_ten_minutes_and_not_a_second_longer(browser, cast, clock):
    asking = browser()
    ask(asking, cast.anna.email)
    [letter] = delivered(NOW)
    path, code = link_of(letter), code_of(letter)
    token = asking.csrf_token()
    with clock(NOW + timedelta(minutes=10, seconds=1)):
        assert browser().get(path).status_code == 410
        assert browser().post(path).status_code == 410
        answer = asking.post(CODE, data={"code": code}, headers={"X-CSRF-Token": token})
        assert answer.status_code == 422
    with clock(NOW + timedelta(minutes=9, seconds=59)):
        assert browser().get(path).status_code == 200
        assert browser().post(path).status_code == 303


def test_a_new_link_makes_the_older_ones_void_in_every_browser(browser, cast):
    first, second = browser(), browser()
    ask(first, cast.anna.email)
    [older] = delivered(NOW)
    ask(second, cast.anna.email.upper())
    newer = delivered(NOW)[-1]
    assert browser().post(link_of(older)).status_code == 410
    assert first.post(CODE, data={"code": code_of(older)}).status_code == 422
    assert first.post(CODE, data={"code": code_of(newer)}).status_code == 422
    assert browser().post(link_of(newer)).status_code == 303


def test_a_link_of_one_person_leaves_anothers_alone(browser, cast):
    ask(browser(), cast.anna.email)
    ask(browser(), cast.omar.email)
    annas, omars = delivered(NOW)
    assert browser().post(link_of(annas)).status_code == 303
    assert browser().post(link_of(omars)).status_code == 303


@pytest.mark.parametrize("change", ["leaves", "another address"])
def test_a_link_is_void_when_its_person_leaves_or_has_another_address(browser, cast, change):
    asking = browser()
    ask(asking, cast.anna.email)
    [letter] = delivered(NOW)
    with writing():
        if change == "leaves":
            actions.leave(cast.anna.id, NOW, NOW.date())
        else:
            db.session.get_one(Person, cast.anna.id).email = "anna@gift.example"
    assert asking.post(CODE, data={"code": code_of(letter)}).status_code == 422
    assert browser().post(link_of(letter)).status_code == 410
    assert count(SignIn) == 0


def test_a_tampered_link_leads_nowhere(browser, cast):
    ask(browser(), cast.anna.email)
    path = link_of(delivered(NOW)[0])
    other = "B" if path[-1] == "A" else "A"
    assert browser().post(path[:-1] + other).status_code == 410
    for cut in (path[:-1], f"{path}A", f"{ASK}/"):
        assert browser().get(cut).status_code == 404, cut
    assert browser().post(path).status_code == 303


def test_a_link_signs_this_device_in_as_a_password_does(app, browser, sign_in, cast):
    omar = sign_in("omar")
    copied, token = dict(omar._cookies), omar.token
    ask(browser(), cast.anna.email)
    answer = omar.post(link_of(delivered(NOW)[0]), headers={"User-Agent": "Mozilla/5.0 (Android) Chrome/150"})
    assert answer.status_code == 303
    omar.token = ""
    assert "Anna" in omar.get("/me").text
    thief = browser()
    thief._cookies = copied
    assert not is_in(thief)
    assert (
        omar.post("/me/choices/theme", data={"value": "dark"}, headers={"X-CSRF-Token": token}).status_code
        == 400
    )
    [kept] = db.session.scalars(select(SignIn).where(SignIn.ended_at.is_(None)))
    assert (kept.person_id, kept.device) == (cast.anna.id, "Chrome, Android")
    assert kept.expires_at == NOW + sign_ins.LIVES


# Where it leads


def test_the_way_on_is_kept_through_link_and_code(browser, cast, story):
    told = story()
    asking = browser()
    assert (
        f'name="next" value="/stories/{told}?a=1' in asking.get(f"/sign-in?next=/stories/{told}?a=1%262").text
    )
    ask(asking, cast.anna.email, next=f"/stories/{told}?a=1&b=æ")
    ask(asking, cast.omar.email, next=f"/stories/{told}")
    annas, omars = delivered(NOW)
    elsewhere = browser()
    page = elsewhere.get(link_of(annas)).text
    assert f'name="next" value="/stories/{told}?a=1&amp;b=%C3%A6"' in page
    assert elsewhere.post(link_of(annas), data={"next": f"/stories/{told}"}).location == f"/stories/{told}"
    assert asking.post(CODE, data={"code": code_of(omars)}).location == f"/stories/{told}"


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "/nothing", "/?" + "a" * 600]
)  # fmt: skip
def test_nobody_is_led_astray(browser, cast, address):
    asking = browser()
    ask(asking, cast.anna.email, next=address)
    ask(browser(), cast.omar.email)
    annas, omars = delivered(NOW)
    assert "evil" not in text_of(annas)
    assert len(link_of(annas)) < 100
    assert asking.post(CODE, data={"code": code_of(annas)}).location == "/"
    if len(address) < 500:
        assert browser().post(link_of(omars), data={"next": address}).location == "/"


# The code


def test_the_code_works_in_the_browser_that_asked_with_or_without_spaces(browser, cast):
    asking = browser()
    ask(asking, cast.anna.email)
    code = code_of(delivered(NOW)[0])
    answer = asking.post(CODE, data={"code": f" {code[:3]} {code[3:]} "})
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_in(asking)


def test_the_code_works_in_no_other_browser(browser, cast):
    ask(browser(), cast.anna.email)
    [letter] = delivered(NOW)
    stranger, other = browser(), browser()
    assert stranger.post(CODE, data={"code": code_of(letter)}).location == "/sign-in"
    ask(other, cast.omar.email)
    assert other.post(CODE, data={"code": code_of(letter)}).status_code == 422
    assert not is_in(other)


def test_the_code_works_once(browser, cast):
    asking = browser()
    ask(asking, cast.anna.email)
    copied = dict(asking._cookies)
    [letter] = delivered(NOW)
    assert asking.post(CODE, data={"code": code_of(letter)}).status_code == 303
    twin = browser()
    twin._cookies = copied
    assert twin.post(CODE, data={"code": code_of(letter)}).status_code == 422
    assert browser().post(link_of(letter)).status_code == 410


def test_five_wrong_codes_make_the_link_void_and_a_new_one_can_be_asked_for(browser, cast):
    asking = browser()
    ask(asking, cast.anna.email)
    [letter] = delivered(NOW)
    for _guess in range(5):
        page = asking.post(CODE, data={"code": wrong(code_of(letter))})
        assert page.status_code == 422
        assert wrong(code_of(letter)) in page.text
    assert asking.post(CODE, data={"code": code_of(letter)}).status_code == 422
    assert browser().post(link_of(letter)).status_code == 410
    ask(asking, cast.anna.email, again="1")
    assert asking.post(CODE, data={"code": code_of(delivered(NOW)[-1])}).status_code == 303


def test_the_fifth_code_may_still_be_the_right_one(browser, cast):
    asking = browser()
    ask(asking, cast.anna.email)
    [letter] = delivered(NOW)
    for _guess in range(4):
        asking.post(CODE, data={"code": wrong(code_of(letter))})
    assert asking.post(CODE, data={"code": code_of(letter)}).status_code == 303


def test_guessing_on_with_new_links_comes_to_a_pause(browser, cast, clock):
    guesser = browser()
    for _link in range(2):
        ask(guesser, cast.anna.email)
        code = code_of(delivered(NOW)[-1])
        for _guess in range(5):
            assert guesser.post(CODE, data={"code": wrong(code)}).status_code == 422
    ask(guesser, cast.anna.email)
    letter = delivered(NOW)[-1]
    pause = guesser.post(CODE, data={"code": code_of(letter)})
    assert pause.status_code == 429
    assert int(pause.headers["Retry-After"]) > 0
    assert browser().post(link_of(letter)).status_code == 303, "the button asks for no guess"


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "٣٣٣٣٣٣", "12-34-56"])
def test_what_is_no_code_is_said_and_costs_no_try(browser, cast, given):
    asking = browser()
    ask(asking, cast.anna.email)
    page = asking.post(CODE, data={"code": given})
    assert page.status_code == 422
    assert danish("The code is the six digits in the letter.") in page.text
    assert db.session.scalars(select(SignInLink.tries)).one() == 0


def test_the_page_for_the_code_is_for_who_asked(browser, cast, sign_in):
    assert browser().get(CODE).location == "/sign-in"
    asking = browser()
    ask(asking, cast.anna.email)
    assert cast.anna.email in asking.get(CODE).text
    assert sign_in("anna").get(CODE).location == "/"


# The same answer for all


def seen(browser, email):
    """What a browser sees that asks for a link and then guesses, without what it typed itself."""
    asked = browser.post(ASK, data={"email": email, "next": "/me"})
    pages = [browser.get(CODE), *[browser.post(CODE, data={"code": "000000"}) for _guess in range(7)]]
    pages.append(browser.post(ASK, data={"email": email, "next": "/me", "again": "1"}))
    pages.append(browser.get(CODE))
    headers = ("Location", "Cache-Control", "Content-Type", "Retry-After")
    token = browser.csrf_token()
    return [
        (page.status_code, page.text.replace(email, "…").replace(token, "…"), *map(page.headers.get, headers))
        for page in [asked, *pages]
    ]


@pytest.fixture
def unwelcome(app, cast):
    """`unwelcome("left")` is the address of somebody who gets no letter."""

    def address(who):
        if who == "nobody":
            return NOBODY
        with writing():
            if who == "left":
                actions.leave(cast.liv.id, NOW, NOW.date())
            else:
                db.session.get_one(Person, cast.liv.id).is_demo = True
        app.config["FORTAEL_ENV"] = "production" if who == "demo" else "test"
        return cast.liv.email

    yield address
    app.config["FORTAEL_ENV"] = "test"


@pytest.mark.parametrize("who", ["nobody", "left", "demo"])
def test_who_gets_no_letter_sees_the_same_as_who_does(browser, cast, unwelcome, who):
    email = unwelcome(who)
    theirs, annas = seen(browser(), email), seen(browser(), cast.anna.email)
    assert theirs == annas
    assert {letter["To"] for letter in delivered(NOW)} == {cast.anna.email}
    states = db.session.scalars(select(Outgoing.state).order_by(Outgoing.id)).all()
    assert states == ["dropped", "dropped", "done", "done"]


@pytest.mark.parametrize("who", ["nobody", "left", "demo"])
def test_who_gets_no_letter_costs_the_same_statements(browser, cast, unwelcome, count_statements, who):
    counted = []
    for email in (unwelcome(who), cast.anna.email):
        asking = browser()
        asking.csrf_token()
        count_statements.clear()
        ask(asking, email)
        counted.append([statement.split()[:3] for statement in count_statements])
    assert len(counted[0]) > 5
    assert counted[0] == counted[1]


def test_links_that_nobody_can_use_are_void_as_well(browser):
    ask(browser(), NOBODY)
    ask(browser(), NOBODY)
    assert db.session.scalars(select(SignInLink.person_id)).all() == [None]


# Not too often


def test_after_five_links_an_address_rests_whether_it_is_somebodys_or_not(browser, cast, clock):
    for email in (cast.anna.email, NOBODY):
        asking = browser()
        for _link in range(5):
            ask(asking, email)
        pause = asking.post(ASK, data={"email": email})
        assert pause.status_code == 429
        assert f'value="{email}"' in pause.text
        assert int(pause.headers["Retry-After"]) > 0
    ask(browser(), cast.omar.email)
    assert len(delivered(NOW)) == 6
    with clock(NOW + timedelta(minutes=16)):
        ask(browser(), cast.anna.email)


def test_a_used_link_was_no_try_so_that_a_whole_workplace_may_sign_in_from_one_address(browser, cast):
    asking = browser()
    ask(asking, cast.anna.email)
    assert count(SignInTry) == 2
    assert browser().post(link_of(delivered(NOW)[0])).status_code == 303
    assert count(SignInTry) == 0
    ask(asking, cast.anna.email)
    asking.post(CODE, data={"code": code_of(delivered(NOW)[-1])})
    assert count(SignInTry) == 0


def test_one_network_may_not_ask_for_everybody(browser, cast):
    asking = browser()
    token = asking.csrf_token()
    for number in range(100):
        answer = asking.post(
            ASK, data={"email": f"{number}@fjordby.example"}, headers={"X-CSRF-Token": token}
        )
        assert answer.status_code == 303
    assert (
        asking.post(ASK, data={"email": cast.anna.email}, headers={"X-CSRF-Token": token}).status_code == 429
    )
    elsewhere = browser()
    answer = elsewhere.post(
        ASK, data={"email": cast.anna.email}, environ_overrides={"REMOTE_ADDR": "203.0.113.7"}
    )
    assert answer.status_code == 303


def test_wrong_passwords_do_not_close_the_way_by_mail_nor_the_other_way_round(browser, cast):
    asking = browser()
    for _try in range(5):
        asking.post("/sign-in", data={"email": cast.anna.email, "password": "forkert kode"})
    ask(asking, cast.anna.email)
    assert browser().post(link_of(delivered(NOW)[0])).status_code == 303
    for _link in range(5):
        ask(asking, cast.omar.email)
    assert (
        browser().post("/sign-in", data={"email": cast.omar.email, "password": PASSWORD}).status_code == 303
    )


# The pages


def test_the_pages_are_well_formed(browser, cast):
    asking = browser()
    ask(asking, cast.anna.email)
    path = link_of(delivered(NOW)[0])
    for page in (asking.get(CODE), asking.post(CODE, data={"code": "x"}), asking.get(path), asking.post(ASK)):
        assert Page(page.text).wrong == []
        assert Page(page.text).headings == 1


@pytest.mark.parametrize("given", ["", "anna", "a b@fjordby.example", "a@b@c", "a" * 250 + "@b.dk"])
def test_without_an_address_it_is_asked_for_beside_its_field(browser, given):
    page = browser().post(ASK, data={"email": given})
    assert page.status_code == 422
    assert danish("Write your work e-mail, then we send the link.") in page.text
    assert 'aria-describedby="email-error"' in page.text
    assert count(SignInLink) == 0


def test_the_sign_in_page_offers_both_ways_and_takes_an_address_along(browser, cast):
    page = browser().get(f"/sign-in?email={cast.anna.email}&next=/me").text
    assert f'value="{cast.anna.email}"' in page
    assert f'formaction="{ASK}" formnovalidate' in page
    assert danish("Send me a link") in page
    assert '"><script>' not in browser().get('/sign-in?email="><script>').text


def test_links_that_are_over_are_forgotten(browser, cast, clock):
    ask(browser(), cast.anna.email)
    with writing():
        sign_ins.forget_old(NOW + timedelta(minutes=9))
    assert count(SignInLink) == 1
    with writing():
        sign_ins.forget_old(NOW + timedelta(minutes=11))
    assert count(SignInLink) == 0


def test_an_invitation_leads_to_the_sign_in_page_with_the_address_and_from_there_in(browser, sign_in, cast):
    astrid = sign_in("astrid")
    assert astrid.post(f"/desk/people/{cast.liv.id}/invitation").status_code == 303
    [invitation] = delivered(NOW)
    assert invitation["To"] == cast.liv.email
    assert invitation["Subject"] == danish("%(inviter)s invites you to Fortæl", inviter="Astrid Friis")
    liv = browser()
    page = liv.get(link_of(invitation)).text
    assert f'value="{cast.liv.email}"' in page
    ask(liv, cast.liv.email)
    letter = next(one for one in delivered(NOW) if one["Message-ID"] != invitation["Message-ID"])
    assert liv.post(CODE, data={"code": code_of(letter)}).location == "/"
    assert is_in(liv)
