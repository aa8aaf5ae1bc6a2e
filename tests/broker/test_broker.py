"""The broker with scripted endpoint and journal: who gets what, when, and what is sent."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable
from dataclasses import fields

import pytest

from pytest_iqeval.broker import lanes as lanes_module
from pytest_iqeval.broker import plan as plan_module
from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.broker.limits import Limits
from pytest_iqeval.broker.retry import RetryPolicy
from pytest_iqeval.core.attempt import Attempt
from pytest_iqeval.core.errors import EndpointUnusable, FolderError, NoReply
from pytest_iqeval.core.request import Reply, Usage
from tests.support.fakes import (
    PATIENCE_S,
    HandClock,
    HastyClock,
    MemoryJournal,
    ScriptedEndpoint,
    answered,
    busy,
    key_of,
    refused,
    request_of,
)

# Comes back when it was told to, with no jitter.
PUNCTUAL = RetryPolicy(retries=3, patience_s=60.0, draw=lambda: 0.0)


def _requests(names: Iterable[str]) -> list:
    return [request_of(name) for name in names]


def _broker(endpoint: ScriptedEndpoint, journal: MemoryJournal | None = None, **options) -> Broker:
    names = {field.name for field in fields(Limits)}
    given = {"concurrency": 2, "retries": 3, "patience_s": 60.0}
    given |= {name: options.pop(name) for name in names & options.keys()}
    options.setdefault("clock", HastyClock())
    options.setdefault("policy", RetryPolicy(retries=3, patience_s=60.0, draw=lambda: 1.0))
    return Broker(endpoint.transport, journal or MemoryJournal(), Limits(**given), **options)


class Inbox:
    """Collects what `submit` delivers, and tells the endpoint's condition."""

    def __init__(self, endpoint: ScriptedEndpoint) -> None:
        self.endpoint = endpoint
        self.answers: dict[str, list[Reply | NoReply]] = {}

    def submit(self, broker: Broker, name: str) -> None:
        def on_done(answer: Reply | NoReply) -> None:
            with self.endpoint.changed:
                self.answers.setdefault(name, []).append(answer)
                self.endpoint.changed.notify_all()

        broker.submit(request_of(name), on_done)

    def wait_for(self, *names: str) -> list[Reply | NoReply]:
        self.endpoint.wait_until(lambda: all(name in self.answers for name in names))
        return [self.answers[name][0] for name in names]


def _flying(endpoint: ScriptedEndpoint, names: str) -> None:
    """Wait until exactly these are in flight."""
    endpoint.wait_until(lambda: sorted(k.id for k in endpoint.in_flight) == sorted(names))


# getting replies


def test_a_question_is_answered_and_kept():
    endpoint, journal = ScriptedEndpoint(), MemoryJournal()
    with _broker(endpoint, journal) as broker:
        reply = broker.ask(request_of("a"))
    assert reply == answered("a")
    assert journal.answers == {key_of("a"): reply}


def test_two_items_that_ask_the_same_share_one_request():
    endpoint = ScriptedEndpoint(held=True)
    with _broker(endpoint) as broker:
        inbox = Inbox(endpoint)
        inbox.submit(broker, "a")
        inbox.submit(broker, "a")
        endpoint.release("a")
        endpoint.wait_until(lambda: len(inbox.answers.get("a", [])) == 2)
        assert broker.ask(request_of("a")).text == "answer a"
    assert endpoint.sent == [key_of("a")]


def test_a_delivered_reply_is_read_again_from_the_journal_and_not_held():
    endpoint, journal = ScriptedEndpoint(), MemoryJournal()
    with _broker(endpoint, journal) as broker:
        broker.ask(request_of("a"))
        assert journal.read == []
        assert broker.ask(request_of("a")).text == "answer a"
    assert journal.read == [key_of("a")]


def test_replies_that_nobody_claims_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(plan_module, "HELD_MOST", 3)
    endpoint, journal = ScriptedEndpoint(), MemoryJournal()
    with _broker(endpoint, journal) as broker:
        broker.plan(_requests("abcdefgh"))
        endpoint.wait_until(lambda: broker.stats().answered == 8)
        assert {broker.ask(r).text for r in _requests("abcdefgh")} == {
            f"answer {name}" for name in "abcdefgh"
        }
    assert len(journal.read) == 5


