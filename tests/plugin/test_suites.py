"""Suites in real runs: one file for a release gate, with and without workers."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import status

IQEVAL = Path(sys.executable).parent / "iqeval"

SUITE = """\
model: m
endpoint: {{base_url: "{url}"}}
benchmarks:
  - path: ../quiz/benchmark.yaml
    subsets: [IQ]
    limit: 2
    weight: 2
    system: You are terse.
    generation: {{max_tokens: 64, top_k: 1}}
  - path: ../other.jsonl
generation: {{temperature: 0.5, max_tokens: 128, top_p: 0.9}}
limits: {{retries: 0, concurrency: 3}}
gates:
  - 'quiz: accuracy >= 90%'
  - index >= 60%
"""


@pytest.fixture
def suite(project: Project) -> Path:
    """``ci/release.yaml`` beside the quiz and a data file, each named from the suite's folder."""
    row = {"id": "x", "question": "1 + 1?", "choices": ["3", "2"], "answer": "B"}
    (project.pytester.path / "other.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    folder = project.pytester.path / "ci"
    folder.mkdir()
    path = folder / "release.yaml"
    path.write_text(SUITE.format(url=project.endpoint.url), "utf-8")
    return path


Run = pytest.RunResult


def run(project: Project, *args: str) -> Run:
    """Run pytest with the suite and these arguments; workers want a process of their own."""
    apart = any(arg.startswith("-n") for arg in args)
    start = project.pytester.runpytest_subprocess if apart else project.pytester.runpytest_inprocess
    return start("--iqeval-suite=ci/release.yaml", *args)


def sent(project: Project) -> dict[str, dict[str, Any]]:
    """The bodies that were sent, by benchmark: the quiz is asked with a system message."""
    bodies = [request.body for request in project.endpoint.requests if "messages" in request.body]
    return {"quiz" if len(body["messages"]) > 1 else "other": body for body in bodies}


@pytest.mark.usefixtures("suite")
@pytest.mark.parametrize("workers", ["0", "2"])
def test_one_file_says_all_of_a_run(project: Project, workers: str) -> None:
    """Model, endpoint, benchmarks with their own fields, generation, limits, gates and index."""
    result = run(project, *(["-n2"] if workers == "2" else []))
    result.stdout.fnmatch_lines(
        [
            "iqeval: answer free, temperature 0.5, max_tokens 128, top_p 0.9, 3 in flight",
            "iqeval: suite ci/release.yaml (sha256 *): model, base_url, dataset, temperature, *",
            "iqeval: suite, of quiz/benchmark.yaml alone: limit 2, weight 2, a system message *",
            "iqeval: gates (ci/release.yaml:14): quiz: accuracy >= 90%",
            "iqeval: gates (ci/release.yaml:15): index >= 60%",
            "iqeval: gate index >= 60%: 3 questions can show a change of about *",
            "index 0.67 [[]0.*]: quiz × 2, other × 1",
            "gate passed: index >= 60%  index 0.67 [[]*] over 2 benchmarks, n=3",
        ]
    )
    assert result.ret == 0
    quiz, other = sent(project)["quiz"], sent(project)["other"]
    assert quiz["messages"][0] == {"role": "system", "content": "You are terse."}
    assert (quiz["max_tokens"], quiz["top_k"], quiz["top_p"]) == (64, 1, 0.9)
    assert (other["max_tokens"], "top_k" in other, other["temperature"]) == (128, False, 0.5)
    report = project.report
    sha256 = hashlib.sha256((project.pytester.path / "ci" / "release.yaml").read_bytes())
    assert report["run"]["suite"] == {"file": "ci/release.yaml", "sha256": sha256.hexdigest()}
    assert report["index"]["value"] == pytest.approx(2 / 3)
    assert report["index"]["weights"] == {"quiz": 2, "other": 1}
    assert [b["generation"] for b in report["benchmarks"]] == [{"max_tokens": 64, "top_k": 1}, {}]
    assert [(g["expression"], g["benchmark"], g["origin"]) for g in report["gates"]] == [
        ("quiz: accuracy >= 90%", "quiz", "ci/release.yaml:14"),
        ("index >= 60%", None, "ci/release.yaml:15"),
    ]
    page = (project.folder / "report.html").read_text("utf-8")
    assert "quiz × 2 · other × 1" in page
    assert "**Index** 0.667" in (project.folder / "card.md").read_text("utf-8")


@pytest.mark.usefixtures("suite")
def test_the_index_is_a_gate_of_the_run_in_junit(project: Project) -> None:
    run(project, "--junitxml=j.xml", "--iqeval-gate=index >= 99%")
    cases = ElementTree.parse(project.pytester.path / "j.xml").iter("testcase")
    (case,) = [c for c in cases if c.get("name") == "index >= 99%"]
    assert case.get("classname") == "iqeval.run.gate"
    failure = case.find("failure")
    assert failure is not None
    assert "index 0.67" in (failure.get("message") or "")


@pytest.mark.usefixtures("suite")
def test_the_command_line_goes_over_the_suite_and_that_over_the_ini_file(project: Project) -> None:
    """And the header says which value came from where."""
    project.pytester.makeini(
        "[pytest]\niqeval_temperature = 1\niqeval_retries = 3\niqeval_lang = en\n"
    )
    result = run(
        project, "--iqeval-limit=1", "--iqeval-max-tokens=7", "--iqeval-gen=top_p=0.5", "-n0"
    )
    result.stdout.fnmatch_lines(
        [
            "iqeval: answer free, temperature 0.5, max_tokens 7, top_p 0.5, *",
            "iqeval: the command line goes over the suite: "
            "--iqeval-limit 1 (also instead of what the suite says of quiz/benchmark.yaml), "
            "--iqeval-max-tokens 7 (suite: 128), --iqeval-max-tokens 7 (also instead of *), "
            "--iqeval-gen top_p=0.5 (suite: top_p=0.9)",
            "iqeval: the suite goes over tox.ini: temperature 1 (suite: 0.5), retries 3 (suite: 0)",
            "iqeval: not in the suite, from tox.ini: lang en",
            "quiz *IQ * 1 of 3 *",
        ]
    )
    assert sent(project)["quiz"]["max_tokens"] == 7
    assert sent(project)["quiz"]["top_p"] == 0.5


@pytest.mark.usefixtures("suite")
def test_one_benchmark_of_a_suite_is_asked_as_the_suite_says(project: Project) -> None:
    """With path arguments exactly those; the index of a part of the suite has no number."""
    result = run(project, "iqeval/quiz", "--iqeval-gate=n >= 2")
    result.stdout.fnmatch_lines(["index has no number: no question of other has a score"])
    assert project.report["index"]["missing"] == ["other"]
    assert project.report["selection"]["asked"] == 4  # of each subset two
    assert sent(project).keys() == {"quiz"}
    result = run(project, "--iqeval-dataset=quiz/benchmark.yaml:EQ", "--iqeval-gate=n >= 2")
    assert result.ret == 0
    assert sent(project)["quiz"]["max_tokens"] == 64


@pytest.mark.parametrize("other", ["../quiz", "../quiz/benchmark.yaml", "quiz"])
def test_a_benchmark_that_a_suite_names_in_two_ways_is_refused(
    project: Project, suite: Path, other: str
) -> None:
    """Its folder, its definition, its name: what two entries say of it could differ."""
    first = "../quiz" if other.endswith(".yaml") else "../quiz/benchmark.yaml"
    head = f'model: m\nendpoint: {{base_url: "{project.endpoint.url}"}}\n'
    text = f"{head}benchmarks:\n  - path: {first}\n  - {{name: {other}, limit: 1}}\n"
    suite.write_text(text, "utf-8")
    result = run(project, "--iqeval-data-dir=.")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*the suite's entries * and * are the same benchmark, quiz"])
    assert not project.endpoint.requests


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_replay_needs_no_suite(project: Project, suite: Path, workers: str) -> None:
    run(project)
    first = project.report
    suite.unlink()
    before = len(project.endpoint.requests)
    workers_too = ["-n2"] if workers == "2" else []
    pytester = project.pytester
    start = pytester.runpytest_subprocess if workers_too else pytester.runpytest_inprocess
    result = start("--iqeval-replay=last", *workers_too)
    result.stdout.no_fnmatch_line("*have changed since*")
    assert len(project.endpoint.requests) == before
    again = project.report
    for part in ("gates", "index", "verdict", "exit_code"):
        assert again[part] == first[part]
    assert again["run"]["suite"] == first["run"]["suite"]
    assert [b["generation"] for b in again["benchmarks"]] == [{"max_tokens": 64, "top_k": 1}, {}]
    assert [b["prompt_sha256"] for b in again["benchmarks"]] == [
        b["prompt_sha256"] for b in first["benchmarks"]
    ]


def test_a_replay_may_be_judged_by_another_suite(project: Project, suite: Path) -> None:
    run(project)
    suite.write_text(suite.read_text("utf-8").replace("index >= 60%", "index >= 70%"), "utf-8")
    result = run(project, "--iqeval-replay=last")
    assert result.ret == 1
    assert [g["origin"] for g in project.report["gates"]][-1] == "ci/release.yaml:15"


def test_a_run_is_gone_on_with_only_where_the_suite_asks_as_it_did(
    project: Project, suite: Path
) -> None:
    """Another limit is the same run; another field of the body for one benchmark is a new one."""
    project.endpoint.script("ANSWER: A", status(500), status(500))
    assert run(project).ret == 6
    folder = project.folder
    text = suite.read_text("utf-8").replace("limit: 2", "limit: 1")
    suite.write_text(text, "utf-8")
    run(project, "--iqeval-resume")
    assert project.folder == folder
    folder_of_old = json.loads((folder / "report.json").read_text("utf-8"))
    assert folder_of_old["selection"]["asked"] == 2
    project.endpoint.script("ANSWER: A", status(500))
    run(project)
    suite.write_text(text.replace("max_tokens: 64", "max_tokens: 65"), "utf-8")
    result = run(project, "--iqeval-resume")
    result.stdout.fnmatch_lines(
        ["iqeval: no unfinished run of this *", "iqeval: * has another *the generation of quiz*"]
    )


def test_a_baseline_tells_of_another_generation_of_one_benchmark(
    project: Project, suite: Path
) -> None:
    run(project)
    suite.write_text(suite.read_text("utf-8").replace("max_tokens: 64", "max_tokens: 65"), "utf-8")
    gates = ("--iqeval-gate=drop(index) <= 1pt", "--iqeval-gate=other: drop(accuracy) <= 1pt")
    result = run(project, "--iqeval-baseline=last", *gates)
    changed = "generation of quiz is max_tokens 65, top_k 1, it was max_tokens 64, top_k 1"
    assert changed in project.report["baseline"]["changed_settings"]
    assert [g["passed"] for g in project.report["gates"]] == [None, True]
    assert result.ret == 6
    result = run(project, "--iqeval-baseline=last", *gates, "--iqeval-baseline-allow=generation")
    assert [g["passed"] for g in project.report["gates"]] == [True, True]


def test_the_gate_lock_holds_a_suite_s_gates_weights_and_fields(
    project: Project, suite: Path
) -> None:
    text = suite.read_text("utf-8") + "gate_lock: release.lock\n"
    suite.write_text(text, "utf-8")
    result = run(project)
    result.stdout.fnmatch_lines(["gate lock ci/release.lock: written;*"])
    result = run(project)
    result.stdout.no_fnmatch_line("gate lock*")
    for part, other, told in (
        ("index >= 60%", "index >= 50%", "index >= 60% is now index >= 50%"),
        ("weight: 2", "weight: 1", "what the index is of is other.jsonl × 1, quiz/"),
        ("max_tokens: 64", "max_tokens: 9", "generation of quiz is max_tokens 9, top_k 1, it was"),
        ("limit: 2", "limit: 1", "1 questions of quiz are asked, it was 2"),
    ):
        suite.write_text(text.replace(part, other), "utf-8")
        run(project)
        lock = project.report["gate_lock"]
        (line,) = (*lock["loosened"], *lock["changed"], *lock["data"])
        assert line.startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("model: m\n", "*ci/release.yaml: is neither a suite nor an EvalScope task configuration"),
        ("- m\n", "*ci/release.yaml: holds a list, not a mapping"),
        ("benchmarks: [x\n", "*ci/release.yaml:2: broken YAML: *"),
        ("benchmarks: [x]\ndatasets: [x]\n", "*has `benchmarks` and keys of an EvalScope task*"),
        ("benchmarks: [x]\napi_key: sk-SECRET\n", "*api_key: a key never stands in a file*"),
        ("benchmarks: [x]\ngates:\n  - n >= 1\n  - acuracy > 2 3\n", "*ci/release.yaml:4: gate: *"),
        ("model: m\nbenchmarks: [nothing-here]\n", "*unknown benchmark 'nothing-here'*"),
        ("model: m\nbenchmarks: [{path: x.jsonl}]\n", "*ci/x.jsonl: there is no such file*"),
        (
            "model: m\nbenchmarks: [{path: ../other.jsonl, metric: pass@5}]\n",
            "*the index takes pass@5 of other, which needs 5 replies to a question, and 1 are *",
        ),
        ("model: m\nbenchmarks: [{path: ../other.jsonl}]\ngates: [acuracy >= 1]\n",
         "*ci/release.yaml:3: gate: unknown metric 'acuracy'*"),
    ],
)  # fmt: skip
def test_a_wrong_suite_ends_before_the_first_request(
    project: Project, suite: Path, text: str, told: str
) -> None:
    suite.write_text(text, "utf-8")
    result = project.pytester.runpytest_inprocess(
        "--iqeval-suite=ci/release.yaml", f"--iqeval-base-url={project.endpoint.url}"
    )
    assert result.ret == 4
    result.stderr.fnmatch_lines([told])
    result.stderr.no_fnmatch_line("*SECRET*")
    assert not [r for r in project.endpoint.requests if "messages" in r.body]


