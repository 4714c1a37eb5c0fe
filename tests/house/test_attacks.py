"""What somebody with bad intent tries, and what becomes of it."""

import re
import statistics
import threading
import time
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from app.db import db, writing
from app.organisation import actions as organisation
from app.people import sign_ins
from app.people.models import Person, SignIn, SignInTry
from app.people.passwords import hashed
from app.points.models import Entry
from app.sharing.models import Share
from app.stories.models import Answer, Dismissal, Reading, Saving, Story
from tests.cast import PASSWORD
from tests.conftest import NOW
from tests.house import standing
from tests.sharing.test_telling import OWN, tell

WRONG = "forkert kode"


def cookies_of(browser):
    return dict(browser._cookies)


def with_cookies(app, cookies):
    browser = app.test_client()
    browser._cookies = dict(cookies)
    return browser


def token_in(page):
    return page.text.split('name="csrf_token" value="')[1].split('"')[0]


# Sessions


def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(app, client, cast):
    planted, token = cookies_of(client), client.csrf_token()
    planted = cookies_of(client)
    client.post("/sign-in", data={"email": cast.anna.email, "password": PASSWORD})
    attacker = with_cookies(app, planted)
    assert attacker.get("/").status_code == 303
    assert (
        client.post("/me/choices/theme", data={"value": "dark"}, headers={"X-CSRF-Token": token}).status_code
        == 400
    )


def test_a_copied_cookie_opens_nothing_after_sign_out_everywhere_else(app, sign_in):
    anna = sign_in("anna")
    copied = cookies_of(anna)
    assert with_cookies(app, copied).get("/me").status_code == 200
    with_cookies(app, sign_in("anna")._cookies)
    anna.post("/sign-out-everywhere")
    for path in ("/", "/me", "/me/data", "/stories"):
        assert with_cookies(app, copied).get(path).status_code == 303


def test_signing_in_again_ends_the_sign_in_that_was_there(app, sign_in, cast):
    anna = sign_in("anna")
    copied = cookies_of(anna)
    anna.post("/sign-in", data={"email": cast.omar.email, "password": PASSWORD})
    assert with_cookies(app, copied).get("/").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(SignIn).where(SignIn.ended_at.is_(None))) == 1


def test_sign_out_clears_the_browser_and_the_sessions_token(app, sign_in):
    anna = sign_in("anna")
    token = token_in(anna.get("/me/settings"))
    answer = anna.post("/sign-out", headers={"X-CSRF-Token": token})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    again = anna.post("/sign-in", data={"email": "x", "password": "y"}, headers={"X-CSRF-Token": token})
    assert again.status_code == 400


def test_a_cookie_that_we_did_not_sign_opens_nothing(app, sign_in):
    anna = sign_in("anna")
    browser = app.test_client()
    name, cookie = next((one.key, one.value) for one in anna._cookies.values() if one.key == "fortael")
    for forged in (cookie[:-3] + "abc", "e30.aaaaaa.bbbb", cookie.split(".")[0], "." + cookie):
        browser.set_cookie(name, forged)
        assert browser.get("/me").status_code == 303, forged


def test_someone_who_has_left_is_out_at_once(sign_in, cast):
    anna = sign_in("anna")
    with writing():
        db.session.get_one(Person, cast.anna.id).left_at = NOW
    assert anna.get("/").status_code == 303


def test_production_knows_no_demo_account_not_even_one_that_is_signed_in(app, sign_in, cast):
    with writing():
        db.session.get_one(Person, cast.anna.id).is_demo = True
    anna = sign_in("anna")
    app.config["FORTAEL_ENV"] = "production"
    try:
        assert anna.get("/").status_code == 303
        refused = anna.post("/sign-in", data={"email": cast.anna.email, "password": PASSWORD})
        assert refused.status_code == 422
        assert sign_in("omar").get("/").status_code == 200
    finally:
        app.config["FORTAEL_ENV"] = "test"


# Forms from elsewhere