def test_what_an_earlier_run_has_answered_is_not_asked_again_but_its_errors_are():
    journal = MemoryJournal({key_of("a"): Reply(text="earlier"), key_of("b"): busy()})
    endpoint = ScriptedEndpoint()
    with _broker(endpoint, journal) as broker:
        broker.plan(_requests("ab"))
        assert broker.ask(request_of("a")).text == "earlier"
        assert broker.ask(request_of("b")).text == "answer b"
        assert (broker.stats().planned, broker.stats().reused) == (2, 1)
    assert endpoint.sent == [key_of("b")]


def test_a_reply_that_vanished_from_the_journal_is_an_error_and_not_a_crash():
    journal = MemoryJournal({key_of("a"): Reply(text="earlier")})
    with _broker(ScriptedEndpoint(), journal) as broker:
        journal.answers.clear()
        with pytest.raises(NoReply, match="bench::IQ::a: its reply is gone from the journal"):
            broker.ask(request_of("a"))


def test_text_that_cannot_be_stored_is_replaced_before_anybody_sees_it():
    dirty = Reply(text="a\0b", reasoning="x\ud800", refusal=None, cleaned="invalid UTF-8")
    endpoint, journal = ScriptedEndpoint({key_of("a"): [dirty]}), MemoryJournal()
    with _broker(endpoint, journal) as broker:
        reply = broker.ask(request_of("a"))
    assert (reply.text, reply.reasoning) == ("a\ufffdb", "x\ufffd")
    assert reply.cleaned == "invalid UTF-8; text: 1 NUL; reasoning: 1 lone surrogate"
    assert journal.answers[key_of("a")] == reply


# order


def test_requests_go_out_in_collection_order():
    endpoint = ScriptedEndpoint()
    with _broker(endpoint, concurrency=1) as broker:
        broker.plan(_requests("cabed"))
        broker.ask(request_of("d"))
        broker.ask(request_of("e"))
    assert sorted(k.id for k in endpoint.sent) == list("abcde")
    without_waited = [k.id for k in endpoint.sent if k.id not in "de"]
    assert without_waited == ["c", "a", "b"]


def test_a_request_that_an_item_waits_for_goes_first():
    endpoint = ScriptedEndpoint(held=True)
    with _broker(endpoint, concurrency=1) as broker:
        broker.plan(_requests("abcd"))
        inbox = Inbox(endpoint)
        _flying(endpoint, "a")
        inbox.submit(broker, "d")
        for name in "adbc":
            _flying(endpoint, name)
            endpoint.release(name)
        inbox.wait_for("d")
        endpoint.wait_until(lambda: broker.stats().answered == 4)
    assert [k.id for k in endpoint.sent] == ["a", "d", "b", "c"]


def test_concurrency_is_reached_and_never_exceeded():
    endpoint = ScriptedEndpoint(held=True)
    with _broker(endpoint, concurrency=3) as broker:
        broker.plan(_requests("abcdefg"))
        _flying(endpoint, "abc")
        endpoint.release("b")
        _flying(endpoint, "acd")
        assert broker.stats().in_flight == 3
    assert endpoint.most_in_flight == 3
    assert endpoint.connections == 3


def test_lanes_are_only_made_for_work_that_there_is():
    endpoint = ScriptedEndpoint()
    with _broker(endpoint, concurrency=50) as broker:
        for name in "abcdef":
            broker.ask(request_of(name))
    assert endpoint.connections <= 2


def test_it_runs_no_further_ahead_than_told():
    endpoint = ScriptedEndpoint(held=True)
    with _broker(endpoint, concurrency=2, ahead=2) as broker:
        broker.plan(_requests("abcde"))
        _flying(endpoint, "ab")
        endpoint.release("a")
        endpoint.release("b")
        endpoint.wait_until(lambda: broker.stats().answered == 2)
        assert sorted(k.id for k in endpoint.sent) == ["a", "b"]
        broker.ask(request_of("a"))
        _flying(endpoint, "c")
        broker.ask(request_of("b"))
        _flying(endpoint, "cd")


