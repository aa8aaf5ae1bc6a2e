"""Off unless asked: an ordinary pytest with the plugin installed pays for three small modules."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = """
import json, sys
import pytest

class Probe:
    def pytest_unconfigure(self):
        ours = sorted(name for name in sys.modules if name.startswith("pytest_iqeval"))
        heavy = sorted({"httpcore", "httpx", "yaml", "sqlite3"} & set(sys.modules))
        print("PROBE " + json.dumps([ours, heavy]))

sys.exit(pytest.main(sys.argv[1:], plugins=[Probe()]))
"""
# What else is installed may import httpcore or yaml itself; `-p` keeps the question to us.
QUIET = ["-p", "no:anyio", "-p", "no:hypothesispytest", "-p", "no:html", "-p", "no:metadata"]


def run(folder: Path, *args: str) -> tuple[str, list[str], list[str]]:
    """Output, our modules and heavy modules of a pytest run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *QUIET, *args],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("PROBE ")]
    ours, heavy = json.loads(line.removeprefix("PROBE "))
    return done.stdout + done.stderr, ours, heavy


def test_an_ordinary_run_loads_the_entry_the_hookspecs_and_the_option_table(
    tmp_path: Path,
) -> None:
    """None of httpcore, yaml and sqlite3; nothing printed, nothing written."""
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n", "utf-8")
    output, ours, heavy = run(tmp_path, "-p", "no:cacheprovider")
    assert "1 passed" in output
    assert ours == [
        "pytest_iqeval",
        "pytest_iqeval.core",
        "pytest_iqeval.core.options",
        "pytest_iqeval.hookspecs",
        "pytest_iqeval.plugin",
    ]
    assert not heavy
    assert "iqeval" not in output.replace("iqeval-", "").replace("plugins:", "").lower() or all(
        "plugins:" in line or "PROBE" in line
        for line in output.splitlines()
        if "iqeval" in line.lower()
    )
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "__pycache__") == ["test_one.py"]


def test_an_ini_value_alone_turns_nothing_on(pytester: pytest.Pytester) -> None:
    """iqeval_model in the ini file names the model for --iqeval; by itself it does nothing."""
    pytester.makeini("[pytest]\niqeval_model = m\n")
    pytester.makepyfile("def test_one(): pass")
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(passed=1)


def test_marked_tests_are_skipped_and_say_why(pytester: pytest.Pytester) -> None:
    """Without evaluation a marked test is skipped, also one that uses the fixtures."""
    pytester.makepyfile(
        """
        import pytest
        @pytest.mark.iqeval("iquiz-open:IQ", limit=20)
        def test_question(iqeval_sample, iqeval_reply, iqeval_score):
            assert iqeval_score.correct
        """
    )
    result = pytester.runpytest_inprocess("-rs", "--strict-markers")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*evaluation is off*--iqeval-model*"])


def test_help_and_markers_speak_of_us(pytester: pytest.Pytester) -> None:
    """--help lists every option once, --markers explains the marker."""
    from pytest_iqeval.core.options import OPTIONS

    text = pytester.runpytest_inprocess("--help").stdout.str()
    for option in OPTIONS:
        assert f"  {option.flag}" in text
    assert "iqeval(name" in pytester.runpytest_inprocess("--markers").stdout.str()
