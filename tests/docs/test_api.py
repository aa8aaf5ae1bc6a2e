"""The page of `load_run`: its scripts run over a run, and it names what there is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_iqeval.api import StoredRun
from tests.support.pages import blocks, read_page
from tests.support.stored import question, reply, write_run

PAGE = read_page("api.md")
SCRIPTS = {block.file: block.text for block in blocks(PAGE) if block.file}


def run_script(name: str, folder: Path) -> str:
    """What a script of the page prints, beside a run of two questions."""
    run = folder / "outputs" / "gemma3-4b" / "20260504_100000"
    write_run(run, [(question("one"), reply("ANSWER: B")), (question("two"), reply("ANSWER: C"))])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPTS[name]], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_script_prints_the_wrong_answer(tmp_path: Path) -> None:
    """Its question, what was read, and the end of the reply."""
    lines = run_script("look.py", tmp_path).splitlines()
    assert lines[-1] == "two C ANSWER: C"
    assert lines[-2].startswith("quiz 0.5 {'correct': 1")


def test_the_frame_has_the_columns_that_the_page_names(tmp_path: Path) -> None:
    """Of mappings, each key."""
    pytest.importorskip("pandas")
    assert "IQ      1                 0.5" in run_script("frame.py", tmp_path)


def test_the_page_names_all_that_a_run_has() -> None:
    """Its public attributes."""
    for name in vars(StoredRun):
        assert name.startswith("_") or f"run.{name}" in PAGE, name
