"""Examples before each question, from the option to the prompt, the reports and a replay."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import Body
from tests.support.page_reader import read_page, sent_messages
from tests.support.questions import write_jsonl

SHOTS = """\
name: shots
language: en
data:
  - test: "{subset}_test.jsonl"
    dev: "{subset}_dev.jsonl"
prompt: "Q {question}"
option: "{label}. {text}"
few_shot:
  count: 2
  example: "E {question} = {answer}"
  prompt: "{examples}\\n\\nQ {question}"
average: macro
subsets:
  sum: {category: arithmetic}
  law: {category: humanities}
"""


def row(text: str, answer: str = "A") -> dict[str, Any]:
    return {"question": text, "choices": ["yes", "no"], "answer": answer}


@pytest.fixture
def shots(project: Project) -> Project:
    """Two subsets with a question each; three examples of sums, two of law, one of them asked."""
    folder = project.pytester.mkdir("shots")
    (folder / "benchmark.yaml").write_text(SHOTS, encoding="utf-8")
    write_jsonl(folder / "sum_test.jsonl", [row("1 + 1 = 2?")])
    write_jsonl(folder / "sum_dev.jsonl", [row(f"{n} = 0?", "B") for n in (5, 6, 7)])
    write_jsonl(folder / "law_test.jsonl", [row("Is it law?")])
    write_jsonl(folder / "law_dev.jsonl", [row("Was it law?"), row("Is  it law?")])
    project.endpoint.answer("ANSWER: A")
    return project


def sent(project: Project) -> list[str]:
    """The last message of every chat request, sorted."""
    return sorted(str(body["messages"][-1]["content"]) for body in asked(project))


def asked(project: Project) -> list[Body]:
    """What was asked, and not whether anybody is there."""
    requests = project.endpoint.requests
    return [one.body for one in requests if one.path.endswith("/completions")]


def run(project: Project, *args: str) -> pytest.RunResult:
    return project.run("--iqeval-dataset=shots", *args)


def test_as_many_as_the_definition_says_are_shown(shots: Project) -> None:
    """The first in file order; a question is not its own example."""
    result = run(shots)
    assert sent(shots) == [
        "E 5 = 0? = B\n\nE 6 = 0? = B\n\nQ 1 + 1 = 2?",
        "E Was it law? = A\n\nQ Is it law?",
    ]
    result.stdout.fnmatch_lines(["iqeval: shots: 2 examples before each question"])
    (benchmark,) = shots.report["benchmarks"]
    assert (benchmark["few_shot"], benchmark["average"]) == (2, "macro")
    assert list(benchmark["categories"]) == ["arithmetic", "humanities"]


@pytest.mark.parametrize("args", [["--iqeval-few-shot=0"], ["--iqeval-few-shot=1,shots=0"]])
def test_the_user_turns_them_off(shots: Project, args: list[str]) -> None:
    """A number for one benchmark goes before the number for all."""
    result = run(shots, *args)
    assert sent(shots) == ["Q 1 + 1 = 2?", "Q Is it law?"]
    result.stdout.no_fnmatch_line("*before each question*")
    assert shots.report["benchmarks"][0]["few_shot"] == 0


@pytest.mark.slow
def test_workers_ask_with_examples_too(shots: Project) -> None:
    shots.run_apart("--iqeval-dataset=shots", "-n2", "--iqeval-few-shot=1")
    assert sent(shots) == ["E 5 = 0? = B\n\nQ 1 + 1 = 2?", "E Was it law? = A\n\nQ Is it law?"]


def test_an_answer_alone_is_shown_alone(shots: Project) -> None:
    """`letter` and `json` ask with the general prompt, and show answers in their own shape."""
    run(shots, "--iqeval-answer=json", "--iqeval-few-shot=1")
    for text in sent(shots):
        assert text.startswith("Here are some examples:\n\nQuestion: ")
        assert '\nA) yes\nB) no\n\n{"answer": ' in text
        assert "E " not in text


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (
            ["--iqeval-few-shot=3"],
            [
                "ERROR: iqeval: shots: 3 examples are to be shown before each question, and the "
                "dev split has 2 for law",
                "  hint: --iqeval-few-shot shots=2, or less",
            ],
        ),
        (
            ["--iqeval-few-shot=five"],
            ["ERROR: iqeval: --iqeval-few-shot 'five' is no number of examples*"],
        ),
        (
            ["--iqeval-few-shot=shot=3"],
            [
                "ERROR: iqeval: unknown benchmark of --iqeval-few-shot 'shot'",
                "*did you mean shots?",
            ],
        ),
        (
            ["--iqeval-few-shot=1", "--iqeval-dataset=quiz"],
            [
                "ERROR: iqeval: quiz: 1 example is to be shown before each question, and its "
                "definition names no file with examples (dev)",
                "  hint: --iqeval-few-shot quiz=0 asks without examples",
            ],
        ),
    ],
)
def test_what_can_not_be_shown_is_refused_before_anything_is_sent(
    shots: Project, args: list[str], told: list[str]
) -> None:
    result = shots.run("--iqeval-dataset=shots", *args) if len(args) == 1 else shots.run(*args)
    assert result.ret == 4
    result.stderr.fnmatch_lines(told)
    assert asked(shots) == []


def test_a_missing_dev_file_is_named_with_the_way_out(shots: Project) -> None:
    """The user's copy has no examples; a subset that has some can be asked all the same."""
    (shots.pytester.path / "shots" / "law_dev.jsonl").unlink()
    result = run(shots)
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        [
            "ERROR: iqeval: shots: 2 examples are to be shown before each question, and there are "
            "none for law: looked for {subset}_dev.jsonl",
            "  hint: put that file beside the questions; --iqeval-few-shot shots=0 asks without "
            "examples",
        ]
    )
    assert shots.run("--iqeval-dataset=shots:sum").ret in (0, 1)
    assert run(shots, "--iqeval-few-shot=0").ret in (0, 1)


