"""Whatever arrives, no page breaks: never a 500, on either database."""

import re
from io import BytesIO
from urllib.parse import quote_from_bytes

import psycopg
import pytest
from sqlalchemy import text
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.db import db, writing
from tests.house import standing

HUGE = ("2147483648", "9" * 400, "9" * 5000)
FORM = "application/x-www-form-urlencoded"
TEXTS = {
    "NUL": "a\0b", "a header": "\r\nSet-Cookie: a=b", "a lone surrogate": "\ud800", "control": "\u202e\ufeff\x1b[31m", "a bracket": "//[",
    "LIKE": "%00%ff_\\' OR 1=1 --", "a long text": "æøå" * 300, "less than nothing": "-1", "another script's digit": "٣",
    "too large for an id": "2147483648", "too large for a float": "9" * 400, "too long for a number": "9" * 5000,
}  # fmt: skip
# Every field that a form or an address of ours has.
FIELDS = (
    "email", "password", "next", "text", "network", "angle", "opened", "disclosed", "story", "reason", "topic", "value",
    "zone", "language", "q", "before", "shelf", "title", "title_en", "why", "why_en", "body", "alt", "source_url",
    "source_name", "leader_line", "purpose", "leader", "team", "audience", "publish_at", "expires_at", "version",
    "picture_id", "role", "after", "saved", "angle-0-question", "angle-0-place", "angle-0-label", "day-0", "from-0", "to-0", "at_night", "action",
    "photo", "photo_alt", "photo_consent",
)  # fmt: skip
# One of each kind of page, for what is the same on all.
SOME = ("/", "/sign-in", "/stories/1", "/stories/1/shares", "/desk/stories", "/s/abcdefghij", "/manifest.webmanifest",
        "/pictures/x-480.webp", "/healthz")  # fmt: skip
MOMENTS = ("0001-01-01T00:00", "9999-12-31T23:59", "2026-W48", "2026-11-25T10:00+14:00", "24", "0000-00-00")

BODIES = [
    ("application/json", b'{"text": 1}'),
    ("application/json", b"{"),
    ("text/plain; charset=utf-16", b"\xff\xfe"),
    ("", b"text=hej"),
    ("application/x-www-form-urlencoded; charset=utf-16", "text=hej".encode("utf-16")),
    ("application/x-www-form-urlencoded", b"\xff\xfe=%zz&&&=;;%"),
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="text"\r\nContent-Type: text/plain; charset=x\r\n\r\n\xff\0\r\n--x--\r\n'),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="picture"; filename="../../etc/passwd\0.png"\r\n\r\n\x89PNG\r\n--x--\r\n'),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="photo"; filename="../../etc/passwd\0.png"\r\n\r\n\x89PNG\r\n--x--\r\n'),
]  # fmt: skip
HEADERS = [
    ("Origin", "http://["), ("Origin", "null"), ("Referer", "http://["), ("Sec-Fetch-Site", "\xff"), ("Cookie", "fortael=\xff; language=\xff"),
    ("Cookie", "fortael=.eJx"), ("Accept-Language", "da;q=nonsense, *;q=9e999, \xff"), ("Accept-Encoding", "gzip;q=x, br;q=, zstd;q=-1"),
    ("If-None-Match", '"'), ("If-Modified-Since", "yesterday"), ("Range", "bytes=-,5-1,x"), ("Content-Length", "-5"), ("Content-Length", "x"),
    ("User-Agent", "\xff\x00" * 30_000), ("User-Agent", "(" * 60_000), ("HX-Request", "true"), ("HX-Request", "\xff"), ("X-CSRF-Token", "\xff"),
    ("X-HTTP-Method-Override", "DELETE"), ("Content-Type", "\xff"), ("X-Forwarded-For", "\xff, ["), ("X-Forwarded-Host", "evil.example"),
]  # fmt: skip


def quoted(text):
    """As a browser would send it, lone surrogates included."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


@pytest.fixture
def routes(app, story, sign_in):
    """Karen's browser, and every route as (method, address of something that is there, the browser of who may open it)."""
    browsers, values = standing.build(app, sign_in, story)
    found = [
        (method, path, browsers[standing.who_opens(name)])
        for name, method, path in standing.addresses(app, values, "GET", "POST")
        if not name.startswith("people.sign_out")
    ]
    assert len(found) > 120
    return browsers["karen"], found


def refuse_500(browser, method, path, **more):
    answer = browser.open(path, method=method, **more)
    answer.close()
    assert answer.status_code < 500, (method, path, str(more)[:200])
    return answer


@pytest.mark.parametrize("what", TEXTS)
def test_no_text_in_a_form_or_an_address_breaks_a_page(routes, what):
    _karen, found = routes
    everything = "&".join(f"{name}={quoted(TEXTS[what])}" for name in FIELDS)
    for method, path, browser in found:
        if method == "GET":
            refuse_500(browser, method, f"{path}?{everything}")
        else:
            headers = {"X-CSRF-Token": browser.token}
            refuse_500(browser, method, path, data=everything, headers=headers, content_type=FORM)


