"""Whole runs against endpoints of every temper, in simulated time: what is lost, and the cost."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest

from pytest_iqeval.broker.limits import Limits
from pytest_iqeval.broker.rates import SPAN_S
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.request import Reply, Request, Timing, Usage
from tests.support.fakes import busy, refused, reply_to, request_of
from tests.support.simulated import Ran, simulate

LATENCY_S = 0.2


def _limits(**given) -> Limits:
    return Limits(**{"concurrency": 50, "retries": 5, "patience_s": 120.0, **given})


def _requests(count: int) -> list[Request]:
    return [request_of(n) for n in range(count)]


def _kind(kind: str, words: str = "nobody listens at host:1 (connection refused)") -> NoReply:
    return NoReply(words, kind=kind, retryable=True)


def _lost(ran: Ran) -> list[NoReply]:
    return [answer for answer in ran.answers.values() if isinstance(answer, NoReply)]


def _most_in(seconds: float, sends: Sequence[float]) -> int:
    """The most of `sends` in any so many seconds."""
    return max(sum(t <= u < t + seconds for u in sends) for t in sends)


# faults


def _faulty(seed: int):
    """The faults of the benchmark, at the first attempt only."""
    rates = {"429": 0.05, "500": 0.05, "reset": 0.03, "body": 0.03 + 0.03 + 0.02}
    draw = random.Random(seed)

    def endpoint(request: Request, attempt: int, _now: float):
        which, kind = draw.random(), None
        for name, rate in rates.items():
            if attempt == 1 and kind is None and which < rate:
                kind = name
            which -= rate
        failure = {
            "429": busy(),
            "500": NoReply("oh", status=500, retryable=True),
            "reset": _kind("connect", "broke off"),
            "body": NoReply("cut off", kind="body", status=200, retryable=True),
        }.get(kind or "")
        return LATENCY_S, failure or reply_to(request)

    return endpoint


@pytest.mark.parametrize("seed", range(3))
def test_one_fault_in_five_first_attempts_loses_nothing_and_costs_half_more_at_most(seed: int):
    random.seed(seed)  # of the jitter
    ran, simulated = simulate(_requests(1000), _faulty(seed), _limits())
    stats = simulated.broker.stats()
    assert not _lost(ran)
    assert 150 < stats.retries < 270
    ideal_s = 1000 * LATENCY_S / 50
    assert ran.seconds <= 1.5 * ideal_s
    assert (stats.slowed, stats.limit, stats.throttled > 20) == (0, 50, True)


@pytest.mark.parametrize("retry_after_s", [None, 1.0, 10.0])
@pytest.mark.parametrize("concurrency", [4, 50])
def test_an_endpoint_with_a_quota_of_its_own_is_met_with_patience_and_loses_nothing(
    retry_after_s: float | None, concurrency: int
):
    """120 a minute, unknown to us: 300 take 120 s at best. No request's retries are used up."""
    served: list[float] = []

    def endpoint(request: Request, _attempt: int, now: float):
        if sum(t > now - 60 for t in served) >= 120:
            return 0.01, busy(retry_after_s)
        served.append(now)
        return LATENCY_S, reply_to(request)

    random.seed(1)
    limits = _limits(concurrency=concurrency)
    ran, simulated = simulate(_requests(300), endpoint, limits)
    stats = simulated.broker.stats()
    assert not _lost(ran)
    assert ran.seconds < 1.15 * 120
    assert stats.slowed > 0
    assert stats.full_limit == concurrency
    if retry_after_s:
        assert stats.throttled < 400


def test_an_endpoint_that_only_says_busy_ends_the_run_after_the_patience():
    def endpoint(request: Request, _attempt: int, now: float):
        return LATENCY_S, reply_to(request) if now < 1 else busy()

    random.seed(1)
    ran, simulated = simulate(_requests(1000), endpoint, _limits())
    assert 120 < ran.seconds < 130
    assert simulated.broker.over is not None
    assert simulated.broker.over.problem == (
        "the endpoint has refused everything for 121 s, and the patience is 120 s: "
        "too many requests"
    )


