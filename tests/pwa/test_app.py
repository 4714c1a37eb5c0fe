"""What makes the site an app: manifest, icons, service worker and the page without a connection."""

import json
import re
from io import BytesIO
from urllib.parse import urlsplit

from PIL import Image

from tests.conftest import Browser
from tests.words import danish


def served(client: Browser, address: str):
    """A static file, as a browser gets it."""
    answer = client.get(address, buffered=True)
    assert answer.status_code == 200, address
    return answer


def test_the_manifest_names_the_app_in_the_readers_language(client, sign_in):
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": "da"})
    assert answer.mimetype == "application/manifest+json"
    manifest = answer.json
    assert (manifest["id"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert (manifest["name"], manifest["short_name"]) == ("Fortæl", "Fortæl")
    assert (manifest["lang"], manifest["description"][:16]) == ("da", "Vi viser hverdag")
    english = client.get("/manifest.webmanifest", headers={"Accept-Language": "en"}).json
    assert (english["lang"], english["description"][:16]) == ("en", "We show everyday")
    assert english["id"] == manifest["id"]


def test_the_app_starts_on_a_page_within_its_scope(sign_in, client):
    start = client.get("/manifest.webmanifest").json["start_url"]
    assert urlsplit(start).path == "/"
    assert sign_in("anna").get(start).status_code == 200


def test_each_icon_is_there_in_its_size_for_any_and_for_maskable(client):
    icons = client.get("/manifest.webmanifest").json["icons"]
    assert {(one["purpose"], one["sizes"]) for one in icons} == {
        ("any", "192x192"), ("any", "512x512"), ("maskable", "192x192"), ("maskable", "512x512")}  # fmt: skip
    for one in icons:
        answer = served(client, one["src"])
        picture = Image.open(BytesIO(answer.data))
        assert answer.mimetype == one["type"] == "image/png"
        assert "x".join(map(str, picture.size)) == one["sizes"]


def test_a_maskable_icon_fills_its_square(client):
    for one in client.get("/manifest.webmanifest").json["icons"]:
        if one["purpose"] == "maskable":
            picture = Image.open(BytesIO(served(client, one["src"]).data)).convert("RGBA")
            right, bottom = picture.width - 1, picture.height - 1
            corners = [picture.getpixel(at) for at in ((0, 0), (right, 0), (0, bottom), (right, bottom))]
            assert [corner[3] for corner in corners] == [255] * 4


def test_every_page_leads_to_the_manifest(client, sign_in):
    for browser, path in ((client, "/sign-in"), (sign_in("anna"), "/"), (sign_in("anna"), "/me")):
        assert 'rel="manifest" href="/manifest.webmanifest"' in browser.get(path).text, path


def test_the_service_worker_rules_the_root_and_is_asked_for_anew(client):
    answer = client.get("/service-worker.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get("/manifest.webmanifest").headers["Cache-Control"] == "no-cache"


def precached(client):
    return json.loads(re.search(r"PRECACHE = (\[.*?\])", client.get("/service-worker.js").text)[1])


def test_everything_the_service_worker_fetches_at_once_is_there(client):
    addresses = precached(client)
    assert "/offline" in addresses
    assert len(addresses) >= 5
    for address in addresses:
        served(client, address)


def test_the_page_without_a_connection_needs_nothing_that_is_not_kept(client):
    page = client.get("/offline")
    assert page.status_code == 200
    needed = re.findall(r'<(?:link rel="stylesheet" href|img src|script src)="([^"]+)"', page.text)
    assert len(needed) == 3
    assert set(needed) <= set(precached(client))


def test_the_page_without_a_connection_speaks_the_readers_language_and_names_nobody(client, sign_in):
    assert danish("No connection") in client.get("/offline", headers={"Accept-Language": "da"}).text
    assert "No connection" in client.get("/offline", headers={"Accept-Language": "en"}).text
    assert "Anna" not in sign_in("anna").get("/offline").text


def test_the_service_worker_knows_our_own_htmx(client):
    htmx = json.loads(re.search(r"HTMX = (\{.*?\});", client.get("/service-worker.js").text)[1])
    assert htmx["local"] in precached(client)
    assert htmx["cdn"] in client.get("/sign-in").headers["Content-Security-Policy"]
    assert len(served(client, htmx["local"]).data) > 10_000


def test_static_files_are_kept_for_ever_and_the_worker_changes_with_them(client):
    address = precached(client)[0]
    cache = served(client, address).headers["Cache-Control"]
    assert "immutable" in cache
    assert "max-age=31536000" in cache
    build = address.split("/")[2]
    assert f"'frame-{build}'" in client.get("/service-worker.js").text


def test_the_service_worker_has_icons_and_words_of_its_own_for_a_push(client):
    script = client.get("/service-worker.js").text
    icons = json.loads(re.search(r"ICONS = (\{.*?\})", script)[1])
    picture = Image.open(BytesIO(served(client, icons["badge"]).data)).convert("RGBA")
    assert picture.size == (96, 96)
    # Android takes the shape alone: something is clear, and what is not is white.
    assert {pixel[:3] for pixel in picture.get_flattened_data() if pixel[3]} == {(255, 255, 255)}
    assert picture.getpixel((0, 0))[3] == 0
    served(client, icons["icon"])
    said = json.loads(re.search(r"UNREADABLE = (\{.*?\})", script)[1])
    assert said == {
        "da": danish("Something new is waiting for you."),
        "en": "Something new is waiting for you.",
    }


def test_a_first_visit_carries_neither_the_composers_script_nor_the_desks(client, sign_in):
    for page in (client.get("/sign-in").text, sign_in("anna").get("/").text):
        scripts = re.findall(r'<script src="([^"]+)"', page)
        assert {one.rpartition("/")[2] for one in scripts} <= {"app.js", "htmx.min.js"}
    kept = {one.rpartition("/")[2] for one in precached(client)}
    assert {"app.js", "composer.js", "desk.js"} <= kept


def test_the_service_worker_takes_in_what_it_shares_with_pages(client):
    shared = re.search(r"importScripts\('([^']+)'\)", client.get("/service-worker.js").text)[1]
    source = served(client, shared).text
    composer = next(one for one in precached(client) if one.endswith("/composer.js"))
    assert source.strip() in served(client, composer).text


def test_our_scripts_and_htmx_weigh_at_most_16_kb(client):
    build = precached(client)[0].split("/")[2]
    scripts = [f"/static/{build}/{name}" for name in ("js/app.js", "vendor/htmx.min.js")]
    sizes = [len(client.get(one, headers={"Accept-Encoding": "br"}, buffered=True).data) for one in scripts]
    assert sum(sizes) <= 16_000, sizes


def test_install_help_is_a_page(sign_in):
    page = sign_in("anna").get("/install").text
    assert danish("Choose “Add to Home Screen”") in page
    assert "Android" in page
