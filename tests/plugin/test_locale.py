"""A locale that knows no Chinese: what was typed is understood all the same."""

from __future__ import annotations

import os

import pytest

from tests.plugin.conftest import Project

GATE = "--iqeval-gate=category=反讽: accuracy >= 0.5"


@pytest.fixture
def plain_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a bare container: Python then reads its arguments as ASCII."""
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")  # the terminal's, which is another matter
    for name in ("LANG", "LC_CTYPE", "PYTHONCOERCECLOCALE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.slow
@pytest.mark.usefixtures("plain_c")
def test_a_chinese_gate_is_read(project: Project) -> None:
    result = project.run_apart(GATE, "-m", "not iqeval(category='无')")
    assert result.ret == 0, result.stderr.str()
    (row,) = project.report["gates"]
    assert (row["expression"], row["passed"]) == ("category=反讽: accuracy >= 0.5", True)
    again = project.run_apart("--iqeval-replay=last")
    assert again.ret == 0
    assert project.report["gates"][0]["expression"] == row["expression"]


@pytest.mark.usefixtures("plain_c")
@pytest.mark.skipif(os.name == "nt", reason="arguments are no bytes there")
def test_bytes_that_are_no_utf8_are_told(project: Project) -> None:
    """GBK, say."""
    result = project.run_apart(os.fsdecode("--iqeval-gate=category=反".encode("gbk") + b": n > 1"))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: iqeval: --iqeval-gate category=*: can't be read as UTF-8", "*LC_ALL=C.UTF-8*"]
    )
    assert not project.endpoint.requests