@pytest.fixture
def changing(app):
    """Every address that takes a POST."""
    return [
        path for _name, _method, path in standing.addresses(app, standing.NOWHERE | {"story_id": 1}, "POST")
    ]


def test_no_form_is_taken_without_a_token_or_with_anothers(sign_in, story, changing):
    anna, omar, karen = sign_in("anna"), sign_in("omar"), sign_in("karen")
    story()
    for path in changing:
        for token in ("", "x", token_in(omar.get("/me/settings"))):
            assert karen.post(path, headers={"X-CSRF-Token": token}).status_code == 400, (path, token)
        assert anna.post(path, csrf=False, data={"csrf_token": ""}).status_code == 400, path


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_no_form_is_taken_from_another_site_even_with_its_token(sign_in, story, changing, headers):
    karen = sign_in("karen")
    story()
    token = {"X-CSRF-Token": karen.csrf_token()}
    for path in changing:
        assert karen.post(path, headers=headers | token).status_code == 403, path


def test_a_get_never_does_what_a_post_does(sign_in, changing):
    karen = sign_in("karen")
    for path in changing:
        for method in ("PUT", "DELETE", "PATCH"):
            token = {"X-CSRF-Token": karen.csrf_token()}
            assert karen.open(path, method=method, headers=token).status_code == 405, (method, path)
    assert karen.get("/sign-out").status_code == 405


# Passwords


def test_many_tries_at_once_are_still_five(app, cast):
    barrier, seen = threading.Barrier(16), []
    app.test_client_class = FlaskClient

    def attempt():
        browser = app.test_client()
        token = token_in(browser.get("/sign-in"))
        barrier.wait(20)
        form = {"email": cast.anna.email, "password": WRONG, "csrf_token": token}
        seen.append(browser.post("/sign-in", data=form).status_code)

    threads = [threading.Thread(target=attempt) for _one in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(seen) == [422] * 5 + [429] * 11
    assert db.session.scalar(select(func.count()).select_from(SignInTry)) == 10


def tried(app, address, times):
    """So many tries from an address, each for another account."""
    _account, counted = sign_ins.subjects(app.secret_key, "", address)
    with writing():
        sign_ins.note_try([counted] * times, NOW)


def test_one_address_tries_a_hundred_accounts_and_no_more(app, client, cast):
    token = client.csrf_token()
    tried(app, "127.0.0.1", 99)
    form = {"email": "nobody@fjordby.example", "password": WRONG, "csrf_token": token}
    assert client.post("/sign-in", data=form, csrf=False).status_code == 422
    for forged in ("203.0.113.7", "127.0.0.1"):
        form = {"email": cast.anna.email, "password": PASSWORD, "csrf_token": token}
        answer = client.post("/sign-in", data=form, csrf=False, headers={"X-Forwarded-For": forged})
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
    other = {"REMOTE_ADDR": "198.51.100.1"}
    assert client.post("/sign-in", data=form, csrf=False, environ_overrides=other).status_code == 303


@pytest.mark.parametrize(("address", "status"), [("2001:db8:1:2:ffff::9", 429), ("2001:db8:1:3::1", 422)])
def test_a_whole_ipv6_network_is_one_address(app, client, address, status):
    tried(app, "2001:db8:1:2::1", 100)
    form = {"email": "nobody@fjordby.example", "password": WRONG}
    assert (
        client.post("/sign-in", data=form, environ_overrides={"REMOTE_ADDR": address}).status_code == status
    )


def test_an_unknown_account_takes_as_long_and_gets_the_same_words(app, client, cast):
    token = client.csrf_token()

    def took(email):
        form = {"email": email, "password": WRONG, "csrf_token": token}
        began = time.perf_counter()
        answer = client.post("/sign-in", data=form, csrf=False)
        spent = time.perf_counter() - began
        assert answer.status_code == 422
        return spent, re.sub(r'value="[^"]*"', "", answer.text)

    took("warm@x.example")
    names = ("anna", "omar", "liv", "mads")
    with writing():  # the cast's own hashes are light ones
        db.session.execute(update(Person).values(password_hash=hashed(PASSWORD)))
    known = [took(cast.people[name].email) for name in names]
    unknown = [took(f"{name}@nowhere.example") for name in names]
    assert {text for _spent, text in known} == {text for _spent, text in unknown}
    fast, slow = sorted(statistics.median(spent for spent, _text in some) for some in (known, unknown))
    assert fast > slow / 2


# Where one is led


NEXT = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example", "/\t/evil.example",
    "/%09/evil.example", "//localhost@evil.example", "/\r\nLocation: https://evil.example", "javascript:alert(1)", " //evil.example",
    "//[", "/sign-out", "/nothing", "/static/x", "///evil.example", "/.//evil.example", "http://localhost", "/stories/../..//evil.example",
)  # fmt: skip


