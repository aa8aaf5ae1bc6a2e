"""Gates in real runs: where they come from, what they are held against, what they say."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.plugin.conftest import DEFINITION, QUIZ, Project
from tests.support.endpoint import Body, last_user

IQEVAL = Path(sys.executable).parent / "iqeval"


def rows(project: Project) -> list[tuple[str, str | None, bool | None]]:
    """Expression, origin and verdict of each gate of the newest run."""
    return [(g["expression"], g["origin"], g["passed"]) for g in project.report["gates"]]


def define(project: Project, gates: str) -> None:
    text = f"{DEFINITION}gates:\n{gates}"
    (project.pytester.path / "quiz" / "benchmark.yaml").write_text(text, "utf-8")


def test_gates_say_where_they_were_written(project: Project) -> None:
    """The command line's replace the ini file's; a definition's are always there."""
    define(project, '  - "accuracy >= 90%"\n  - "level=2: accuracy >= 50%"\n')
    project.pytester.makeini("[pytest]\niqeval_gate = n >= 5\n")
    project.wrong["one"] = "ANSWER: C"
    result = project.run()
    result.stdout.fnmatch_lines(
        [
            "iqeval: gates (tox.ini): n >= 5",
            "iqeval: gates (quiz/benchmark.yaml): quiz: accuracy >= 90%; level=2: accuracy >= 50%",
        ]
    )
    definition = "quiz/benchmark.yaml"
    of_definition = [
        ("quiz: accuracy >= 90%", definition, False),
        ("level=2: accuracy >= 50%", definition, True),
    ]
    assert rows(project) == [("n >= 5", "tox.ini", True), *of_definition]
    assert result.ret == 1
    result = project.run("--iqeval-gate=n >= 4")
    result.stdout.fnmatch_lines(["iqeval: gates (--iqeval-gate): n >= 4"])
    assert rows(project) == [("n >= 4", "--iqeval-gate", True), *of_definition]
    result = project.run("--iqeval-replay=last")
    assert rows(project) == [("n >= 4", "--iqeval-gate", True), *of_definition]


def test_a_definition_s_gates_are_about_its_questions_alone(project: Project) -> None:
    """Another benchmark of the run has questions of level 1 too, all wrong."""
    define(project, '  - "level=1: accuracy >= 90%"\n  - "each(subset): accuracy >= 90%"\n')
    other = project.pytester.path / "other.jsonl"
    row = {"id": "x", "question": "1 + 1?", "choices": ["3", "2"], "answer": "B", "level": 1}
    other.write_text(json.dumps(row) + "\n", "utf-8")
    result = project.run("--iqeval-dataset=quiz/benchmark.yaml,other.jsonl")
    assert [(e, p) for e, _, p in rows(project)] == [
        ("level=1: accuracy >= 90%", True),
        ("quiz:IQ: accuracy >= 90%", True),
        ("quiz:EQ: accuracy >= 90%", True),
    ]
    assert result.ret == 0


@pytest.mark.parametrize(
    ("gates", "told"),
    [
        (
            '  - "n > 0"\n  - "acuracy > 0.6"\n',
            [
                "ERROR: iqeval: quiz/benchmark.yaml:15: gate: unknown metric 'acuracy'",
                "  acuracy > 0.6",
                "  ^^^^^^^",
                "  hint: did you mean accuracy?",
            ],
        ),
        (
            '  - "IQ: n > 0"\n',
            ["*.yaml:14: gate: a gate of this definition is about quiz", "*write quiz:IQ"],
        ),
        (
            "  - drop(accuracy) <= 3pt\n",
            ["*.yaml:14: gate: a definition knows of no baseline*", "*  ^^^*", "*--iqeval-gate*"],
        ),
        ("  - 3\n", ["*.yaml: gates?1?: must be text, not a number; put it in quotes"]),
        (
            '  - "quiz:QI: n > 0"\n',
            ["*quiz/benchmark.yaml: gate: quiz has no subset 'QI'", "*did you mean*"],
        ),
        (
            '  - "must_pass(levle=1)"\n',
            ["*quiz/benchmark.yaml: gate: no question has a field 'levle'", "*  ^^^^^*"],
        ),
    ],
)
def test_a_wrong_gate_of_a_definition_is_told_with_its_file(
    project: Project, gates: str, told: list[str]
) -> None:
    define(project, gates)
    result = project.run()
    result.stderr.fnmatch_lines(told)
    assert result.ret == 4
    assert not project.endpoint.requests


