"""The page on EvalScope says what the published runs give."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from pytest_iqeval.cli.main import main
from pytest_iqeval.core.errors import UsageFault
from pytest_iqeval.core.evalscope_names import BENCHMARKS, CUSTOM
from pytest_iqeval.core.imported import Imported, ImportedBenchmark
from pytest_iqeval.sandbox.confinement import find_confinement
from tests.support.pages import DOCS, blocks, read_page, ticked, write_files
from tests.support.shared import shared_data

PAGE = read_page("evalscope.md")


@pytest.mark.slow
def test_the_tables_are_those_of_today() -> None:
    """Scores, and every reply on which we differ with its reason."""
    runs = shared_data("evalscope_runs")
    try:
        find_confinement()
    except UsageFault as fault:
        pytest.skip(str(fault))
    script = runpy.run_path(str(DOCS.parent / "benchmarks" / "evalscope_imports.py"))
    assert script["with_tables"](PAGE, script["tables"](runs)) == PAGE


def test_tables_take_the_place_of_earlier_ones() -> None:
    """And nothing else of the page changes."""
    script = runpy.run_path(str(DOCS.parent / "benchmarks" / "evalscope_imports.py"))
    begin, end = script["BEGIN"], script["END"]
    page = f"a\n{begin}\nold\n{end}\nb\n"
    assert script["with_tables"](page, "new") == f"a\n{begin}\nnew\n{end}\nb\n"


@pytest.mark.parametrize("name", [*BENCHMARKS, "general_mcq"])
def test_every_benchmark_that_is_rescored_is_named(name: str) -> None:
    """By EvalScope's name."""
    assert name in ticked(PAGE[PAGE.index("## Scores") : PAGE.index("### What is told")])
    assert "general_mcq" in CUSTOM


def test_all_that_the_report_says_is_named() -> None:
    """Every field of it."""
    told = ticked(PAGE[PAGE.index("### What is told") : PAGE.index("## Do the scores")])
    fields = {*Imported.__dataclass_fields__, *ImportedBenchmark.__dataclass_fields__}
    assert fields - {"benchmarks"} <= set(told)


def test_the_output_that_is_shown_is_real(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the example's files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    write_files({b.file: b.text for b in blocks(PAGE) if b.file is not None}, tmp_path)
    assert main(["import", "evalscope-outputs/20260801_140312"]) == 0
    shown = "".join(f"    {line}\n" for line in capsys.readouterr().out.splitlines())
    assert shown in PAGE
