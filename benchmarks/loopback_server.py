"""The server of the benchmarks: one process, one thread, about 40 µs of CPU a request.

    python benchmarks/loopback_server.py '{"latency_s": 0.2, "wrong": 0.3}'

It prints its URL, then answers each line on standard input: ``stats`` with one JSON line of what
it was asked so far, and ends when standard input does. It is started by `loopback.serve`; the
fields of `Behaviour` are its options.

Which question meets which fault is a draw by the question's number alone, so every run and every
client meets the same ones; a fault strikes the first attempt only.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import re
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

NUMBER = re.compile(rb"number (\d+)\?")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
LINGER = struct.pack("ii", 1, 0)  # closing then sends an RST


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """How the server answers.

    :param wrong: the share of questions whose answer is the wrong option.
    :param faults: the share of questions by what their first attempt gets: a status (``429``),
        ``reset``, ``malformed`` (a web page), ``empty`` (no choices) or ``truncated`` (a body cut
        short).
    :param never: the share of questions that get a 500 at every attempt; 1.0: all.
    :param most: the most requests it works on at once; one more is a 429, at once.
    :param rate: the most requests a second, with a burst of as many; one more is a 429.
    :param retry_after_s: what a 429 says in ``Retry-After``; ``None``: it says nothing.
    :param dies_after: it goes away (every connection reset, the port closed) after so many
        answers; ``back_s`` seconds later it is there again, ``None``: never.
    :param reply_chars: how long the text before the answer is.
    """

    latency_s: float = 0.0
    wrong: float = 0.0
    faults: Mapping[str, float] = field(default_factory=dict)
    never: float = 0.0
    most: int | None = None
    rate: float | None = None
    retry_after_s: float | None = None
    dies_after: int | None = None
    back_s: float | None = None
    reply_chars: int = 0


def draw(what: str, number: int) -> float:
    """A number from 0 to 1 for a question, the same at every call and on every machine."""
    digest = hashlib.blake2b(f"{what} {number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def fault_of(behaviour: Behaviour, number: int) -> str | None:
    """What the first attempt at a question meets."""
    drawn = draw("fault", number)
    for kind, share in behaviour.faults.items():
        if drawn < share:
            return kind
        drawn -= share
    return None


def never_works(behaviour: Behaviour, number: int) -> bool:
    """Whether a question gets a 500 whenever it is asked; one in twenty is every twentieth."""
    return int((number + 1) * behaviour.never + 1e-9) > int(number * behaviour.never + 1e-9)


def response(code: int, body: bytes, *headers: str) -> bytes:
    """A whole response; it keeps the connection."""
    head = [
        f"HTTP/1.1 {code} Status",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join([*head, "\r\n"]).encode() + body


def error(message: str) -> bytes:
    """An error body as OpenAI writes it."""
    return json.dumps({"error": {"message": message, "type": "benchmark"}}).encode()


def completion(text: str, **fields: object) -> bytes:
    """The body of a chat completion."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}}
    whole = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [choice | {"finish_reason": "stop"}],
        "usage": {"prompt_tokens": 60, "completion_tokens": 4, "total_tokens": 64},
    }
    return json.dumps(whole | fields).encode()