def test_two_runs_with_other_examples_are_not_alike(shots: Project) -> None:
    run(shots, "--iqeval-few-shot=0", "--iqeval-gate-lock=lock")
    gate = "--iqeval-gate=drop(accuracy) <= 100pt"
    result = run(shots, "--iqeval-baseline=last", gate, "--iqeval-gate-lock=lock")
    assert result.ret == 6
    result.stdout.fnmatch_lines(["*few_shot of shots is 2, it was 0*"])
    result.stdout.fnmatch_lines(["gate lock lock: *few_shot of shots is 2, it was 0*"])
    result.stdout.no_fnmatch_line("*prompt of shots*")
    allowed = run(
        shots, "--iqeval-baseline=last", gate, "--iqeval-few-shot=1",
        "--iqeval-baseline-allow=few_shot",
    )  # fmt: skip
    assert allowed.ret == 0


def test_another_example_is_another_prompt(shots: Project) -> None:
    run(shots)
    write_jsonl(shots.pytester.path / "shots" / "law_dev.jsonl", [row("New?"), row("Law?")])
    result = run(shots, "--iqeval-baseline=last")
    result.stdout.fnmatch_lines(["not as in the baseline: prompt of shots is sha256 *"])


def test_a_run_with_other_examples_is_not_gone_on_with(shots: Project) -> None:
    shots.run_apart("--iqeval-dataset=shots", "--iqeval-few-shot=1", "-x", "--iqeval-gate=n >= 9")
    folder = shots.folder
    (folder / "report.json").unlink()
    result = run(shots, "--iqeval-resume")
    result.stdout.fnmatch_lines(["*could be gone on with, but has another *few-shot examples*"])
    again = run(shots, "--iqeval-resume", "--iqeval-few-shot=1")
    again.stdout.fnmatch_lines([f"*goes on with *{folder.name}"])


def test_a_replay_remembers_them_without_the_data(shots: Project) -> None:
    """The run's copy holds the examples, and its page shows the prompt as it was sent."""
    run(shots, "--iqeval-few-shot=1")
    first = shots.report["benchmarks"][0]
    before = len(asked(shots))
    for path in (shots.pytester.path / "shots").iterdir():
        path.unlink()
    shots.run("--iqeval-replay=last", "--iqeval-dataset=shots")
    second = shots.report["benchmarks"][0]
    assert len(asked(shots)) == before
    for name in ("few_shot", "prompt_sha256", "categories", "average"):
        assert second[name] == first[name], name
    assert page_prompts(shots) == [
        "E 5 = 0? = B\n\nQ 1 + 1 = 2?",
        "E Was it law? = A\n\nQ Is it law?",
    ]


def page_prompts(project: Project) -> list[str]:
    """The user's messages on the newest run's page, sorted."""
    page = read_page(project.folder / "report.html")
    return sorted((sent_messages(page, row) or [("", "")])[-1][1] for row in page.rows)


def test_the_option_may_stand_in_the_ini_file(shots: Project) -> None:
    shots.pytester.makeini("[pytest]\niqeval_few_shot = 1\n")
    run(shots)
    assert [text.count("E ") for text in sent(shots)] == [1, 1]