def test_a_quota_that_comes_back_after_more_than_the_patience_ends_the_run_at_once():
    def endpoint(request: Request, _attempt: int, now: float):
        if now < 1:
            return LATENCY_S, reply_to(request)
        failure = busy(3600.0)
        failure.throttled = True
        return LATENCY_S, failure

    ran, simulated = simulate(_requests(1000), endpoint, _limits())
    assert ran.seconds < 2
    over = simulated.broker.over
    assert over is not None
    assert over.problem == (
        "the endpoint asks to wait for 3,600 s, and the patience is 120 s: too many requests"
    )
    assert over.kind == "outage"
    assert simulated.broker.fatal is None
    assert len(ran.sends) < 400


# rates


@pytest.mark.parametrize(("count", "at_least_s"), [(60, 0), (100, 1), (180, 2)])
def test_no_minute_has_more_sends_than_allowed_and_no_time_is_lost_by_it(
    count: int, at_least_s: int
):
    """Retries are sends too; one request in ten needs one."""

    def endpoint(request: Request, attempt: int, _now: float):
        bad = attempt == 1 and int(request.key.id) % 10 == 0
        return LATENCY_S, busy() if bad else reply_to(request)

    random.seed(2)
    ran, _ = simulate(_requests(count), endpoint, _limits(rpm=60, concurrency=8))
    sends = [t for t, _ in ran.sends]
    assert not _lost(ran)
    assert len(sends) == count + count // 10
    assert _most_in(60.0, sends) <= 60
    # As many whole minutes as 60 sends each need, and a third of one for retries nobody foresaw.
    minutes = -(-len(sends) // 60) - 1
    assert minutes >= at_least_s
    assert ran.seconds <= minutes * SPAN_S + 21


def test_what_is_to_spare_in_a_minute_is_spread_over_it():
    ran, _ = simulate(_requests(90), lambda r, _a, _n: (0.0, reply_to(r)), _limits(rpm=60))
    sends = [t for t, _ in ran.sends]
    by_quarter = Counter(int(t // (SPAN_S / 4)) for t in sends)
    assert [by_quarter[q] for q in range(5)] == pytest.approx([38, 7, 8, 7, 30], abs=2)


def test_tokens_of_a_minute_stay_under_their_limit_once_replies_are_known():
    def endpoint(_request: Request, _attempt: int, _now: float):
        usage = Usage(prompt_tokens=10, completion_tokens=90)
        return LATENCY_S, Reply(text="x", usage=usage)

    ran, simulated = simulate(_requests(100), endpoint, _limits(tpm=2000, concurrency=4))
    sends = [t for t, _ in ran.sends]
    assert _most_in(60.0, sends) <= 20
    assert ran.seconds <= 5 * SPAN_S + 1
    assert simulated.broker.stats().tokens_spent == 10_000


def test_a_request_larger_than_the_rate_of_tokens_is_still_sent():
    ran, _ = simulate(_requests(3), lambda r, _a, _n: (1.0, reply_to(r)), _limits(tpm=5))
    assert not _lost(ran)
    assert _most_in(60.0, [t for t, _ in ran.sends]) == 1


# budgets


def test_when_the_tokens_are_spent_the_rest_is_told_so_and_nothing_more_is_sent():
    def endpoint(_request: Request, _attempt: int, _now: float):
        usage = Usage(prompt_tokens=20, completion_tokens=81)
        return LATENCY_S, Reply(text="x", usage=usage)

    ran, simulated = simulate(_requests(200), endpoint, _limits(token_budget=5000, concurrency=10))
    lost = _lost(ran)
    assert len(ran.sends) == 51, "one was on its way when the estimate said that it fits"
    assert {(one.kind, one.problem) for one in lost} == {
        ("budget", "the token budget of 5,000 is spent (5,050 used)")
    }
    assert lost[0].hint is not None
    assert lost[0].hint.startswith("--iqeval-token-budget")
    assert (len(lost), simulated.broker.stats().tokens_spent) == (149, 5151)
    assert simulated.broker.fatal is None
    late: list = []
    simulated.broker.submit(request_of("late"), late.append)
    assert late[0].problem == lost[0].problem


def test_tokens_are_estimated_where_the_endpoint_counts_none():
    """Each prompt about 7 tokens, each reply 100 characters of Chinese or 400 of English."""

    def endpoint(request: Request, _attempt: int, _now: float):
        return LATENCY_S, Reply(text="字" * 100 if int(request.key.id) % 2 else "word" * 100)

    ran, simulated = simulate(_requests(200), endpoint, _limits(token_budget=1100, concurrency=1))
    assert 9 <= len(ran.sends) <= 12
    assert simulated.broker.stats().tokens_spent >= 1100


def test_when_the_time_is_up_what_flies_may_land_and_the_rest_is_told_so():
    def endpoint(request: Request, _attempt: int, _now: float):
        if request.key.id == "0":
            return LATENCY_S, busy(30.0)
        return 7.0, reply_to(request)

    ran, simulated = simulate(_requests(10), endpoint, _limits(time_budget_s=10.0, concurrency=3))
    assert len(ran.sends) == 1 + 3 + 3
    waited, *never = sorted(_lost(ran), key=lambda one: -one.attempts)
    assert (waited.attempts, waited.kind) == (1, "budget")
    assert waited.problem == (
        "too many requests; it was to be asked again, but the time budget of 10 s is spent"
    )
    assert {(one.attempts, one.problem) for one in never} == {
        (0, "the time budget of 10 s is spent")
    }
    assert len(never) == 10 - 7
    stats = simulated.broker.stats()
    assert (stats.sent, stats.dropped, stats.dropped_retries) == (7, 1, 0), "the one that waited"
    assert ran.seconds == pytest.approx(14.2)


# outages


@pytest.mark.parametrize("kind", ["connect", "timeout"])
@pytest.mark.parametrize("out_s", [1.0, 100.0])
def test_an_outage_that_ends_within_the_patience_loses_nothing(kind: str, out_s: float):
    def endpoint(request: Request, _attempt: int, now: float):
        if 2.0 <= now < 2.0 + out_s:
            return (0.001 if kind == "connect" else 10.0), _kind(kind)
        return LATENCY_S, reply_to(request)

    random.seed(3)
    ran, simulated = simulate(_requests(1000), endpoint, _limits(retries=1))
    assert not _lost(ran)
    assert ran.seconds < 2.0 + out_s + 30
    assert simulated.broker.over is None
    assert simulated.broker.stats().outage_s is None
    out = [t for t, _ in ran.sends if 2.0 <= t < 2.0 + out_s]
    assert len(out) <= 50 * 2 + 30


@pytest.mark.parametrize("count", [1000, 7, 1])
@pytest.mark.parametrize(("kind", "seconds"), [("connect", 0.001), ("timeout", 600.0)])
def test_a_dead_endpoint_ends_the_run_with_one_reason(kind: str, seconds: float, count: int):
    """In seconds or in one timeout, whatever the number of questions."""
    ran, simulated = simulate(
        _requests(count), lambda _r, _a, _n: (seconds, _kind(kind)), _limits()
    )
    lost = _lost(ran)
    assert len(lost) == count
    assert ran.seconds <= max(120.1, seconds)
    if count > 1 or kind == "timeout":
        assert {one.kind for one in lost} == {"outage"}
        assert {one.problem for one in lost} == {
            f"nobody has answered for {max(120.0, seconds):.0f} s: "
            "nobody listens at host:1 (connection refused)"
        }
    assert len(ran.sends) <= 2 * 50 + 40
    assert simulated.broker.fatal is None


def test_while_nobody_answers_one_request_at_a_time_is_sent_and_not_always_the_same():
    ran, _ = simulate(_requests(100), lambda _r, _a, _n: (0.0, _kind("connect")), _limits())
    probes = [send for send in ran.sends if send[0] > 0]
    assert 20 <= len(probes) <= 30
    gaps = [b[0] - a[0] for a, b in pairwise(probes)]
    assert gaps[:4] == pytest.approx([0.5, 1.0, 2.0, 4.0])
    assert len({name for _, name in probes}) == len(probes)


@pytest.mark.parametrize("kind", ["connect", "timeout"])
def test_questions_that_never_work_use_up_their_own_retries_while_others_are_answered(kind: str):
    """One in twenty; at the end of the run only those are left, and that is no outage."""

    def endpoint(request: Request, _attempt: int, _now: float):
        if int(request.key.id) % 20 == 7:
            return (0.05 if kind == "connect" else 3.0), _kind(kind, "broke off")
        return LATENCY_S, reply_to(request)

    random.seed(4)
    ran, _ = simulate(_requests(1000), endpoint, _limits())
    assert len(_lost(ran)) == 50
    assert {(one.kind, one.attempts) for one in _lost(ran)} == {(kind, 6)}
    backoff_s = 0.5 + 1 + 2 + 4 + 8
    assert ran.seconds < 1.5 * 4.0 + backoff_s + 6 * 3.0


@pytest.mark.parametrize("seconds", [5.0, 30.0, 100.0])
def test_a_gateway_whose_server_is_away_for_a_while_loses_nothing(seconds: float):
    """It answers, at once and with a 502; nothing is asked of it but now and then."""

    def endpoint(request: Request, _attempt: int, now: float):
        if 1.0 <= now < 1.0 + seconds:
            return 0.01, NoReply("bad gateway", status=502, retryable=True)
        return LATENCY_S, reply_to(request)

    ran, _ = simulate(_requests(400), endpoint, _limits(concurrency=8))
    assert _lost(ran) == []
    assert len(ran.sends) < 400 + 2 * 8 + 5 + seconds / 5.0
    assert ran.seconds < 400 / 8 * LATENCY_S + seconds + 5.0 + 1.0


def test_a_gateway_that_never_says_anything_but_503_is_an_outage():
    ran, simulated = simulate(
        _requests(1000),
        lambda _r, _a, _n: (0.01, NoReply("down", status=503, retryable=True)),
        _limits(),
    )
    assert len(_lost(ran)) == 1000
    assert len(ran.sends) < 150
    assert str(simulated.broker.over).startswith("no reply has come for 120 s: down")


def test_a_probe_waits_as_long_as_the_gateway_asks():
    """`Retry-After` of a 503."""

    def endpoint(request: Request, _attempt: int, now: float):
        if now < 40.0:
            return 0.01, NoReply("loads", status=503, retryable=True, retry_after_s=20.0)
        return LATENCY_S, reply_to(request)

    ran, _ = simulate(_requests(100), endpoint, _limits())
    assert _lost(ran) == []
    assert len(ran.sends) <= 100 + 2 * 50 + 3


def test_one_question_that_is_always_refused_as_too_much_costs_the_others_nothing():
    """A 429 for this one alone: the others are answered before patience with it ends."""

    def endpoint(request: Request, _attempt: int, _now: float):
        if request.key.id == "10":
            words = "too large for the tokens of a minute"
            return LATENCY_S, NoReply(words, status=429, retryable=True, throttled=True)
        return LATENCY_S, reply_to(request)

    random.seed(1)
    ran, _ = simulate(_requests(411), endpoint, _limits(concurrency=16))
    assert len(_lost(ran)) == 1
    others_s = max(at for at, name in ran.sends if name != "10")
    assert others_s < 60.0


# refusals


def test_an_endpoint_that_refuses_everything_is_asked_no_further():
    ran, simulated = simulate(_requests(1000), lambda _r, _a, _n: (0.2, refused()), _limits())
    assert len(ran.sends) <= 50 + 10
    own = [one for one in _lost(ran) if one.kind == "status"]
    rest = [one for one in _lost(ran) if one.kind == "outage"]
    assert {str(one) for one in own} == {str(one) for one in rest} == {"no such model"}
    assert {one.attempts for one in rest} == {0}
    assert len(own) + len(rest) == 1000
    assert simulated.broker.stats().refused
    assert simulated.broker.fatal is None


def test_refusals_after_a_success_are_those_questions_own_unless_the_key_or_account_is_gone():
    def endpoint_of(status: int):
        def endpoint(request: Request, _attempt: int, _now: float):
            if request.key.id == "3":
                return 0.01, reply_to(request)
            return 0.2, NoReply("no", status=status)

        return endpoint

    ran, _ = simulate(_requests(100), endpoint_of(400), _limits(concurrency=5))
    assert len(ran.sends) == 100
    ran, _ = simulate(_requests(100), endpoint_of(402), _limits(concurrency=5))
    assert len(ran.sends) <= 20


# what is noted


def test_the_seconds_in_the_queue_are_noted_on_the_last_attempt():
    def endpoint(request: Request, attempt: int, _now: float):
        answer = Reply(text="x", timing=Timing(connect_s=0.5))
        return 2.0, busy(5.0) if (request.key.id, attempt) == ("1", 1) else answer

    ran, _ = simulate(_requests(3), endpoint, _limits(concurrency=1))
    timings = {name: answer.timing for name, answer in ran.answers.items()}
    assert timings["0"] == Timing(queued_s=0.0, connect_s=0.5)
    assert timings["2"] == Timing(queued_s=4.0, connect_s=0.5)
    assert timings["1"].queued_s == pytest.approx(0.0)
    failed, _ = simulate(_requests(1), lambda _r, _a, _n: (1.0, refused()), _limits())
    assert failed.answers["0"].timing == Timing(queued_s=0.0)
