"""One of the processes that use the same links: `python -m tests.people.at_once`; says "ready", then answers each line.

["ask", email] asks for a link and gives its path, its code and the asking browser's cookies;
["use", path, code, cookies, moment] waits for a moment, presses the button or types the code, and gives when that
began, when it ended, and the status.
"""

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app import clock, create_app
from tests.letters import code_of, delivered, link_of


def browser(app: Flask, cookies: Mapping[str, str]) -> FlaskClient:
    client = app.test_client()
    for name, value in cookies.items():
        client.set_cookie(name, value)
    return client


def token_of(client: FlaskClient, path: str) -> str:
    return client.get(path).text.split('name="csrf_token" value="')[1].split('"')[0]


def ask(app: Flask, email: str) -> tuple[str, str, dict[str, str]]:
    client = browser(app, {})
    answer = client.post("/sign-in/link", data={"email": email, "csrf_token": token_of(client, "/sign-in")})
    assert answer.status_code == 303
    with app.app_context():
        letter = delivered(clock.now())[-1]
    return link_of(letter), code_of(letter), {one.key: one.value for one in client._cookies.values()}


def use(
    app: Flask, path: str, code: str, cookies: Mapping[str, str], moment: float
) -> tuple[float, float, int]:
    client = browser(app, cookies)
    token = token_of(client, path)
    time.sleep(max(0.0, moment - time.time()))
    began = time.time()
    answer = client.post(path, data={"code": code, "csrf_token": token})
    return began, time.time(), answer.status_code


def main() -> None:
    app = create_app()
    deeds: dict[str, Any] = {"ask": ask, "use": use}
    print("ready", flush=True)
    for line in sys.stdin:
        deed, *arguments = json.loads(line)
        print(json.dumps(deeds[deed](app, *arguments)), flush=True)


if __name__ == "__main__":
    main()
