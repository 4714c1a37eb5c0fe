"""Every setting: its default, a good value, and nonsense, which is refused with a sentence that names it."""

import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.config import SETTINGS, SettingError, from_environment
from app.db import db, writing
from app.people.models import SignInTry
from tests.cast import PASSWORD
from tests.conftest import Browser
from tests.push.service import certificate

SECRET = "0123456789abcdef0123456789abcdef"


def pem(key):
    kinds = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, *kinds).decode()


VAPID = pem(ec.generate_private_key(ec.SECP256R1()))
FORMER = pem(ec.generate_private_key(ec.SECP256R1()))
CERTIFICATE = certificate()[0]


@pytest.fixture
def read(tmp_path):
    """`read(PORT="80")` gives the settings, in a folder of the test's own."""
    return lambda **given: from_environment({"DATA_DIR": str(tmp_path / "data")} | given)


@pytest.fixture
def production(read):
    """`production(PORT="80")` gives the settings of a whole production."""
    whole = {"FORTAEL_ENV": "production", "PUBLIC_URL": "https://fortael.example.dk", "SECRET_KEY": SECRET,
             "VAPID_PRIVATE_KEY": VAPID}  # fmt: skip
    return lambda **given: read(**(whole | given))


DEFAULTS = {
    "FORTAEL_ENV": "development", "DATABASE_URL": "", "PUBLIC_URL": "http://localhost:8000", "HOST": "127.0.0.1",
    "PORT": 8000, "WEB_WORKERS": 1, "PROXY_COUNT": 0, "TRUSTED_HOSTS": ["localhost", "127.0.0.1"],
    "HTMX_LOCAL": False, "LOG_LEVEL": "INFO", "FORTAEL_NOW": None, "VAPID_OLD_PRIVATE_KEYS": (),
    "VAPID_CONTACT": "http://localhost:8000", "PUSH_CA": "",
    "PUSH_HOSTS": ("fcm.googleapis.com", "jmt17.google.com", "android.googleapis.com",
                   "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"),
    "FETCH_ALLOW": [],
    "SMTP_HOST": "", "SMTP_PORT": 587,
    "SMTP_TLS": "starttls", "SMTP_USER": "", "SMTP_PASSWORD": "", "MAIL_FROM": "Fortæl <fortael@localhost>",
}  # fmt: skip
MADE = {"SECRET_KEY", "VAPID_PRIVATE_KEY", "DATA_DIR"}


def test_every_setting_is_tested_here():
    assert set(DEFAULTS) | MADE == {one.name for one in SETTINGS}
    assert set(DEFAULTS) | MADE == {name for name, _given, _wanted in GOOD}
    assert {name for name, _nonsense in NONSENSE} == {one.name for one in SETTINGS}


def test_without_any_setting_the_defaults_hold(read):
    settings = read()
    assert {name: settings[name] for name in DEFAULTS} == DEFAULTS


