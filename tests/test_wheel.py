"""The package works wherever it is installed, not just in a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pytest_iqeval import __version__

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    pytest.importorskip("build")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.slow
def test_the_wheel_holds_package_data_and_nothing_else(wheel: Path) -> None:
    """Definitions, questions, licences, page and schemas are in; tests are not."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "pytest_iqeval/py.typed",
        "pytest_iqeval/reports/page.html",
        "pytest_iqeval/reports/page_filters.js",
        "pytest_iqeval/reports/report.schema.json",
        "pytest_iqeval/reports/review.schema.json",
        "pytest_iqeval/_datasets/benchmark.schema.json",
        "pytest_iqeval/_datasets/iquiz/benchmark.yaml",
        "pytest_iqeval/cli/starter/en/benchmark.yaml",
        "pytest_iqeval/cli/starter/zh/questions.jsonl",
        *(
            f"pytest_iqeval/_datasets/{name}/{file}"
            for name in ("iquiz-open", "iquiz-open-en")
            for file in ("benchmark.yaml", "IQ.jsonl", "EQ.jsonl", "LICENSE.md")
        ),
    ):
        assert needed in names
    strangers = {
        name
        for name in names
        if not name.startswith(("pytest_iqeval/", "pytest_iqeval-")) or "__pycache__" in name
    }
    assert not strangers


@pytest.mark.slow
def test_the_installed_wheel_lists_the_questions_in_an_empty_folder(
    wheel: Path, tmp_path: Path
) -> None:
    """In an environment of its own, pytest in an empty folder finds all 120 questions."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", str(wheel)], check=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run(
        [str(python), "-m", "pytest", "--iqeval-model", "gemma3:4b", "--co", "-q"],
        cwd=empty,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("iqeval/iquiz-open::") == 120
    command = python.with_name("iqeval")
    said = subprocess.run([str(command), "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == f"iqeval {__version__}\n"
    assert not list(empty.iterdir())
