"""Runs whose data comes from a hub."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest

from tests.plugin.conftest import DEFINITION, QUIZ, Project
from tests.support.hub import LocalHub, status

CANARY = "hf_canary0123456789"
HUB = """\
hub:
  modelscope: {repo: owner/quiz, files: [IQ.jsonl, EQ.jsonl]}
  huggingface: {repo: owner/quiz, files: ["*Q.jsonl"]}
"""


@pytest.fixture
def hub(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    """The quiz's data on a local hub, and none beside its definition."""
    quiz = project.pytester.path / "quiz"
    files = {f"{subset}.jsonl": (quiz / f"{subset}.jsonl").read_bytes() for subset in QUIZ}
    for name in files:
        (quiz / name).unlink()
    (quiz / "benchmark.yaml").write_text(DEFINITION + HUB, "utf-8")
    with LocalHub() as made:
        made.put("owner/quiz", files)
        environ = made.environ(IQEVAL_CACHE=str(project.pytester.path / "cache"))
        for name, value in {**environ, "HF_TOKEN": CANARY, "MODELSCOPE_API_TOKEN": CANARY}.items():
            monkeypatch.setenv(name, value)
        yield made


def test_the_first_run_fetches_and_the_next_need_no_network(
    project: Project, hub: LocalHub
) -> None:
    result = project.run_apart()
    result.assert_outcomes(passed=5)
    result.stderr.fnmatch_lines(
        ["iqeval: fetching quiz (ModelScope owner/quiz@master): 2 files, *"]
    )
    result.stdout.fnmatch_lines(["*quiz: data of ModelScope owner/quiz@master (0123456789ab)*"])
    sha256 = project.report["benchmarks"][0]["data_sha256"]
    asked = len(hub.log)
    result = project.run("--iqeval-offline", "-q")
    result.assert_outcomes(passed=5)
    result.stderr.no_fnmatch_line("*fetch*")
    assert project.report["benchmarks"][0]["data_sha256"] == sha256
    assert len(hub.log) == asked


@pytest.mark.slow
def test_the_owner_fetches_before_its_workers_start(project: Project, hub: LocalHub) -> None:
    result = project.run_apart("-n2")
    result.assert_outcomes(passed=5)
    assert [len(hub.asked(stage)) for stage in ("list", "file", "store")] == [1, 2, 2]
    assert str(result.stderr).count("fetching quiz") == 1


@pytest.mark.slow
def test_what_only_a_marker_names_is_fetched_once_by_the_workers(
    project: Project, hub: LocalHub
) -> None:
    project.pytester.makepyfile(
        """
        import pytest

        @pytest.mark.iqeval("quiz/benchmark.yaml")
        def test_quiz(iqeval_score):
            assert iqeval_score.outcome == "correct"
        """
    )
    own = project.pytester.makefile(".jsonl", own=json.dumps(QUIZ["IQ"][0]))
    result = project.run_apart("-n2", f"--iqeval-dataset={own.name}", ".")
    assert result.ret in (0, 1), result.stdout.str()
    assert [len(hub.asked(stage)) for stage in ("list", "file", "store")] == [1, 2, 2]


def test_where_one_hub_is_closed_the_other_one_serves(project: Project, hub: LocalHub) -> None:
    hub.fail("list", status(403))
    result = project.run()
    result.assert_outcomes(passed=5)
    result.stderr.fnmatch_lines(
        ["iqeval: ModelScope owner/quiz@master is closed to the account of MODELSCOPE_API_TOKEN *"]
    )


def test_offline_without_data_is_a_usage_fault(project: Project, hub: LocalHub) -> None:
    result = project.run("--iqeval-offline")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        [
            "ERROR: iqeval: quiz: its data (IQ.jsonl, EQ.jsonl of ModelScope owner/quiz@master or "
            "Hugging Face owner/quiz@main) is not in the cache *",
            "  hint: with a network: iqeval fetch quiz*",
        ]
    )
    assert not hub.log


def test_a_missing_file_is_told_in_one_message(project: Project, hub: LocalHub) -> None:
    del hub.repos["owner/quiz"]["EQ.jsonl"]
    result = project.run("--iqeval-hub=modelscope")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        [
            "ERROR: iqeval: quiz: its data can't be fetched",
            "  ModelScope owner/quiz@master has no EQ.jsonl",
            f"    it has IQ.jsonl; see {hub.url}/datasets/owner/quiz",
        ]
    )
    result.stderr.no_fnmatch_line("*Traceback*")


def test_an_unknown_hub_is_told(project: Project) -> None:
    result = project.run("--iqeval-hub=github")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: iqeval: unknown value of --iqeval-hub 'github'*"])


def test_a_replay_asks_no_hub(project: Project, hub: LocalHub) -> None:
    project.run().assert_outcomes(passed=5)
    shutil.rmtree(project.pytester.path / "cache")
    asked = len(hub.log)
    project.pytester.runpytest_inprocess("--iqeval-replay=last").assert_outcomes(passed=5)
    assert len(hub.log) == asked


def test_no_token_is_written_or_sent_elsewhere(project: Project, hub: LocalHub) -> None:
    hub.needs = CANARY
    result = project.run("-v", "--iqeval-log=log.jsonl")
    result.assert_outcomes(passed=5)
    assert not any(CANARY in str(asked.headers) for asked in hub.asked("store"))
    assert CANARY not in result.stdout.str() + result.stderr.str()
    for path in project.pytester.path.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path