@pytest.mark.usefixtures("suite")
def test_a_file_that_is_not_there_has_its_nearest_name(project: Project) -> None:
    result = project.pytester.runpytest_inprocess("--iqeval-suite=ci/relase.yaml")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*ci/relase.yaml: there is no such file", "*ci/release.yaml?"])


@pytest.mark.usefixtures("suite")
def test_co_tells_what_a_suite_says_and_sends_nothing(project: Project) -> None:
    result = run(project, "--co", "-n0")
    result.stdout.fnmatch_lines(
        [
            "iqeval: suite ci/release.yaml (sha256 *",
            "iqeval: suite, of quiz/benchmark.yaml alone: limit 2, *",
            "iqeval: 3 requests, about * tokens (a reply taken as 85, its limit)",
        ]
    )
    assert not project.endpoint.requests


def test_examples_of_one_benchmark_are_the_suite_s(project: Project, suite: Path) -> None:
    """A number for all, another for one; the command line goes over both."""
    folder = project.pytester.path / "quiz"
    text = (folder / "benchmark.yaml").read_text("utf-8")
    data = 'data: [{test: "{subset}.jsonl", dev: "dev/{subset}.jsonl"}]\nsubsets: [IQ, EQ]\n'
    text = text.replace("data:\n  IQ: IQ.jsonl\n  EQ: EQ.jsonl\n", data)
    (folder / "benchmark.yaml").write_text(text, "utf-8")
    for subset in ("IQ", "EQ"):
        rows = [
            {"question": f"example {n}?", "choices": ["x", "y"], "answer": "A"} for n in range(3)
        ]
        lines = "\n".join(map(json.dumps, rows))
        (folder / "dev").mkdir(exist_ok=True)
        (folder / "dev" / f"{subset}.jsonl").write_text(lines + "\n", "utf-8")
    whole = suite.read_text("utf-8").replace("limit: 2", "limit: 2\n    few_shot: 2")
    suite.write_text(whole, "utf-8")
    run(project)
    assert sent(project)["quiz"]["messages"][-1]["content"].count("Question: example") == 2
    (quiz, _) = project.report["benchmarks"]
    assert quiz["few_shot"] == 2
    run(project, "--iqeval-few-shot=quiz=1")
    assert sent(project)["quiz"]["messages"][-1]["content"].count("Question: example") == 1
    run(project, "--iqeval-few-shot=other=0")  # says nothing of the quiz
    assert sent(project)["quiz"]["messages"][-1]["content"].count("Question: example") == 2
    run(project, "--iqeval-few-shot=0")
    assert sent(project)["quiz"]["messages"][-1]["content"].count("Question: example") == 0


