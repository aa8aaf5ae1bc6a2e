"""Outcomes of questions whose answer is a number."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome
from pytest_iqeval.core.scorers import make_scorer
from tests.support.shared import shared_data


def sample(target, *also):
    return Sample(benchmark="b", subset="s", id="1", input="几？", target=target, also=also)


def score(text, target="18", *also, options=None, **reply):
    return make_scorer("number", options or {}).score(
        sample(target, *also), Reply(text=text, **reply)
    )


def test_right_number_is_correct_and_carries_rule_and_span():
    got = score("9×2=18。答案：18.0元")
    assert (got.outcome, got.value, got.extracted) == (Outcome.CORRECT, 1.0, "18")
    assert (got.rule, got.span, got.note) == ("answer-zh", (10, 14), None)


def test_another_number_is_incorrect():
    got = score("The answer is 18.0001.")
    assert (got.outcome, got.value, got.extracted) == (Outcome.INCORRECT, 0.0, "18.0001")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("The answer is 0.1.", "1/10"),
        ("答案：三百二十", "320"),
        ("A: $1,800", "1800"),
        ("A: 1800", "1,800"),
        ("Answer: 0.30", "0.3"),
        ("\\boxed{\\frac{1}{3}}", "2/6"),
        ("A: 25%", "25"),
        ("A: 25%", "0.25"),
        ("答案：百分之二十五", "25%"),
        ("A: 18", "She sells 9.\nShe makes 9 * 2 = <<9*2=18>>18.\n#### 18"),
        ("A: 1,800", "It is <<900*2=1800>>1800.\n#### 1,800\n"),
        ("A: 18", "9 * 2 = 18\nA: 18"),
        ("A: 1200000", "120万"),
    ],
)
def test_forms_of_one_number_are_equal(text, target):
    assert score(text, target).correct


def test_any_of_several_right_numbers_will_do():
    assert score("A: 20", "18", "20", "22").correct
    assert not score("A: 21", "18", "20", "22").correct


def test_numbers_are_never_compared_as_binary_floats():
    assert not score("A: 0.3", "0.30000000000000001").correct
    assert not score("A: 9007199254740993", "9007199254740992").correct


@pytest.mark.parametrize(
    ("text", "reply", "outcome", "note"),
    [
        ("都有可能。", {}, Outcome.UNPARSED, "it commits to no number"),
        ("答案：18或20", {}, Outcome.UNPARSED, "it gives 2 numbers: 18, 20"),
        ("", {"reasoning": "18"}, Outcome.UNPARSED, "there is reasoning, but no reply"),
        ("抱歉，我无法回答。", {}, Outcome.REFUSED, "it declines to answer"),
        (
            "She has 16 - 7 = 9",
            {"finish_reason": "length"},
            Outcome.TRUNCATED,
            "the length limit cut the reply: it has not come to its end",
        ),
    ],
)
def test_without_an_answer_one_rule_decides_the_outcome(text, reply, outcome, note):
    got = score(text, **reply)
    assert (got.outcome, got.value, got.extracted, got.note) == (outcome, 0.0, None, note)


def test_a_declared_answer_counts_although_the_reply_was_cut():
    got = score("The answer is 18. To check, 9", finish_reason="length")
    assert got.correct
    assert got.cut


@pytest.mark.parametrize(
    ("options", "text", "right"),
    [
        ({"tolerance": 0.1}, "A: 18.1", True),
        ({"tolerance": "0.1"}, "A: 18.11", False),
        ({"tolerance": "1/3"}, "A: 18.33", True),
        ({"relative_tolerance": 0.01}, "A: 18.18", True),
        ({"relative_tolerance": 0.01}, "A: 18.19", False),
        ({"tolerance": 1, "relative_tolerance": 0.01}, "A: 19", True),
    ],
)
def test_tolerance_is_absolute_or_a_share_of_the_target(options, text, right):
    assert score(text, options=options).correct is right


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tolerence": 1}, "my.yaml: scorer: number has no option 'tolerence'"),
        ({"tolerance": -1}, "my.yaml: scorer.tolerance: -1 is no number of 0 or more"),
        ({"tolerance": True}, "my.yaml: scorer.tolerance: True is no number of 0 or more"),
        ({"tolerance": "x"}, "my.yaml: scorer.tolerance: 'x' is no number of 0 or more"),
        ({"relative_tolerance": "1%"}, "my.yaml: scorer.relative_tolerance: '1%' is no number"),
        ({"tolerance": float("nan")}, "my.yaml: scorer.tolerance: nan is no number of 0 or more"),
    ],
)
def test_an_option_that_cannot_be_is_a_fault_of_the_definition(options, message):
    with pytest.raises(DefinitionError) as caught:
        make_scorer("number", options, where="my.yaml: ")
    assert message in str(caught.value)
    assert "hint: write `scorer: {name: number, tolerance: 0.01}`" in str(caught.value)


@pytest.mark.parametrize(
    "target", ["18", "-1.5", "3/4", "25%", "1,234", "18 dollars", "x\n#### 18"]
)
def test_a_number_is_no_fault_as_a_target(target):
    assert make_scorer("number", {}).target_fault(sample(target)) is None


@pytest.mark.parametrize("target", ["", "yes", "18 or 20", "3:30", "\\sqrt{2}", "x\n#### yes"])
def test_a_target_that_is_not_one_number_is_told(target):
    fault = make_scorer("number", {}).target_fault(sample("18", target))
    assert fault == (
        f"the target {target!r} is not one number; write it as 18, 1.5, 3/4 or 25%, "
        "or choose another scorer"
    )


def test_a_long_target_is_told_in_short():
    fault = make_scorer("number", {}).target_fault(sample("no number " * 50))
    assert f"the target {('no number ' * 50)[:59] + '…'!r} is" in fault


def test_agrees_with_the_labels_of_published_solutions():
    """GSM8K's example solutions: four models, 1,063 questions, OpenAI's own labels."""
    scorer = make_scorer("number", {})
    path = shared_data("gsm8k/example_model_solutions.jsonl")
    differ = 0
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        question = sample(row["ground_truth"])
        assert scorer.target_fault(question) is None
        for solution in (v for v in row.values() if isinstance(v, dict)):
            got = scorer.score(question, Reply(text=solution["solution"]))
            differ += got.correct != solution["is_correct"]
    assert differ == 0


def test_targets_of_published_questions_are_what_their_last_line_says():
    scorer = make_scorer("number", {})
    for line in shared_data("gsm8k/test.jsonl").read_text("utf-8").splitlines():
        answer = json.loads(line)["answer"]
        number = Fraction(answer.rpartition("####")[2].strip().replace(",", ""))
        assert scorer.value(sample(answer), str(number)) == 1.0
