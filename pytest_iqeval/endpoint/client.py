"""One attempt over one connection."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from pytest_iqeval import __version__
from pytest_iqeval.core.errors import NoReply, SettingsError
from pytest_iqeval.core.request import Reply, Request
from pytest_iqeval.endpoint.chat import read_reply, request_body
from pytest_iqeval.endpoint.failures import Explainer
from pytest_iqeval.endpoint.logs import redact_logs
from pytest_iqeval.endpoint.providers import Endpoint
from pytest_iqeval.endpoint.secret import Secret

MAX_REPLY_BYTES = 20_000_000
_STALE_S = 1.0
Trace = Callable[[str, Mapping[str, Any]], None]


class Connector:
    """Makes the transports to one endpoint; they share its TLS context, URL and headers.

    :param timeout_s: seconds that one attempt may take in all.
    :param connect_timeout_s: seconds of it that name lookup, connection and TLS may take.
    :raises SettingsError: a certificate file named in the environment can't be read.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        *,
        timeout_s: float,
        connect_timeout_s: float = 10.0,
        max_reply_bytes: int = MAX_REPLY_BYTES,
    ) -> None:
        self.endpoint = endpoint
        self.model = model
        self.timeout_s = timeout_s
        self.connect_timeout_s = min(connect_timeout_s, timeout_s)
        self.max_reply_bytes = max_reply_bytes
        self.url = Secret(httpx.URL(endpoint.address("chat/completions")))
        # httpx's own repr hides the Authorization header alone.
        self.headers = Secret(
            httpx.Headers(request_headers(endpoint) | {"Content-Type": "application/json"})
        )
        self.explain = Explainer(
            endpoint, model, timeout_s=timeout_s, connect_timeout_s=self.connect_timeout_s
        )
        self._tls = tls_context(endpoint, os.environ)

    def transport(self) -> HttpTransport:
        """A connection of its own, opened at its first request."""
        try:
            client = open_client(self.endpoint, self._tls)
        except Exception as error:  # its words may repeat a proxy's URL
            raise self.explain.exception(error) from None
        return HttpTransport(self, client)