@pytest.mark.usefixtures("suite")
def test_a_rescored_run_has_the_suite_s_index(project: Project) -> None:
    run(project)
    result = project.pytester.run(IQEVAL, "rescore", "last", "--json")
    index = json.loads(result.stdout.str())["after"]["index"]
    assert index == project.report["index"]


@pytest.mark.usefixtures("suite")
def test_the_ini_file_may_name_a_suite_and_turns_nothing_on(project: Project) -> None:
    project.pytester.makeini("[pytest]\niqeval_suite = ci/release.yaml\n")
    project.pytester.makepyfile("def test_x(): pass")
    project.pytester.runpytest_inprocess().assert_outcomes(passed=1)
    result = project.pytester.runpytest_inprocess("--iqeval")
    result.stdout.fnmatch_lines(["gate passed: index >= 60%*"])


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("name", ["task.json", "task.yaml"])
def test_an_evalscope_configuration_runs_and_says_what_it_took(
    project: Project, name: str, workers: str
) -> None:
    """JSON and YAML; a set of the user's own, a share of its rows."""
    rows = [
        {"id": str(n), "question": f"{n} + {n}?", "A": str(n), "B": str(2 * n), "answer": "B"}
        for n in range(1, 9)
    ]
    folder = project.pytester.mkdir("mcq")
    lines = "\n".join(map(json.dumps, rows))
    (folder / "sums_val.jsonl").write_text(lines + "\n", "utf-8")
    project.endpoint.answer(lambda _: "ANSWER: B")
    task = {
        "model": "m",
        "api_url": project.endpoint.url,
        "api_key": "EMPTY",
        "datasets": ["general_mcq"],
        "dataset_args": {"general_mcq": {"local_path": "mcq", "subset_list": ["sums"]}},
        "generation_config": {"temperature": 0.2, "max_tokens": 99},
        "limit": 0.5,
        "eval_batch_size": 2,
        "use_cache": "outputs/x",
        "dataset_agrs": {},
    }
    text = json.dumps(task, indent=1)
    (project.pytester.path / name).write_text(text, "utf-8")
    result = project.pytester.runpytest_subprocess(f"--iqeval-suite={name}", f"-n{workers}")
    result.stdout.fnmatch_lines(
        [
            "iqeval: answer free, temperature 0.2, max_tokens 99, 2 in flight",
            f"iqeval: suite {name} (sha256 *",
            f"iqeval: {name}, taken: model: --iqeval-model m",
            f"iqeval: {name}, taken: dataset_args.general_mcq.local_path: --iqeval-dataset *",
            f"iqeval: {name}, taken: limit: limit 0.5 of each subset",
            f"iqeval: {name}, not taken: api_key: there is none",
            f"iqeval: {name}, not taken: use_cache: --iqeval-resume goes on with a run, *",
            f"iqeval: {name}, unknown: dataset_agrs: * did you mean dataset_args*",
            "sums_val *4 of 8*1.00*",
        ]
    )
    assert result.ret == 0
