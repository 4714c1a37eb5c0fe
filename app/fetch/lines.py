"""Connections that end when the time is up, however slowly the other side drips."""

import socket
from contextlib import suppress
from contextvars import ContextVar
from threading import Timer
from typing import Self

from requests import Session
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Deadline:
    """Inside it, the connections of sessions that are `bound` are cut when its seconds are over."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._lines: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._token = _running.set(self)
        self._timer.start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self._timer.cancel()
        _running.reset(self._token)
        for line in self._lines:
            line.close()

    def watching(self, line: socket.socket) -> socket.socket:
        """The connection, which ends when the time is up."""
        # A second handle on it: TLS takes the first one over.
        self._lines.append(line.dup())
        if self.over:
            self._cut()
        return line

    def _cut(self) -> None:
        self.over = True
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def bound(session: Session) -> Session:
    """The session, whose connections keep the deadline that runs."""
    for adapter in session.adapters.values():
        if isinstance(adapter, HTTPAdapter):
            adapter.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    return session


_running: ContextVar[Deadline] = ContextVar("running")


class _Http(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _running.get().watching(super()._new_conn())


class _Https(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _running.get().watching(super()._new_conn())


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https
