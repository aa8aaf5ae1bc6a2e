"""Questions with several right options: outcomes, partial values, targets that can't be met."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.scorers.multi_choice import PARTIAL


def sample(target="ABD", *, options=5, **more):
    choices = tuple(f"statement {n}" for n in range(options))
    return Sample(
        benchmark="b", subset="s", id="1", input="Which?", choices=choices, target=target, **more
    )


def score(text, partial="none", of=None, **reply):
    scorer = make_scorer("multi_choice", {"partial": partial})
    return scorer.score(of or sample(), Reply(text=text, **reply))


def test_the_exact_set_is_correct_and_carries_rule_and_span():
    got = score("答案：B、A、D")
    assert (got.outcome, got.value, got.extracted) == (Outcome.CORRECT, 1.0, "ABD")
    assert (got.rule, got.span, got.note) == ("answer-zh", (3, 8), None)


@pytest.mark.parametrize(
    ("said", "none", "half", "subset", "jaccard"),
    [
        ("A, B, D", 1, 1, 1, 1),
        ("A, B", 0, 1 / 2, 2 / 3, 2 / 3),
        ("D", 0, 1 / 2, 1 / 3, 1 / 3),
        ("A, B, C, D", 0, 0, 0, 3 / 4),
        ("A, C", 0, 0, 0, 1 / 4),
        ("C, E", 0, 0, 0, 0),
    ],
)
def test_a_set_that_is_not_the_right_one_is_worth_what_the_definition_says(
    said, none, half, subset, jaccard
):
    for partial, value in {
        "none": none,
        "half": half,
        "subset": subset,
        "jaccard": jaccard,
    }.items():
        got = score(f"ANSWER: {said}", partial)
        assert got.value == value, partial
        assert got.outcome is (Outcome.CORRECT if value == 1 else Outcome.INCORRECT)


SETS = st.sets(st.sampled_from("ABCDE"), min_size=1)


@given(SETS, SETS, st.sampled_from(sorted(PARTIAL)))
def test_only_the_right_set_is_worth_all_and_nothing_is_worth_more(said, right, partial):
    scorer = make_scorer("multi_choice", {"partial": partial})
    value = scorer.value(sample("".join(sorted(right))), "".join(sorted(said)))
    assert 0 <= value <= 1
    assert (value == 1) == (said == right)
    if not said & right:
        assert value == 0


@pytest.mark.parametrize(
    ("text", "reply", "outcome", "note"),
    [
        ("都有可能。", {}, Outcome.UNPARSED, "it commits to no set of options"),
        ("答案：A或C", {}, Outcome.UNPARSED, "it leaves open which: A or C"),
        ("我们先看", {"finish_reason": "length"}, Outcome.TRUNCATED, "the length limit cut"),
        ("抱歉，我无法回答。", {}, Outcome.REFUSED, "it declines to answer"),
    ],
)
def test_a_reply_without_a_set_has_no_value_whatever_counts_in_part(text, reply, outcome, note):
    got = score(text, "jaccard", **reply)
    assert (got.outcome, got.value, got.extracted) == (outcome, 0.0, None)
    assert note in got.note


def test_digits_as_labels_are_joined_with_commas():
    of = sample("1,3", numbered=True)
    assert score("答案：3、1", of=of).extracted == "1,3"
    assert score("答案：3、1", of=of).correct
    assert score("ANSWER: 3", "half", of=of).value == 0.5


def test_of_several_accepted_sets_the_best_counts():
    of = sample("AB", also=("CD",))
    assert score("ANSWER: C, D", of=of).correct
    assert score("ANSWER: C", "half", of=of).value == 0.5


def test_a_target_in_another_order_is_the_same_set():
    assert score("ANSWER: A, B, D", of=sample("DBA")).correct


@pytest.mark.parametrize(
    ("of", "fault"),
    [
        (sample("AC"), None),
        (sample("1,3", numbered=True), None),
        (
            sample("AF"),
            "'AF' names 'F', which is not on offer; write the labels of all right "
            "options, such as AB (labels: A, B, C, D, E)",
        ),
        (
            sample("A,C"),
            "'A,C' names ',', which is not on offer; write the labels of all right "
            "options, such as AB (labels: A, B, C, D, E)",
        ),
        (
            sample("AA"),
            "'AA' names an option twice; write the labels of all right options, "
            "such as AB (labels: A, B, C, D, E)",
        ),
        (
            sample(""),
            "'' names no option; write the labels of all right options, such as AB "
            "(labels: A, B, C, D, E)",
        ),
        (
            sample("13", numbered=True),
            "'13' names '13', which is not on offer; write the labels of all right "
            "options, such as 1,2 (labels: 1, 2, 3, 4, 5)",
        ),
        (
            sample("A", also=("AZ",)),
            "'AZ' names 'Z', which is not on offer; write the labels of all right "
            "options, such as AB (labels: A, B, C, D, E)",
        ),
    ],
)
def test_a_target_that_no_reply_can_meet_is_told_with_the_way_out(of, fault):
    assert make_scorer("multi_choice", {}).target_fault(of) == fault


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"partial": "quarter"},
            "my.yaml: scorer.partial: 'quarter' is unknown; "
            "write one of none, half, subset, jaccard",
        ),
        (
            {"partial": True},
            "my.yaml: scorer.partial: True is unknown; write one of none, half, subset, jaccard",
        ),
        (
            {"partials": "half"},
            "my.yaml: scorer: multi_choice has no option 'partials'; did you mean partial?",
        ),
    ],
)
def test_an_option_that_can_not_be_is_a_fault_of_the_definition(options, said):
    with pytest.raises(DefinitionError) as caught:
        make_scorer("multi_choice", options, where="my.yaml: ")
    assert str(caught.value) == said
