"""Asking from a worker: over queues, and over a real gateway to another process."""

from __future__ import annotations

import dataclasses
import datetime
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import execnet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.broker.channel import ChannelAsker, ChannelServer
from pytest_iqeval.broker.limits import Limits
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Key, Message, Reply, Request, Timing, Usage
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score, error_score
from tests.support.channels import QueueChannel, pair
from tests.support.fakes import (
    PATIENCE_S,
    HastyClock,
    MemoryJournal,
    ScriptedEndpoint,
    key_of,
    refused,
    request_of,
)

ROOT = Path(__file__).parents[2]
SAMPLE = Sample(
    benchmark="bench",
    subset="IQ",
    id="a",
    input="哪一个?",
    choices=("甲", "乙"),
    target="A",
    metadata={"level": 1, "category": "逻辑"},
    file="IQ.jsonl",
    line=3,
)
SCORE = Score(outcome=Outcome.CORRECT, value=1.0, extracted="A", rule="last line", span=(0, 1))


class Owner:
    """A server on one end, with a broker, and what it was told."""

    def __init__(self, channel: QueueChannel, endpoint: ScriptedEndpoint) -> None:
        self.scores: list[tuple[Sample, Score, int]] = []
        self.entries: list[dict] = []
        self.closed = threading.Event()
        self.broker = Broker(
            endpoint.transport,
            MemoryJournal(),
            Limits(concurrency=2, retries=0, patience_s=0),
            clock=HastyClock(),
        )
        self.server = ChannelServer(
            channel,
            source=self.broker,
            on_plan=self.entries.extend,
            on_score=lambda *score: self.scores.append(score),
            on_closed=self.closed.set,
        )


@pytest.fixture
def connect() -> Iterator[Callable[[ScriptedEndpoint], tuple[ChannelAsker, Owner, QueueChannel]]]:
    """A worker's asker and its owner over a pair of queues; closed at the end."""
    owners: list[tuple[Owner, QueueChannel]] = []

    def make(endpoint: ScriptedEndpoint) -> tuple[ChannelAsker, Owner, QueueChannel]:
        workers, owners_end = pair()
        owner = Owner(owners_end, endpoint)
        owners.append((owner, workers))
        return ChannelAsker(workers), owner, workers

    yield make
    for owner, channel in owners:
        owner.broker.close()
        channel.close()


def test_a_worker_gets_the_whole_reply(connect):
    reply = Reply(
        text="甲\nA",
        reasoning="hm",
        finish_reason="stop",
        usage=Usage(prompt_tokens=3, completion_tokens=5),
        latency_s=0.25,
        model="m",
    )
    asker, _, _ = connect(ScriptedEndpoint({key_of("a"): [reply]}))
    got = asker.ask(request_of("a"))
    assert got == replace(reply, timing=Timing(queued_s=got.timing.queued_s))


def test_a_worker_gets_the_failure_as_it_was(connect):
    asker, _, _ = connect(ScriptedEndpoint({key_of("a"): [refused()]}))
    with pytest.raises(NoReply, match="no such model") as caught:
        asker.ask(request_of("a"))
    assert (caught.value.kind, caught.value.status) == ("status", 404)


