"""The workflow tests what the package promises; the changelog knows the version."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from pytest_iqeval import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def workflow() -> Any:
    """The workflow, read as YAML."""
    return yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))


def test_the_workflow_covers_every_python_and_the_oldest_pytest() -> None:
    """Those that pyproject.toml names, on three systems."""
    matrix = workflow()["jobs"]["test"]["strategy"]["matrix"]
    promised = re.findall(r"Python :: (3\.\d+)'", str(PROJECT["classifiers"]))
    assert matrix["python"] == promised
    assert [name.partition("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]
    (oldest,) = re.findall(r"pytest>=([\d.]+)", str(PROJECT["dependencies"]))
    assert matrix["pytest"] == [oldest, "newest"]


def test_the_workflow_installs_the_wheel_and_takes_the_sources_away() -> None:
    """The job that tests needs the one that builds; lint and types have their own."""
    jobs = workflow()["jobs"]
    assert jobs["test"]["needs"] == "wheel"
    steps = [step.get("run", "") for step in jobs["test"]["steps"]]
    assert any("dist/*.whl" in step for step in steps)
    assert any("rm -rf pytest_iqeval" in step for step in steps)
    assert {"ruff check .", "ruff format --check .", "mypy"} <= {
        step.get("run") for step in jobs["lint"]["steps"]
    }


def test_the_oldest_plugins_of_the_workflow_are_the_oldest_that_are_promised() -> None:
    """pytest-xdist and pytest-html are pinned beside pytest."""
    install = str(workflow()["jobs"]["test"]["steps"])
    for name in ("pytest-xdist", "pytest-html"):
        (oldest,) = re.findall(rf"{name}>=([\d.]+)", str(PROJECT["dependencies"]))
        assert f"{name}=={oldest}.*" in install


def test_the_changelog_has_this_version() -> None:
    """Under its own heading."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{__version__}]" in text
