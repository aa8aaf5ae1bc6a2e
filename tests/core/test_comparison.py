"""Two runs question by question."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.against import baseline_summary
from pytest_iqeval.core.comparison import (
    Baseline,
    Comparison,
    RightBefore,
    compare,
    repeats_in,
    right_before,
    scored,
)
from pytest_iqeval.core.facts import Facts
from pytest_iqeval.core.policy import POLICIES, Passes, majority
from pytest_iqeval.core.result import Result
from pytest_iqeval.core.summary import BaselineSummary
from tests.support.runs import make_result, make_sample

Letters = Mapping[str, str]
NAMES = ["a", "b", "c", "d", "e", "f"]


def results_of(letters: Letters) -> list[Result]:
    """Results by question id: a letter a reply, as `make_result` has them."""
    return [
        make_result(make_sample(name), letter, repeat=repeat)
        for name, replies in letters.items()
        for repeat, letter in enumerate(replies)
    ]


def baseline(letters: Letters, facts: Facts | None = None) -> Baseline:
    return Baseline(
        run="before", model="m", scores=scored(results_of(letters)), facts=facts or Facts()
    )


def compared(
    before: Letters, now: Letters, *, passes: Passes = majority, available: str = ""
) -> Comparison:
    """What is between the two; questions without a letter now are selected and never reached."""
    return compare(
        baseline(before),
        [make_sample(name) for name in now],
        results_of(now),
        available=map(make_sample, available),
        passes=passes,
        facts=Facts(),
    )


def ids(pairs: tuple[object, ...]) -> list[str]:
    return [getattr(one, "sample", one).id for one in pairs]  # type: ignore[attr-defined]


def test_lost_gained_and_what_only_one_run_has() -> None:
    """Any outcome but correct is a loss; an error, or a question never reached, is none."""
    found = compared(
        {"a": "c", "b": "c", "c": "i", "d": "c", "e": "e", "f": "c"},
        {"a": "t", "b": "c", "c": "c", "d": "e", "e": "c", "f": "", "g": "c"},
    )
    assert (ids(found.lost), ids(found.gained), found.flaky) == (["a"], ["c"], ())
    assert ids(found.unscored) == ["d", "e", "f"]
    assert (ids(found.new), found.gone, len(found.pairs)) == (["g"], (), 3)


def test_a_question_that_flips_is_flaky_and_neither_lost_nor_gained() -> None:
    found = compared({"a": "ccc", "b": "cci", "c": "ccc"}, {"a": "iic", "b": "iii", "c": "iii"})
    assert (ids(found.lost), ids(found.gained), ids(found.flaky)) == (["c"], [], ["a", "b"])


def test_what_was_not_selected_is_not_gone() -> None:
    found = compared({"a": "c", "b": "c", "c": "c"}, {"a": "c"}, available="ab")
    assert (found.gone, found.unselected) == ((("demo", "default", "c"),), 1)
    other = Baseline(run="r", model="m", scores={("other", "default", "x"): ()})
    left = compare(other, [make_sample("a")], [], passes=majority, facts=Facts())
    assert (left.gone, left.unselected) == ((), 1)


def test_lost_replies_do_not_count_among_repeats() -> None:
    found = compared({"a": "ece"}, {"a": "i"})
    assert [len(pair.before) for pair in found.pairs] == [1]
    assert ids(found.lost) == ["a"]
    assert repeats_in(results_of({"a": "ece", "b": "c"})) == 3
    assert repeats_in([]) == 1


def test_moved_facts_are_told_unless_allowed() -> None:
    before = baseline({"a": "c"}, Facts(settings={"temperature": "0", "top_p": "1"}))
    now = Facts(settings={"temperature": "0.7", "top_p": "0.9"})
    sample = make_sample("a")
    found = compare(before, [sample], [], passes=majority, facts=now, allowed=["top_p"])
    assert [change.said for change in found.changed] == ["temperature is 0.7, it was 0"]
    assert [change.said for change in found.allowed] == ["top_p is 0.9, it was 1"]
    assert not compare(before, [sample], [], passes=majority, facts=now, allowed=["all"]).changed
    assert baseline_summary(found).changed_settings == tuple(
        change.said for change in (*found.changed, *found.allowed)
    )


def test_what_was_right_is_known_by_every_worker() -> None:
    """A question that flipped was not right beyond doubt; one without a score neither."""
    before = right_before(baseline({"a": "c", "b": "cic", "c": "e", "d": "cc", "e": "i"}))
    assert [name for name in NAMES if before.holds(make_sample(name))] == ["a", "d"]
    assert RightBefore.from_plain(before.to_plain()) == before


replies = st.dictionaries(st.sampled_from(NAMES), st.text("ciutre", max_size=4), max_size=6)


@given(replies, replies, st.sampled_from(sorted(POLICIES)))
def test_every_question_is_counted_once(before: Letters, now: Letters, name: str) -> None:
    """Whatever is selected is a pair, unscored or new; pairs are of one kind, and it mirrors."""
    passes = POLICIES[name]
    # As a review has a row for each reply, a question without replies was never asked then.
    before = {question: letters for question, letters in before.items() if letters}
    found = compared(before, now, passes=passes)
    assert len(found.pairs) + len(found.unscored) + len(found.new) == len(now)
    told = baseline_summary(found)
    assert told.unchanged >= 0
    assert not set(told.lost) & {*told.gained, *told.flaky}
    assert 0 <= told.p <= 1
    assert found.unselected + len(found.gone) == len(before.keys() - now.keys())
    turned = compared({q: r for q, r in now.items() if r}, before, passes=passes)
    assert sorted(ids(turned.lost)) == sorted(ids(found.gained))
    for name_, metric in told.difference.items():
        assert name_ == "demo"
        assert metric.value is not None
        assert -1 <= metric.value <= 1


def test_the_summary_crosses_a_report_unchanged() -> None:
    found = compared({"a": "c", "b": "i", "c": "cc"}, {"a": "i", "b": "c", "c": "ci", "d": "c"})
    told = baseline_summary(found)
    assert (told.lost, told.flaky) == (("iqeval/demo::default::a",), ("iqeval/demo::default::c",))
    plain = {
        **{name: _plain(getattr(told, name)) for name in told.__slots__ if name != "difference"},
        "difference": {
            name: {"value": m.value, "low": m.low, "high": m.high, "n": m.n}
            for name, m in told.difference.items()
        },
    }
    assert BaselineSummary.from_plain(plain) == told


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
