"""Signing in: the same answer for all that is wrong, a kind pause after many tries, and an end that is an end."""

from datetime import timedelta

from sqlalchemy import select

from app.db import db
from app.people.models import SignIn
from tests.cast import PASSWORD
from tests.conftest import NOW


def tries(browser, email, password="forkert kode"):
    return browser.post("/sign-in", data={"email": email, "password": password})


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(client, cast):
    wrong, unknown = tries(client, cast.anna.email), tries(client, "nobody@fjordby.example")
    assert wrong.status_code == unknown.status_code == 422
    same = [
        page.text.split("<form")[1].replace(email, "")
        for page, email in ((wrong, cast.anna.email), (unknown, "nobody@fjordby.example"))
    ]
    assert same[0].split("csrf_token")[0] == same[1].split("csrf_token")[0]
    assert cast.anna.email in wrong.text


def test_capitals_and_spaces_in_the_address_do_not_matter(client, cast):
    assert tries(client, f"  {cast.anna.email.upper()} ", PASSWORD).status_code == 303


def test_after_five_tries_the_account_rests_and_then_opens_again(client, cast, clock):
    for _try in range(5):
        assert tries(client, cast.anna.email).status_code == 422
    pause = tries(client, cast.anna.email, PASSWORD)
    assert pause.status_code == 429
    assert "<h1" in pause.text
    assert tries(client, cast.omar.email, PASSWORD).status_code == 303
    with clock(NOW + timedelta(minutes=16)):
        assert tries(client, cast.anna.email, PASSWORD).status_code == 303


def test_the_token_is_kept_only_as_a_hash(sign_in):
    anna = sign_in("anna")
    cookies = " ".join(cookie.value for cookie in anna._cookies.values())
    kept = db.session.scalars(select(SignIn)).one().token_hash
    assert (kept if isinstance(kept, str) else kept.hex()) not in cookies


def test_after_sign_out_the_old_cookie_opens_nothing(sign_in):
    anna = sign_in("anna")
    old = dict(anna._cookies)
    assert anna.get("/").status_code == 200
    anna.post("/sign-out")
    anna._cookies = old
    assert anna.get("/").status_code == 303


def test_sign_out_everywhere_ends_every_device(sign_in):
    phone, desktop = sign_in("anna"), sign_in("anna")
    assert desktop.get("/").status_code == 200
    phone.post("/sign-out-everywhere")
    assert desktop.get("/").status_code == 303


def test_a_sign_in_ends_after_ninety_days_without_use(sign_in, clock):
    anna = sign_in("anna")
    with clock(NOW + timedelta(days=89)):
        assert anna.get("/").status_code == 200
    with clock(NOW + timedelta(days=178)):
        assert anna.get("/").status_code == 200
    with clock(NOW + timedelta(days=269)):
        assert anna.get("/").status_code == 303


def test_a_sign_in_lives_on_by_deeds_too_but_not_by_looking(sign_in, clock):
    karen, henrik = sign_in("karen"), sign_in("henrik")
    token = {"X-CSRF-Token": karen.csrf_token()}
    with clock(NOW + timedelta(days=60)):
        assert karen.post("/me/choices/theme", data={"value": "dark"}, headers=token).status_code == 303
        assert henrik.get("/desk").status_code == 200
    with clock(NOW + timedelta(days=120)):
        assert karen.get("/desk").status_code == 200
        assert henrik.get("/desk").status_code == 303
