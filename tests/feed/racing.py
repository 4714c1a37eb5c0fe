"""One of the processes of a race for the day's choice: all phones of some people look at Today at the same moment.

`python -m tests.feed.racing PHONES` signs in, says "ready", reads the instant to look at, looks, and prints of each look
whose it was, when it began and ended, its status and the stories on it, as JSON; and once more. The first look is the
first of the day.
"""

import json
import re
import sys
import threading
import time
from typing import Any

from app import create_app
from tests.racing import PEOPLE, Phone

PATIENCE = 60


def look(phone: Phone, name: str, instant: float, seen: list[dict[str, Any]]) -> None:
    """One look at Today, at the same instant as all the others."""
    time.sleep(max(0.0, instant - time.time()))
    began = time.time()
    answer = phone.client.get("/")
    stories = [int(one) for one in re.findall(r'id="story-(\d+)"', answer.text)]
    seen.append(
        {
            "who": name,
            "began": began,
            "ended": time.time(),
            "status": answer.status_code,
            "stories": stories,
        }
    )


def race(each: int) -> None:
    """Everyone looks with each of their phones, twice."""
    app = create_app()
    phones = [(name, Phone(app.test_client(), name, [])) for name in PEOPLE for _phone in range(each)]
    for _turn in range(2):
        print("ready", flush=True)
        instant, seen = float(sys.stdin.readline()), list[dict[str, Any]]()
        threads = [threading.Thread(target=look, args=(phone, name, instant, seen)) for name, phone in phones]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    race(int(sys.argv[1]))
