"""`iqeval rescore`: what would change, and nothing written."""

# ruff: noqa: E501 - messages are read across

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.cli import rescore as command
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.store.folder import RunFolder
from tests.cli.conftest import Iqeval
from tests.support.schemas import check_report
from tests.support.stored import change_report, question, write_run

MISSED = Score(outcome=Outcome.UNPARSED, value=0.0, note="it commits to no option")
ASSERTED = Score(
    outcome=Outcome.CORRECT, value=1.0, extracted="B", rule="last-capital", span=(0, 1)
)
OTHER = Score(outcome=Outcome.INCORRECT, value=0.0, extracted="C", rule="older", span=(0, 1))
ANSWERED = [
    (question("right"), "Answer: B"),
    (question("missed"), "答案：B"),
    (question("asserted"), "B or not B?"),
    (question("other"), "Answer: A"),
    (question("lost", subset="EQ"), None),
]
BEFORE = {"missed": MISSED, "asserted": ASSERTED, "other": OTHER}
GATES = ("accuracy >= 0.5", "errors <= 1")


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A run that an older reader judged."""
    folder = tmp_path / "outputs" / "m" / "20260102_030405"
    return write_run(folder, ANSWERED, gates=GATES, before=BEFORE)


def test_figures_changes_and_gates_are_told(iqeval: Iqeval, run: RunFolder) -> None:
    told = iqeval("rescore", "last")
    assert (told.code, told.err) == (0, "")
    assert told.out == (
        "outputs/m/20260102_030405, model gemma3:4b, judged then by pytest-iqeval 0.1.0\n"
        "\n"
        "quiz (scorer choice)\n"
        "                        before                    after\n"
        "  accuracy              0.50 [0.15, 0.85] n=4     0.50 [0.15, 0.85] n=4\n"
        "  correct               2                         2\n"
        "  incorrect             1                         1\n"
        "  unparsed              1                         1\n"
        "  error                 1                         1\n"
        "  IQ: accuracy          0.50 [0.15, 0.85] n=4     0.50 [0.15, 0.85] n=4\n"
        "  EQ: accuracy          - n=0                     - n=0\n"
        "\n"
        "2 of 5 verdicts would change\n"
        "1 more would read another answer, with the same outcome\n"
        "  iqeval/quiz::IQ::missed\n"
        "      unparsed -> correct  - -> B  rule answer-zh\n"
        "  iqeval/quiz::IQ::asserted\n"
        "      correct -> unparsed  B -> -\n"
        "      it commits to no option\n"
        "  iqeval/quiz::IQ::other\n"
        "      incorrect  C -> A  rule answer-en\n"
        "\n"
        "gate accuracy >= 0.5 (quiz): passed\n"
        "  accuracy 0.50 [0.15, 0.85] n=4 of 5\n"
        "gate errors <= 1 (quiz): passed\n"
        "  errors 1 of 5\n"
        "the run's verdict would stay: passed (exit code 0)\n"
    )
    del run


def test_a_gate_that_would_fail_is_told_with_the_verdict(iqeval: Iqeval, tmp_path: Path) -> None:
    write_run(
        tmp_path / "r",
        [(question("one"), "B or not B?"), (question("two"), "Answer: B")],
        gates=["accuracy >= 0.9"],
        before={"one": ASSERTED},
    )
    told = iqeval("rescore", "r")
    assert (
        "  accuracy              1.00 [0.34, 1.00] n=2     0.50 [0.09, 0.91] n=2     -0.500"
        in told.out
    )
    assert (
        "  correct               2                         1                         -1\n"
        in told.out
    )
    assert (
        "  unparsed              0                         1                         +1\n"
        in told.out
    )
    assert told.out.endswith(
        "gate accuracy >= 0.9 (quiz): passed -> failed\n"
        "  before: accuracy 1.00 [0.34, 1.00] n=2 of 2\n"
        "  after: accuracy 0.50 [0.09, 0.91] n=2 of 2\n"
        "the run's verdict would change: passed (exit code 0) -> failed (exit code 1)\n"
    )


def test_a_run_that_would_stay_says_so(iqeval: Iqeval, tmp_path: Path) -> None:
    write_run(tmp_path / "r", [(question("one"), "Answer: B")])
    told = iqeval("rescore", "r", "--exit-code")
    assert told.code == 0
    assert (
        "\n0 of 1 verdicts would change\n\nthe run's verdict would stay: ungated (exit code 0)\n"
        in told.out
    )


def test_nothing_is_written_and_nothing_touched(iqeval: Iqeval, run: RunFolder) -> None:
    """Bytes, times and names of everything in the run's folder, before and after both commands."""
    run.journal.write_bytes(b"SQLite format 3\0")

    def state() -> dict[str, tuple[int, int, bytes]]:
        return {
            str(path): (
                path.stat().st_mtime_ns,
                path.stat().st_ctime_ns,
                path.read_bytes() if path.is_file() else b"",
            )
            for path in [run.path, *sorted(run.path.rglob("*"))]
        }

    before = state()
    for words in (["rescore", "last"], ["rescore", "last", "--json"], ["explain", "last", "other"]):
        assert iqeval(*words).code == 0
    assert state() == before


