"""A scripted OpenAI-compatible server on loopback, in threads of the test's own process.

    with ScriptedEndpoint() as endpoint:
        endpoint.script("答案：B", status(503), reset())     # the first three requests, in order
        endpoint.answer(lambda body: "A" if "2+2" in last_user(body) else "B")    # all others
        ... --iqeval-base-url={endpoint.url} ...
        endpoint.requests[0].body["messages"]

Real HTTP/1.1 with keep-alive, so pytester subprocesses and xdist workers meet the same server.
A thread for each connection and a hand-written reader: about 0.1 ms a request.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What goes over the wire for one request; the helpers below make them.

    ``raw`` replaces the whole response, head included, and closes the connection after it.
    ``pieces`` do too, sent one by one with ``gap_s`` after each; ``keep`` then leaves the
    connection open. ``delay_s`` is waited before anything is sent. ``close`` says ``Connection:
    close`` and does it, ``drop`` closes without a word, ``reset`` sends an RST.
    """

    code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw: bytes | None = None
    delay_s: float = 0.0
    close: bool = False
    drop: bool = False
    reset: bool = False
    pieces: tuple[bytes, ...] = ()
    gap_s: float = 0.0
    keep: bool = False


Scripted = str | Wire
Body = dict[str, Any]


def completion(text: str | None, **fields: Any) -> Wire:
    """A chat completion; `fields` are of the choice (``finish_reason``), of its message
    (``reasoning_content``, ``refusal``), or of the whole (``usage``, ``model``)."""
    message: Body = {"role": "assistant", "content": text}
    choice: Body = {"index": 0, "message": message, "finish_reason": "stop"}
    whole: Body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [choice],
        "usage": {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14},
    }
    for name, value in fields.items():
        if name in whole:
            whole[name] = value
        elif name in choice:
            choice[name] = value
        else:
            message[name] = value
    return json_body(whole)


def json_body(value: Any, *, code: int = 200) -> Wire:
    """Any JSON (``{"choices": []}``, ``{"error": …}``) with status `code`."""
    return Wire(
        code=code,
        headers={"content-type": "application/json"},
        body=json.dumps(value, ensure_ascii=True).encode(),
    )


def status(
    code: int, body: str | bytes | Body | None = None, headers: Mapping[str, str] | None = None
) -> Wire:
    """A status with an error body as OpenAI writes it, unless `body` says otherwise."""
    if body is None:
        body = {"error": {"message": f"scripted {code}", "type": "scripted"}}
    if isinstance(body, dict):
        body, kind = json.dumps(body), "application/json"
    else:
        kind = "text/plain; charset=utf-8"
    data = body.encode() if isinstance(body, str) else body
    return Wire(code=code, headers={"content-type": kind, **(headers or {})}, body=data)


def html(code: int = 200, title: str = "Welcome to nginx!") -> Wire:
    """A web page where JSON was expected."""
    page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>…</body></html>"
    return Wire(code=code, headers={"content-type": "text/html; charset=utf-8"}, body=page.encode())


def sse(*events: Any, done: bool = True) -> Wire:
    """A streaming body (``data: …`` lines), sent at once."""
    body = b"".join(_lines(events, done=done))
    return Wire(headers={"content-type": "text/event-stream"}, body=body)


def live(*events: Any, done: bool = True, ended: bool = True, gap_s: float = 0.0) -> Wire:
    """A streaming body, each event a chunk of its own, with `gap_s` after each.

    Without `ended` the last chunk never comes, and the connection stays open.
    """
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunks = [b"%x\r\n%s\r\n" % (len(line), line) for line in _lines(events, done=done)]
    last = [b"0\r\n\r\n"] if ended else []
    return Wire(pieces=(head, *chunks, *last), gap_s=gap_s, keep=True)


def drip(head: bytes, piece: bytes = b" ", *, gap_s: float = 0.02, times: int = 3000) -> Wire:
    """`head`, and then `piece` again and again: each read is answered, the whole never ends."""
    return Wire(pieces=(head, *[piece] * times), gap_s=gap_s)


def chunk(delta: Body, finish_reason: str | None = None, **more: Any) -> Body:
    """One event of a stream."""
    choices = [{"index": 0, "delta": delta, "finish_reason": finish_reason}]
    return {"model": "m", "choices": choices, **more}


def _lines(events: Iterable[Any], *, done: bool) -> list[bytes]:
    lines = [f"data: {json.dumps(event)}\n\n".encode() for event in events]
    return lines + ([b"data: [DONE]\n\n"] if done else [])


def raw(data: bytes) -> Wire:
    """Exactly these bytes, head included, then the connection is closed."""
    return Wire(raw=data)


def cut(text: str = "答案：A", missing: int = 40) -> Wire:
    """A completion whose body ends `missing` bytes before its Content-Length says."""
    body = completion(text).body
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return Wire(raw=head.encode() + body[:-missing])


def hang(seconds: float = 60.0) -> Wire:
    """Say nothing for `seconds` (less when the endpoint is closed), then close."""
    return Wire(delay_s=seconds, drop=True)


def slow(reply: Scripted, seconds: float) -> Wire:
    """`reply` after `seconds`."""
    wire = as_wire(reply)
    return Wire(**{name: getattr(wire, name) for name in Wire.__slots__} | {"delay_s": seconds})


def reset() -> Wire:
    """Reset the connection (RST) instead of a reply."""
    return Wire(reset=True)


def closed() -> Wire:
    """Close the connection instead of a reply."""
    return Wire(drop=True)


def as_wire(reply: Scripted) -> Wire:
    """Text is a chat completion; a `Wire` is itself."""
    return completion(reply) if isinstance(reply, str) else reply