def test_what_an_item_waits_for_is_sent_however_far_ahead_the_broker_is():
    endpoint = ScriptedEndpoint(held=True)
    with _broker(endpoint, concurrency=1, ahead=1) as broker:
        broker.plan(_requests("abc"))
        endpoint.release("a")
        endpoint.wait_until(lambda: broker.stats().answered == 1)
        inbox = Inbox(endpoint)
        inbox.submit(broker, "c")
        endpoint.release("c")
        assert inbox.wait_for("c") == [answered("c")]
    assert [k.id for k in endpoint.sent] == ["a", "c"]


# trouble


def test_a_passing_trouble_is_retried_and_counted():
    endpoint = ScriptedEndpoint({key_of("a"): [busy(), busy(9.0)]})
    clock = HastyClock()
    with _broker(endpoint, clock=clock) as broker:
        reply = broker.ask(request_of("a"))
        stats = broker.stats()
    assert reply.attempts == 3
    assert clock.waits == pytest.approx([0.5, 9.9]), "a tenth on top of what it asked for"
    assert (stats.sent, stats.retries, stats.answered, stats.errors) == (3, 2, 1, 0)


def test_the_log_is_told_of_every_attempt_and_of_the_wait_after_it():
    class Log:
        def __init__(self) -> None:
            self.attempts: list[Attempt] = []

        def write(self, attempt: Attempt) -> None:
            self.attempts.append(attempt)

    log = Log()
    endpoint = ScriptedEndpoint({key_of("a"): [busy(retry_after_s=3.0)], key_of("b"): [refused()]})
    with _broker(endpoint, log=log, clock=HastyClock()) as broker:
        broker.ask(request_of("a"))
        with pytest.raises(NoReply):
            broker.ask(request_of("b"))
    told = [(a.key.id, a.number, isinstance(a.answer, Reply), a.again_in_s) for a in log.attempts]
    assert [one[:3] for one in told] == [("a", 1, False), ("a", 2, True), ("b", 1, False)]
    assert told[0][3] >= 3.0
    assert (told[1][3], told[2][3]) == (None, None)


def test_a_trouble_that_stays_is_an_error_that_is_kept():
    endpoint, journal = ScriptedEndpoint({key_of("a"): [busy() for _ in range(9)]}), MemoryJournal()
    with _broker(endpoint, journal) as broker:
        with pytest.raises(NoReply, match="too many requests") as first:
            broker.ask(request_of("a"))
        with pytest.raises(NoReply) as second:
            broker.ask(request_of("a"))
        assert broker.stats().errors == 1
    assert first.value.attempts == 4
    assert second.value.to_plain() == first.value.to_plain()
    assert second.value is not first.value
    assert len(endpoint.sent) == 4
    kept = journal.answers[key_of("a")]
    assert isinstance(kept, NoReply)
    assert kept.to_plain() == first.value.to_plain()


def test_what_no_retry_can_mend_is_told_at_once():
    endpoint = ScriptedEndpoint({key_of("a"): [refused()]})
    with _broker(endpoint) as broker, pytest.raises(NoReply, match="no such model"):
        broker.ask(request_of("a"))
    assert len(endpoint.sent) == 1


def test_a_request_that_waits_for_its_retry_holds_up_no_lane():
    endpoint, clock = ScriptedEndpoint({key_of("a"): [busy(30.0)]}), HandClock()
    with _broker(endpoint, concurrency=1, clock=clock, policy=PUNCTUAL) as broker:
        inbox = Inbox(endpoint)
        inbox.submit(broker, "a")
        broker.ask(request_of("b"))
        broker.ask(request_of("c"))
        assert [k.id for k in endpoint.sent] == ["a", "b", "c"]
        clock.advance(29.9)
        broker.ask(request_of("d"))
        assert "a" not in inbox.answers
        clock.advance(0.1)
        inbox.wait_for("a")
    assert [k.id for k in endpoint.sent] == ["a", "b", "c", "d", "a"]


