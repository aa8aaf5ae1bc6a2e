"""Asking across processes: a worker's `Asker`, and its other end in the process that owns the run.

Both ends speak over a channel as execnet gives it: messages arrive in order, in a thread of the
channel's. Each message is one JSON text: execnet would write nested values in Python, slowly,
and can carry neither lone surrogates nor large numbers.

    worker → owner   plan ENTRIES · planned · ask N REQUEST · score SAMPLE SCORE REPEAT · done
    owner → worker   reply N REPLY · failure N FAILURE · crashed NODE_ID · ack

Where both ends have loaded the same benchmark, a list with the key stands for REQUEST and SAMPLE:
a question's text need not cross three times.

Workers load this module and no other of the broker's: no httpcore, no sqlite3 comes with it.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import queue
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Key, Reply, Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score

Answer = Reply | NoReply

# A plan goes in pieces, so that asking starts with the first and no message is very large.
_PIECE = 200
# A wait on the main thread is cut in slices: on Windows one without end ignores Ctrl-C.
_SLICE_S = 0.5
# What `setcallback` is told to give when the channel closes; no message is None.
_CLOSED = None


class Channel(Protocol):
    """What is used of an `execnet.Channel`."""

    def send(self, item: object) -> None:
        """Send a text; raise `OSError` when the channel is closed."""
        ...

    def setcallback(self, callback: Callable[[Any], Any], endmarker: object) -> None:
        """Have each item given to `callback`, and at the end `endmarker`."""
        ...


class Source(Protocol):
    """What answers the owner's end: a broker, or a replay."""

    def plan(self, requests: Sequence[Request]) -> None:
        """Queue `requests`."""
        ...

    def submit(self, request: Request, on_done: Callable[[Answer], None]) -> None:
        """Give the answer to `on_done`, now or later; never wait for it."""
        ...


class ChannelAsker:
    """The worker's end: an `Asker`. Safe to call from several threads.

    :param known: names of the benchmarks whose questions the owner has loaded, too.
    """

    def __init__(self, channel: Channel, *, known: Collection[str] = ()) -> None:
        self._channel = channel
        self._known = frozenset(known)
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._waiting: dict[int, queue.SimpleQueue[Answer]] = {}
        self._closed = False
        self.crashed: set[str] = set()  # node ids of items in which other workers died
        self._acknowledged = threading.Event()
        channel.setcallback(self._receive, _CLOSED)

    def plan(self, requests: Sequence[Request]) -> None:
        """Send the plan; without a word where the owner is gone: `ask` will say it."""
        self.plan_entries([{"request": request.to_plain()} for request in requests])

    def plan_entries(self, entries: Sequence[Mapping[str, object]]) -> None:
        """Send the plan with more facts than requests.

        :param entries: each has ``request`` (`Request.to_plain`), unless the owner knows the
            question, and what else `on_plan` of
            the owner's end wants to know, as JSON values.
        """
        with contextlib.suppress(OSError):
            for start in range(0, len(entries), _PIECE):
                self._send("plan", [dict(entry) for entry in entries[start : start + _PIECE]])
            self._send("planned")

    def ask(self, request: Request) -> Reply:
        """Wait for the reply to `request`.

        :raises NoReply: there is none; of kind ``cancelled`` when the channel closed.
        """
        number = next(self._numbers)
        inbox: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        with self._lock:
            if self._closed:
                raise _gone()
            self._waiting[number] = inbox
        try:
            known = request.key.benchmark in self._known
            self._send("ask", number, list(request.key) if known else request.to_plain())
            answer = _wait(inbox)
        except OSError:
            raise _gone() from None
        finally:
            with self._lock:
                self._waiting.pop(number, None)
        if isinstance(answer, NoReply):
            raise answer
        return answer

    def report(self, sample: Sample, score: Score, *, repeat: int = 0) -> None:
        """Hand in a score. Where the owner is gone it is lost, as the run is."""
        known = sample.benchmark in self._known
        key = [sample.benchmark, sample.subset, sample.id]
        with contextlib.suppress(OSError):
            self._send("score", key if known else sample.to_plain(), score.to_plain(), repeat)

    def close(self, *, patience_s: float = 10.0) -> bool:
        """Say that no more comes, and wait until the owner has taken in all that did.

        :param patience_s: the longest wait.
        :returns: whether the owner has said so.
        """
        try:
            self._send("done")
        except OSError:
            return False
        self._acknowledged.wait(patience_s)
        return self._acknowledged.is_set() and not self._closed

    def _send(self, *message: object) -> None:
        self._channel.send(_packed(message))

    def _receive(self, text: Any) -> None:
        """In the channel's thread; nothing in here waits."""
        if text is _CLOSED:
            with self._lock:
                self._closed = True
                waiting = list(self._waiting.values())
            for inbox in waiting:
                inbox.put(_gone())
            self._acknowledged.set()
            return
        kind, *values = json.loads(text)
        if kind == "ack":
            self._acknowledged.set()
            return
        if kind == "crashed":
            self.crashed.add(values[0])
            return
        number, plain = values
        answer = Reply.from_plain(plain) if kind == "reply" else NoReply.from_plain(plain)
        with self._lock:
            inbox_or_none = self._waiting.get(number)
        if inbox_or_none is not None:  # else an interrupted `ask`
            inbox_or_none.put(answer)