class HttpTransport:
    """One lane: at most one request at a time over one kept connection (`core.ports.Transport`).

    A connection that the server closed while idle is replaced without a word. One that breaks
    under way is a retryable `NoReply`.
    """

    def __init__(self, connector: Connector, client: httpx.Client) -> None:
        self._connector = connector
        self._client = client
        self._lock = threading.Lock()
        self._busy = False
        self._closed = False
        self._stream: Any = None  # httpcore's stream of the connection, for its socket
        self._fresh = False  # whether this attempt made a connection of its own

    def send(self, request: Request) -> Reply:
        """Make one attempt; raise `NoReply` when it brought no reply."""
        redact_logs(self._connector.explain.redact)
        try:
            return self._attempt(request)
        except NoReply:
            raise
        except BaseException as bug:  # the words of a fault of ours may repeat the request
            raise self._connector.explain.bug(bug) from None

    def _attempt(self, request: Request) -> Reply:
        started = time.perf_counter()
        try:
            self._enter()
            try:
                body, content_type = self._exchange(request, started)
            finally:
                self._leave()
            latency_s = time.perf_counter() - started
            reply = read_reply(body, content_type, self._connector.explain)
        except Exception as error:
            # The border of one attempt: whatever the client raised becomes a counted outcome.
            raise self._trouble(error, time.perf_counter() - started) from None
        return replace(reply, latency_s=latency_s)

    def close(self) -> None:
        """End the connection; a `send` that is under way in another thread fails soon."""
        with self._lock:
            self._closed = True
            busy = self._busy
        if busy:
            self._cut_off()
        else:
            self._client.close()

    def _cut_off(self) -> None:
        """Wake whoever waits on the socket: closing it would not, shutting it down does."""
        if self._stream is not None:
            sock = self._stream.get_extra_info("socket")
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

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
            self._client.close()

    def _exchange(self, request: Request, started: float) -> tuple[bytes, str]:
        """Send the request and read the body of a 200; its content type comes with it."""
        connector = self._connector
        limits = timeouts(connector.timeout_s, connector.connect_timeout_s)
        http = httpx.Request(
            "POST",
            connector.url.reveal(),
            headers=connector.headers.reveal(),
            content=request_body(connector.endpoint, connector.model, request),
            extensions={"timeout": limits, "trace": self._trace},
        )
        response = self._opened(http)
        try:
            deadline = started + connector.timeout_s
            # A read may wait for what is left of the whole, not for the whole again.
            limits["read"] = max(0.001, deadline - time.perf_counter())
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > connector.max_reply_bytes:
                    raise connector.explain.too_long(connector.max_reply_bytes)
                if time.perf_counter() > deadline:
                    raise httpx.ReadTimeout("the whole took too long")
        finally:
            response.close()
        if response.status_code != 200:
            raise connector.explain.status(response.status_code, response.headers, bytes(body))
        return bytes(body), response.headers.get("content-type", "")

    def _opened(self, http: httpx.Request) -> httpx.Response:
        """The response's head; a kept connection that proves to be closed is replaced once.

        A server may close it just as the request goes out. That shows within a round trip; what
        breaks later broke while the server was at work, and is told.
        """
        started, self._fresh = time.perf_counter(), False
        try:
            return self._client.send(http, stream=True)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
            unanswered = not isinstance(error, httpx.RemoteProtocolError) or (
                "without sending a response" in str(error)
            )
            late = time.perf_counter() - started > _STALE_S
            if self._fresh or self._closed or late or not unanswered:
                raise
        return self._client.send(http, stream=True)

    def _trouble(self, error: Exception, latency_s: float) -> NoReply:
        if self._closed:
            trouble = _cancelled()
        elif isinstance(error, NoReply):
            trouble = error
        else:
            trouble = self._connector.explain.exception(error)
        trouble.latency_s = latency_s
        return trouble

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        # Behind a proxy the names begin otherwise; TLS puts a new stream over the old one.
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._stream = info["return_value"]
            self._fresh = True
            if self._closed:  # while it was connecting
                self._cut_off()


def open_client(endpoint: Endpoint, tls: ssl.SSLContext) -> httpx.Client:
    """A client of one connection that follows no redirect.

    Proxies come from the usual variables, but never for this machine: a proxy could not reach
    our loopback, and ``HTTP_PROXY`` without ``NO_PROXY=localhost`` is common.
    """
    return httpx.Client(
        verify=tls,
        trust_env=not endpoint.loopback,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
    )


def request_headers(endpoint: Endpoint) -> dict[str, str]:
    """What every request carries, secrets revealed: for the wire alone."""
    return {
        "User-Agent": f"pytest-iqeval/{__version__}",
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Connection": "keep-alive",
        **{name: value.reveal() for name, value in endpoint.headers.items()},
    }


def timeouts(timeout_s: float, connect_timeout_s: float) -> dict[str, float]:
    """httpx's ``timeout`` extension."""
    return {
        "connect": connect_timeout_s,
        "read": timeout_s,
        "write": timeout_s,
        "pool": timeout_s,
    }


def tls_context(endpoint: Endpoint, environ: Mapping[str, str]) -> ssl.SSLContext:
    """Whom to trust: ``SSL_CERT_FILE``, ``SSL_CERT_DIR``, the variables of requests and curl, or
    httpx's own list. For plain http an empty context, which costs nothing and trusts nobody.

    :raises SettingsError: a file or folder that can't be read.
    """
    if urlsplit(endpoint.base_url).scheme != "https":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        path = environ.get(variable)
        if not path:
            continue
        try:
            if Path(path).is_dir():
                return ssl.create_default_context(capath=path)
            return ssl.create_default_context(cafile=path)
        except OSError as error:  # ssl.SSLError is one too
            raise SettingsError(
                f"{variable}={path}: no certificates can be read ({error.strerror or error})",
                hint="it must name a PEM file, or a folder of them",
            ) from None
    return httpx.create_ssl_context()


def _cancelled() -> NoReply:
    return NoReply("stopped before a reply came", kind="cancelled")
