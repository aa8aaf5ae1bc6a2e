"""`iqeval explain`: everything that led to a verdict, and whether it would be the same today."""

# ruff: noqa: E501 - lines of output are read across

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.core.extract.choice_rules import RULES
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.width import display_width
from tests.cli.conftest import Iqeval
from tests.support.stored import change_report, question, reply, write_run

OLD = Score(outcome=Outcome.INCORRECT, value=0.0, extracted="A", rule="last-capital", span=(0, 1))


@pytest.fixture
def explain(iqeval: Iqeval, tmp_path: Path) -> Any:
    """``explain("Answer: B", "--full")``: the lines about a question that was answered so."""

    def call(
        said: Reply | str | None,
        *options: str,
        sample: Sample | None = None,
        before: Score | None = None,
        scorer: str | None = None,
    ) -> str:
        sample = sample or question("one")
        calls = len(list(tmp_path.glob("outputs/m/*")))
        folder = tmp_path / "outputs" / "m" / f"20260102_03040{5 + calls}"
        run = write_run(folder, [(sample, said)], before={sample.id: before} if before else None)
        if scorer is not None:
            named = {"name": scorer, "options": {}}
            change_report(run, lambda plain: plain["benchmarks"][0].update(scorer=named))
        told = iqeval("explain", "last", sample.id, *options)
        assert (told.code, told.err) == (0, "")
        return told.out

    return call


def test_all_of_a_question_is_told_in_order(explain: Any) -> None:
    told = explain("Maybe A.\nAnswer: B")
    before, _, rules = told.partition(
        "the rules of the scorer choice, in the order of their table\n"
    )
    assert before == (
        "iqeval/quiz::IQ::one\n"
        "run outputs/m/20260102_030405, model gemma3:4b\n"
        "\n"
        "question\n"
        "    Which day, one?\n"
        "\n"
        "options\n"
        "    A) Monday\n"
        "    B) Tuesday <- expected, got\n"
        "    C) Wednesday\n"
        "\n"
        "endpoint\n"
        "    finish_reason stop, 4 tokens (30 in the prompt), 1.50 s, 1 attempt\n"
        "\n"
        "reply, 18 characters\n"
        "    Maybe A.\n"
        "    Answer: »B«\n"
        "\n"
        "verdict: correct\n"
        "    expected  B\n"
        "    got       B\n"
        "    read at   17 to 18 of the reply's characters\n"
        '    rule      answer-en: "Answer:", "the (correct, final, …) answer is" (English)\n'
        "\n"
    )
    assert "  * answer-en      read here: Maybe A. Answer: »B«\n" in rules


def test_every_rule_is_named_with_what_it_reads(explain: Any) -> None:
    told = explain("I do not know.").partition("the rules of the scorer")[2]
    for rule in RULES:
        assert f"\n    {rule.name} " in told
    assert told.count("found nothing: ") == len(RULES)
    assert "nothing that counts" not in told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Answer: A.\nNo, wrong.\nAnswer: B", "found at 8 to 9, it is an earlier statement: Answer: »A«. No, wrong. Answer: B"),
        ("答案：A。\n\n不对。\n\n答案：B", "found at 3 to 4, it is an earlier statement: 答案：»A«。 不对。 答案：B"),
    ],
)  # fmt: skip
def test_what_does_not_count_is_told_with_its_place_and_why(
    explain: Any, text: str, found: str
) -> None:
    told = explain(text)
    assert "read here: " in told
    assert f"{found}\n" in told


def test_a_verdict_without_an_answer_says_why(explain: Any) -> None:
    told = explain("It could be A or B.")
    assert "verdict: unparsed\n    expected  B\n    got       no answer\n" in told
    assert "    note      it commits to no option\n" in told


def test_what_is_no_answer_since_the_reply_was_cut_is_told_as_dismissed(explain: Any) -> None:
    told = explain(Reply(text="Let me see", finish_reason="length"), scorer="exact")
    assert "verdict: truncated\n" in told
    assert "  - whole-reply   found at 0 to 10, it has not come to its end: »Let me see«\n" in told


def test_a_cut_reply_is_told_to_be_cut(explain: Any) -> None:
    told = explain(reply("Answer: B. Because", finish_reason="length"))
    assert "reply, 18 characters, cut by the length limit\n" in told
    assert "    note      the length limit cut the reply after it had answered\n" in told
    assert "finish_reason length," in told