def test_the_run_may_lie_anywhere_and_needs_no_data(iqeval: Iqeval, run: RunFolder) -> None:
    """Moved to a folder with another name, as a copy from another machine is."""
    run.path.rename(run.path.parents[2] / "from ci")
    assert "2 of 5 verdicts would change" in iqeval("rescore", "from ci").out


def test_at_most_fifty_changes_are_listed_unless_all_are_wanted(
    iqeval: Iqeval, tmp_path: Path
) -> None:
    answered: list[tuple[Sample, Reply | str | None]] = [
        (question(f"q-{n:02}"), "Answer: B") for n in range(53)
    ]
    before = {sample.id: MISSED for sample, _ in answered}
    write_run(tmp_path / "r", answered, before=before)
    told = iqeval("rescore", "r")
    assert "53 of 53 verdicts would change\n" in told.out
    assert "q-49\n" in told.out
    assert "q-50\n" not in told.out
    assert "  and 3 more: --all lists them\n" in told.out
    every = iqeval("rescore", "r", "--all")
    assert "q-52\n" in every.out
    assert "--all" not in every.out


def test_the_exit_code_tells_changes_where_it_is_asked_to(iqeval: Iqeval, run: RunFolder) -> None:
    assert iqeval("rescore", "last").code == 0
    assert iqeval("rescore", "last", "--exit-code").code == 1
    assert iqeval("rescore", str(run.path), "--json", "--exit-code").code == 1


def test_json_holds_every_change_and_both_aggregates(iqeval: Iqeval, run: RunFolder) -> None:
    told = json.loads(iqeval("rescore", "last", "--json").out)
    assert set(told) == {"run", "changed", "changes", "before", "after"}
    assert (told["run"], told["changed"]) == ("outputs/m/20260102_030405", 2)
    check_report(told["before"])
    check_report(told["after"])
    assert told["before"] == json.loads(run.report_json.read_text("utf-8"))
    assert [change["id"] for change in told["changes"]] == [
        f"iqeval/quiz::IQ::{name}" for name in ("missed", "asserted", "other")
    ]
    assert told["changes"][0]["before"] == MISSED.to_plain()
    assert told["changes"][0]["after"] == {
        "outcome": "correct", "value": 1.0, "extracted": "B", "rule": "answer-zh",
        "span": [3, 4], "note": None, "cut": False,
    }  # fmt: skip


class Shouting:
    """Right where the reply has as many exclamation marks as the option says."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options

    def score(self, sample: Sample, reply: Reply) -> Score:
        right = reply.text.count("!") >= self.options.get("least", 1)
        outcome = Outcome.CORRECT if right else Outcome.INCORRECT
        return Score(outcome=outcome, value=float(right), extracted=sample.target)

    def target_fault(self, sample: Sample) -> str | None:
        return "'x' can't be shouted" if sample.id == "mute" else None


@pytest.fixture
def shouting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second scorer, so that there is one to change to."""
    known = command.known_scorer

    def known_or_shouting(name: str, options: dict[str, Any], *, where: str = "") -> Any:
        return Shouting(options) if name == "shouting" else known(name, options, where=where)

    monkeypatch.setattr(command, "known_scorer", known_or_shouting)


@pytest.mark.usefixtures("shouting")
@pytest.mark.parametrize(
    ("words", "said", "correct"),
    [
        (["--scorer", "shouting"], "shouting", 2),
        (["--scorer", "shouting", "--scorer-option", "least=2"], "shouting {least: 2}", 1),
        (["--scorer", "{name: shouting, least: 2}"], "shouting {least: 2}", 1),
        (["--scorer", "{name: shouting, least: 9}", "--scorer-option", "least=1"], "shouting {least: 1}", 2),
        (["--scorer", "shouting", "--benchmark", "quiz"], "shouting", 2),
    ],
)  # fmt: skip
def test_another_scorer_judges_with_its_options(
    iqeval: Iqeval, tmp_path: Path, words: list[str], said: str, correct: int
) -> None:
    answered = [(question("a"), "Answer: A!"), (question("b"), "Yes!!"), (question("c"), "no")]
    write_run(tmp_path / "r", answered)
    told = iqeval("rescore", "r", *words)
    assert told.code == 0
    assert f"quiz (scorer {said} in place of choice)\n" in told.out
    assert f"  correct               0                         {correct} " in told.out
    after = json.loads(iqeval("rescore", "r", *words, "--json").out)["after"]
    assert after["benchmarks"][0]["scorer"]["name"] == "shouting"


@pytest.mark.usefixtures("shouting")
def test_a_scorer_that_is_not_for_the_questions_is_refused(iqeval: Iqeval, tmp_path: Path) -> None:
    write_run(tmp_path / "r", [(question("mute"), "Answer: B")])
    assert iqeval("rescore", "r", "--scorer", "shouting") == (
        4,
        "",
        "iqeval: iqeval/quiz::IQ::mute: 'x' can't be shouted\n"
        "  hint: this scorer is not for these questions\n",
    )