class ChannelServer:
    """The owner's end for one worker: passes on what it asks and what it hands in.

    Keep it as long as the worker lives: a channel that is forgotten is closed.

    :param source: answers; its `submit` must not wait.
    :param on_plan: gets each piece of a plan as it was sent, after its requests were queued.
    :param on_score: gets sample, score and repeat of each score.
    :param sample_of: the sample of a key that the worker takes for known.
    :param request_of: what is sent for such a sample, and which of its repeats it is.
    :param on_closed: called once, when the channel is closed; `done` then tells whether the
        worker had said that nothing more comes.

    All of them are called in the channel's thread. One that raises closes the channel: the
    worker's questions end as ``cancelled``, and `error` holds what was raised.
    """

    def __init__(
        self,
        channel: Channel,
        *,
        source: Source,
        on_score: Callable[[Sample, Score, int], None],
        on_plan: Callable[[list[dict[str, Any]]], None] | None = None,
        sample_of: Callable[[Key], Sample] | None = None,
        request_of: Callable[[Sample, int], Request] | None = None,
        on_closed: Callable[[], None] | None = None,
    ) -> None:
        self.done = False
        self.planned = False  # the worker has sent the whole of its plan
        self.closed = False
        self.error: Exception | None = None
        self._channel = channel
        self._source = source
        self._on_plan = on_plan
        self._on_score = on_score
        self._sample_of = sample_of
        self._request_of = request_of
        self._on_closed = on_closed
        channel.setcallback(self._receive, _CLOSED)

    def tell_crashed(self, node_id: str) -> None:
        """Tell the worker that another died in this item."""
        self._send("crashed", node_id)

    def _receive(self, text: Any) -> None:
        if text is _CLOSED:
            self.closed = True
            if self._on_closed is not None:
                self._on_closed()
            return
        try:
            self._handle(json.loads(text))
        except Exception as exc:
            self.error = exc
            raise

    def _handle(self, message: list[Any]) -> None:
        match message:
            case ["plan", entries]:
                self._plan(entries)
            case ["planned"]:
                self.planned = True
            case ["ask", number, request]:
                self._ask(number, self._request(request))
            case ["score", sample, score, repeat]:
                self._on_score(self._sample(sample), Score.from_plain(score), repeat)
            case ["done"]:
                self.done = True
                self._send("ack")
            case _:
                raise ValueError(f"no message of a worker: {message!r:.200}")

    def _plan(self, entries: list[dict[str, Any]]) -> None:
        self._source.plan([Request.from_plain(e["request"]) for e in entries if "request" in e])
        if self._on_plan is not None:
            self._on_plan(entries)

    def _request(self, plain: Any) -> Request:
        if isinstance(plain, list) and self._request_of is not None:
            return self._request_of(self._sample(plain[:3]), plain[3])
        return Request.from_plain(plain)

    def _sample(self, plain: Any) -> Sample:
        if isinstance(plain, list) and self._sample_of is not None:
            return self._sample_of(Key(*plain))
        return Sample.from_plain(plain)

    def _ask(self, number: int, request: Request) -> None:
        def on_done(answer: Answer) -> None:
            kind = "reply" if isinstance(answer, Reply) else "failure"
            self._send(kind, number, answer.to_plain())

        self._source.submit(request, on_done)

    def _send(self, *message: object) -> None:
        with contextlib.suppress(OSError):  # the worker is gone; its replies are in the journal
            self._channel.send(_packed(message))


def _packed(message: Sequence[object]) -> str:
    """ASCII, so that lone surrogates pass; what JSON does not know (a date) becomes its text."""
    return json.dumps(message, ensure_ascii=True, default=str)


def _wait(inbox: queue.SimpleQueue[Answer]) -> Answer:
    while True:
        with contextlib.suppress(queue.Empty):
            return inbox.get(timeout=_SLICE_S)


def _gone() -> NoReply:
    return NoReply(
        "the process that owns the run is gone or has ended the run", kind="cancelled", attempts=0
    )
