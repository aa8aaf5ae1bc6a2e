"""One attempt over one connection."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import replace

import httpcore

from pytest_iqeval import __version__
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Reply, Request
from pytest_iqeval.endpoint.body import incoming
from pytest_iqeval.endpoint.chat import filtered_reply, read_reply, request_body
from pytest_iqeval.endpoint.failures import Explainer
from pytest_iqeval.endpoint.names import Names
from pytest_iqeval.endpoint.providers import Endpoint
from pytest_iqeval.endpoint.route import Route
from pytest_iqeval.endpoint.secret import Secret
from pytest_iqeval.endpoint.trust import tls_context
from pytest_iqeval.endpoint.watch import WIRE_FAULTS, Limits, Watch
from pytest_iqeval.endpoint.wire import Headers, Wire
from pytest_iqeval.endpoint.words import words_of

# Of the body of another status than 200, more is not waited for.
_MOST_ERROR_BYTES, _ERROR_S = 20_000, 5.0


class Connector:
    """Makes the transports to one endpoint; they share its TLS context, URL and headers.

    :param stream: have replies streamed; only then `limits` may set a first-byte timeout.
    :raises SettingsError: a certificate file named in the environment can't be read.
    """

    def __init__(
        self, endpoint: Endpoint, model: str, limits: Limits, *, stream: bool = False
    ) -> None:
        self.endpoint = endpoint
        self.model = model
        self.stream = stream
        self.limits = limits if stream else replace(limits, first_byte_timeout_s=None)
        self.headers = Secret([*request_headers(endpoint, stream=stream), _JSON])
        self.explain = Explainer(endpoint, model, self.limits)
        self.names = Names()
        self._tls = tls_context(endpoint, os.environ)

    def transport(self) -> HttpTransport:
        """A connection of its own, opened at its first request."""
        url = self.endpoint.address("chat/completions")
        try:
            route = Route(self.endpoint, self._tls, url)
        except Exception as error:  # its words may repeat a proxy's URL
            raise self.explain.exception(error) from None
        return HttpTransport(self, route)


class HttpTransport:
    """One lane: at most one request at a time over one kept connection (`core.ports.Transport`).

    A connection that the server closed while idle is replaced without a word. One that breaks
    under way is a retryable `NoReply`.
    """

    def __init__(self, connector: Connector, route: Route) -> None:
        self._connector = connector
        self._watch = Watch(connector.limits)
        self._wire = Wire(route, self._watch, connector.names)
        self._lock = threading.Lock()
        self._busy = False
        self._closed = False

    def send(self, request: Request) -> Reply:
        """Make one attempt; raise `NoReply` when it brought no reply."""
        try:
            return self._attempt(request)
        except NoReply:
            raise
        except BaseException as bug:  # the words of a fault of ours may repeat the request
            raise self._connector.explain.bug(bug) from None

    def _attempt(self, request: Request) -> Reply:
        watch = self._watch
        watch.begin()
        try:
            self._enter()
            try:
                reply = self._exchange(request)
            finally:
                self._leave()
        except Exception as error:
            # The border of one attempt: whatever the client raised becomes a counted outcome.
            raise self._trouble(error) from None
        return replace(reply, latency_s=watch.total_s, timing=watch.timing())

    def close(self) -> None:
        """End the connection; a `send` that is under way in another thread fails soon."""
        with self._lock:
            self._closed = True
            busy = self._busy
        if busy:
            self._wire.cut_off()
        else:
            self._wire.close()

    def _enter(self) -> None:
        with self._lock:
            if self._closed:
                raise _cancelled()
            self._busy = True

    def _leave(self) -> None:
        with self._lock:
            self._busy = False
            closed = self._closed
        if closed:
            self._wire.close()

    def _exchange(self, request: Request) -> Reply:
        """Send the request and read what comes."""
        connector, watch = self._connector, self._watch
        body = request_body(connector.endpoint, connector.model, request, stream=connector.stream)
        headers = [*connector.headers.reveal(), (b"Content-Length", b"%d" % len(body))]
        with self._wire.exchange("POST", headers, body) as response:
            head = head_of(response)
            most = connector.limits.max_reply_bytes
            encoding = head.get("content-encoding", "")
            chunks = incoming(response.iter_stream(), encoding, watch, connector.explain, most)
            if response.status in _WHOLE:
                reply = read_reply(chunks, head.get("content-type", ""), connector.explain, watch)
            else:
                reply = self._filtered(response.status, head, self._words(chunks))
            watch.end()
            # What follows a stream's end is awaited for a moment: read, the connection is kept.
            with contextlib.suppress(NoReply, *WIRE_FAULTS):
                for _ in chunks:
                    pass
        return reply

    def _filtered(self, status: int, head: dict[str, str], body: bytes) -> Reply:
        """What another status than 200 brings: a failure, unless it is a content filter's."""
        explain = self._connector.explain
        said = words_of(body, head.get("content-type", ""))
        reply = filtered_reply(said, explain) if 400 <= status < 500 else None
        if reply is None:
            raise explain.status(status, head, body)
        return reply

    def _words(self, chunks: Iterator[bytes]) -> bytes:
        """The begin of an error's body. If it breaks off, the status is what counts."""
        self._watch.hurry(_ERROR_S)
        body = bytearray()
        with contextlib.suppress(NoReply, *WIRE_FAULTS):
            for chunk in chunks:
                body += chunk
                if len(body) > _MOST_ERROR_BYTES:
                    break
        if self._closed:
            raise _cancelled()
        return bytes(body)

    def _trouble(self, error: Exception) -> NoReply:
        if self._closed:
            trouble = _cancelled()
        elif isinstance(error, NoReply):
            trouble = error
        else:
            trouble = self._connector.explain.exception(error)
        trouble.latency_s = self._watch.total_s
        trouble.timing = self._watch.timing()
        return trouble


# A gateway may call what it made 201, and one that changed something 203.
_WHOLE = frozenset({200, 201, 203})
_JSON = (b"Content-Type", b"application/json")


def request_headers(endpoint: Endpoint, *, stream: bool = False) -> Headers:
    """What every request carries, secrets revealed: for the wire alone."""
    headers = {
        "User-Agent": f"pytest-iqeval/{__version__}",
        "Accept": "text/event-stream, application/json" if stream else "application/json",
        # A packed stream is held back until a block of it is full.
        "Accept-Encoding": "identity" if stream else "gzip",
        "Connection": "keep-alive",
        **{name: value.reveal() for name, value in endpoint.headers.items()},
    }
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]


def head_of(response: httpcore.Response) -> dict[str, str]:
    """The headers of an answer, names in lower case."""
    return {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}


def _cancelled() -> NoReply:
    return NoReply("stopped before a reply came", kind="cancelled")
