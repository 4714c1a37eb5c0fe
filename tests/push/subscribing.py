"""One of the processes in which a person's browsers say yes at once: `python -m tests.push.subscribing PERSON SIGN_IN`.

Says "ready", reads the browsers as JSON, and prints when the first began and the last ended.
"""

import json
import sys
import time

from app import clock, create_app
from app.db import writing
from app.push import subscriptions
from app.push.messages import Sealer
from app.push.sending import Hosts
from app.push.subscriptions import Browser


def main(person_id: int, sign_in_id: int) -> None:
    """Each browser in a transaction of its own."""
    app = create_app()
    key_id, hosts = Sealer.of(app.config).key_id, Hosts.of(app.config)
    with app.app_context():
        print("ready", flush=True)
        browsers = json.loads(sys.stdin.readline())
        began = time.time()
        for endpoint, keys in browsers:
            browser = Browser.of(endpoint, keys["p256dh"], keys["auth"], key_id, "Chrome")
            with writing():
                subscriptions.subscribe(person_id, sign_in_id, browser, hosts, clock.now())
        print(json.dumps([began, time.time()]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
