"""Today's cost and weight, as ratios of one run: `make bench`.

Cost: CPU per request of Today, signed in among 2,000 people with compression on, beside a bare Flask
hello on the same server, in alternating rounds. Weight: what Chromium loads for Today on a first visit
and on the next, without story pictures; the service worker's precache is counted apart.
Fails below 0.20 of hello, above 60 kB or above 12 kB.
"""

import hashlib
import os
import re
import shutil
import statistics
import sys
import tempfile
import urllib.request
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import brotli
from playwright.sync_api import sync_playwright

from app.demo.seeding import PASSWORD
from bench.screens import CHROMIUM, PHONE
from tests.running import ROOT, Running, seed

PEOPLE, ROUNDS, REQUESTS = 2000, 12, 400
AT_LEAST, FIRST_AT_MOST, NEXT_AT_MOST = 0.20, 60_000, 12_000
ACCEPT = {"Accept-Encoding": "gzip, deflate, br, zstd"}


def main() -> int:
    """Measure, print, and say whether all is within its bounds."""
    if not shutil.which("chromium"):
        sys.exit("make bench needs Chromium, which is not installed.")
    folder = seeded()
    with Running(folder) as today, Running(folder, target="bench.hello:app") as hello:
        cookies = signed_in(today.url)
        header = "; ".join(f"{name}={value}" for name, value in cookies.items())
        ratio = compare(today, hello, {"Cookie": header, **ACCEPT})
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
            weights = weigh(browser, today.url, cookies)
            browser.close()
        precache = weight_of_precache(today.url)
    print(f"Today beside hello:  {ratio:.2f} of its requests for the same CPU (at least {AT_LEAST:.2f})")
    print(f"First visit:         {weights[0] / 1000:.1f} kB (at most {FIRST_AT_MOST / 1000:.0f} kB)")
    print(f"Next visit:          {weights[1] / 1000:.1f} kB (at most {NEXT_AT_MOST / 1000:.0f} kB)")
    print(f"The worker's precache, apart: {precache / 1000:.1f} kB")
    return not (ratio >= AT_LEAST and weights[0] <= FIRST_AT_MOST and weights[1] <= NEXT_AT_MOST)


def seeded() -> Path:
    """The demo organisation with 2,000 people, made once a day for the same code."""
    digest = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    for path in sorted([*ROOT.glob("app/**/*.py"), *ROOT.glob("migrations/**/*.py")]):
        digest.update(path.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"fortael-bench-{os.getuid()}-{digest.hexdigest()[:12]}"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        seed(folder, PEOPLE)
        (folder / "ready").touch()
    return folder


def signed_in(url: str) -> dict[str, str]:
    """Anna's cookies, by the form, once she has seen Today."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{url}/sign-in").read().decode()
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"email": "anna@fjordby.example", "password": PASSWORD, "csrf_token": token}
    browser.open(f"{url}/sign-in", urlencode(form).encode()).read()
    return {cookie.name: cookie.value or "" for cookie in jar}


def weigh(browser: Any, url: str, cookies: dict[str, str]) -> list[int]:
    """Bytes over the wire, headers too, of a first visit to Today and of the next; no story pictures."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, service_workers="block")
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    addresses: dict[str, str] = {}
    received: dict[str, int] = {}
    network.on("Network.requestWillBeSent", lambda e: addresses.update({e["requestId"]: e["request"]["url"]}))
    network.on("Network.loadingFinished", lambda e: received.update({e["requestId"]: e["encodedDataLength"]}))
    weights = []
    for _visit in ("first", "next"):
        received.clear()
        page.goto(url, wait_until="networkidle")
        ours = {key: size for key, size in received.items() if "/pictures/" not in addresses[key]}
        weights.append(int(sum(ours.values())))
        for key, size in sorted(ours.items(), key=lambda item: -item[1]):
            if size:
                print(f"  {_visit:5} {size / 1000:6.1f} kB  {addresses[key].removeprefix(url)}")
    context.close()
    return weights


def weight_of_precache(url: str) -> int:
    """Bytes of what the service worker fetches at its start, compressed."""
    with urllib.request.urlopen(f"{url}/service-worker.js") as answer:  # noqa: S310  # our own address
        script = answer.read().decode()
    total = 0
    for path in sorted({part for part in script.split('"') if part.startswith("/static/")}):
        asked = urllib.request.Request(url + path, headers={"Accept-Encoding": "br"})  # noqa: S310
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            total += len(answer.read())
    return total


def compare(today: Running, hello: Running, headers: dict[str, str]) -> float:
    """Hello's CPU per request over Today's: the median of alternating rounds, each short, so that both
    sides of a round meet the same machine.
    """
    look_at(today, headers)
    ratios = [cpu_of(hello, ACCEPT) / cpu_of(today, headers) for _round in range(ROUNDS + 1)][1:]
    look_at(today, headers)
    print("  rounds: " + " ".join(f"{ratio:.3f}" for ratio in sorted(ratios)))
    return statistics.median(ratios)


def look_at(today: Running, headers: dict[str, str]) -> None:
    """Today is really Today: the person's name and three titles, compressed."""
    connection = HTTPConnection("localhost", today.port)
    connection.request("GET", "/", headers=headers | {"Accept-Encoding": "br"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.getheader("Content-Encoding") == "br", "compression is off"
    html = brotli.decompress(body).decode()
    assert "Anna" in html, "the person's name is missing"
    titles = re.findall(r'<h3><a href="/stories/\d+">([^<]{8,})</a></h3>', html)
    assert len(set(titles)) == 3, f"not three titles: {titles}"


def cpu_of(app: Running, headers: dict[str, str]) -> float:
    """CPU ticks of the server per request of one round over one kept connection."""
    connection = HTTPConnection("localhost", app.port)
    before = ticks(app.process.pid)
    for _request in range(REQUESTS):
        connection.request("GET", "/", headers=headers)
        answer = connection.getresponse()
        length = len(answer.read())
        assert answer.status == 200
        assert length > 10
    spent = ticks(app.process.pid) - before
    connection.close()
    return spent / REQUESTS


def ticks(pid: int) -> int:
    """User and system time of a process and its children, in nanoseconds of CPU."""
    total = sum(
        int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()
    )
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return total + sum(ticks(int(child)) for child in children)


if __name__ == "__main__":
    sys.exit(main())