def test_no_reply_is_told_with_the_reason(explain: Any) -> None:
    told = explain(None)
    assert "    finish_reason not sent, 0 attempts\n\nno reply\n" in told
    assert "verdict: error\n    expected  B\n    note      connection refused\n" in told
    assert "rules" not in told


def test_refusal_reasoning_and_replaced_characters_are_told(explain: Any) -> None:
    said = reply("", refusal="I will not.", reasoning="A or\nB", cleaned="1 NUL")
    told = explain(said)
    assert "reply, 0 characters\n    refusal: I will not.\n    replaced in it: 1 NUL\n" in told
    assert "reasoning sent apart, 6 characters: --reasoning shows it\n" in told
    assert "A or" not in told
    shown = "reasoning sent apart, 6 characters: no answer is read in it\n    A or\n    B\n"
    assert shown in explain(said, "--reasoning")


def test_several_right_answers_and_digits_are_marked(explain: Any) -> None:
    sample = question("one", target="1,3", numbered=True, choices=("x", "y", "z"))
    told = explain("no idea", sample=sample)
    assert "    1) x <- expected\n    2) y\n    3) z <- expected\n" in told


def test_a_free_question_has_no_options(explain: Any) -> None:
    sample = replace(question("one", target="7", also=("seven",)), choices=("7", "8"))
    assert "    expected  7 or seven\n" in explain("no idea", sample=sample)


def test_a_question_of_several_lines_and_hostile_characters_is_safe(explain: Any) -> None:
    sample = question("one", input="first\r\nsecond \x1b[2J\u202e " + "很长的题目" * 30)
    told = explain("Answer: \x1b[31mB", sample=sample)
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "    first\n    second \\x1b[2J\\u202e" in told
    assert all(display_width(line) <= 100 for line in told.splitlines())


def test_a_run_that_judged_otherwise_is_told(explain: Any) -> None:
    told = explain("A or B? Answer: B", before=OLD)
    assert (
        "the run (0.1.0) judged otherwise:\n"
        "    incorrect, got A by the rule last-capital\n"
        "    iqeval rescore outputs/m/20260102_030405 shows all that would change\n"
    ) in told
    assert "verdict: correct\n" in told


def test_the_note_of_a_run_that_judged_otherwise_is_told(explain: Any) -> None:
    old = Score(outcome=Outcome.UNPARSED, value=0.0, note="it commits to no option")
    told = explain("Answer: B", before=old)
    assert "judged otherwise:\n    unparsed, got no answer\n    it commits to no option\n" in told


def test_the_same_answer_by_another_rule_is_told(explain: Any) -> None:
    old = Score(outcome=Outcome.CORRECT, value=1.0, extracted="B", rule="older", span=(0, 1))
    told = explain("B? Answer: B", before=old)
    assert "the run (0.1.0) read the same answer by the rule older at 0 to 1\n" in told
    assert "otherwise" not in told


def test_without_the_scorer_the_stored_verdict_is_shown_with_what_to_do(explain: Any) -> None:
    told = explain("A or B? Answer: B", before=OLD, scorer="mine")
    assert "    »A« or B? Answer: B\n" in told
    assert "verdict: incorrect\n" in told
    assert "    rule      last-capital\n" in told
    assert "quiz was judged by the scorer 'mine', which is not known here\n" in told
    assert "judge again with pytest --iqeval-replay outputs/m/20260102_030405; of the" in told
    assert "the rules of" not in told


def test_a_scorer_that_names_no_answer_is_not_said_to_have_got_none(explain: Any) -> None:
    told = explain("3.14", before=Score(outcome=Outcome.CORRECT, value=1.0), scorer="mine")
    assert "verdict: correct\n    expected  B\n" in told
    assert "got" not in told
    assert "\n\nquiz was judged by the scorer 'mine', which is not known here\n" in told


def test_an_earlier_verdict_that_named_no_answer_is_not_said_to_have_got_none(explain: Any) -> None:
    told = explain("Answer: A", before=Score(outcome=Outcome.CORRECT, value=1.0))
    assert "judged otherwise:\n    correct\n" in told


def test_on_a_terminal_the_answer_is_in_colour_and_not_in_marks(
    explain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    told = explain("Answer: B")
    assert "Answer: \x1b[1;4;33mB\x1b[0m\n" in told
    assert "»B«" not in told.partition("verdict")[0]