@pytest.mark.parametrize(
    ("gate", "told"),
    [
        ("drop(accuracy) <= 3pt", "drop compares with a baseline, and none is given"),
        ("quiz: not_worse(accuracy, 3pt)", "not_worse compares with a baseline*"),
        ("no_regressions(p < 0.05)", "no_regressions compares with a baseline*"),
        ("must_pass(levle=1)", "no question has a field 'levle'"),
        ("must_pass(level=9)", "no question has level=9"),
        ("IQ: n > 0", "this run has no benchmark 'IQ'"),
        ("pass@5 >= 0.5", "pass@5 needs 5 replies to a question, and each is asked once"),
        ("upper(flaky) <= 50%", "flaky needs 2 replies to a question, and each is asked once"),
    ],
)
def test_what_can_t_be_judged_is_refused_before_the_first_request(
    project: Project, gate: str, told: str
) -> None:
    result = project.run(f"--iqeval-gate={gate}")
    result.stderr.fnmatch_lines([f"ERROR: iqeval: gate: {told}", f"  {gate}", "  *^", "  hint: *"])
    assert result.ret == 4
    assert not project.endpoint.requests


def test_gates_against_a_baseline_decide(project: Project) -> None:
    """One question of five is lost."""
    project.run()
    project.wrong["two"] = "ANSWER: C"
    gates = ["drop(accuracy) <= 3pt", "not_worse(accuracy, 3pt)", "no_regressions(p < 0.05)"]
    args = [f"--iqeval-gate={gate}" for gate in gates]
    result = project.run("--iqeval-baseline=last", *args)
    assert result.ret == 1
    drop, worse, regressions = project.report["gates"]
    assert (drop["passed"], worse["passed"], regressions["passed"]) == (False, False, True)
    assert drop["reason"] == "accuracy dropped by 20.0pt, from 1.000 to 0.800, over 5 pairs"
    assert (regressions["p"], regressions["adjusted"]) == (0.5, 0.5)
    result.stdout.fnmatch_lines(["gate failed: drop(accuracy) <= 3pt (quiz)*"])
    # Judged again from the stored run alone, they say the same.
    done = project.pytester.run(IQEVAL, "rescore", str(project.folder))
    done.stdout.fnmatch_lines(["gate drop(accuracy) <= 3pt (quiz): failed*"])
    assert "no number" not in done.stdout.str()


def test_another_setting_leaves_them_without_a_verdict(project: Project) -> None:
    project.run()
    args = ["--iqeval-baseline=last", "--iqeval-gate=drop(accuracy) <= 3pt"]
    result = project.run(*args, "--iqeval-temperature=0.7")
    assert result.ret == 6
    assert "not judged: temperature is" in project.report["gates"][0]["reason"]
    project.run()
    allow = "--iqeval-baseline-allow=temperature"
    assert project.run(*args, "--iqeval-temperature=0.7", allow).ret == 0


def test_questions_that_must_pass(project: Project) -> None:
    project.wrong["wen"] = "ANSWER: B"
    gates = ["--iqeval-gate=must_pass(level=1)", "--iqeval-gate=must_pass(category=家庭)"]
    result = project.run(*gates)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*must_pass(level=1)*1 of 3 does not pass: EQ::wen*"])
    assert [p for _, _, p in rows(project)] == [False, True]


def test_gates_on_several_replies(project: Project) -> None:
    """One question is answered rightly by every other reply."""
    right = {row["question"]: row["answer"] for rows in QUIZ.values() for row in rows}

    def answer(body: Body) -> str:
        question = next(q for q in right if str(q) in last_user(body))
        odd = question == "1 + 1?" and body["seed"] % 2
        return f"ANSWER: {'C' if odd else right[question]}"

    project.endpoint.answer(answer)
    gates = [
        "flaky == 1",
        "pass@2 >= 96%",
        "pass^2 <= 90%",
        "majority@3 >= 90%",
        "lower(pass@1) >= 40%",
        "must_pass(subset=IQ)",
    ]
    args = [f"--iqeval-gate={gate}" for gate in gates]
    result = project.run("--iqeval-repeats=4", "--iqeval-pass=any", *args)
    told = {e: p for e, _, p in rows(project)}
    assert told == dict.fromkeys(gates, True), project.report["gates"]
    assert result.ret == 0
    project.run("--iqeval-replay=last", "--iqeval-pass=all")
    assert {e: p for e, _, p in rows(project)} == {**told, "must_pass(subset=IQ)": False}


def junit_properties(project: Project) -> dict[str, str]:
    tree = ElementTree.parse(project.pytester.path / "j.xml")
    return {p.attrib["name"]: p.attrib["value"] for p in tree.iter("property")}


def lock(project: Project, *args: str) -> tuple[pytest.RunResult, dict[str, Any]]:
    """Run with a lock; what the report says of it."""
    result = project.run("--iqeval-gate-lock=gates.lock", "--junitxml=j.xml", *args)
    told: dict[str, Any] = project.report["gate_lock"]
    assert junit_properties(project)["iqeval.gate_lock"] == told["state"]
    return result, told