@pytest.mark.parametrize("fragment", [False, True])
@pytest.mark.parametrize("address", NEXT, ids=ascii)
def test_sign_in_leads_nowhere_else(app, sign_in, client, cast, address, fragment):
    headers = {"HX-Request": "true"} if fragment else {}
    form = {"email": cast.anna.email, "password": PASSWORD, "next": address}
    answer = client.post("/sign-in", data=form, headers=headers)
    assert answer.status_code == (204 if fragment else 303)
    assert answer.headers.get("HX-Redirect" if fragment else "Location") == "/"
    assert client.get("/sign-in", query_string={"next": address}).location == "/"


@pytest.mark.parametrize("address", ["/stories?q=æøå €", "/me/points", "/stories?q=a%0d%0ab"])
def test_sign_in_leads_back_to_our_own_page_whatever_its_letters(client, cast, address):
    form = {"email": cast.anna.email, "password": PASSWORD, "next": address}
    led = client.post("/sign-in", data=form, headers={"HX-Request": "true"}).headers["HX-Redirect"]
    assert led.isascii()
    assert client.get(led).status_code == 200


def test_a_short_link_leads_only_to_the_storys_stored_address(sign_in, story, client):
    anna, told = sign_in("anna"), story()
    tell(anna, told)
    token = db.session.scalars(select(Share)).one().token
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"}
    for more in ("", "?url=https://evil.example", "?next=//evil.example&u=x"):
        led = client.get(f"/s/{token}{more}", headers=agent)
        assert led.status_code == 302
        assert led.location.startswith("https://fjordby.example/nyt/kaffen?")
        assert "evil" not in led.location
    with writing():
        db.session.get_one(Story, told).source_url = "javascript:alert(1)"
    assert client.get(f"/s/{token}", headers=agent).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "localhost@evil.example", "", "a b", "[::1", "localhost:x"],
)
def test_a_host_that_is_not_ours_gets_no_page(client, host):
    assert client.get("/sign-in", headers={"Host": host}).status_code == 400


