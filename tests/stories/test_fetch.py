"""Fetching goes to public sites and nowhere else, whatever the address is called, and stops in time."""

import gzip
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest
import time_machine

from app import fetch as fetching
from app.fetch import FetchRefused, fetch
from app.fetch.refusals import SENTENCES
from tests.site import Site, let_through
from tests.words import danish

# Every way to write an address of this machine or of a network that is not public, {} for the canary's port.
PRIVATE = {
    "loopback": "http://127.0.0.1", "last loopback": "http://127.255.255.254", "short": "http://127.1",
    "shorter": "http://127.0.1", "decimal": "http://2130706433", "hex": "http://0x7f000001", "hex parts": "http://0x7f.0x0.0x0.0x1",
    "octal": "http://017700000001", "octal parts": "http://0177.0.0.01", "mixed parts": "http://0x7f.1",
    "zero": "http://0", "zeros": "http://0.0.0.0", "this network": "http://0.1.2.3", "dot at the end": "http://127.0.0.1.",
    "name": "http://localhost", "name with a dot": "http://localhost.", "capitals": "http://LOCALHOST",
    "six": "http://[::1]", "long six": "http://[0:0:0:0:0:0:0:1]", "unspecified six": "http://[::]",
    "mapped": "http://[::ffff:127.0.0.1]", "mapped hex": "http://[::ffff:7f00:1]", "mapped private": "http://[::ffff:10.0.0.1]",
    "compatible": "http://[::127.0.0.1]", "translated": "http://[::ffff:0:127.0.0.1]", "NAT64": "http://[64:ff9b::127.0.0.1]",
    "NAT64 private": "http://[64:ff9b::a00:1]", "NAT64 local": "http://[64:ff9b:1::7f00:1]", "6to4": "http://[2002:7f00:1::]",
    "6to4 private": "http://[2002:c0a8:1::1]", "Teredo": "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    "ten": "http://10.0.0.1", "172": "http://172.16.0.1", "172 to the end": "http://172.31.255.255", "192": "http://192.168.1.1",
    "carrier": "http://100.64.0.1", "carrier to the end": "http://100.127.255.254", "link-local": "http://169.254.1.1",
    "metadata": "http://169.254.169.254/latest/meta-data/", "metadata decimal": "http://2852039166", "metadata six": "http://[fd00:ec2::254]",
    "metadata in hex": "http://0xa9fea9fe", "metadata mapped": "http://[::ffff:a9fe:a9fe]", "Azure": "http://168.63.129.16",
    "Alibaba": "http://100.100.100.200", "Oracle": "http://192.0.0.192", "broadcast": "http://255.255.255.255",
    "multicast": "http://224.0.0.1", "reserved": "http://240.0.0.1", "benchmarks": "http://198.18.0.1", "documents": "http://203.0.113.7",
    "unique local": "http://[fc00::1]", "unique local too": "http://[fd12:3456::1]", "link-local six": "http://[fe80::1]", "with a zone": "http://[fe80::1%25lo]",
    "site-local": "http://[fec0::1]", "multicast six": "http://[ff02::1]", "documents six": "http://[2001:db8::1]", "discard": "http://[100::1]",
    "look-alikes": "http://①②⑦.⓪.⓪.①", "wide digits": "http://１２７.０.０.１", "a dot that looks like one": "http://127。0。0。1",
    "soft hyphen": "http://local\u00adhost",
}  # fmt: skip

NO_ADDRESSES = {
    "empty": "", "no scheme": "fjordby.example", "no host": "http://", "path alone": "/nyt", "two slashes": "//127.0.0.1/",
    "script": "javascript:alert(1)", "script with a host": "javascript://127.0.0.1/%0aalert(1)", "data": "data:text/html,hej",
    "file": "file:///etc/passwd", "ftp": "ftp://127.0.0.1/", "gopher": "gopher://127.0.0.1:6379/_INFO", "dict": "dict://127.0.0.1:11211/",
    "userinfo": "http://fjordby.example@127.0.0.1/", "password": "https://a:b@fjordby.example/", "empty userinfo": "http://@127.0.0.1/",
    "backslash": "http://127.0.0.1\\@fjordby.example/", "backslashes": "http:\\\\127.0.0.1\\", "space": "http://127.0.0.1 .fjordby.example/",
    "tab": "http://127.0.0.1\t/", "line": "http://fjordby.example/\r\nHost: 127.0.0.1", "NUL": "http://127.0.0.1\0.fjordby.example/",
    "port": "http://fjordby.example:port/", "huge port": "http://fjordby.example:99999/", "bracket": "http://[::1/",
    "label": f"http://{'a' * 64}.example/", "dots": "http://a..example/", "long": f"http://fjordby.example/{'a' * 1000}",
    "long when written": f"http://fjordby.example/{'å' * 200}",
}  # fmt: skip


