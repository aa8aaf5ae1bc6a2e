"""One kept connection: opened when it is needed, watched, and replaced when it was closed.

It stands on httpcore, below httpx: a client of httpx takes twice the CPU a request, for cookies,
redirects and a pool that one connection has no use for, and it logs every URL, query included.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore

from pytest_iqeval.endpoint.names import Names
from pytest_iqeval.endpoint.quiet import QUIET
from pytest_iqeval.endpoint.route import Route
from pytest_iqeval.endpoint.watch import LookupTimeout, Watch

Headers = list[tuple[bytes, bytes]]
_STALE_S = 1.0


class Wire:
    """A lane's connection. One exchange at a time; `cut_off` may come from any thread.

    :param names: finds the host's addresses; lanes share it.
    """

    def __init__(self, route: Route, watch: Watch, names: Names) -> None:
        self._route = route
        self._watch = watch
        self._backend = _WatchedBackend(watch, names)
        self._connection: httpcore.ConnectionInterface | None = None
        self._cut = False

    @contextlib.contextmanager
    def exchange(
        self, method: str, headers: Headers, content: bytes | None = None
    ) -> Iterator[httpcore.Response]:
        """The answer's head, and its body to read; afterwards the connection is kept or closed.

        A kept connection that proves to be closed is replaced once. A server may close it just
        as the request goes out. That shows within a round trip; what breaks later broke while
        the server was at work, and is told.
        """
        request = httpcore.Request(
            method,
            self._route.url.reveal(),
            headers=[(b"Host", self._route.host), *headers],
            content=content,
        )
        with QUIET:
            try:
                response = self._sent(request)
                try:
                    yield response
                finally:
                    response.close()
            finally:
                kept = self._connection
                if kept is not None and (kept.is_closed() or not kept.is_idle()):
                    self.close()

    def _sent(self, request: httpcore.Request) -> httpcore.Response:
        started = time.perf_counter()
        try:
            return self._open().handle_request(request)
        except (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError) as error:
            unanswered = not isinstance(error, httpcore.RemoteProtocolError) or (
                "without sending a response" in str(error)
            )
            late = time.perf_counter() - started > _STALE_S
            if self._watch.fresh or self._cut or late or not unanswered:
                raise
        self.close()
        return self._open().handle_request(request)

    def _open(self) -> httpcore.ConnectionInterface:
        kept = self._connection
        if kept is not None and not kept.is_closed() and not kept.has_expired():
            return kept
        self.close()
        self._connection = self._route.open(self._backend)
        return self._connection

    def cut_off(self) -> None:
        """Wake whoever waits on the socket: closing it would not, shutting it down does."""
        self._cut = True
        self._backend.cut_off()

    def close(self) -> None:
        """Let the connection go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with QUIET, contextlib.suppress(OSError):
                connection.close()
            self._backend.close()


class _WatchedBackend(httpcore.NetworkBackend):
    """Connects within the limits, all addresses of a host together, and watches what passes."""

    def __init__(self, watch: Watch, names: Names) -> None:
        self._watch = watch
        self._names = names
        self._backend = httpcore.SyncBackend()
        self._cut = False
        self._latest: httpcore.NetworkStream | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the watch knows
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self._watch.connecting()
        try:
            addresses = self._names.addresses(host, port, self._watch.connect_left_s())
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        if addresses is None:
            raise LookupTimeout(f"the host name {host} was not found in time")
        failure: Exception = httpcore.ConnectError("the host name has no address")
        for tried, address in enumerate(addresses):
            # One that swallows packets (IPv6 does at many places) must leave time for the next.
            share_s = self._watch.connect_left_s() / (len(addresses) - tried)
            try:
                stream = self._backend.connect_tcp(
                    address, port, share_s, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                self._watch.connected()
                return self.watched(stream)
        raise failure

    def watched(self, stream: httpcore.NetworkStream) -> httpcore.NetworkStream:
        """`stream`, which is now the one that `cut_off` is about."""
        self._latest = stream
        if self._cut:  # while it was connecting
            self.cut_off()
        return _WatchedStream(stream, self._watch, self)

    def close(self) -> None:
        """After a handshake with a SOCKS proxy that failed, httpcore leaves the socket open."""
        latest, self._latest = self._latest, None
        if latest is not None:
            latest.close()

    def cut_off(self) -> None:
        self._cut = True
        latest = self._latest
        if latest is not None:
            sock = latest.get_extra_info("socket")
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _WatchedStream(httpcore.NetworkStream):
    """A stream whose every step waits no longer than the attempt has left.

    What is written goes out when an answer is waited for: head and body of a request in one
    piece, which saves a system call and, without a delay at the other end, a packet.
    """

    def __init__(
        self, stream: httpcore.NetworkStream, watch: Watch, backend: _WatchedBackend
    ) -> None:
        self._stream = stream
        self._watch = watch
        self._backend = backend
        self._unsent: list[bytes] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        watch = self._watch
        if self._unsent:
            # A server may refuse a request while it comes in, close, and still be heard.
            with contextlib.suppress(httpcore.WriteError):
                self._flush()
        left = watch.left_s()
        try:
            data = self._stream.read(max_bytes, left)
        except httpcore.ReadTimeout:
            raise watch.late() from None
        if data:
            watch.heard()
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._unsent.append(buffer)

    def _flush(self) -> None:
        whole, self._unsent = b"".join(self._unsent), []
        self._stream.write(whole, self._watch.left_s())
        self._watch.asked()

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        watch = self._watch
        watch.securing()
        stream = self._stream.start_tls(ssl_context, server_hostname, watch.connect_left_s())
        watch.connected()
        return self._backend.watched(stream)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
