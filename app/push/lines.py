"""Lines to push services: curl, told to follow nobody, to ask no proxy and to read little."""

import ipaddress
import socket
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import certifi
import pycurl
from AntiSSRF.ipaddress_ranges import IPAddressRanges

from app.fetch import BEYOND

CONNECTIONS_PER_HOST = 4
CONNECT_SECONDS, ANSWER_SECONDS = 5, 15
MOST_ANSWER_BYTES = 64 * 1024
NOT_PUBLIC = [ipaddress.ip_network(one) for one in (*IPAddressRanges.recommended_latest, *BEYOND)]


class Lines:
    """Many lines over few connections, which are kept, and shared where the service speaks HTTP/2.

    For one thread. `ca` are certificates to believe instead of the public ones; `reached_at` leads names
    elsewhere (as curl's CONNECT_TO); without `private`, no private address is met.
    """

    def __init__(self, ca: str, reached_at: Sequence[str], private: bool) -> None:
        self._made_like = ca, reached_at, private
        self._idle: list[pycurl.Curl] = []
        self._all = pycurl.CurlMulti()
        self._all.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        self._all.setopt(pycurl.M_MAX_HOST_CONNECTIONS, CONNECTIONS_PER_HOST)

    def begin(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> pycurl.Curl:
        """The line that carries a message from now on, until it ends."""
        line = self._idle.pop() if self._idle else _line(*self._made_like)
        line.setopt(pycurl.URL, endpoint)
        # curl writes %2b as %2B; to the service that may be another device.
        line.setopt(pycurl.REQUEST_TARGET, "/" + endpoint.split("/", 3)[3])
        line.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in headers.items()])
        line.setopt(pycurl.POSTFIELDS, body)
        line.setopt(pycurl.TIMEOUT, ANSWER_SECONDS)
        self._all.add_handle(line)
        return line

    def go_on(self) -> dict[pycurl.Curl, int]:
        """Send and read what can be, or wait up to a second; the lines that are done, with curl's error or 0."""
        self._all.perform()
        done = dict(self._done())
        # What is done may have made room for others, which then wait for no event.
        if not done:
            milliseconds = self._all.timeout()
            self._all.select(min(milliseconds / 1000, 1.0) if milliseconds >= 0 else 1.0)
        return done

    def _done(self) -> Iterator[tuple[pycurl.Curl, int]]:
        left = 1
        while left:
            left, fine, failed = self._all.info_read()
            yield from ((line, 0) for line in fine)
            yield from ((line, error) for line, error, _text in failed)

    def end(self, line: pycurl.Curl) -> None:
        """The line is free for another message."""
        self._all.remove_handle(line)
        self._idle.append(line)


def _line(ca: str, reached_at: Sequence[str], private: bool) -> pycurl.Curl:
    line = pycurl.Curl()
    options = {
        pycurl.POST: 1, pycurl.PROTOCOLS: pycurl.PROTO_HTTPS, pycurl.FOLLOWLOCATION: 0, pycurl.PROXY: "",
        pycurl.PATH_AS_IS: 1, pycurl.NOSIGNAL: 1, pycurl.NETRC: 0, pycurl.USERAGENT: "Fortael",
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2TLS, pycurl.CONNECTTIMEOUT: CONNECT_SECONDS,
        pycurl.SSL_VERIFYPEER: 1, pycurl.SSL_VERIFYHOST: 2, pycurl.CAINFO: certifi.where(),
        pycurl.MAXFILESIZE: MOST_ANSWER_BYTES, pycurl.WRITEFUNCTION: lambda _part: None,
    }  # fmt: skip
    if ca:
        options[pycurl.CAINFO_BLOB] = ca
    if reached_at:
        options[pycurl.CONNECT_TO] = list(reached_at)
    if not private:
        options[pycurl.OPENSOCKETFUNCTION] = _open_to_public
    for option, value in options.items():
        line.setopt(option, value)
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
