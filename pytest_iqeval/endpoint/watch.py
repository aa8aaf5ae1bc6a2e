"""The clock of one attempt: where its seconds go, and how many are left."""

from __future__ import annotations

import time
from dataclasses import dataclass

import httpcore

from pytest_iqeval.core.request import Timing

MAX_REPLY_BYTES = 20_000_000
WIRE_FAULTS = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)
"""What a connection may raise while something is read from it."""
_AFTER_END_S = 0.5  # for what a server may still send when a stream has said that it is over
# For the count of tokens and the end mark, when the reply in a stream has said that it is over:
# some servers send neither, and leave the connection open.
_AFTER_LAST_WORD_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one attempt may take: seconds in all, seconds of them until there is a connection
    and, where the reply is streamed, until its body begins (``None``: no such limit), and bytes
    of the reply, unpacked."""

    timeout_s: float
    connect_timeout_s: float = 10.0
    first_byte_timeout_s: float | None = None
    max_reply_bytes: int = MAX_REPLY_BYTES


class LookupTimeout(httpcore.ConnectTimeout):
    """The addresses of a host were not found in time."""


class FirstByteTimeout(httpcore.ReadTimeout):
    """The reply did not begin in time."""


class Watch:
    """Measures one attempt after the other, and says how long the next step may wait.

    By the monotonic clock. The marks are seconds of that clock, ``None`` until they are reached.
    """

    __slots__ = (
        "_body",
        "_connected",
        "_connecting",
        "_deadline",
        "_ended",
        "_first_byte",
        "_first_token",
        "_last_word",
        "_limits",
        "_paced",
        "_started",
    )

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._connecting: float | None = None
        self._connected: float | None = None
        self._first_byte: float | None = None
        self._first_token: float | None = None
        self._last_word: float | None = None
        self._paced = False
        self._ended: float | None = None
        self.begin()

    def begin(self) -> None:
        """An attempt starts."""
        self._started = time.perf_counter()
        self._deadline = self._started + self._limits.timeout_s
        self._connecting = self._connected = self._ended = None
        self._first_byte = self._first_token = self._last_word = None
        self._body = self._paced = False

    # marks

    def connecting(self) -> None:
        """Name lookup begins."""
        self._connecting = time.perf_counter()
        self._connected = None

    def securing(self) -> None:
        """TLS begins: the connection is not ready yet."""
        self._connected = None

    def connected(self) -> None:
        """There is a connection to speak over; called again when there is TLS over it."""
        self._connected = time.perf_counter()

    def asked(self) -> None:
        """A piece of the request went out: what came before it (from a proxy) was no reply."""
        self._first_byte = None

    def heard(self) -> None:
        """Bytes came in."""
        if self._first_byte is None:
            self._first_byte = time.perf_counter()
        elif self._first_token is not None and self._ended is None:
            self._paced = True

    def body_begins(self) -> None:
        """The head is over and something of the body is here."""
        self._body = True

    def spoke(self) -> None:
        """The first piece of text or reasoning is here."""
        if self._first_token is None:
            self._first_token = time.perf_counter()

    def last_word(self) -> None:
        """The text is whole, as far as can be told; an end is awaited, but not for long."""
        self._last_word = time.perf_counter()

    def left_open(self) -> None:
        """No end came: the reply was whole at its last word."""
        self._ended = self._last_word

    def end(self) -> None:
        """The reply is whole. What still comes has a moment to do so, and is not measured."""
        if self._ended is None:
            self._ended = time.perf_counter()
            self.hurry(_AFTER_END_S)

    def hurry(self, seconds: float) -> None:
        """What still comes is not worth more than `seconds`."""
        self._deadline = min(self._deadline, time.perf_counter() + seconds)

    # limits

    @property
    def fresh(self) -> bool:
        """Whether this attempt has opened a connection, or tried to."""
        return self._connecting is not None

    @property
    def is_connected(self) -> bool:
        """Whether this attempt has opened a connection."""
        return self._connected is not None

    def connect_left_s(self) -> float:
        """How long connecting may still take.

        :raises httpcore.ConnectTimeout: no longer.
        """
        assert self._connecting is not None
        end = min(self._deadline, self._connecting + self._limits.connect_timeout_s)
        left = end - time.perf_counter()
        if left <= 0:
            raise httpcore.ConnectTimeout("connecting took too long")
        return left

    def left_s(self) -> float:
        """How long the attempt may still wait for the next bytes.

        :raises httpcore.ReadTimeout: no longer.
        """
        end, late = self._next_limit()
        left = end - time.perf_counter()
        if left <= 0:
            raise late("the whole took too long")
        return left

    def late(self) -> httpcore.ReadTimeout:
        """What a wait of `left_s` that brought nothing means."""
        return self._next_limit()[1]("nothing more came")

    def _next_limit(self) -> tuple[float, type[httpcore.ReadTimeout]]:
        if self._last_word is not None and self._ended is None:
            end = min(self._deadline, self._last_word + _AFTER_LAST_WORD_S)
            return end, httpcore.ReadTimeout
        first = self._limits.first_byte_timeout_s
        if first is None or self._body or self._started + first >= self._deadline:
            return self._deadline, httpcore.ReadTimeout
        return self._started + first, FirstByteTimeout

    # figures

    @property
    def total_s(self) -> float:
        """Seconds of the attempt, up to its end or to now."""
        return (self._ended or time.perf_counter()) - self._started

    def timing(self) -> Timing:
        """Where they went. The first token of a reply that came in one read came with its last."""
        connected, connecting = self._connected, self._connecting
        spoke = self._first_token
        if spoke is not None and self._ended is not None and not self._paced:
            spoke = self._ended
        return Timing(
            connect_s=connected - connecting if connected and connecting else None,
            first_byte_s=self._first_byte - self._started if self._first_byte else None,
            first_token_s=spoke - self._started if spoke else None,
        )