def test_loosened_gates_are_told_everywhere_and_decide_nothing(project: Project) -> None:
    strict, loose = "--iqeval-gate=accuracy >= 90%", "--iqeval-gate=accuracy >= 50%"
    assert lock(project, strict)[1]["state"] == "new"
    written = json.loads((project.pytester.path / "gates.lock").read_text("utf-8"))
    assert written["gates"] == ["accuracy >= 90%"]
    assert list(written["benchmarks"]) == ["quiz"]
    assert lock(project, strict)[1]["state"] == "kept"
    project.wrong["one"] = "ANSWER: C"
    told = "accuracy >= 90% is now accuracy >= 50%"
    result, report = lock(project, loose)
    assert report["loosened"] == [told]
    assert result.ret == 0
    result.stdout.fnmatch_lines([f"gate lock gates.lock: loosened: {told}"])
    assert junit_properties(project)["iqeval.gate_lock.loosened"] == told
    page = (project.folder / "report.html").read_text("utf-8")
    assert "accuracy &gt;= 90% is now accuracy &gt;= 50%" in page
    again = project.run("--iqeval-replay=last", strict, "--iqeval-gate-lock=gates.lock")
    assert again.ret == 1
    assert project.report["gate_lock"]["state"] == "kept"


def test_questions_and_settings_that_decide_are_locked_too(project: Project) -> None:
    """In any way of choosing questions."""
    lock(project, "--iqeval-repeats=3")
    fewer = "3 questions of quiz are asked, it was 5"
    for args in (
        ("-k", "one or two or three"),
        ("iqeval/quiz::IQ",),
        ("--iqeval-dataset=quiz/benchmark.yaml:IQ",),
    ):
        result, told = lock(project, "--iqeval-repeats=3", *args)
        assert told["loosened"] == [fewer]
        result.stdout.fnmatch_lines([f"gate lock gates.lock: loosened: {fewer}"])
        assert fewer in (project.folder / "report.html").read_text("utf-8")
    _, told = lock(project, "--iqeval-repeats=3", "--iqeval-limit=9")
    assert told["state"] == "kept"
    _, told = lock(project, "--iqeval-repeats=2", "--iqeval-pass=any", "--iqeval-answer=letter")
    assert told["loosened"] == [
        "--iqeval-repeats is 2, it was 3",
        "--iqeval-pass is any, it was majority",
    ]
    assert told["changed"] == ["--iqeval-answer is letter, it was free"]


def test_other_data_are_told_by_the_lock(project: Project) -> None:
    lock(project)
    path = project.pytester.path / "quiz" / "IQ.jsonl"
    path.write_text(path.read_text("utf-8").replace('"level": 2', '"level": 3'), "utf-8")
    _, told = lock(project)
    assert told["state"] == "loosened"
    assert told["data"][0].startswith("the data of quiz are others (revision ")


def test_what_a_definition_decides_is_told_by_the_lock(project: Project) -> None:
    """Its group, without which intervals are narrower; its prompt; and a replay knows them."""
    path = project.pytester.path / "quiz" / "benchmark.yaml"
    path.write_text(f"{DEFINITION}group: level\n", "utf-8")
    assert lock(project)[1]["state"] == "new"
    again = project.run("--iqeval-replay=last", "--iqeval-gate-lock=gates.lock")
    assert again.ret == 0
    assert project.report["gate_lock"]["state"] == "kept"
    path.write_text(DEFINITION, "utf-8")
    gone = "group of quiz is not set, it was level"
    result, told = lock(project)
    assert (told["state"], told["loosened"], told["changed"]) == ("loosened", [gone], [])
    result.stdout.fnmatch_lines([f"gate lock gates.lock: loosened: {gone}"])
    path.write_text(f"{DEFINITION}group: level\nsystem: Be brief.\n", "utf-8")
    _, told = lock(project)
    assert told["loosened"] == []
    assert told["changed"][0].startswith("prompt of quiz is sha256 ")


def test_a_lock_that_can_t_be_read_ends_the_run_before_it_begins(project: Project) -> None:
    (project.pytester.path / "gates.lock").write_text("no", "utf-8")
    result = project.run("--iqeval-gate-lock=gates.lock")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: iqeval: --iqeval-gate-lock *: is no gate lock*"])
    assert not project.endpoint.requests


@pytest.mark.slow
def test_workers_change_nothing_of_it(project: Project) -> None:
    """Definition's gates, baseline and lock under ``-n 2``."""
    define(project, '  - "accuracy >= 90%"\n')
    project.run()
    project.wrong["two"] = "ANSWER: C"
    args = ["-n", "2", "--iqeval-baseline=last", "--iqeval-gate-lock=gates.lock"]
    result = project.run_apart(*args, "--iqeval-gate=drop(accuracy) <= 30pt")
    assert result.ret == 1
    assert [(e, p) for e, _, p in rows(project)] == [
        ("drop(accuracy) <= 30pt", True),
        ("quiz: accuracy >= 90%", False),
    ]
    assert project.report["gate_lock"]["state"] == "new"