def test_the_data_folder_is_instance_by_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = from_environment({})
    assert settings["DATA_DIR"] == tmp_path / "instance"
    assert settings["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/instance/fortael.sqlite3"


def test_empty_and_spaces_mean_the_default(read):
    settings = read(PORT="", LOG_LEVEL="  ", PUBLIC_URL=" ")
    assert (settings["PORT"], settings["LOG_LEVEL"]) == (8000, "INFO")


def test_what_is_no_setting_is_left_alone(read):
    assert "PATH" not in read(PATH="/bin")


GOOD = [
    ("FORTAEL_ENV", "test", "test"),
    ("DATA_DIR", "{tmp}/æ/b", Path("{tmp}/æ/b")),
    ("DATABASE_URL", "postgres://me@host/name", "postgres://me@host/name"),
    ("PUBLIC_URL", "https://fortael.example.dk/", "https://fortael.example.dk"),
    ("PUBLIC_URL", "http://10.0.0.7:8080", "http://10.0.0.7:8080"),
    ("HOST", "0.0.0.0", "0.0.0.0"),  # noqa: S104  # it is only read
    ("HOST", "::1", "::1"),
    ("SMTP_HOST", "", ""),
    ("PORT", "65535", 65535),
    ("WEB_WORKERS", "64", 64),
    ("SECRET_KEY", SECRET, SECRET),
    ("VAPID_PRIVATE_KEY", VAPID, VAPID.strip()),
    ("VAPID_OLD_PRIVATE_KEYS", FORMER, (FORMER.strip(),)),
    ("VAPID_OLD_PRIVATE_KEYS", f"{VAPID}\n{FORMER}", (VAPID.strip(), FORMER.strip())),
    ("VAPID_CONTACT", "mailto:it@example.dk", "mailto:it@example.dk"),
    ("VAPID_CONTACT", "https://example.dk/om", "https://example.dk/om"),
    ("PUSH_HOSTS", " FCM.googleapis.com, *.push.apple.com ,", ("fcm.googleapis.com", "*.push.apple.com")),
    ("PUSH_HOSTS", "localhost:8443,jmt17.google.com=localhost:8443",
     ("localhost:8443", "jmt17.google.com=localhost:8443")),
    ("PUSH_CA", CERTIFICATE, CERTIFICATE.strip()),
    ("SMTP_PORT", "2525", 2525),
    ("SMTP_TLS", "TLS", "tls"),
    ("SMTP_TLS", "none", "none"),
    ("SMTP_USER", "fortael", "fortael"),
    ("SMTP_PASSWORD", "blue berries; & bread", "blue berries; & bread"),
    ("MAIL_FROM", "fortael@fjordby.dk", "fortael@fjordby.dk"),
    ("MAIL_FROM", "Fjordby K. <fortael@fjordby.dk>", "Fjordby K. <fortael@fjordby.dk>"),
    ("MAIL_FROM", '"Kommune, Fjordby" <f@fjordby.dk>', '"Kommune, Fjordby" <f@fjordby.dk>'),
    ("PROXY_COUNT", "5", 5),
    ("TRUSTED_HOSTS", " b.example.dk , a.example.dk,", ["localhost", "b.example.dk", "a.example.dk", "127.0.0.1"]),
    ("FETCH_ALLOW", " News.example.dk:8443, 127.0.0.1:80,[::1]:81", ["news.example.dk:8443", "127.0.0.1:80", "::1:81"]),
    ("HTMX_LOCAL", "TRUE", True),
    ("HTMX_LOCAL", "0", False),
    ("LOG_LEVEL", "debug", "DEBUG"),
    ("FORTAEL_NOW", "2026-11-23T08:00+00:00", datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ("FORTAEL_NOW", "2026-11-23T08:00:30+01:00", datetime(2026, 11, 23, 8, 0, 30, tzinfo=timezone(timedelta(hours=1)))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "wanted"), GOOD)
def test_a_good_value_is_taken(read, tmp_path, name, given, wanted):
    if isinstance(wanted, Path):
        given, wanted = given.format(tmp=tmp_path), Path(str(wanted).format(tmp=tmp_path))
    assert read(**{name: given})[name] == wanted


NONSENSE = [
    ("FORTAEL_ENV", ("prod", "Production", "production,test")),
    ("DATA_DIR", ("/dev/null", "/dev/null/below")),
    ("DATABASE_URL", ("mysql://host/name", "postgresql://", "fortael.sqlite3", "sqlite://")),
    ("PUBLIC_URL", ("fortael.example.dk", "ftp://fortael.example.dk", "https://", "https://a.dk/path", "https://a.dk?q",
                    "https://a.dk#here", "https://me@a.dk", "https://a.dk:port", "https://a b.dk", "https://[::1")),
    ("HOST", ("http://127.0.0.1", "127.0.0.1:8000", "a b", "a/b", "æ;")),
    ("PORT", ("0", "65536", "-1", "80.5", "http", "1e3", "9" * 5000)),
    ("WEB_WORKERS", ("0", "65", "many")),
    ("SECRET_KEY", ("short", "a" * 31)),
    ("VAPID_PRIVATE_KEY", ("nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                           pem(ec.generate_private_key(ec.SECP384R1())), pem(rsa.generate_private_key(65537, 2048)))),
    ("VAPID_OLD_PRIVATE_KEYS", ("nonsense", f"{VAPID} and", pem(ec.generate_private_key(ec.SECP384R1())),
                                CERTIFICATE)),
    ("VAPID_CONTACT", ("it@example.dk", "mailto:", "mailto:it", "http://example.dk", "https://", "mailto:a@b\nc")),
    ("PUSH_HOSTS", ("*", "*.com", "fcm.*.com", "https://fcm.googleapis.com", "fcm.googleapis.com/path", "a b.dk", "æ.dk",
                    "127.0.0.1", "127.1", "2130706433", "0x7f.1", "0x7f000001", "[::1]", "::1", "127.0.0.1:8443",
                    "me@fcm.googleapis.com", "localhost:port", "a.dk=127.0.0.1:8443", "a.dk=localhost", "-a.dk", "a..dk",
                    "fcm.googleapis.com.")),
    ("PUSH_CA", ("nonsense", VAPID)),
    ("SMTP_HOST", ("smtp://mail.fjordby.dk", "mail.fjordby.dk:587", "a b")),
    ("SMTP_PORT", ("0", "65536", "smtp")),
    ("SMTP_TLS", ("ssl", "true", "starttls,tls")),
    ("SMTP_USER", ("a\nb", "a\0b")),
    ("SMTP_PASSWORD", ("a\r\nQUIT", "a\tb", "blåbær")),
    ("MAIL_FROM", ("Fortæl", "fortael@", "@fjordby.dk", "a@b.dk, c@d.dk", "Kommune, Fjordby <a@b.dk>", "<a@b.dk",
                   "a b@c.dk", "fortæl@fjordby.dk", "a@b.dk\nBcc: c@d.dk", "a@b@c.dk", "a@fællesby.dk")),
    ("PROXY_COUNT", ("-1", "6", "true")),
    ("TRUSTED_HOSTS", ("https://a.example.dk", "a.example.dk/path", "a.example.dk b.example.dk", "*")),
    ("FETCH_ALLOW", ("news.example.dk", "https://news.example.dk:443", "a.dk:0", "a.dk:65536", "a.dk:http", ":80", "a b:80")),
    ("HTMX_LOCAL", ("maybe", "2", "ja")),
    ("LOG_LEVEL", ("LOUD", "10", "INFO;DEBUG")),
    ("FORTAEL_NOW", ("now", "2026-11-23T08:00", "2026-13-01T08:00+00:00")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "nonsense"), NONSENSE, ids=lambda one: one if isinstance(one, str) else "")
def test_nonsense_is_refused_with_a_sentence_that_names_the_setting(read, name, nonsense):
    for given in nonsense:
        with pytest.raises(SettingError) as refused:
            read(**{name: given})
        assert str(refused.value).startswith(f"{name} "), given
        assert str(refused.value).count(" ") >= 3
        if name in ("SECRET_KEY", "VAPID_PRIVATE_KEY", "VAPID_OLD_PRIVATE_KEYS", "SMTP_PASSWORD"):
            assert given not in str(refused.value)


# The database


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_each_way_to_name_postgresql_means_the_same_driver(read, scheme):
    uri = read(DATABASE_URL=f"{scheme}://me:secret@host:5433/name")["SQLALCHEMY_DATABASE_URI"]
    assert uri == "postgresql+psycopg://me:secret@host:5433/name"


def test_another_sqlite_file_may_be_named(read, tmp_path):
    uri = f"sqlite:///{tmp_path}/other.sqlite3"
    assert read(DATABASE_URL=uri)["SQLALCHEMY_DATABASE_URI"] == uri


# What may be fetched


@pytest.mark.parametrize(
    "place", ["127.0.0.1:80", "[::1]:80", "10.0.0.7:8080", "localhost:5000", "169.254.169.254:80"]
)
def test_in_production_no_private_address_may_be_fetched(production, place):
    with pytest.raises(SettingError, match=r"^FETCH_ALLOW must not name a private address"):
        production(FETCH_ALLOW=f"news.example.dk:8443,{place}")


def test_in_production_a_public_host_may_have_a_port_of_its_own(production):
    assert production(FETCH_ALLOW="news.example.dk:8443")["FETCH_ALLOW"] == ["news.example.dk:8443"]


# Mail

MAIL = {"SMTP_HOST": "mail.fjordby.dk", "MAIL_FROM": "Fortæl <fortael@fjordby.dk>"}


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_mail_servers_port_follows_from_how_it_is_spoken_to(read, tls, port):
    assert read(SMTP_TLS=tls, **MAIL)["SMTP_PORT"] == port


@pytest.mark.parametrize(
    ("name", "given"),
    [("SMTP_USER", {"SMTP_USER": "fortael"}), ("SMTP_USER", {"SMTP_PASSWORD": "hemmelig"}),
     ("MAIL_FROM", {"MAIL_FROM": ""})],
)  # fmt: skip
def test_a_mail_server_is_asked_for_with_all_that_belongs_to_it(read, name, given):
    assert read(**MAIL)["SMTP_HOST"] == "mail.fjordby.dk"
    with pytest.raises(SettingError, match=f"^{name} ") as refused:
        read(**(MAIL | given))
    assert "hemmelig" not in str(refused.value)


def test_production_sends_no_letter_in_the_open_but_to_this_machine(production):
    with pytest.raises(SettingError, match=r"^SMTP_TLS "):
        production(SMTP_TLS="none", **MAIL)
    for here in ("localhost", "127.0.0.1", "::1", "127.0.0.2"):
        assert production(**(MAIL | {"SMTP_HOST": here}), SMTP_TLS="none")["SMTP_TLS"] == "none"


# Out of files


@pytest.mark.parametrize(
    "name", [one.name for one in SETTINGS if one.name not in ("DATA_DIR", "DATABASE_URL")]
)
def test_each_setting_may_stand_in_a_file(read, tmp_path, name):
    given, wanted = next((given, wanted) for setting, given, wanted in GOOD if setting == name)
    file = tmp_path / "value"
    file.write_text(f"{given}\n", encoding="utf-8")
    assert read(**{f"{name}_FILE": str(file)})[name] == wanted


def test_a_file_wins_and_an_empty_one_means_the_default(read, tmp_path):
    file = tmp_path / "port"
    file.write_text("9000")
    assert read(PORT="8001", PORT_FILE=str(file))["PORT"] == 9000
    file.write_text("\n")
    assert read(PORT_FILE=str(file))["PORT"] == 8000


def test_a_file_that_cannot_be_read_is_named_by_its_setting(read, tmp_path):
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "nothing", tmp_path, binary):
        with pytest.raises(SettingError, match=r"^SECRET_KEY_FILE "):
            read(SECRET_KEY_FILE=str(path))


# Secrets that are made


def test_secrets_are_made_once_and_only_their_owner_may_read_them(read, tmp_path):
    first, second = read(), read()
    for name, file in (("SECRET_KEY", "secret-key"), ("VAPID_PRIVATE_KEY", "vapid-private-key.pem")):
        path = tmp_path / "data" / file
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert first[name] == second[name] == path.read_text().strip()
    assert len(first["SECRET_KEY"]) >= 32
    assert sorted(one.name for one in (tmp_path / "data").iterdir()) == [
        "secret-key",
        "vapid-private-key.pem",
    ]


def test_given_secrets_are_not_written_down(read, tmp_path):
    read(SECRET_KEY=SECRET, VAPID_PRIVATE_KEY=VAPID)
    assert list((tmp_path / "data").iterdir()) == []


# Production


def test_production_begins_with_its_secrets_and_an_https_address(production):
    settings = production()
    assert settings["SECRET_KEY"] == SECRET
    assert settings["TRUSTED_HOSTS"] == ["fortael.example.dk"]


@pytest.mark.parametrize(
    ("name", "given"),
    [("PUBLIC_URL", ""), ("PUBLIC_URL", "http://fortael.example.dk"), ("SECRET_KEY", ""), ("VAPID_PRIVATE_KEY", ""),
     ("FORTAEL_NOW", "2026-11-23T08:00+00:00"), ("PUSH_CA", CERTIFICATE), ("PUSH_HOSTS", "localhost"),
     ("PUSH_HOSTS", "fcm.googleapis.com,localhost:8443"), ("PUSH_HOSTS", "push.localhost"), ("PUSH_HOSTS", "push"),
     ("PUSH_HOSTS", "push.fjordby.local"), ("PUSH_HOSTS", "*.corp.internal"), ("PUSH_HOSTS", "fcm.googleapis.com:443"),
     ("PUSH_HOSTS", "fcm.googleapis.com=localhost:8443"), ("PUSH_HOSTS", "10.0.0.7")],
)  # fmt: skip
def test_production_refuses(production, tmp_path, name, given):
    with pytest.raises(SettingError, match=f"^{name} "):
        production(**{name: given})
    assert not (tmp_path / "data" / "secret-key").exists()


# What the settings do


def test_a_secure_address_makes_a_cookie_that_only_this_host_gets_over_https(production, read):
    secure = production()
    assert secure["SESSION_COOKIE_NAME"] == "__Host-fortael"
    assert secure["SESSION_COOKIE_SECURE"]
    assert read()["SESSION_COOKIE_NAME"] == "fortael"
    assert not read()["SESSION_COOKIE_SECURE"]


@pytest.fixture
def started(settings, app):
    """`started(PROXY_COUNT="1")` is a browser of the same app, started with other settings."""
    others = []

    def start(**given):
        changed = from_environment(
            {"FORTAEL_ENV": "test", "DATA_DIR": str(settings["DATA_DIR"]), "PUBLIC_URL": "http://localhost"}
            | {"DATABASE_URL": settings["DATABASE_URL"]}
            | given
        )
        other = create_app(changed)
        other.test_client_class = Browser
        others.append(other)
        return other.test_client()

    yield start
    # Apps of one name share their logger.
    app.logger.setLevel(settings["LOG_LEVEL"])
    for other in others:
        with other.app_context():
            db.engine.dispose()


def test_in_production_the_cookie_is_sent_as_its_name_promises(started, cast):
    browser = started(FORTAEL_ENV="production", PUBLIC_URL="https://fortael.example.dk", SECRET_KEY=SECRET,
                      VAPID_PRIVATE_KEY=VAPID)  # fmt: skip
    there = {"base_url": "https://fortael.example.dk"}
    token = browser.get("/sign-in", **there).text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.open(
        "/sign-in", method="POST", data={"email": cast.anna.email, "password": PASSWORD},
        headers={"X-CSRF-Token": token}, **there,
    )  # fmt: skip
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-fortael=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]
    assert browser.get("/", **there).status_code == 200


def test_only_trusted_hosts_are_answered(started):
    browser = started(
        TRUSTED_HOSTS="intra.example.dk,.skole.example.dk", PUBLIC_URL="http://fortael.example.dk"
    )
    for host in ("fortael.example.dk", "intra.example.dk", "a.skole.example.dk", "localhost:8000"):
        assert browser.get("/sign-in", headers={"Host": host}).status_code == 200, host
    for host in ("evil.example", "fortael.example.dk.evil.example", "x.intra.example.dk"):
        answer = browser.get("/sign-in", headers={"Host": host})
        assert answer.status_code == 400, host
        assert "evil" not in answer.text


def tried_from(browser, cast, *forwarded):
    """How many subjects (the account, and each address) tries are counted against."""
    for address in forwarded:
        answer = browser.post("/sign-in", data={"email": cast.anna.email, "password": "forkert"},
                              headers={"X-Forwarded-For": address})  # fmt: skip
        assert answer.status_code == 422
    return db.session.scalar(select(func.count(SignInTry.subject.distinct())))


def test_without_a_proxy_the_forwarded_address_is_not_believed(started, cast):
    assert tried_from(started(), cast, "203.0.113.1", "203.0.113.2") == 2


def test_behind_one_proxy_people_are_told_apart(started, cast):
    assert tried_from(started(PROXY_COUNT="1"), cast, "203.0.113.1", "203.0.113.2") == 3


def test_behind_one_proxy_only_what_it_wrote_itself_is_believed(started, cast):
    assert tried_from(started(PROXY_COUNT="1"), cast, "1.1.1.1, 203.0.113.1", "2.2.2.2, 203.0.113.1") == 2


def test_the_forwarded_host_is_believed_only_behind_a_proxy(started):
    forwarded = {"X-Forwarded-Host": "evil.example"}
    assert started().get("/sign-in", headers=forwarded).status_code == 200
    assert started(PROXY_COUNT="1").get("/sign-in", headers=forwarded).status_code == 400


def test_htmx_comes_from_here_alone_when_asked_for(started):
    assert "cdn.jsdelivr.net" in started().get("/sign-in").headers["Content-Security-Policy"]
    page = started(HTMX_LOCAL="true").get("/sign-in")
    assert "jsdelivr" not in page.headers["Content-Security-Policy"]
    assert "jsdelivr" not in page.text


def test_the_log_is_as_loud_as_asked_for(started):
    assert started(LOG_LEVEL="ERROR").application.logger.level == 40


def test_an_error_of_the_database_tells_nothing_of_what_was_written(app):
    secret = "https://push.example/secret"
    with pytest.raises(DBAPIError) as refused, writing():
        db.session.execute(text("INSERT INTO nowhere VALUES (:one)"), {"one": secret})
    assert "secret" not in str(refused.value)
