"""Sealed messages to push services: many at once, over few connections, to hosts of the list alone.

An address is a capability: it stands in no log, no answer and no error of this module.
"""

import re
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import pycurl

from app.config import PRODUCTION
from app.push.lines import Lines
from app.push.messages import Sealed

AT_ONCE = 100
PATIENCE_SECONDS = 60
LONGEST_ENDPOINT = 2048
LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
ENDPOINT = re.compile(
    rf"https://((?:{LABEL}\.)*{LABEL})(?::(\d{{1,5}}))?/[!\"$-\[\]-~]*", re.ASCII | re.IGNORECASE
)
REASONS = {
    pycurl.E_COULDNT_RESOLVE_HOST: "its name is not found",
    pycurl.E_COULDNT_CONNECT: "no connection",
    pycurl.E_OPERATION_TIMEDOUT: "no answer in time",
    pycurl.E_PEER_FAILED_VERIFICATION: "its certificate is not trusted",
}


@dataclass(frozen=True, slots=True)
class Hosts:
    """Which hosts may be sent to: PUSH_HOSTS as it was read. `private` says that private addresses may be met."""

    names: frozenset[tuple[str, int]]
    suffixes: tuple[str, ...]
    reached_at: tuple[str, ...] = ()
    ca: str = ""
    private: bool = False

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Self:
        """As the settings have it."""
        names, suffixes, reached_at = set(), [], []
        for entry in config["PUSH_HOSTS"]:
            name, _, elsewhere = entry.partition("=")
            if elsewhere:
                reached_at.append(f"{name}:443:{elsewhere}")
            if name.startswith("*."):
                suffixes.append(name[1:])
            else:
                host, _, port = name.partition(":")
                names.add((host, int(port or 443)))
        private = config["FORTAEL_ENV"] != PRODUCTION
        return cls(frozenset(names), tuple(suffixes), tuple(reached_at), config["PUSH_CA"], private)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a push service said. Status 0: nothing, and `said` tells why. `retry_after` is in seconds."""

    status: int
    retry_after: int | None = None
    said: str = ""


NOT_ALLOWED = Answer(0, said="its host is not on the list")
NOT_TRIED = Answer(0, said="there was no time left")


def is_allowed(endpoint: str, hosts: Hosts) -> bool:
    """Whether an address is that of a push service of the list: https, its port, a name, and nothing else."""
    found = ENDPOINT.fullmatch(endpoint) if len(endpoint) <= LONGEST_ENDPOINT else None
    if found is None:
        return False
    host, port = found[1].lower(), int(found[2] or 443)
    return (host, port) in hosts.names or (port == 443 and host.endswith(hosts.suffixes))


def send(sealed: Sequence[Sealed], hosts: Hosts) -> list[Answer]:
    """What became of each message, in their order, within about 75 seconds. Never raises for what a service does."""
    answers: dict[int, Answer] = {}
    for some in answers_to(sealed, hosts):
        answers |= some
    return [answers[place] for place in range(len(sealed))]


def answers_to(sealed: Sequence[Sealed], hosts: Hosts) -> Iterator[dict[int, Answer]]:
    """The same as it becomes known: some answers at a time, by their messages' places."""
    waiting = deque(place for place, one in enumerate(sealed) if is_allowed(one.endpoint, hosts))
    yield dict.fromkeys(set(range(len(sealed))) - set(waiting), NOT_ALLOWED)
    lines, until = _lines(hosts, threading.get_ident()), time.monotonic() + PATIENCE_SECONDS
    busy: dict[pycurl.Curl, int] = {}
    try:
        while waiting or busy:
            if time.monotonic() > until:
                yield dict.fromkeys(waiting, NOT_TRIED)
                waiting.clear()
            while waiting and len(busy) < AT_ONCE:
                place = waiting.popleft()
                one = sealed[place]
                busy[lines.begin(one.endpoint, one.headers, one.body)] = place
            some = {}
            for line, error in lines.go_on().items():
                some[busy.pop(line)] = _answer(line, error)
                lines.end(line)
            yield some
    finally:
        for line in busy:
            lines.end(line)


@lru_cache(maxsize=8)
def _lines(hosts: Hosts, _thread: int) -> Lines:
    """They are kept from batch to batch, with their connections; each thread has its own."""
    return Lines(hosts.ca, hosts.reached_at, hosts.private)


def _answer(line: pycurl.Curl, error: int) -> Answer:
    """A status that came counts, also when what followed it was too long or broke off."""
    if status := line.getinfo(pycurl.RESPONSE_CODE):
        return Answer(status, line.getinfo(pycurl.RETRY_AFTER) or None)
    return Answer(0, said=REASONS.get(error, f"the connection failed (curl {error})"))