def test_forwarded_headers_are_not_believed_without_a_proxy(app, client):
    seen = {}
    headers = {
        "X-Forwarded-For": "203.0.113.7",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    with app.test_request_context("/sign-in", headers=headers) as context:
        seen = (context.request.remote_addr, context.request.host, context.request.scheme)
    assert seen == (None, "localhost", "http")
    page = client.get("/sign-in", headers=headers)
    assert "evil.example" not in page.text + str(page.headers)


def test_behind_a_proxy_the_address_it_adds_is_believed_and_no_other(settings, app):
    behind = create_app(settings | {"PROXY_COUNT": 1, "TRUSTED_HOSTS": ["fortael.example.dk"]})
    headers = {
        "X-Forwarded-For": "10.0.0.1, 203.0.113.7",
        "X-Forwarded-Host": "fortael.example.dk",
        "X-Forwarded-Proto": "https",
    }
    environ = EnvironBuilder("/healthz", headers=headers).get_environ()
    seen = []
    behind.wsgi_app(environ, lambda status, _headers, _error=None: seen.append(status))
    assert (seen, environ["REMOTE_ADDR"]) == (["200 OK"], "203.0.113.7")
    environ = EnvironBuilder("/healthz", headers=headers | {"X-Forwarded-Host": "evil.example"}).get_environ()
    assert run_wsgi_app(behind.wsgi_app, environ)[1].startswith("400")


# What people write


EVIL = "\"'><script src=//evil.example></script><img src=x onerror=alert(1) hx-get=/me/data hx-trigger=load>{{7*7}}\u2028javascript:"


def test_what_people_write_is_text_on_every_page(sign_in, story, cast):
    with writing():
        organisation_row = db.session.get_one(organisation.Organisation, 1)
        for name in ("name", "name_en", "promise", "promise_en", "disclosure", "disclosure_en"):
            setattr(organisation_row, name, EVIL[:120])
        organisation_row.version += 1
        for person in (cast.anna, cast.birgit, cast.karen):
            row = db.session.get_one(Person, person.id)
            row.name = row.title = row.title_en = EVIL[:120]
    texts = (
        "title",
        "title_en",
        "why",
        "why_en",
        "body",
        "body_en",
        "leader_line",
        "leader_line_en",
        "alt",
        "alt_en",
    )
    told = story(leader_id=cast.birgit.id, source_name=EVIL[:80], **dict.fromkeys(texts, EVIL[:110]))
    tell(sign_in("birgit"), told, EVIL + OWN)
    anna, karen = sign_in("anna"), sign_in("karen")
    share = int(tell(anna, told, EVIL + OWN).split("/")[2])
    anna.post("/questions/1/answers", data={"text": EVIL})
    token = db.session.get_one(Share, share).token
    pages = [anna.get(path) for path in ("/", "/stories", f"/stories/{told}", f"/stories/{told}/shares/new", f"/shares/{share}", "/shares",
                                         f"/shares/{share}/thanks", "/me", "/me/points", "/me/settings", "/me/stored", "/teams", "/install",
                                         f"/stories/{told}/dismissal")]  # fmt: skip
    pages += [
        karen.get(path)
        for path in ("/desk", "/desk?kind=told", f"/desk/stories/{told}", f"/desk/stories/{told}/preview")
    ]
    pages += [
        anna.get("/stories", query_string={"q": EVIL}),
        anna.get("/sign-in", query_string={"next": EVIL}),
    ]
    pages += [
        anna.get(f"/s/{token}", headers={"User-Agent": "LinkedInBot/1.0"}),
        anna.get(f"/nothing/{EVIL}"),
    ]
    pages.append(
        anna.post(f"/stories/{told}/shares", data={"text": EVIL * 20, "network": EVIL, "angle": EVIL})
    )
    pages.append(
        karen.post(
            "/desk/stories",
            data=dict.fromkeys(("title", "body", "source_url", "publish_at", "angle-0-question"), EVIL),
        )
    )
    pages.append(anna.post("/questions/1/answers", data={"text": EVIL * 100}))
    anna.post("/sign-out")
    pages.append(anna.post("/sign-in", data={"email": EVIL, "password": "x", "next": EVIL}))
    seen = 0
    for page in pages:
        html = page.text
        seen += "&lt;script src=" in html
        for element in re.findall(r"<[a-z][^>]*>", html):
            assert "onerror" not in re.sub(r'"[^"]*"', '""', element), (page.request.path, element)
            assert 'src="//evil' not in element
            assert "src=//evil" not in re.sub(r'"[^"]*"', '""', element), (page.request.path, element)
            assert "hx-get=/me/data" not in re.sub(r'"[^"]*"', '""', element), (page.request.path, element)
        assert "<script src=//evil" not in html, page.request.path
        assert "49" not in re.sub(r"\d{3,}", "", "".join(re.findall(r"script&gt;[^<]{0,140}", html))), (
            page.request.path
        )
        assert not re.search(r'(?:href|action|src)="\s*javascript:', html), page.request.path
    assert seen > 15


def test_a_toast_is_one_header_of_plain_characters(sign_in, story):
    anna, told = sign_in("anna"), story(title="Æblet\r\nSet-Cookie: x=y €")
    for path, form in ((f"/stories/{told}/saving", {}), (f"/stories/{told}/reading", {})):
        answer = anna.post(path, data=form, headers={"HX-Request": "true"})
        assert answer.headers["HX-Trigger"].isascii()
        assert "\n" not in answer.headers["HX-Trigger"]


# What is not offered is not taken


def test_no_form_changes_what_it_does_not_offer(app, sign_in, story, cast, changing):
    anna, karen, told = sign_in("anna"), sign_in("karen"), story()
    columns = {
        "id": "77", "person_id": str(cast.omar.id), "is_admin": "1", "is_manager": "1", "is_leader": "1", "curates_for": "hr",
        "email": "evil@x.example", "password_hash": "x", "team_id": "1", "manager_id": "1", "points": "999", "amount": "999", "own_percent": "100",
        "rung": "6", "clicked_at": "2026-01-01", "confirmed_at": "2026-01-01", "said_at": "2026-01-01", "tellers": "99", "state": "published",
        "created_by_id": "1", "story_id": "1", "token": "aaaaaaaaaa", "employed_from": "2020-01-01", "is_demo": "1", "left_at": "2026-01-01",
    }  # fmt: skip
    people = [tuple(row) for row in db.session.execute(select(Person.__table__).order_by(Person.id))]
    for path in changing:
        if "sign" not in path and "language" not in path:
            anna.post(path, data=columns | {"text": OWN, "network": "other", "title": "T"})
    db.session.rollback()
    assert [tuple(row) for row in db.session.execute(select(Person.__table__).order_by(Person.id))] == people
    share = db.session.scalars(select(Share)).one()
    assert (share.person_id, share.story_id, share.network, share.clicked_at) == (
        cast.anna.id,
        told,
        "other",
        None,
    )
    assert share.token != "aaaaaaaaaa"
    assert db.session.scalar(select(func.max(Entry.amount))) <= 5
    karen.post("/desk/stories", data=columns | {"title": "T"})
    made = db.session.scalars(select(Story).order_by(Story.id.desc())).first()
    assert (made.state, made.tellers, made.created_by_id) == ("draft", 0, cast.karen.id)


def test_what_is_for_another_team_does_not_exist(sign_in, story, cast):
    hidden = story(title="Kun for Nord", audience=("north",))
    omar, anna = sign_in("omar"), sign_in("anna")
    assert anna.get(f"/stories/{hidden}").status_code == 200
    for path in (f"/stories/{hidden}", f"/stories/{hidden}/shares/new", f"/stories/{hidden}/dismissal"):
        assert omar.get(path).status_code == 404, path
    forms = {
        f"/stories/{hidden}/shares": {"text": OWN, "network": "other"}, f"/stories/{hidden}/saving": {}, f"/stories/{hidden}/reading": {},
        f"/stories/{hidden}/dismissal": {"reason": "wrong", "opened": "1"}, f"/stories/{hidden}/dismissal/undo": {},
        "/own-words": {"story": str(hidden), "text": OWN},
    }  # fmt: skip
    for path, form in forms.items():
        for headers in ({}, {"HX-Request": "true"}):
            assert omar.post(path, data=form, headers=headers).status_code == 404, path
    for page in (omar.get("/"), omar.get("/stories"), omar.get("/stories?q=Nord"), omar.get("/shares")):
        assert "Kun for Nord" not in page.text
    for table in (Share, Saving, Reading, Dismissal, Entry):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0, table


@pytest.mark.parametrize(
    "columns",
    [{"state": "draft"}, {"state": "withdrawn"}, {"publish_at": NOW.replace(year=2027)}, {"expires_at": NOW}],
    ids=str,
)
def test_what_is_not_out_does_not_exist(sign_in, story, columns):
    hidden = story(**columns)
    anna = sign_in("anna")
    assert anna.get(f"/stories/{hidden}").status_code == 404
    assert anna.post(f"/stories/{hidden}/shares", data={"text": OWN, "network": "other"}).status_code == 404
    assert anna.post("/own-words", data={"story": str(hidden), "text": OWN}).status_code == 404


def test_nobody_ends_anothers_sign_in_or_sees_anothers_data(sign_in, cast):
    anna, omar = sign_in("anna"), sign_in("omar")
    annas = db.session.scalars(select(SignIn.id).where(SignIn.person_id == cast.anna.id)).one()
    assert omar.post(f"/me/sign-ins/{annas}/end").status_code == 303
    assert anna.get("/").status_code == 200
    anna.post("/questions/1/answers", data={"text": "Kun Anna ved det"})
    assert "Kun Anna" in anna.get("/me/data").text
    assert "Kun Anna" not in omar.get("/me/data").text
    kept = db.session.scalars(select(Answer)).one()
    assert omar.post(f"/desk/answers/{kept.id}/draft").status_code == 403


# Files and sizes


def upload(browser, data, name="x.png"):
    return browser.post("/desk/stories", data={"title": "T", "picture": (BytesIO(data), name)})


def test_a_picture_that_is_none_is_refused_on_the_page_with_what_was_typed(sign_in):
    karen = sign_in("karen")
    for data in (
        b"<svg onload=alert(1)>",
        b"GIF89a<script>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
        b"%PDF-1.4",
        b"PK\x03\x04",
    ):
        page = upload(karen, data)
        assert page.status_code == 422
        assert 'value="T"' in page.text
    assert db.session.scalar(select(func.count()).select_from(Story)) == 0


@pytest.mark.parametrize("path", ["/sign-in", "/desk/stories", "/stories/1/shares", "/own-words"])
def test_a_body_that_is_too_big_is_said_kindly(sign_in, path):
    karen = sign_in("karen")
    token = {"X-CSRF-Token": karen.csrf_token()}
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json")
    many = b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _part in range(300))
    for kind, data in (
        (kinds[0], b"text=" + b"x" * 300_000),
        (kinds[0], b"a=1&" * 100_000),
        (
            kinds[1],
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"x" * 300_000 + b"\r\n--x--\r\n",
        ),
        (kinds[1], b"--x\r\n" + b"x" * 13 * 1024 * 1024),
        (kinds[1], many + b"--x--\r\n"),
        (kinds[2], b"[" * 300_000),
    ):
        answer = karen.open(path, method="POST", data=data, headers=token, content_type=kind)
        assert answer.status_code == (413 if kind != kinds[2] else answer.status_code), (kind, data[:40])
        assert answer.status_code < 500
        assert "<h1" in answer.text


OUTSIDE = ("../secret-key", "..%2fsecret-key", "%2e%2e/secret-key", "..%5csecret-key", "....//secret-key", "%00", "/etc/passwd",
           "..%252fsecret-key", "x-480.webp/../../secret-key")  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out_of_a_folder(app, client, path):
    build = app.extensions["assets"].build
    secret = app.config["SECRET_KEY"]
    for start in ("/pictures/", "/static/", f"/static/{build}/", f"/static/{build}/css/", "/s/"):
        answer = client.get(start + path, buffered=True)
        assert answer.status_code in (303, 308, 404, 400), start + path
        assert secret not in answer.text
        assert "root:" not in answer.text


# Headers


def test_nothing_of_someone_signed_in_is_stored(app, sign_in, story):
    browsers, values = standing.build(app, sign_in, story)
    karen = browsers["karen"]
    paths = [
        path
        for name, _method, path in standing.addresses(app, values, "GET")
        if app.view_functions[name].audience != "public"
    ]
    assert len(paths) > 20
    for path in [*paths, "/nothing", "/offline", "/sign-in"]:
        for headers in ({}, {"HX-Request": "true"}):
            answer = karen.get(path, headers=headers)
            assert answer.headers["Cache-Control"] == "no-store", path
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