def test_the_scorer_of_a_definition_s_file_is_taken(iqeval: Iqeval, run: RunFolder) -> None:
    path = run.path.parents[2] / "mine.yaml"
    path.write_text("name: quiz\nlanguage: en\ndata: IQ.jsonl\nscorer: choice\n", "utf-8")
    assert "quiz (scorer choice)\n" in iqeval("rescore", "last", "--scorer", "mine.yaml").out
    path.write_text("name: quiz\nlanguage: en\ndata: IQ.jsonl\nscorer: choise\n", "utf-8")
    told = iqeval("rescore", "last", "--scorer", "mine.yaml")
    assert told.code == 4
    assert told.err.startswith("iqeval: mine.yaml: scorer: unknown scorer 'choise'; did you mean")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scorer", "choise"], "--scorer: unknown scorer 'choise'\n  hint: did you mean choice"),
        (["--scorer", "{nam: choice}"], "--scorer {nam: choice}: names no scorer\n  hint: write it as a definition does: {name: NAME, OPTION: VALUE}\n"),
        (["--scorer", "{name: "], "--scorer:1: broken YAML: "),
        (["--scorer", "{name: choice, colour: 1}"], "--scorer: scorer: choice has no option 'colour'\n"),
        (["--scorer-option", "colour=1"], "--scorer: scorer: choice has no option 'colour'\n"),
        (["--scorer-option", "colour"], "--scorer-option 'colour': expected KEY=VALUE\n  hint: for example tolerance=0.01\n"),
        (["--benchmark", "quiz"], "--benchmark says which benchmark --scorer is for, and no scorer is given\n  hint: add --scorer NAME or --scorer-option KEY=VALUE\n"),
        (["--benchmark", "quit", "--scorer", "choice"], "unknown benchmark of this run 'quit'\n  hint: did you mean quiz?\n"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("run")
def test_a_scorer_that_can_not_be_is_told(iqeval: Iqeval, words: list[str], said: str) -> None:
    told = iqeval("rescore", "last", *words)
    assert (told.code, told.out) == (4, "")
    assert told.err.startswith(f"iqeval: {said}")


def test_a_scorer_that_only_a_conftest_knows_is_told(iqeval: Iqeval, run: RunFolder) -> None:
    named = {"name": "mine", "options": {}}
    change_report(run, lambda plain: plain["benchmarks"][0].update(scorer=named))
    told = iqeval("rescore", "last")
    assert told.code == 4
    assert told.err.startswith(
        "iqeval: quiz was judged by the scorer 'mine', which is not known here\n"
        "  hint: if a conftest.py registers it, judge again with "
        "pytest --iqeval-replay outputs/m/20260102_030405; "
    )


def test_hostile_answers_do_not_reach_the_terminal(iqeval: Iqeval, tmp_path: Path) -> None:
    hostile = Score(
        outcome=Outcome.INCORRECT,
        value=0.0,
        extracted="\x1b[2J" + "字" * 40,
        rule="\x1br",
        span=(0, 1),
    )
    write_run(tmp_path / "r", [(question("one"), "Answer: B")], before={"one": hostile})
    told = iqeval("rescore", "r").out
    assert "\x1b" not in told
    assert "      incorrect -> correct  \\x1b[2J字字字字字字字... -> B  rule answer-en\n" in told


@pytest.mark.parametrize("scorer", ["choice", "multi_choice"])
def test_questions_without_options_are_not_for_a_scorer_of_options(
    iqeval: Iqeval, tmp_path: Path, scorer: str
) -> None:
    write_run(tmp_path / "r", [(question("free", choices=()), "Answer: B")])
    told = iqeval("rescore", "r", "--scorer", scorer)
    assert told.code == 4
    assert told.err == (
        "iqeval: iqeval/quiz::IQ::free: the question has no options\n"
        "  hint: this scorer is not for these questions\n"
    )


def test_several_right_options_are_not_for_the_scorer_of_one(
    iqeval: Iqeval, tmp_path: Path
) -> None:
    write_run(tmp_path / "r", [(question("many", target="AB"), "Answer: B")])
    told = iqeval("rescore", "r", "--scorer", "choice")
    assert told.code == 4
    assert "iqeval/quiz::IQ::many: 'AB' is none of the labels A, B" in told.err


def test_a_value_that_changes_is_shown_short(iqeval: Iqeval, tmp_path: Path) -> None:
    target = question("many", target="AC")
    before = Score(
        outcome=Outcome.INCORRECT, value=0.0, extracted="AB", rule="answer-en", span=(8, 10)
    )
    write_run(tmp_path / "r", [(target, "Answer: AB")], before={"many": before})
    told = iqeval("rescore", "r", "--scorer", "{name: multi_choice, partial: jaccard}")
    assert "(value 0 -> 0.333333)" in told.out