@pytest.fixture
def canary(app):
    """A server on this machine that nothing may ask for anything."""
    assert app.config["FETCH_ALLOW"] == []
    with Site() as one:
        one.put("/", "<title>Hemmeligt</title>")
        yield one
        assert one.asked == []
        assert one.hears()


@pytest.fixture
def names(monkeypatch):
    """`names["a.example"] = ["127.0.0.1"]` is what a name resolves to; a list of lists is gone through."""
    known: dict[str, list[str]] = {}
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host, port, *rest, **more):
        if host not in known:
            return real(host, port, *rest, **more)
        asked.append(host)
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port or 0))
            for one in known[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    known["asked"] = asked
    return known


@pytest.fixture
def reached(monkeypatch):
    """Every address that a connection was wanted to; none is made."""
    wanted: list[str] = []

    def connect(_self, address):
        wanted.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return wanted


def refused(address, kind="page"):
    with pytest.raises(FetchRefused) as told:
        fetch(address, kind)
    assert told.value.reason in SENTENCES
    return told.value.reason


# Where it does not go


@pytest.mark.parametrize("spelling", PRIVATE)
def test_no_spelling_of_a_private_address_is_connected_to(app, reached, spelling):
    assert refused(PRIVATE[spelling]) in ("not-public", "not-an-address", "unknown-host")
    assert reached == []


@pytest.mark.parametrize("spelling", NO_ADDRESSES)
def test_what_is_no_web_address_is_refused(app, reached, spelling):
    assert refused(NO_ADDRESSES[spelling]) == "not-an-address"
    assert reached == []


@pytest.mark.parametrize("port", ["22", "25", "6379", "8080", "5432", "1"])
def test_other_ports_are_not_knocked_at(app, reached, port):
    assert refused(f"http://fjordby.example:{port}/") == "port"
    assert refused(f"https://fjordby.example:{port}/") == "port"
    assert reached == []


def test_the_canary_is_not_asked_at_its_own_port(app, canary):
    port = canary.server.server_port
    for host in ("127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]", "2130706433"):
        assert refused(f"http://{host}:{port}/") in ("port", "not-public")


def test_the_canary_is_not_asked_even_when_its_port_is_ordinary(app, canary, monkeypatch):
    connect = socket.socket.connect
    monkeypatch.setattr(
        socket.socket, "connect",
        lambda self, address: connect(self, ("127.0.0.1", canary.server.server_port)),
    )  # fmt: skip
    for address in PRIVATE.values():
        refused(address)


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["10.1.2.3"], ["::1"], ["169.254.169.254"], ["::ffff:127.0.0.1"], ["93.184.216.34", "127.0.0.1"],
     ["127.0.0.1", "93.184.216.34"], ["2606:2800:220:1::1", "fd00::1"]],
    ids=str,
)  # fmt: skip
def test_a_name_that_resolves_to_a_private_address_is_refused_even_beside_a_public_one(
    app, names, reached, answers
):
    names["nyt.example"] = answers
    assert refused("https://nyt.example/") == "not-public"
    assert reached == []


def test_a_name_is_asked_for_once_and_what_was_judged_is_connected_to(app, names, reached):
    names["nyt.example"] = ["93.184.216.34"]
    assert refused("http://nyt.example/") == "no-answer"
    assert names["asked"] == ["nyt.example"]
    assert set(reached) == {"93.184.216.34"}


def test_a_name_that_is_private_the_second_time_is_not_asked_a_second_time(app, names, reached):
    class Turning(list):
        def __iter__(self):
            return iter([["93.184.216.34"], ["127.0.0.1"]][min(names["asked"].count("nyt.example") - 1, 1)])

    names["nyt.example"] = Turning()
    refused("http://nyt.example/")
    assert set(reached) == {"93.184.216.34"}
    assert refused("http://nyt.example/") == "not-public"
    assert set(reached) == {"93.184.216.34"}


@pytest.mark.parametrize(
    "to",
    ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/", "http://2130706433/", "//localhost/"],
)
def test_a_redirect_to_a_private_address_is_not_followed(app, site, to):
    assert refused(site.send_on("/", to)) == "not-public"


def test_a_redirect_to_the_canary_is_not_followed(app, canary):
    with Site() as site, let_through(app.config, site):
        for status in (301, 302, 303, 307, 308):
            assert refused(site.send_on("/", canary.url, status)) == "port"
        far = site.send_on("/far", site.send_on("/near", canary.url))
        assert refused(far) == "port"
        assert site.asked[-2:] == ["/far", "/near"]


@pytest.mark.parametrize(
    "to", ["javascript:alert(1)", "file:///etc/passwd", "ftp://fjordby.example/", "data:text/html,x"]
)
def test_a_redirect_to_what_is_no_web_address_is_not_followed(app, site, to):
    assert refused(site.send_on("/", to)) == "not-an-address"


