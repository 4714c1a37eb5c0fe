"""Sealed messages to push services: many at once, over few connections, to hosts of the list alone.

An address is a capability: it stands in no log, no answer and no error of this module.
"""

import ipaddress
import re
import socket
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import certifi
import pycurl
from AntiSSRF.ipaddress_ranges import IPAddressRanges

from app.push.messages import Sealed

AT_ONCE = 100
CONNECTIONS_PER_HOST = 8
CONNECT_SECONDS, ANSWER_SECONDS, PATIENCE_SECONDS = 5, 15, 60
MOST_ANSWER_BYTES = 64 * 1024
LONGEST_ENDPOINT = 2048
LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
ENDPOINT = re.compile(
    rf"https://((?:{LABEL}\.)*{LABEL})(?::(\d{{1,5}}))?/[!\"$-\[\]-~]*", re.ASCII | re.IGNORECASE
)
# Also the two ways to write an IPv4 address inside an IPv6 one that the list leaves out.
NOT_PUBLIC = [
    ipaddress.ip_network(one) for one in (*IPAddressRanges.recommended_latest, "::/96", "::ffff:0:0:0/96")
]
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
    def of(cls, config: Mapping[str, Any]) -> "Hosts":
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
        private = config["FORTAEL_ENV"] != "production"
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
    answers = [NOT_ALLOWED] * len(sealed)
    waiting = deque(place for place, one in enumerate(sealed) if is_allowed(one.endpoint, hosts))
    idle = [_line(hosts) for _one in range(min(AT_ONCE, len(waiting)))]
    busy: dict[pycurl.Curl, int] = {}
    lines, until = _lines(), time.monotonic() + PATIENCE_SECONDS
    while waiting or busy:
        if waiting and time.monotonic() > until:
            answers = [NOT_TRIED if place in waiting else one for place, one in enumerate(answers)]
            waiting.clear()
        while waiting and idle:
            line, place = idle.pop(), waiting.popleft()
            _load(line, sealed[place])
            lines.add_handle(line)
            busy[line] = place
        lines.perform()
        for line, error in _ended(lines):
            answers[busy.pop(line)] = _answer(line, error)
            lines.remove_handle(line)
            idle.append(line)
        if busy and not (waiting and idle):
            lines.select(1.0)
    return answers


def _lines() -> pycurl.CurlMulti:
    """What holds connections and shares each among many messages when the service speaks HTTP/2."""
    lines = pycurl.CurlMulti()
    lines.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
    lines.setopt(pycurl.M_MAX_HOST_CONNECTIONS, CONNECTIONS_PER_HOST)
    return lines


def _line(hosts: Hosts) -> pycurl.Curl:
    """What carries one message at a time. It follows no redirect, asks no proxy and reads little."""
    line = pycurl.Curl()
    options = {
        pycurl.POST: 1, pycurl.PROTOCOLS: pycurl.PROTO_HTTPS, pycurl.FOLLOWLOCATION: 0, pycurl.PROXY: "",
        pycurl.PATH_AS_IS: 1, pycurl.NOSIGNAL: 1, pycurl.NETRC: 0, pycurl.USERAGENT: "Fortael",
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2TLS, pycurl.PIPEWAIT: 1,
        pycurl.SSL_VERIFYPEER: 1, pycurl.SSL_VERIFYHOST: 2, pycurl.CAINFO: certifi.where(),
        pycurl.CONNECTTIMEOUT: CONNECT_SECONDS, pycurl.TIMEOUT: ANSWER_SECONDS,
        pycurl.MAXFILESIZE: MOST_ANSWER_BYTES, pycurl.WRITEFUNCTION: lambda _part: None,
    }  # fmt: skip
    for option, value in options.items():
        line.setopt(option, value)
    if hosts.ca:
        line.setopt(pycurl.CAINFO_BLOB, hosts.ca)
    if hosts.reached_at:
        line.setopt(pycurl.CONNECT_TO, list(hosts.reached_at))
    if not hosts.private:
        line.setopt(pycurl.OPENSOCKETFUNCTION, _open_to_public)
    return line


def _open_to_public(_purpose: int, address: Any) -> Any:
    """A socket to where the name has led, unless that is inside somebody's network."""
    return socket.socket(*address[:3]) if is_public(address.addr[0]) else pycurl.SOCKET_BAD


def is_public(address: str) -> bool:
    """Whether an IP address, however it is written, is one of the open internet."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return not any(found in network for network in NOT_PUBLIC)


def _load(line: pycurl.Curl, sealed: Sealed) -> None:
    line.setopt(pycurl.URL, sealed.endpoint)
    line.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in sealed.headers.items()])
    line.setopt(pycurl.POSTFIELDS, sealed.body)


def _ended(lines: pycurl.CurlMulti) -> Iterator[tuple[pycurl.Curl, int]]:
    """Lines that are done, each with curl's number of the error or 0."""
    left = 1
    while left:
        left, fine, failed = lines.info_read()
        yield from ((line, 0) for line in fine)
        yield from ((line, number) for line, number, _text in failed)


def _answer(line: pycurl.Curl, error: int) -> Answer:
    """A status that came counts, also when what followed it was too long or broke off."""
    if status := line.getinfo(pycurl.RESPONSE_CODE):
        return Answer(status, line.getinfo(pycurl.RETRY_AFTER) or None)
    return Answer(0, said=REASONS.get(error, f"the connection failed (curl {error})"))