def test_several_threads_of_a_worker_each_get_their_own(connect):
    asker, _, _ = connect(ScriptedEndpoint())
    got: dict[str, str] = {}

    def ask(name: str) -> None:
        got[name] = asker.ask(request_of(name)).text

    threads = [threading.Thread(target=ask, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert got == {str(n): f"answer {n}" for n in range(8)}


def test_a_plan_runs_ahead_and_arrives_whole_and_in_order(connect):
    endpoint = ScriptedEndpoint()
    asker, owner, _ = connect(endpoint)
    entries = [{"request": request_of(n).to_plain(), "position": n} for n in range(450)]
    asker.plan_entries(entries)
    endpoint.wait_until(lambda: owner.broker.stats().answered == 450)
    assert [entry["position"] for entry in owner.entries] == list(range(450))


def test_the_plan_of_an_asker_needs_no_more_than_requests(connect):
    endpoint = ScriptedEndpoint()
    asker, owner, _ = connect(endpoint)
    asker.plan([request_of("a"), request_of("b")])
    endpoint.wait_until(lambda: owner.broker.stats().answered == 2)


def test_of_a_question_that_both_ends_have_loaded_only_the_key_crosses():
    """Question, request and sample are the owner's own; those of other benchmarks go whole."""
    workers, owners_end = pair()
    sent: list[str] = []
    scores: list[tuple[Sample, Score, int]] = []
    other = dataclasses.replace(SAMPLE, benchmark="other")

    class Source:
        def plan(self, requests) -> None: ...

        def submit(self, request, on_done) -> None:
            on_done(Reply(text=request.messages[0].content))

    class Tapped:
        setcallback = workers.setcallback

        def send(self, item) -> None:
            sent.append(item)
            workers.send(item)

    ChannelServer(
        owners_end,
        source=Source(),
        on_score=lambda *score: scores.append(score),
        sample_of=lambda key: {SAMPLE.id: SAMPLE}[key.id],
        request_of=lambda sample, repeat: Request(
            key=Key(sample.benchmark, sample.subset, sample.id, repeat),
            messages=(Message(role="user", content=f"the owner's {sample.input}"),),
        ),
    )
    asker = ChannelAsker(Tapped(), known={"bench"})
    for sample, text in ((SAMPLE, "the owner's 哪一个?"), (other, "the worker's")):
        key = Key(sample.benchmark, sample.subset, sample.id)
        request = Request(key=key, messages=(Message(role="user", content="the worker's"),))
        assert asker.ask(request).text == text
        asker.report(sample, SCORE, repeat=1)
    assert asker.close(patience_s=PATIENCE_S)
    assert scores == [(SAMPLE, SCORE, 1), (other, SCORE, 1)]
    assert json.loads(sent[0]) == ["ask", 0, ["bench", "IQ", "a", 0]]
    assert json.loads(sent[1])[1] == ["bench", "IQ", "a"]


def test_all_scores_are_in_before_the_worker_may_end(connect):
    asker, owner, _ = connect(ScriptedEndpoint())
    for repeat in range(100):
        asker.report(SAMPLE, SCORE, repeat=repeat)
    asker.report(SAMPLE, error_score("no reply"))
    assert asker.close(patience_s=PATIENCE_S)
    assert owner.server.done
    assert owner.scores == [
        *((SAMPLE, SCORE, repeat) for repeat in range(100)),
        (SAMPLE, error_score("no reply"), 0),
    ]
    assert (owner.scores[0][0].file, owner.scores[0][0].line) == ("IQ.jsonl", 3)


def test_an_owner_that_does_not_answer_keeps_no_worker_for_ever():
    workers, _ = pair()
    assert not ChannelAsker(workers).close(patience_s=0.01)


def test_a_channel_that_closes_ends_every_wait(connect):
    endpoint = ScriptedEndpoint(held=True)
    asker, owner, channel = connect(endpoint)
    caught: list[NoReply] = []

    def ask() -> None:
        with pytest.raises(NoReply) as info:
            asker.ask(request_of("a"))
        caught.append(info.value)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    endpoint.wait_until(lambda: len(endpoint.in_flight) == 1)
    channel.close()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert [failure.kind for failure in caught] == ["cancelled"] * 3
    assert str(caught[0]) == "the process that owns the run is gone or has ended the run"
    assert owner.closed.wait(PATIENCE_S)
    assert owner.server.closed
    assert not owner.server.done
    endpoint.release("a")  # its reply finds nobody, and that is no trouble
    endpoint.wait_until(lambda: owner.broker.stats().answered == 1)


def test_after_the_channel_has_closed_nothing_waits_or_raises_but_asking(connect):
    asker, owner, channel = connect(ScriptedEndpoint())
    channel.close()
    assert owner.closed.wait(PATIENCE_S)
    asker.plan([request_of("a")])
    asker.report(SAMPLE, SCORE)
    assert not asker.close(patience_s=PATIENCE_S)
    with pytest.raises(NoReply, match="owns the run is gone"):
        asker.ask(request_of("a"))


def test_a_fault_of_the_owner_is_kept_and_ends_the_workers_waits():
    workers, owners_end = pair()

    def fault(*_score: object) -> None:
        raise ZeroDivisionError("in on_score")

    with Broker(
        ScriptedEndpoint().transport,
        MemoryJournal(),
        Limits(concurrency=1, retries=0, patience_s=0),
    ) as broker:
        server = ChannelServer(owners_end, source=broker, on_score=fault)
        asker = ChannelAsker(workers)
        asker.report(SAMPLE, SCORE)
        with pytest.raises(NoReply, match="owns the run is gone"):
            asker.ask(request_of("a"))
        assert isinstance(server.error, ZeroDivisionError)


def test_a_message_that_no_worker_sends_is_a_fault():
    workers, owners_end = pair()
    with Broker(
        ScriptedEndpoint().transport,
        MemoryJournal(),
        Limits(concurrency=1, retries=0, patience_s=0),
    ) as broker:
        closed = threading.Event()
        server = ChannelServer(
            owners_end, source=broker, on_score=lambda *_: None, on_closed=closed.set
        )
        workers.send('["dance"]')
        assert closed.wait(PATIENCE_S)
    assert str(server.error) == "no message of a worker: ['dance']"


def test_what_json_does_not_know_goes_as_its_text():
    workers, owners_end = pair()
    sample = Sample(
        benchmark="b",
        subset="s",
        id="i",
        input="q",
        target="A",
        metadata={"day": datetime.date(2026, 1, 2), "big": 10**30, "low": -(10**15)},
    )
    scores: list[Sample] = []
    with Broker(
        ScriptedEndpoint().transport,
        MemoryJournal(),
        Limits(concurrency=1, retries=0, patience_s=0),
    ) as broker:
        ChannelServer(owners_end, source=broker, on_score=lambda s, *_: scores.append(s))
        asker = ChannelAsker(workers)
        asker.report(sample, SCORE)
        assert asker.close(patience_s=PATIENCE_S)
    assert scores[0].metadata == {"day": "2026-01-02", "big": 10**30, "low": -(10**15)}
    workers.close()


_WORKER = """
import sys
sys.path.insert(0, channel.receive())
from pytest_iqeval.broker.channel import ChannelAsker
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import error_score

requests = [Request.from_plain(plain) for plain in channel.receive()]
line = channel.receive()  # a channel, as xdist's workerinput would bring it
asker = ChannelAsker(line)
asker.plan(requests)
got = []
for request in requests:
    try:
        got.append(asker.ask(request).text)
    except NoReply as failure:
        got.append(failure.kind)
    sample = Sample(benchmark="bench", subset="IQ", id=request.key.id, input="q", target="A")
    asker.report(sample, error_score(got[-1]))
channel.send([got, asker.close(), sorted(m for m in ("httpcore", "sqlite3") if m in sys.modules)])
"""


@pytest.fixture
def gateway() -> Iterator[execnet.Gateway]:
    """Another process, reached as xdist reaches its workers."""
    group = execnet.Group()
    yield group.makegateway(f"popen//python={sys.executable}")
    group.terminate(timeout=1.0)


def _start(gateway: execnet.Gateway, names: list[str]) -> tuple[execnet.Channel, execnet.Channel]:
    line, control = gateway.newchannel(), gateway.remote_exec(_WORKER)
    for item in (str(ROOT), [request_of(n).to_plain() for n in names], line):
        control.send(item)
    return line, control


def test_another_process_asks_and_reports_over_its_gateway(gateway):
    """The real thing, with a text that would kill a worker if it went as it is."""
    hostile = Reply(text="\ud800 \x00 ]]> \x1b[31m 𝔘 " + "x" * 100_000)
    endpoint = ScriptedEndpoint({key_of("1"): [hostile], key_of("2"): [refused()]})
    names = [str(n) for n in range(20)]
    scores: list[tuple[str, str | None]] = []
    with Broker(
        endpoint.transport, MemoryJournal(), Limits(concurrency=4, retries=0, patience_s=0)
    ) as broker:
        line, control = _start(gateway, names)
        server = ChannelServer(
            line, source=broker, on_score=lambda s, score, _: scores.append((s.id, score.note))
        )
        got, acknowledged, loaded = control.receive(PATIENCE_S)
        expected = [f"answer {n}" for n in names]
        expected[1] = "\ufffd \ufffd ]]> \x1b[31m 𝔘 " + "x" * 100_000
        expected[2] = "status"
        assert got == expected
        assert acknowledged
        assert loaded == []
        assert scores == list(zip(names, expected, strict=True)), "all are in when it has ended"
        assert server.done


def test_a_worker_that_dies_leaves_the_owner_going_and_is_noticed(gateway):
    endpoint = ScriptedEndpoint(held=True)
    closed = threading.Event()
    with Broker(
        endpoint.transport, MemoryJournal(), Limits(concurrency=1, retries=0, patience_s=0)
    ) as broker:
        line, _control = _start(gateway, ["a"])
        server = ChannelServer(line, source=broker, on_score=lambda *_: None, on_closed=closed.set)
        endpoint.wait_until(lambda: len(endpoint.in_flight) == 1)
        gateway._io.popen.kill()
        assert closed.wait(PATIENCE_S)
        assert not server.done
        endpoint.release("a")
        endpoint.release("b")
        assert broker.ask(request_of("b")).text == "answer b"


def test_loading_the_channel_loads_nothing_heavy():
    code = (
        "import sys, pytest_iqeval.broker.channel as c; "
        "print([m for m in sys.modules if m.split('.')[0] in ('httpcore', 'sqlite3', 'yaml',"
        " 'pytest')"
        " or m.startswith('pytest_iqeval.broker.') and m != c.__name__])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@given(text=st.text(st.characters()), field=st.text(min_size=1))
def test_any_text_of_a_request_comes_over_unchanged(text: str, field: str):
    workers, owners_end = pair()
    seen: list[Request] = []

    class Source:
        def plan(self, requests) -> None: ...

        def submit(self, request, on_done) -> None:
            seen.append(request)
            on_done(Reply(text=text))

    request = Request(
        key=key_of("a"), messages=(Message(role="user", content=text),), body={field: [text, None]}
    )
    ChannelServer(owners_end, source=Source(), on_score=lambda *_: None)
    assert ChannelAsker(workers).ask(request).text == text
    assert seen == [request]
    workers.close()