@pytest.mark.parametrize("what", ["NUL", "too large for an id"])
def test_no_single_field_breaks_a_form_that_is_right_otherwise(routes, what):
    karen, _found = routes
    headers = {"X-CSRF-Token": karen.csrf_token()}
    right = {"title": "T", "text": "Hej", "network": "other", "story": "1", "topic": "1", "reason": "wrong"}
    for lone in FIELDS:
        pairs = "&".join(f"{name}={value}" for name, value in right.items() if name != lone)
        body = f"{pairs}&{lone}={quoted(TEXTS[what])}"
        for path in ("/desk/stories", "/stories/1/shares", "/own-words", "/me/topics", "/sign-in"):
            refuse_500(karen, "POST", path, data=body, headers=headers, content_type=FORM)


@pytest.mark.parametrize("number", HUGE, ids=len)
def test_no_number_in_an_address_breaks_a_page(app, sign_in, number):
    karen = sign_in("karen")
    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if rule.arguments]
    for rule in rules:
        path = rule.rule
        for name in rule.arguments:
            path = re.sub(rf"<(\w+(\([^)]*\))?:)?{name}>", number, path)
        for method in rule.methods & {"GET", "POST", "HEAD"}:
            headers = {"X-CSRF-Token": karen.csrf_token()} if method == "POST" else {}
            assert refuse_500(karen, method, path, headers=headers).status_code in (403, 404, 405, 422), path


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_time_breaks_the_editor(sign_in, cast, moment):
    karen = sign_in("karen")
    for name in ("publish_at", "expires_at"):
        form = {
            "title": "T",
            "why": "W",
            "purpose": cast.purpose_id,
            "topic": 1,
            "action": "publish",
            name: moment,
        }
        assert karen.post("/desk/stories", data=form).status_code in (303, 422), (name, moment)
    assert karen.get("/desk/stories?shelf=scheduled").status_code == 200


@pytest.mark.parametrize("field", ["purpose", "leader", "team", "topic", "audience", "picture_id"])
def test_what_the_editor_did_not_offer_is_not_taken(sign_in, cast, field):
    form = {"title": "T", field: 999_999}
    assert sign_in("karen").post("/desk/stories", data=form).status_code in (303, 422)


def test_no_body_breaks_a_form(routes):
    _karen, found = routes
    for kind, body in BODIES:
        for method, path, browser in found:
            if method == "POST":
                headers = {"X-CSRF-Token": browser.token, "Content-Type": kind}
                refuse_500(browser, method, path, data=body, headers=headers)


def test_no_header_breaks_a_page(routes):
    karen, found = routes
    asset = next(part for part in karen.get("/").text.split('"') if part.startswith("/static/"))
    token = {"X-CSRF-Token": karen.csrf_token()}
    some = [one for one in found if one[1] in SOME]
    assert len(some) >= len(SOME)
    for name, value in HEADERS:
        for method, path, _browser in [*some, ("GET", asset, karen)]:
            refuse_500(karen, method, path, headers=token | {name: value})


def test_no_raw_bytes_break_a_page(app, routes):
    _karen, found = routes
    for _method, path, _browser in found:
        for method in ("GET", "POST", "HEAD", "PUT", "OPTIONS"):
            environ = EnvironBuilder(path=path, method=method, input_stream=BytesIO(b"\xff")).get_environ()
            environ |= {
                "QUERY_STRING": "q=\xff&next=%ff%00&\xe6=1",
                "PATH_INFO": environ["PATH_INFO"] + "\xff\0",
            }
            _body, status, _headers = run_wsgi_app(app.wsgi_app, environ)
            assert status < "500", (method, path)


def test_a_database_that_fails_still_gets_a_page_with_its_headers(sign_in, caplog):
    anna = sign_in("anna")
    with writing():
        db.session.execute(text("ALTER TABLE sign_ins RENAME TO elsewhere"))
    for path, headers in (("/", {}), ("/me", {}), ("/nothing", {}), ("/", {"HX-Request": "true"})):
        answer = anna.get(path, headers=headers)
        assert answer.status_code == 500, path
        assert "<h1" in answer.text or headers
        assert re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", answer.text), "a number to say to support"
        assert "sign_ins" not in answer.text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert "unexpected error" in caplog.text
    assert anna.get("/healthz").status_code == 200


def test_a_database_server_that_was_started_anew_is_not_noticed(sign_in):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server")
    anna = sign_in("anna")
    assert anna.get("/me").status_code == 200
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(
        db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as admin:
        admin.execute(others)
    assert anna.get("/").status_code == 200
