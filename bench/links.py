"""What a short link costs, as ratios of one run: `make bench-links`.

CPU per click of a person, writing included, beside a bare Flask hello on the same server and beside the same app
that writes each click before it answers (`bench/at_once.py`), in alternating rounds. Then how long links take, with
four people following them at once, while another process writes all the time. Every click must be counted at the end.
Fails below 0.20 of hello, below twice what writing at once does, or when one link in a hundred takes over 100 ms.
"""

import shutil
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

from bench.run import ACCEPT, ROUNDS, seeded, ticks
from tests.running import Running, copy

CLICKS, TOGETHER = 400, 4
OF_HELLO, OF_AT_ONCE, SLOWEST = 0.20, 2.0, 0.100
AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
PROXY = {"PROXY_COUNT": "1"}
visitors = count(1)


def main() -> int:
    """Measure, print, and say whether all is within its bounds."""
    folder = Path(tempfile.mkdtemp())
    try:
        waiting, at_once = copy(seeded(), folder / "waiting"), copy(seeded(), folder / "at-once")
        with (
            Running(waiting, **PROXY) as link,
            Running(at_once, target="bench.at_once:app", **PROXY) as before,
            Running(folder, target="bench.hello:app") as hello,
        ):
            path = link_in(waiting)
            beside_hello, beside_before = compare(link, before, hello, path)
            calm, slow = took(link, path), busy_took(link, before, waiting, at_once, path)
        lost = next(visitors) - 1 - sum(counted(place) for place in (waiting, at_once))
    finally:
        shutil.rmtree(folder)
    print(
        f"A link beside hello:              {beside_hello:.2f} of its requests for the same CPU (at least {OF_HELLO:.2f})"
    )
    print(
        f"A link beside writing at once:    {beside_before:.1f} times its clicks for the same CPU (at least {OF_AT_ONCE:.1f})"
    )
    print(
        f"One in a hundred takes more than: {calm * 1000:.1f} ms; beside a busy writer {slow[0] * 1000:.1f} ms, writing at once {slow[1] * 1000:.1f} ms"
    )
    print(f"Clicks that were not counted:     {lost}")
    return not (beside_hello >= OF_HELLO and beside_before >= OF_AT_ONCE and slow[0] <= SLOWEST and lost == 0)


def link_in(folder: Path) -> str:
    """A short link that the seeded past has left."""
    told = "SELECT token FROM shares WHERE rung >= 3 AND withdrawn_at IS NULL ORDER BY said_at DESC LIMIT 1"
    with sqlite3.connect(folder / "fortael.sqlite3") as database:
        (token,) = database.execute(told).fetchone()
    database.close()
    return f"/s/{token}"


def counted(folder: Path) -> int:
    """People who were counted since the copy was made."""
    with sqlite3.connect(folder / "fortael.sqlite3") as database:
        (people,) = database.execute("SELECT count(*) FROM visits WHERE verdict = 'human'").fetchone()
    database.close()
    return int(people)


def compare(link: Running, before: Running, hello: Running, path: str) -> tuple[float, float]:
    """Hello's CPU per request over a link's, and writing at once's over a link's: medians of alternating rounds."""
    rounds = [(cpu_of(hello, "/"), cpu_of(link, path), cpu_of(before, path)) for _round in range(ROUNDS + 1)][
        1:
    ]
    return (
        statistics.median(bare / ours for bare, ours, _theirs in rounds),
        statistics.median(theirs / ours for _bare, ours, theirs in rounds),
    )


def cpu_of(app: Running, path: str) -> float:
    """CPU of the server per request of one round over one kept connection, and of the writing that follows."""
    before = ticks(app.process.pid)
    follow(app, path, CLICKS)
    if path != "/":
        time.sleep(1.2)
    return (ticks(app.process.pid) - before) / CLICKS


def follow(app: Running, path: str, times: int) -> list[float]:
    """So many clicks, each of a visitor of its own; how many seconds each took."""
    connection, seconds = HTTPConnection("localhost", app.port), []
    for _click in range(times):
        number = next(visitors) if path != "/" else 0
        headers = ACCEPT | {"User-Agent": AGENT, "X-Forwarded-For": f"2001:db8::{number:x}"}
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        seconds.append(time.perf_counter() - began)
        assert answer.status == (200 if path == "/" else 302)
    connection.close()
    return seconds


def took(app: Running, path: str) -> float:
    """What one link in a hundred takes longer than, in seconds, when four follow them at once."""
    seconds: list[float] = []
    threads = [
        threading.Thread(target=lambda: seconds.extend(follow(app, path, CLICKS))) for _one in range(TOGETHER)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statistics.quantiles(seconds, n=100)[98]


def busy_took(link: Running, before: Running, waiting: Path, at_once: Path, path: str) -> tuple[float, float]:
    """The same of both, while another process holds the database for a tenth of a second, over and over."""
    return busy(link, waiting, path), busy(before, at_once, path)


def busy(app: Running, folder: Path, path: str) -> float:
    """The same of one."""
    stop = threading.Event()
    writer = threading.Thread(target=hold_on, args=(folder, stop))
    writer.start()
    try:
        return took(app, path)
    finally:
        stop.set()
        writer.join()
        time.sleep(2)


def hold_on(folder: Path, stop: threading.Event) -> None:
    """Hold the one lock of writing."""
    database = sqlite3.connect(folder / "fortael.sqlite3", isolation_level=None, timeout=30)
    while not stop.is_set():
        database.execute("BEGIN IMMEDIATE")
        time.sleep(0.1)
        database.execute("ROLLBACK")
        time.sleep(0.02)
    database.close()


if __name__ == "__main__":
    sys.exit(main())