def test_an_earlier_retry_that_comes_later_is_not_late():
    script = {key_of("a"): [busy(50.0)], key_of("b"): [busy(5.0)]}
    endpoint, clock = ScriptedEndpoint(script), HandClock()
    with _broker(endpoint, concurrency=1, clock=clock, policy=PUNCTUAL) as broker:
        inbox = Inbox(endpoint)
        inbox.submit(broker, "a")
        inbox.submit(broker, "b")
        broker.ask(request_of("c"))
        clock.advance(5.0)
        inbox.wait_for("b")
        assert "a" not in inbox.answers
        clock.advance(45.0)
        inbox.wait_for("a")


def test_a_bug_ends_that_request_with_its_name_and_nothing_else():
    endpoint = ScriptedEndpoint({key_of("a"): [KeyError("choices")], key_of("b"): [SystemExit(3)]})
    with _broker(endpoint, concurrency=1) as broker:
        with pytest.raises(NoReply) as caught:
            broker.ask(request_of("a"))
        with pytest.raises(NoReply, match="SystemExit: 3"):
            broker.ask(request_of("b"))
        assert broker.ask(request_of("c")).text == "answer c"
    assert str(caught.value) == (
        "a fault in pytest-iqeval while it asked: KeyError: 'choices'\n"
        "  hint: this is a bug, please report it"
    )
    assert caught.value.kind == "crash"
    assert endpoint.connections == 3, "a connection in an unknown state is not used again"
    assert endpoint.closed == 3


def test_a_connection_that_cannot_be_made_is_told_in_its_own_words():
    def no_transport():
        raise EndpointUnusable("no file ca.pem", hint="SSL_CERT_FILE names it")

    with (
        Broker(
            no_transport, MemoryJournal(), Limits(concurrency=1, retries=0, patience_s=0)
        ) as broker,
        pytest.raises(NoReply, match=r"no file ca\.pem\n  hint: SSL_CERT_FILE names it"),
    ):
        broker.ask(request_of("a"))


def test_a_journal_that_fails_ends_the_run_with_its_reason():
    endpoint = ScriptedEndpoint()
    journal = MemoryJournal(broken=FolderError("run.sqlite3: disk is full", hint="free some space"))
    with _broker(endpoint, journal, concurrency=1) as broker:
        with pytest.raises(NoReply, match=r"the journal failed: run.sqlite3: disk is full"):
            broker.ask(request_of("a"))
        assert broker.fatal is not None
        assert broker.fatal.hint == "free some space"
        with pytest.raises(NoReply, match="disk is full"):
            broker.ask(request_of("b"))
    assert endpoint.sent == [key_of("a")]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_callback_that_raises_keeps_nobody_else_waiting():
    endpoint = ScriptedEndpoint(held=True)
    with _broker(endpoint, concurrency=1) as broker:
        broker.submit(request_of("a"), lambda _answer: 1 / 0)
        inbox = Inbox(endpoint)
        inbox.submit(broker, "a")
        endpoint.release("a")
        inbox.wait_for("a")
        endpoint.release("b")
        assert broker.ask(request_of("b")).text == "answer b"


# the first request alone


def test_the_first_request_goes_alone_and_then_all():
    endpoint = ScriptedEndpoint(held=True)
    with _broker(endpoint, concurrency=3, first_alone=True) as broker:
        broker.plan(_requests("abcd"))
        _flying(endpoint, "a")
        inbox = Inbox(endpoint)
        inbox.submit(broker, "d")
        assert broker.stats().in_flight == 1
        endpoint.release("a")
        _flying(endpoint, "bcd")
        assert broker.fatal is None


def test_if_the_first_is_refused_nothing_else_is_sent_and_all_say_why():
    endpoint = ScriptedEndpoint(held=True)
    with _broker(endpoint, concurrency=3, first_alone=True) as broker:
        broker.plan(_requests("abcd"))
        _flying(endpoint, "a")
        inbox = Inbox(endpoint)
        inbox.submit(broker, "c")
        endpoint.release("a", refused())
        assert str(inbox.wait_for("c")[0]) == "no such model"
        assert broker.fatal is not None
        assert (str(broker.fatal), broker.fatal.status) == ("no such model", 404)
        for name in "abdz":
            with pytest.raises(NoReply, match="no such model"):
                broker.ask(request_of(name))
        assert broker.stats().errors == 5
    assert endpoint.sent == [key_of("a")]


