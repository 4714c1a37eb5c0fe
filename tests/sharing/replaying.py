"""One of the processes that replay a share: several phones of one person send it again and again, in random order.

`python -m tests.sharing.replaying SEED REPLAYS STORY KEY OTHER_KEY` says "ready", waits for a line, and prints each
request's start, end and status as JSON.
"""

import json
import random
import sys
import threading

from app import create_app
from tests.racing import TEXT, Phone

PHONES = 3


def race(seed: int, replays: int, story: int, key: str, other: str) -> list[tuple[float, float, int, str]]:
    """Each phone sends its part of the replays: the share, the share with "it is posted", and that alone."""
    app = create_app()
    chance = random.Random(seed)  # noqa: S311  # which replay comes next is no secret
    order = [chance.choice(("share", "said", "posting")) for _replay in range(replays)]
    seen: list[tuple[float, float, int, str]] = []
    phones = [Phone(app.test_client(), "anna", seen) for _phone in range(PHONES)]
    seen.clear()
    form = {"text": TEXT, "network": "linkedin", "disclosed": "1", "key": key}
    print("ready", flush=True)
    sys.stdin.readline()

    def send(phone: Phone, what: list[str]) -> None:
        address = ""
        for one in what:
            if one == "posting" and address:
                phone.post(address, key=other)
            else:
                said = {"said": "1"} if one == "said" else {}
                led_to = phone.post(f"/stories/{story}/shares", **form, **said)
                address = f"/shares/{led_to.split('/')[2]}/posting"

    threads = [
        threading.Thread(target=send, args=(phone, order[begin::PHONES]))
        for begin, phone in enumerate(phones)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


if __name__ == "__main__":
    json.dump(race(*map(int, sys.argv[1:4]), *sys.argv[4:]), sys.stdout)
