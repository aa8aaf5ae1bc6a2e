"""An option's value as a word of its own must not make pytest pass over the project's ini file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugin.conftest import Project

INI = {
    "pytest.ini": "[pytest]\niqeval_limit = 1\n",
    "pyproject.toml": '[tool.pytest.ini_options]\niqeval_limit = "1"\n',
    "tox.ini": "[pytest]\niqeval_limit = 1\n",
    "setup.cfg": "[tool:pytest]\niqeval_limit = 1\n",
}


@pytest.mark.parametrize("name", INI)
def test_an_ini_file_is_not_passed_over(project: Project, tmp_path: Path, name: str) -> None:
    (project.pytester.path / name).write_text(INI[name], "utf-8")
    refused = project.run("--iqeval-data-dir", str(tmp_path))
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    said = " ".join(refused.stderr.str().split())
    assert f"and so has not read {project.pytester.path / name}" in said
    assert f"hint: write it with an equals sign: --iqeval-data-dir={tmp_path}" in said
    project.run(f"--iqeval-data-dir={tmp_path}").assert_outcomes(passed=2)


def test_without_an_ini_file_nothing_is_lost(project: Project, tmp_path: Path) -> None:
    project.run("--iqeval-data-dir", str(tmp_path)).assert_outcomes(passed=5)


def test_a_folder_of_the_project_moves_nothing(project: Project) -> None:
    (project.pytester.path / "pytest.ini").write_text(INI["pytest.ini"], "utf-8")
    folder = project.pytester.mkdir("data")
    project.run("--iqeval-data-dir", str(folder)).assert_outcomes(passed=2)


def test_who_names_the_ini_file_or_the_root_has_said_it(project: Project, tmp_path: Path) -> None:
    (project.pytester.path / "pytest.ini").write_text(INI["pytest.ini"], "utf-8")
    project.run("--iqeval-data-dir", str(tmp_path), "-c", "pytest.ini").assert_outcomes(passed=2)