def test_the_first_is_retried_alone():
    endpoint, clock = ScriptedEndpoint({key_of("a"): [busy(5.0)]}), HandClock()
    with _broker(endpoint, first_alone=True, clock=clock, policy=PUNCTUAL) as broker:
        broker.plan(_requests("abc"))
        inbox = Inbox(endpoint)
        inbox.submit(broker, "a")
        inbox.submit(broker, "c")
        endpoint.wait_until(lambda: broker.stats().in_flight == 0 and len(endpoint.sent) == 1)
        clock.advance(4.9)
        assert endpoint.sent == [key_of("a")]
        clock.advance(0.1)
        inbox.wait_for("a", "c")
    assert [k.id for k in endpoint.sent[:2]] == ["a", "a"]


def test_a_first_request_that_only_had_bad_luck_decides_nothing():
    endpoint = ScriptedEndpoint({key_of("a"): [busy() for _ in range(4)]})
    with _broker(endpoint, first_alone=True) as broker:
        broker.plan(_requests("ab"))
        assert broker.ask(request_of("b")).text == "answer b"
        assert broker.fatal is None


# the end


def test_closing_tells_everybody_who_waits():
    endpoint = ScriptedEndpoint(held=True)
    broker = _broker(endpoint, concurrency=1)
    inbox = Inbox(endpoint)
    inbox.submit(broker, "a")
    inbox.submit(broker, "b")
    _flying(endpoint, "a")
    broker.close()
    for answer in inbox.wait_for("a", "b"):
        assert isinstance(answer, NoReply)
        assert answer.kind == "cancelled"
        assert str(answer) == "the run ended before there was a reply"
    assert [len(answers) for answers in inbox.answers.values()] == [1, 1]
    assert endpoint.closed == endpoint.connections == 1
    assert not _own_threads()


def test_after_the_end_nothing_is_sent_and_nobody_waits():
    endpoint = ScriptedEndpoint()
    broker = _broker(endpoint)
    broker.close()
    broker.close()
    with pytest.raises(NoReply, match="the run ended"):
        broker.ask(request_of("a"))
    assert endpoint.sent == []


def test_draining_keeps_what_is_in_flight_and_starts_nothing_new():
    endpoint, journal = ScriptedEndpoint(held=True), MemoryJournal()
    broker = _broker(endpoint, journal, concurrency=1, clock=HandClock())
    inbox = Inbox(endpoint)
    inbox.submit(broker, "a")
    inbox.submit(broker, "b")
    _flying(endpoint, "a")
    closing = threading.Thread(target=broker.close, kwargs={"drain_s": 60.0})
    closing.start()
    assert isinstance(inbox.wait_for("b")[0], NoReply), "what is not in flight is told at once"
    endpoint.release("a")
    assert inbox.wait_for("a") == [answered("a")]
    closing.join(PATIENCE_S)
    assert not closing.is_alive()
    assert list(journal.answers) == [key_of("a")]
    assert endpoint.sent == [key_of("a")]


def test_after_a_ctrl_c_nothing_more_is_sent_even_before_the_broker_is_closed():
    """pytest ends its loop and its workers between the two, which takes a while."""
    endpoint, journal = ScriptedEndpoint(held=True), MemoryJournal()
    with _broker(endpoint, journal, concurrency=1) as broker:
        inbox = Inbox(endpoint)
        inbox.submit(broker, "a")
        inbox.submit(broker, "b")
        _flying(endpoint, "a")
        assert broker.send_no_more() == 1
        endpoint.release("a")
        assert inbox.wait_for("a") == [answered("a")]
        inbox.submit(broker, "c")
        broker.plan(_requests("d"))
        endpoint.wait_until(lambda: not _own_threads("lane"))
    assert [type(one) for one in inbox.wait_for("b", "c")] == [NoReply, NoReply]
    assert endpoint.sent == [key_of("a")]


def test_draining_has_an_end():
    endpoint = ScriptedEndpoint(held=True)
    broker = _broker(endpoint, concurrency=1, clock=HastyClock())
    inbox = Inbox(endpoint)
    inbox.submit(broker, "a")
    _flying(endpoint, "a")
    broker.close(drain_s=60.0)
    assert isinstance(inbox.wait_for("a")[0], NoReply)


