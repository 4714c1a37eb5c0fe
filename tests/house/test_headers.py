"""What every answer carries, and who is refused at the edge."""

import re

import pytest


def test_every_answer_carries_the_headers(client, sign_in, story):
    anna, told = sign_in("anna"), story()
    asset = re.search(r'href="(/static/[^"]+\.css)"', client.get("/sign-in").text)[1]
    for browser, path in ((anna, "/"), (anna, f"/stories/{told}"), (client, "/sign-in"), (client, "/healthz"),
                          (anna, "/nothing"), (client, "/"), (client, "/service-worker.js")):  # fmt: skip
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"]
    assert client.get(asset, buffered=True).headers["X-Content-Type-Options"] == "nosniff"


def test_pages_of_someone_signed_in_are_not_stored(sign_in):
    anna = sign_in("anna")
    for path in ("/", "/teams", "/me", "/me/data"):
        assert "no-store" in anna.get(path).headers["Cache-Control"]


def test_a_form_without_its_token_is_refused_with_a_page(sign_in, story):
    told = story()
    answer = sign_in("anna").post(f"/stories/{told}/saving", csrf=False)
    assert answer.status_code == 400
    assert "<h1" in answer.text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_a_form_from_another_site_is_refused(sign_in, story, headers):
    told = story()
    assert sign_in("anna").post(f"/stories/{told}/saving", headers=headers).status_code == 403


def test_a_host_that_is_not_ours_is_refused(client):
    assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "address", ["//evil.example", "/\\evil.example", "https://evil.example", "/%09/evil.example", "/\t/evil"]
)
def test_sign_in_leads_only_to_our_own_pages(client, cast, address):
    form = {"email": cast.anna.email, "password": "fjord og fjeld", "next": address}
    location = client.post("/sign-in", data=form).location
    assert location.startswith("/")
    assert "evil" not in location
