"""One of the processes that claim the same steps at once: `python -m tests.claiming KIND INSTANT`.

Says "ready", waits for a line, claims until nothing is left, and prints each claim's start, end and keys as JSON.
"""

import json
import sys
import time
from datetime import datetime

from app import create_app, outbox
from app.db import writing


def claims(kind: str, at: datetime) -> list[tuple[float, float, list[str]]]:
    """Every claim of this process, in steps of five."""
    seen = []
    while True:
        began = time.time()
        with writing():
            steps = outbox.claim(kind, at, 5)
        if not steps:
            return seen
        seen.append((began, time.time(), [step.key for step in steps]))


if __name__ == "__main__":
    with create_app().app_context():
        print("ready", flush=True)
        sys.stdin.readline()
        json.dump(claims(sys.argv[1], datetime.fromisoformat(sys.argv[2])), sys.stdout)
