"""Runs the commands of a page in a folder that holds what the page shows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import pytest_iqeval.core.scorers.choice
import pytest_iqeval.plugin.session
import pytest_iqeval.plugin.start  # noqa: F401
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers import SCORERS
from pytest_iqeval.sources.catalogue import load
from tests.support.endpoint import Body, ScriptedEndpoint, last_user
from tests.support.pages import Command, write_files

# pytester forgets what a run in this process imported; what is imported above is there to stay.

IQEVAL = Path(sys.executable).parent / "iqeval"
PYTEST = IQEVAL.with_name("pytest")

RunCommand = Callable[[Command], pytest.RunResult]


@pytest.fixture
def run_command(
    pytester: pytest.Pytester, endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> RunCommand:
    """Run a page's command as it stands, but for the endpoint: one that knows every answer."""

    def run(command: Command) -> pytest.RunResult:
        write_files(command.files, pytester.path)
        for name, value in command.exported.items():
            monkeypatch.setenv(name, value)
        if command.program == "iqeval":
            return pytester.run(IQEVAL, *command.args)
        known = _known(pytester.path)
        endpoint.answer(lambda body: f"ANSWER: {_asked(known, body).target}")
        if "local" in command.args:  # the embedded model has tests of its own
            return pytester.runpytest_inprocess(*command.args, "--co", "-q")
        if "--iqeval-model" in command.args:
            endpoint.models([command.args[command.args.index("--iqeval-model") + 1]])
        if "--iqeval-suite" in command.args:  # the pages' suites ask this one
            endpoint.models(["gemma3:4b"])
        args = [*command.args, f"--iqeval-base-url={endpoint.url}"]
        if command.program == "python -m pytest":  # which finds modules in the current folder
            return pytester.run(sys.executable, "-m", "pytest", *args)
        if "-p" in args:  # and this does not, so it must not find them by chance
            return pytester.run(PYTEST, *args)
        if "-n" in args:
            return pytester.runpytest_subprocess(*args)
        return pytester.runpytest_inprocess(*args)

    return run


def _known(folder: Path) -> list[Sample]:
    """All questions that a page may ask, the longest text first."""
    specs = ["iquiz-open", "iquiz-open-en"]
    own = (
        "capitals",
        "capitals.jsonl",
        "rivers.csv",
        "weather",
        "prices",
        "sums",
        "rates.yaml",
        "history.yaml",
        "my-benchmark",
        "exam",
        "exam/exam.yaml",
        "course",
        "school",
    )
    specs += [name for name in own if _there(folder, name)]
    specs += ["iquiz"] if _there(folder, "data/iquiz") else []
    samples = [
        sample
        for spec in specs
        for sample in load(
            spec,
            data_dir=folder / "data" if spec == "iquiz" else None,
            start=folder,
            scorers=[*SCORERS, "close"],  # the page's own
        ).benchmark.samples
    ]
    return sorted(samples, key=lambda sample: -len(sample.input))


def _there(folder: Path, name: str) -> bool:
    return (folder / name).exists()


def _asked(known: list[Sample], body: Body) -> Sample:
    text = last_user(body)
    return next(sample for sample in known if sample.input in text)