def test_redirects_come_to_an_end(app, site):
    assert refused(site.send_on("/", "/")) == "too-many-redirects"
    assert len(site.asked) == 6


def test_in_production_the_setting_opens_a_port_and_no_private_network(app, site, monkeypatch):
    address = site.put("/", "hej")
    assert fetch(address, "page").body == b"hej"
    monkeypatch.setitem(app.config, "FORTAEL_ENV", "production")
    assert refused(address) == "not-public"


# How it asks


def test_it_says_who_it_is_and_keeps_no_cookies_and_takes_no_proxy(app, site, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    address = site.put("/", "hej", Set_Cookie="a=b")
    site.send_on("/first", "/")
    site.answers["/first"] = (302, {"Location": "/", "Set-Cookie": "c=d"}, b"")
    fetch(f"{site.url}/first", "page")
    fetch(address, "page")
    assert site.headers["User-Agent"] == "Fortael (+http://localhost)"
    assert not {"Cookie", "Authorization", "Referer", "X-Forwarded-For"} & set(site.headers)


def test_no_password_is_taken_from_a_file_of_the_host(app, site, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    fetch(site.put("/", "hej"), "page")
    assert "Authorization" not in site.headers


def test_it_follows_a_redirect_and_says_where_it_ended(app, site):
    site.put("/ny", "hej")
    assert fetch(site.send_on("/gammel", "/ny"), "page").address == f"{site.url}/ny"


def test_the_marks_of_the_last_fetch_let_a_site_say_that_nothing_has_changed(app, site):
    address = site.put(
        "/rss", "<rss/>", "text/xml", ETag='"1"', Last_Modified="Wed, 25 Nov 2026 07:00:00 GMT"
    )
    first = fetch(address, "feed")
    site.put("/rss", "", "text/xml", 304, ETag='"1"')
    assert fetch(address, "feed", first.marks).same
    assert site.headers["If-None-Match"] == '"1"'
    assert site.headers["If-Modified-Since"] == "Wed, 25 Nov 2026 07:00:00 GMT"


# What it takes


@pytest.mark.parametrize(
    ("status", "reason"),
    [(404, "not-found"), (410, "not-found"), (401, "closed"), (403, "closed"), (500, "error"), (503, "error"),
     (429, "error"), (204, "error"), (206, "error")],
)  # fmt: skip
def test_an_answer_that_is_none_has_its_reason(app, site, status, reason):
    assert refused(site.put("/", "", status=status)) == reason


@pytest.mark.parametrize(
    ("kind", "wanted", "content_type"),
    [
        ("page", True, "text/html; charset=utf-8"), ("page", True, "TEXT/HTML"), ("page", True, "application/xhtml+xml"),
        ("page", False, "application/pdf"), ("page", False, "text/plain"), ("page", False, ""), ("page", False, "image/png"),
        ("feed", True, "application/rss+xml"), ("feed", True, "application/atom+xml; charset=utf-8"), ("feed", True, "text/xml"),
        ("feed", True, "application/xml"), ("feed", True, "text/plain"), ("feed", False, "application/zip"), ("feed", False, "image/svg+xml"),
        ("picture", True, "image/jpeg"), ("picture", True, "image/webp"), ("picture", False, "image/svg+xml"),
        ("picture", False, "text/html"), ("picture", False, "image/gif"),
    ],
)  # fmt: skip
def test_only_what_was_asked_for_is_taken(app, site, kind, wanted, content_type):
    address = site.put("/", "hej", content_type)
    if wanted:
        assert fetch(address, kind).body == b"hej"
    else:
        assert refused(address, kind) == f"not-a-{kind}"


@pytest.mark.parametrize(("kind", "most"), [("page", 1), ("feed", 2), ("picture", 8)])
def test_a_body_may_be_so_big_and_no_bigger(app, site, kind, most):
    content_type = {"page": "text/html", "feed": "text/xml", "picture": "image/png"}[kind]
    size = most * 1024 * 1024
    assert len(fetch(site.put("/", b"x" * size, content_type), kind).body) == size
    assert refused(site.put("/", b"x" * (size + 1), content_type), kind) == "too-big"


def test_a_body_that_does_not_say_its_size_is_stopped_when_it_is_too_big(app, site):
    def pour(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _part in range(5 * 1024):
            handler.wfile.write(b"x" * 1024)

    site.answers["/"] = pour
    assert refused(f"{site.url}/") == "too-big"


def test_a_body_that_grows_when_unpacked_is_stopped(app, site):
    bomb = gzip.compress(b"x" * (200 * 1024 * 1024), 1)
    assert len(bomb) < 1024 * 1024
    began = time.monotonic()
    assert refused(site.put("/", bomb, Content_Encoding="gzip")) == "too-big"
    assert time.monotonic() - began < 5


def test_the_body_of_a_redirect_is_not_read(app, site):
    poured = []

    def pour(handler):
        handler.send_response(302)
        handler.send_header("Location", "/there")
        handler.end_headers()
        with suppress(OSError):
            poured.extend(handler.wfile.write(b"x" * 1024 * 1024) for _part in range(32))

    site.answers["/"] = pour
    site.put("/there", "hej")
    assert fetch(f"{site.url}/", "page").body == b"hej"
    assert len(poured) < 32


def test_a_header_or_charset_that_takes_long_to_read_is_no_way_to_keep_us_busy(app, site):
    punycode = b"a" * 400_000 + b"-" + b"a" * 400_000
    cases = {
        "spaces": (b"hej", f"text/html; charset={' ' * 60_000}!"),
        "header": (punycode, "text/html; charset=punycode"),
        "body": (b"<meta charset=-Punycode>" + punycode, "text/html"),
    }
    for name, (body, content_type) in cases.items():
        began = time.monotonic()
        assert fetch(site.put("/", body, content_type), "page").text
        assert time.monotonic() - began < 2, name


def test_a_packed_body_is_unpacked(app, site):
    assert fetch(site.put("/", gzip.compress(b"hej"), Content_Encoding="gzip"), "page").body == b"hej"


@pytest.mark.parametrize("dripping", ["headers", "body", "body without a size", "silence"])
def test_a_site_that_drips_is_left_in_time(app, site, monkeypatch, dripping):
    monkeypatch.setattr(fetching, "SECONDS", 0.6)

    def drip(handler):
        if dripping == "silence":
            time.sleep(2)
            return
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n")
        if dripping != "headers":
            handler.wfile.write(b"Content-Length: 999\r\n\r\n" if dripping == "body" else b"\r\n")
        for _drop in range(30):
            handler.wfile.write(b"X" if dripping != "headers" else b"A: b\r\n")
            handler.wfile.flush()
            time.sleep(0.1)

    site.answers["/"] = drip
    with time_machine.travel(0, tick=True):
        began = time.monotonic()
        assert refused(f"{site.url}/") == "too-slow"
        assert time.monotonic() - began < 2.5


def test_a_site_that_hangs_up_or_speaks_nonsense_has_a_reason(app, site):
    def nonsense(handler):
        handler.wfile.write(b"\xff\xfe nonsense\r\n\r\n")

    site.answers["/nonsense"] = nonsense
    site.answers["/half"] = (200, {"Content-Type": "text/html", "Content-Length": "100"}, b"half")
    site.answers["/nothing"] = lambda _handler: None
    site.answers["/packed"] = (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, b"not gzip")
    for path in ("/nonsense", "/half", "/nothing", "/packed"):
        assert refused(site.url + path) == "no-answer", path
    site.server.socket.close()
    assert refused(f"{site.url}/") == "no-answer"


def test_a_name_that_nobody_has_is_said_so(app, monkeypatch):
    def nobody(*_args, **_more):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert refused("https://nyt.example/") == "unknown-host"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("blåbærgrød".encode(), "text/html; charset=utf-8"),
        ("blåbærgrød".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        ("blåbærgrød".encode("latin-1"), 'text/html; charset="iso-8859-1"'),
        ('<meta charset="iso-8859-1">blåbærgrød'.encode("latin-1"), "text/html"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">blåbærgrød'.encode("cp1252"), "text/html"),
        ("blåbærgrød".encode(), "text/html"),
        ("blåbærgrød".encode("cp1252"), "text/html"),
        ("blåbærgrød".encode("cp1252"), "text/html; charset=utf-8"),
        ("blåbærgrød".encode(), "text/html; charset=nonsense"),
        ("blåbærgrød".encode("utf-8-sig"), "text/html; charset=iso-8859-1"),
        ("blåbærgrød".encode("utf-16"), "text/html; charset=utf-16"),
    ],
)  # fmt: skip
def test_a_page_is_read_in_its_own_letters(app, site, body, content_type):
    text = fetch(site.put("/", body, content_type), "page").text
    assert "blåbærgrød" in text
    assert "\ufeff" not in text


def test_each_reason_has_one_clear_sentence_in_danish():
    for sentence in SENTENCES.values():
        said = danish(sentence._args[0])
        assert said.endswith("."), said
        assert said[0].isupper()


def test_nothing_else_in_the_app_opens_an_address():
    root = Path(fetching.__file__).parent.parent
    opens = ("urllib.request", "\nimport requests", "\nfrom requests", "urlopen", "httpx", "AntiSSRF", "pycurl")
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if any(one in path.read_text(encoding="utf-8") for one in opens)
    }
    assert found == {"fetch/__init__.py", "fetch/lines.py", "push/lines.py", "push/sending.py"}
