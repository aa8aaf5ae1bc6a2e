"""The door: help, version, faults, pipes."""

# ruff: noqa: E501 - messages are read across

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_iqeval import __version__
from pytest_iqeval.cli import explain
from pytest_iqeval.cli.main import COMMANDS, main
from tests.cli.conftest import Iqeval
from tests.support.stored import question, write_run

SCRIPT = Path(sys.executable).parent / "iqeval"


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",), ("help",)])
def test_help_names_every_command_and_what_it_does(iqeval: Iqeval, words: tuple[str, ...]) -> None:
    told = iqeval(*words)
    assert (told.code, told.err) == (0, "")
    width = max(map(len, COMMANDS))
    for name, (_, does) in COMMANDS.items():
        assert f"  {name:{width}}  {does}" in told.lines
    assert "asking is pytest's" in told.out


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("form", ["{} --help", "{} last -h", "help {}"])
def test_each_command_has_its_help(iqeval: Iqeval, name: str, form: str) -> None:
    told = iqeval(*form.format(name).split())
    assert told.code == 0
    assert told.out.startswith(f"usage: iqeval {name}")
    assert "examples:" in told.out
    assert all(len(line) <= 100 for line in told.lines)


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_the_version(iqeval: Iqeval, word: str) -> None:
    assert iqeval(word) == (0, f"iqeval {__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explian"], "unknown command of iqeval 'explian'\n  hint: did you mean explain or baseline?"),
        (["--verison"], "unknown option of iqeval '--verison'\n  hint: did you mean --version?"),
        (["frob"], "unknown command of iqeval 'frob'\n  hint: there is: --help, --version, baseline, explain, rescore"),
        (["explain", "last", "x", "--ful"], "unknown option of iqeval explain '--ful'\n  hint: did you mean --full or --help?"),
        (["explain", "last"], "iqeval explain: the following arguments are required: ITEM\n  hint: iqeval explain [-h] [--repeat N] [--full] [--reasoning] RUN ITEM"),
        (["explain", "last", "x", "y"], "'y' is one argument too many\n  hint: iqeval explain [-h] [--repeat N] [--full] [--reasoning] RUN ITEM"),
        (["explain", "last", "x", "--repeat", "z"], "iqeval explain: argument --repeat: invalid int value: 'z'\n  hint: iqeval explain [-h] [--repeat N] [--full] [--reasoning] RUN ITEM"),
        (["rescore", "last"], "no run 'last': there is none below outputs\n  hint: give the path of a run's folder, or the --iqeval-output it was written to"),
        (["rescore", "la\x1bst"], "no run 'la\\x1bst': there is none below outputs\n  hint: give the path of a run's folder, or the --iqeval-output it was written to"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_what_to_do_and_exit_code_4(
    iqeval: Iqeval, words: list[str], said: str
) -> None:
    assert iqeval(*words) == (4, "", f"iqeval: {said}\n")


def test_a_disk_that_fails_is_no_traceback(iqeval: Iqeval, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "report.json")

    monkeypatch.setattr(explain, "run", fail)
    told = iqeval("explain", "last", "x")
    assert told == (4, "", "iqeval: [Errno 13] Permission denied: 'report.json'\n")


def test_ctrl_c_ends_without_a_word(iqeval: Iqeval, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(explain, "run", interrupted)
    assert iqeval("explain", "last", "x") == (2, "", "")


def test_the_installed_script_is_the_command(tmp_path: Path) -> None:
    """In a process of its own, with a narrow encoding too."""
    write_run(tmp_path / "outputs" / "m" / "20260102_030405", [(question("一"), "答案：Ｂ")])
    for encoding, answer in (
        ("utf-8", "答案：»Ｂ«"),
        ("ascii", r"\u7b54\u6848\uff1a\xbb\uff22\xab"),
    ):
        done = subprocess.run(
            [SCRIPT, "explain", "last", "一"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert answer in done.stdout.decode(encoding)


def test_a_reader_that_stops_early_is_no_trouble(tmp_path: Path) -> None:
    """As `iqeval … | head -1`: no traceback, and the exit code is the command's."""
    answered = [(question(f"q-{n}"), "B" + "\n" * 2000) for n in range(200)]
    write_run(tmp_path / "outputs" / "m" / "20260102_030405", answered)
    for words in (["explain", "last", "q-7", "--full"], ["rescore", "last", "--json"]):
        with subprocess.Popen(
            [SCRIPT, *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait() == 0


def test_the_words_of_the_process_are_taken_where_none_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["iqeval", "--version"])
    assert main() == 0
    assert capsys.readouterr().out == f"iqeval {__version__}\n"