class Server:
    """What all connections share: the prepared responses, and the counts."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.loop = asyncio.get_running_loop()
        self.asked: Counter[int] = Counter()
        self.sent: Counter[str] = Counter()  # by kind: right, wrong, and the faults
        self.in_flight = self.most_in_flight = 0
        self.connections: set[Connection] = set()
        self.connected = self.most_connected = 0
        self.body_bytes = 0
        self.first_at = self.last_at = 0.0
        self.tokens, self.tokens_at = behaviour.rate or 0.0, self.loop.time()
        self.alive = True
        self.port = 0
        self._listener: asyncio.Server | None = None
        thinking = "Let me think about it. " * (behaviour.reply_chars // 23)
        right = response(200, completion(f"{thinking}ANSWER: A"))
        self.responses = {
            "right": right,
            "wrong": response(200, completion(f"{thinking}ANSWER: B")),
            "429": response(429, error("slow down"), *self._retry_after()),
            "500": response(500, error("out of order")),
            "malformed": response(200, b"<!DOCTYPE html><html><body>Welcome</body></html>"),
            "empty": response(200, completion("", choices=[])),
            "truncated": right[:-40],
            "models": response(200, b'{"object": "list", "data": [{"id": "m"}]}'),
            "404": response(404, error("page not found")),
        }

    def _retry_after(self) -> list[str]:
        after_s = self.behaviour.retry_after_s
        return [] if after_s is None else [f"Retry-After: {after_s:g}"]

    async def listen(self) -> None:
        """Open the port: any free one the first time, and the same one after that."""
        self._listener = await self.loop.create_server(
            lambda: Connection(self), "127.0.0.1", self.port, backlog=512
        )
        self.port = self._listener.sockets[0].getsockname()[1]
        self.alive = True

    def kind(self, number: int) -> str:
        """What a request gets that has just come in."""
        behaviour = self.behaviour
        if behaviour.never and never_works(behaviour, number):
            return "500"
        if self.asked[number] == 1 and (fault := fault_of(behaviour, number)):
            return fault
        return "wrong" if draw("wrong", number) < behaviour.wrong else "right"

    def refuses(self) -> bool:
        """Whether one more request is more than it takes."""
        full = self.behaviour.most is not None and self.in_flight >= self.behaviour.most
        return full or (self.behaviour.rate is not None and not self._token())

    def _token(self) -> bool:
        now = self.loop.time()
        rate = self.behaviour.rate or 0.0
        self.tokens = min(rate, self.tokens + (now - self.tokens_at) * rate)
        self.tokens_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def answered(self) -> None:
        """One more answer went out; perhaps it was the last before the server dies."""
        if self.behaviour.dies_after is None or not self.alive:
            return
        if self.sent["right"] + self.sent["wrong"] == self.behaviour.dies_after:
            self.alive = False
            if self._listener is not None:
                self._listener.close()
            for connection in list(self.connections):
                connection.reset()
            if self.behaviour.back_s is not None:
                self.loop.call_later(
                    self.behaviour.back_s, lambda: asyncio.ensure_future(self.listen())
                )

    def stats(self) -> dict[str, object]:
        """What it was asked so far."""
        return {
            "requests": self.asked.total(),
            "questions": len(self.asked),
            "times_asked": Counter(str(times) for times in self.asked.values()),
            "sent": self.sent,
            "in_flight": self.in_flight,
            "most_in_flight": self.most_in_flight,
            "connections": len(self.connections),
            "most_connections": self.most_connected,
            "connected": self.connected,
            "body_bytes": self.body_bytes / max(1, self.asked.total()),
            "seconds": self.last_at - self.first_at,
            "cpu_s": time.process_time(),
        }


class Connection(asyncio.Protocol):
    """One connection: requests in turn, each answered after the latency."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.transport: asyncio.Transport
        self.data = b""
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.open = True
        server = self.server
        server.connections.add(self)
        server.connected += 1
        server.most_connected = max(server.most_connected, len(server.connections))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """It has gone, or was sent away."""
        self.open = False
        self.server.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Collect until one request is whole; a client sends the next one after its answer."""
        self.data = data = self.data + data if self.data else data
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return
        length = LENGTH.search(data, 0, end)
        if len(data) < end + 4 + (int(length[1]) if length else 0):
            return
        self.data = b""
        if not data.startswith(b"POST") or b"/chat/completions " not in data[:200]:
            listed = data.startswith(b"GET") and b"/models " in data[:200]
            self.transport.write(self.server.responses["models" if listed else "404"])
            return
        self._asked(data, end)

    def _asked(self, data: bytes, end: int) -> None:
        server = self.server
        found = NUMBER.search(data, end)
        number = int(found[1]) if found else -1
        server.asked[number] += 1
        server.body_bytes += len(data) - end - 4
        if not server.first_at:
            server.first_at = server.loop.time()
        if server.refuses():
            server.sent["429"] += 1
            self.transport.write(server.responses["429"])
            return
        server.in_flight += 1
        server.most_in_flight = max(server.most_in_flight, server.in_flight)
        kind = server.kind(number)
        if server.behaviour.latency_s:
            server.loop.call_later(server.behaviour.latency_s, self._answer, kind)
        else:
            self._answer(kind)

    def _answer(self, kind: str) -> None:
        server = self.server
        server.in_flight -= 1
        server.last_at = server.loop.time()
        if not self.open:
            server.sent["nobody"] += 1  # the client went away
            return
        server.sent[kind] += 1
        if kind == "reset":
            self.reset()
            return
        self.transport.write(server.responses[kind])
        if kind == "truncated":
            self.transport.close()
        server.answered()

    def reset(self) -> None:
        """End the connection with an RST."""
        sock = self.transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
        self.transport.abort()


async def main() -> None:
    """Serve until standard input ends."""
    server = Server(Behaviour(**json.loads(sys.argv[1])))
    await server.listen()
    print(f"http://127.0.0.1:{server.port}/v1", flush=True)
    done = asyncio.Event()

    def listen_to_owner() -> None:
        for line in sys.stdin:
            if line.strip() == "stats":
                server.loop.call_soon_threadsafe(
                    lambda: print(json.dumps(server.stats()), flush=True)
                )
        server.loop.call_soon_threadsafe(done.set)

    threading.Thread(target=listen_to_owner, daemon=True).start()
    await done.wait()


if __name__ == "__main__":
    asyncio.run(main())
