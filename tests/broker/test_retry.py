"""When a request is sent again."""

from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.broker.retry import FIRST_S, LONGEST_S, RetryPolicy
from pytest_iqeval.core.errors import NoReply
from tests.support.fakes import busy, refused


def _policy(*, retries: int = 5, patience_s: float = 120.0, draw: float = 1.0) -> RetryPolicy:
    return RetryPolicy(retries=retries, patience_s=patience_s, draw=lambda: draw)


def test_what_a_retry_cannot_mend_is_not_sent_again():
    assert _policy().delay_s(refused(), attempts=1, waited_s=0) is None


def test_the_last_retry_is_the_last():
    policy = _policy(retries=2)
    delays = [policy.delay_s(busy(), attempts=n, waited_s=0) for n in (1, 2, 3)]
    assert delays == [FIRST_S, FIRST_S * 2, None]


def test_the_ceiling_doubles_and_has_a_top():
    policy = _policy(retries=5000, patience_s=1e9)
    delays = [policy.delay_s(busy(), attempts=n, waited_s=0) for n in (1, 2, 3, 4, 50, 4000)]
    assert delays == [0.5, 1.0, 2.0, 4.0, LONGEST_S, LONGEST_S]


def test_the_draw_is_over_the_whole_range_down_to_nothing():
    assert _policy(draw=0.0).delay_s(busy(), attempts=3, waited_s=0) == 0.0
    assert _policy(draw=0.25).delay_s(busy(), attempts=3, waited_s=0) == 0.5


def test_the_servers_own_word_counts_more_than_the_draw():
    assert _policy(draw=0.0).delay_s(busy(7.0), attempts=1, waited_s=0) == 7.0


def test_those_told_the_same_do_not_come_back_together():
    """A tenth of the Retry-After on top at most, and never more than a second."""
    assert _policy(draw=0.5).delay_s(busy(4.0), attempts=1, waited_s=0) == 4.2
    assert _policy(draw=1.0).delay_s(busy(60.0), attempts=1, waited_s=0) == 61.0
    assert _policy(patience_s=4, draw=1.0).delay_s(busy(4.0), attempts=1, waited_s=0) == 4.0


def test_a_retry_after_beyond_the_patience_ends_at_once_and_says_why():
    policy, failure = _policy(patience_s=10), busy(3600.0)
    assert policy.delay_s(failure, attempts=1, waited_s=0) is None
    assert policy.delay_s(busy(7.0), attempts=2, waited_s=4) is None
    hint = "it asks to wait for 3,600 s, longer than --iqeval-patience"
    assert policy.last_words(failure).hint == hint
    assert policy.last_words(busy(7.0)).hint is None
    assert policy.last_words(refused()).hint is None


def test_a_retry_after_of_nothing_does_not_burn_the_retries():
    """`Retry-After: 0`, or a date that is past by our clock: the random waits grow all the same."""
    for asked_s in (-5.0, 0.0, 0.1):
        delays = [_policy().delay_s(busy(asked_s), attempts=n, waited_s=0) for n in (1, 2, 3)]
        assert delays == [0.5, 1.0, 2.0]
    assert _policy(draw=0.5).delay_s(busy(3.0), attempts=5, waited_s=0) == 4.0


def test_with_no_patience_left_it_ends():
    assert _policy(patience_s=10).delay_s(busy(), attempts=2, waited_s=10) is None
    assert _policy(patience_s=0).delay_s(busy(), attempts=1, waited_s=0) is None


@given(
    retries=st.integers(0, 30),
    patience_s=st.floats(0, 1000),
    failures=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.none() | st.floats(-1, 1e6)), max_size=40
    ),
)
def test_one_request_never_waits_longer_than_the_patience_nor_is_sent_too_often(
    retries: int, patience_s: float, failures: list[tuple[float, float | None]]
):
    attempts, waited_s = 1, 0.0
    for draw, retry_after_s in failures:
        policy = RetryPolicy(retries=retries, patience_s=patience_s, draw=lambda d=draw: d)
        failure = NoReply("busy", retryable=True, retry_after_s=retry_after_s)
        delay_s = policy.delay_s(failure, attempts=attempts, waited_s=waited_s)
        if delay_s is None:
            break
        assert delay_s >= 0
        waited_s += delay_s
        attempts += 1
    assert attempts <= retries + 1
    assert waited_s <= patience_s * (1 + 1e-9)
