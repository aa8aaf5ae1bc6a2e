"""A run that EvalScope asked, among runs of ours: baseline, comparison, replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.cli.main import main
from tests.plugin.conftest import Project, read_report
from tests.support.endpoint import Body, ScriptedEndpoint, last_user
from tests.support.evalscope import Asked, write_outputs

QUESTIONS = {
    "IQ": [("1 + 1 是多少？", ["2", "3"], "A"), ("2 + 2 是多少？", ["3", "4"], "B")],
    "EQ": [("他高兴吗？", ["是", "否", "不知道"], "C")],
}
CONFIG = "generation_config: {temperature: 0, max_tokens: 4096}\nevalscope_version: 1.14.1\n"
STAMP = "20260801_140312"


def outputs(folder: Path, *, wrong: str = "", **changes: Any) -> Path:
    """EvalScope's run over all of them.

    :param wrong: the question that its model had wrong.
    """
    asked = {
        f"iquiz_{subset}": [
            Asked(
                question=question,
                choices=tuple(choices),
                target=target,
                reply="答案：A" if question == wrong else f"答案：{target}",
                score=float(question != wrong),
            )
            for question, choices, target in rows
        ]
        for subset, rows in QUESTIONS.items()
    }
    return write_outputs(folder / STAMP, asked, config=CONFIG, **changes)


@pytest.fixture
def data(pytester: pytest.Pytester) -> Path:
    """The data set, with ids of its own, as a local copy."""
    folder = pytester.path / "data" / "iquiz"
    folder.mkdir(parents=True)
    for subset, rows in QUESTIONS.items():
        lines = [
            json.dumps(
                {"id": f"{subset}-{n}", "question": q, "choices": c, "answer": a, "level": n},
                ensure_ascii=False,
            )
            for n, (q, c, a) in enumerate(rows, start=1)
        ]
        (folder / f"{subset}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder.parent


def knows_all(endpoint: ScriptedEndpoint) -> None:
    """A model that is right about each of them."""
    answers = {q: a for rows in QUESTIONS.values() for q, _, a in rows}

    def answer(body: Body) -> str:
        asked = last_user(body)
        return f"答案：{next(a for q, a in answers.items() if q in asked)}"

    endpoint.answer(answer)


def imported(project: Project, *options: str) -> Path:
    """Import the folder, below ``outputs/m`` as everything; the run's folder."""
    folder = project.pytester.path
    assert main(["import", str(folder / STAMP), *options]) == 0
    return folder / "outputs" / "m" / STAMP


def test_it_is_a_baseline_for_a_run_over_the_same_data(project: Project, data: Path) -> None:
    """Question by question, by the ids of the data; and nothing differs beside the replies."""
    outputs(project.pytester.path, wrong="2 + 2 是多少？")
    baseline = imported(project, "--data-dir", str(data))
    knows_all(project.endpoint)
    result = project.run(
        "--iqeval-dataset=iquiz", f"--iqeval-data-dir={data}", f"--iqeval-baseline={baseline}",
        "--iqeval-gate=drop(accuracy) <= 0pt",
    )  # fmt: skip
    assert result.ret == 0, result.stdout.str()
    told = project.report["baseline"]
    assert told["gained"] == ["iqeval/iquiz::IQ::IQ-2"]
    assert (told["lost"], told["pairs"]) == ([], 3)
    assert told["changed_settings"] == []


def test_without_the_data_ids_are_made_of_the_questions(
    project: Project, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A set without ids of its own gives the same in a run of ours."""
    for path in (data / "iquiz").glob("*.jsonl"):
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for row in rows:
            del row["id"]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    outputs(project.pytester.path, wrong="他高兴吗？")
    baseline = imported(project)
    knows_all(project.endpoint)
    project.run(
        "--iqeval-dataset=iquiz", f"--iqeval-data-dir={data}", f"--iqeval-baseline={baseline}"
    )
    told = project.report["baseline"]
    assert (len(told["gained"]), told["pairs"], told["new"]) == (1, 3, [])
    assert told["changed_settings"] == []
    assert main(["compare", str(baseline), str(project.folder)]) == 0
    assert "not alike" not in capsys.readouterr().out


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_it_is_replayed_from_what_it_keeps(generation: int, project: Project) -> None:
    """No data set is there, and nothing is asked."""
    outputs(project.pytester.path, wrong="2 + 2 是多少？", generation=generation)
    run = imported(project)
    result = project.pytester.runpytest_inprocess(f"--iqeval-replay={run}", "-v")
    result.assert_outcomes(passed=2, failed=1)
    assert project.endpoint.requests == []
    after = project.report
    assert after["run"]["model"] == "m"
    (before,) = read_report(run)["benchmarks"]
    (now,) = after["benchmarks"]
    assert now["outcomes"] == before["outcomes"]
    assert now["prompt_sha256"] == before["prompt_sha256"]


def test_of_a_part_of_the_data_a_replay_asks_that_part(project: Project, data: Path) -> None:
    """With the data at hand, which has more questions than EvalScope asked."""
    rows = QUESTIONS["IQ"][1:]
    asked = [Asked(question=q, choices=tuple(c), target=a, reply=f"答案：{a}") for q, c, a in rows]
    write_outputs(project.pytester.path / STAMP, {"iquiz_IQ": asked})
    run = imported(project, "--data-dir", str(data))
    (benchmark,) = read_report(run)["benchmarks"]
    assert (benchmark["asked"], benchmark["available"]) == (1, 3)
    result = project.pytester.runpytest_inprocess(f"--iqeval-replay={run}")
    result.assert_outcomes(passed=1)


def test_data_at_hand_helps_no_question_that_cant_be_told(
    project: Project, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is left of it but its scores."""
    asked = [Asked(prompt="Say something.")]
    write_outputs(project.pytester.path / STAMP, {"iquiz_IQ": asked})
    run = imported(project, "--data-dir", str(data))
    (benchmark,) = read_report(run)["benchmarks"]
    assert benchmark["scorer"]["name"] == "recorded"
    told = capsys.readouterr().out
    assert "iquiz: not rescored: no question could be told from its records" in told


def test_scores_that_were_kept_are_kept_in_a_replay(project: Project) -> None:
    """And told to be so."""
    asked = [Asked(prompt="Write no comma.", reply="Well, no.", target="", score=0.0)]
    write_outputs(project.pytester.path / STAMP, {"ifeval_default": asked})
    run = imported(project)
    result = project.pytester.runpytest_inprocess(f"--iqeval-replay={run}")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["not rescored: ifeval: the scores are those that came with*"])


def test_a_run_of_ours_never_goes_on_with_it(project: Project, data: Path) -> None:
    """Also where it has a question without a reply."""
    folder = outputs(project.pytester.path)
    path = folder / "predictions" / "m" / "iquiz_EQ.jsonl"
    row = json.loads(path.read_text("utf-8"))
    row["model_output"] = {"error": "overloaded", "choices": []}
    path.write_text(json.dumps(row) + "\n", "utf-8")
    run = imported(project, "--data-dir", str(data))
    assert read_report(run)["benchmarks"][0]["outcomes"]["error"] == 1
    knows_all(project.endpoint)
    result = project.run("--iqeval-dataset=iquiz", f"--iqeval-data-dir={data}", "--iqeval-resume")
    result.stdout.no_fnmatch_line("*could be gone on with*")
    assert project.folder != run
    assert len(project.endpoint.requests) == 3