def test_a_send_that_hangs_does_not_keep_the_run_and_its_late_reply_is_kept(monkeypatch):
    monkeypatch.setattr(lanes_module, "_JOIN_S", 0.01)
    endpoint, journal = ScriptedEndpoint(held=True), MemoryJournal()
    endpoint.deaf = True
    broker = _broker(endpoint, journal)
    inbox = Inbox(endpoint)
    inbox.submit(broker, "a")
    _flying(endpoint, "a")
    broker.close()
    assert isinstance(inbox.wait_for("a")[0], NoReply)
    endpoint.release("a")
    endpoint.wait_until(lambda: not _own_threads())
    assert journal.answers == {key_of("a"): answered("a")}
    assert len(inbox.answers["a"]) == 1


def test_a_reply_that_is_being_kept_when_the_run_ends_is_told_once(monkeypatch):
    monkeypatch.setattr(lanes_module, "_JOIN_S", 0.01)
    keeping, go_on = threading.Event(), threading.Event()

    class SlowJournal(MemoryJournal):
        def put(self, key, answer) -> None:
            keeping.set()
            go_on.wait(PATIENCE_S)
            super().put(key, answer)

    endpoint, journal = ScriptedEndpoint(), SlowJournal()
    broker = _broker(endpoint, journal)
    inbox = Inbox(endpoint)
    inbox.submit(broker, "a")
    assert keeping.wait(PATIENCE_S)
    broker.close()
    assert isinstance(inbox.wait_for("a")[0], NoReply)
    go_on.set()
    endpoint.wait_until(lambda: not _own_threads())
    assert len(inbox.answers["a"]) == 1
    assert (broker.stats().answered, broker.stats().errors) == (0, 1)
    assert broker.stats().in_flight == 0
    assert journal.answers == {key_of("a"): answered("a")}


def test_with_fewer_threads_than_wished_it_goes_on_with_those(monkeypatch):
    start = threading.Thread.start

    def start_two(thread: threading.Thread) -> None:
        if thread.name == "iqeval-lane-2":
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_two)
    endpoint = ScriptedEndpoint(held=True)
    with _broker(endpoint, concurrency=5) as broker:
        broker.plan(_requests("abcd"))
        _flying(endpoint, "ab")
        endpoint.release("a")
        _flying(endpoint, "bc")
        endpoint.release("b")
        _flying(endpoint, "cd")


def test_a_retry_that_is_due_later_ends_with_the_run():
    endpoint = ScriptedEndpoint({key_of("a"): [busy(30.0)]})
    broker = _broker(endpoint, clock=HandClock())
    inbox = Inbox(endpoint)
    inbox.submit(broker, "a")
    endpoint.wait_until(lambda: len(endpoint.sent) == 1 and broker.stats().in_flight == 0)
    broker.close(drain_s=60.0)
    (answer,) = inbox.wait_for("a")
    assert isinstance(answer, NoReply)
    assert (answer.kind, answer.attempts) == ("cancelled", 1)
    assert not _own_threads()


def test_ctrl_c_reaches_a_waiting_item():
    endpoint = ScriptedEndpoint(held=True)
    with _broker(endpoint) as broker:

        def interrupt() -> None:
            _flying(endpoint, "a")
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

        threading.Thread(target=interrupt).start()
        with pytest.raises(KeyboardInterrupt):
            broker.ask(request_of("a"))


def test_tokens_are_summed_as_the_endpoint_counted_them():
    script = {
        key_of("a"): [Reply(text="", usage=Usage(prompt_tokens=10, completion_tokens=3))],
        key_of("b"): [Reply(text="", usage=Usage(completion_tokens=4))],
    }
    with _broker(ScriptedEndpoint(script)) as broker:
        broker.ask(request_of("a"))
        broker.ask(request_of("b"))
        stats = broker.stats()
    assert (stats.prompt_tokens, stats.completion_tokens) == (10, 7)


def _own_threads(kind: str = "") -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith(f"iqeval-{kind}")]