def last_user(body: Body) -> str:
    """The text of the last user message of a chat request."""
    return next(str(m["content"]) for m in reversed(body["messages"]) if m["role"] == "user")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request as it arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any  # parsed JSON; None where there was none, text where it is no JSON
    connection: int  # which connection it came on, from 0


class ScriptedEndpoint:
    """The server. ``latency_s`` is waited before every chat reply."""

    def __init__(self, *, latency_s: float = 0.0, tls: ssl.SSLContext | None = None) -> None:
        self.latency_s = latency_s
        self.requests: list[Recorded] = []  # chat requests, in order of arrival
        self.others: list[Recorded] = []  # everything else: model lists, wrong paths
        self.max_concurrent = 0  # most chat requests that were being answered at once
        self.connections = 0
        self._tls = tls
        self._script: deque[Wire] = deque()
        self.answers: Callable[[Body], Scripted] = lambda _body: "答案：A"
        self._models: Wire = _model_list(["m"])
        self._tags: Wire = status(404, "404 page not found")
        self._lock = threading.Lock()
        self._now_answering = 0
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listener.getsockname()[1]
        self.host = "localhost" if tls else "127.0.0.1"  # certificates name hosts
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    @property
    def url(self) -> str:
        """The base URL, ``http://127.0.0.1:PORT/v1``."""
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}/v1"

    def script(self, *replies: Scripted) -> None:
        """Answer the next chat requests with these, in order of arrival, before `answer`."""
        self._script.extend(as_wire(reply) for reply in replies)

    def answer(self, reply: Callable[[Body], Scripted] | Scripted) -> None:
        """Answer every chat request that has no scripted reply: a reply, or made from its body."""
        self.answers = reply if callable(reply) else lambda _body: reply

    def models(self, listed: Iterable[str] | Wire) -> None:
        """What ``/v1/models`` says: these ids (default ``m``), or any reply."""
        self._models = listed if isinstance(listed, Wire) else _model_list(listed)

    def tags(self, digests: Mapping[str, str] | Wire) -> None:
        """What ollama's own ``/api/tags`` says: models with their digests, or any reply."""
        if not isinstance(digests, Wire):
            listed = [{"name": name, "digest": digest} for name, digest in digests.items()]
            digests = json_body({"models": listed})
        self._tags = digests

    def close(self) -> None:
        """Stop listening, drop every connection, wake whoever waits."""
        self._closing.set()
        # Closing a listening socket does not wake accept() everywhere; a connection does.
        with socket.socket() as wake, contextlib.suppress(OSError):
            wake.connect(("127.0.0.1", self.port))
        self._acceptor.join(timeout=5)
        self._listener.close()
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            if self._closing.is_set():
                connection.close()
                return
            number = self.connections
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection, number), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        """One connection, until either side closes it."""
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                plain, connection = connection, self._tls.wrap_socket(connection, server_side=True)
                plain.close()
            with self._lock:
                self._open.add(connection)
            with connection.makefile("rb") as stream:
                while not self._closing.is_set() and (got := _read_request(stream, number)):
                    if not self._reply(connection, got):
                        break
        except ValueError:  # no HTTP
            with contextlib.suppress(OSError):
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        except OSError:
            pass  # the client went away
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _reply(self, connection: socket.socket, got: Recorded) -> bool:
        """Answer one request; whether the connection stays open."""
        path = urlsplit(got.path).path  # as a proxy it gets whole URLs
        if got.method == "POST" and path == "/v1/chat/completions":
            with self._lock:
                self.requests.append(got)
                self._now_answering += 1
                self.max_concurrent = max(self.max_concurrent, self._now_answering)
                wire = self._script.popleft() if self._script else None
            try:
                wire = wire or as_wire(self.answers(got.body))
                return self._send(connection, wire, wire.delay_s + self.latency_s)
            finally:
                with self._lock:
                    self._now_answering -= 1
        self.others.append(got)
        lists = {"/v1/models": self._models, "/api/tags": self._tags}
        wire = lists.get(path) or status(404, "404 page not found")
        return self._send(connection, wire, wire.delay_s)

    def _send(self, connection: socket.socket, wire: Wire, delay_s: float) -> bool:
        if delay_s:
            self._closing.wait(delay_s)
        for piece in wire.pieces:
            connection.sendall(piece)
            if self._closing.wait(wire.gap_s):
                return False
        if wire.reset:
            linger = struct.pack("ii", 1, 0)  # close() then sends RST
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            return False
        if wire.drop or wire.pieces:
            return wire.keep
        if wire.raw is not None:
            connection.sendall(wire.raw)
            return False
        headers = {"Content-Length": str(len(wire.body)), **wire.headers}
        if wire.close:
            headers["Connection"] = "close"
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        connection.sendall(f"HTTP/1.1 {wire.code} Scripted\r\n{head}\r\n".encode() + wire.body)
        return not wire.close


def _model_list(ids: Iterable[str]) -> Wire:
    return json_body({"object": "list", "data": [{"id": i, "object": "model"} for i in ids]})


def _read_request(stream: Any, number: int) -> Recorded | None:
    """The next request of a connection; ``None`` when the client closed it."""
    start = stream.peek(1)[:1]
    if start == b"\x16":  # a TLS handshake, which may hold no line end to wait for
        raise ValueError("TLS where plain HTTP is spoken")
    line = stream.readline(65536)
    if not line:
        return None
    method, path, _version = line.decode("latin-1").split()
    headers: dict[str, str] = {}
    while (line := stream.readline(65536)) not in (b"\r\n", b"\n", b""):
        name, _colon, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    data = stream.read(int(headers.get("content-length", 0)))
    return Recorded(
        method=method,
        path=path,
        headers=headers,
        body=_parsed(data),
        connection=number,
    )


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return data.decode("utf-8", "replace")
