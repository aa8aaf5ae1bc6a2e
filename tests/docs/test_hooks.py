"""The page of hooks: its conftest posts the aggregate, its test file asks the model."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pytest_iqeval import hookspecs
from pytest_iqeval.plugin.marker import FIXTURES
from tests.docs.conftest import RunCommand
from tests.support.pages import Command, blocks, commands, read_page, table_rows, ticked

PAGE = read_page("hooks.md")
COMMANDS = list(commands(PAGE))
MARKED = [command for command in COMMANDS if "test_model.py" in command.args]


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What a loopback server at ``SCORES_URL`` was sent."""
    received: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("SCORES_URL", f"http://127.0.0.1:{server.server_port}/hook")
    yield received
    server.shutdown()
    thread.join()
    server.server_close()


def here(command: Command) -> Command:
    """The command without its exports: the address is the receiver's."""
    return replace(command, exported={})


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=pytest.mark.slow)])
def test_the_conftest_posts_the_aggregate_once(
    run_command: RunCommand, posted: list[dict[str, Any]], workers: tuple[str, ...]
) -> None:
    """The page's first command, with and without workers."""
    assert "SCORES_URL" in COMMANDS[0].exported
    command = here(COMMANDS[0])
    result = run_command(Command(args=(*command.args, *workers), files=command.files))
    assert result.ret == 0
    assert "Warning" not in result.stdout.str()
    (sent,) = posted
    assert sent == {
        "model": "gemma3:4b",
        "verdict": "passed",
        "headline": "passed: the gate held, 120 of 120 correct",
        "accuracy": {"iquiz-open": 1.0},
        "gates": {"accuracy >= 60% (iquiz-open)": True},
    }


def test_the_test_file_asks_three_questions(
    run_command: RunCommand, posted: list[dict[str, Any]]
) -> None:
    """The page's command of the test file runs the marked function."""
    run_command(here(MARKED[0])).assert_outcomes(passed=3)
    assert posted[0]["accuracy"] == {"iquiz-open-en": 1.0}


def test_marker_and_collector_ask_each_question_once(
    run_command: RunCommand, posted: list[dict[str, Any]], endpoint: Any
) -> None:
    """The page's last command: 3 tests and 40 questions, 40 requests."""
    run_command(here(MARKED[1])).assert_outcomes(passed=43)
    assert len(endpoint.requests) == 40
    assert len(posted) == 1


def test_without_evaluation_the_test_file_is_skipped(pytester: pytest.Pytester) -> None:
    """As the page says."""
    (text,) = [block.text for block in blocks(PAGE) if block.file == "test_model.py"]
    pytester.makepyfile(test_model=text)
    pytester.runpytest_inprocess().assert_outcomes(skipped=1)


def test_the_table_names_every_hook() -> None:
    """In one piece."""
    told = [ticked(cells[0])[0].partition("(")[0] for cells in table_rows(PAGE, "## The hooks")]
    assert told == [name for name in vars(hookspecs) if name.startswith("pytest_iqeval_")]


def test_the_page_names_every_fixture() -> None:
    """In the table of the marker."""
    for name in FIXTURES:
        assert f"| `{name}` |" in PAGE


def test_the_metrics_of_the_page_decide_its_gates(
    run_command: RunCommand, posted: list[dict[str, Any]]
) -> None:
    """The command with two gates on them."""
    result = run_command(here(next(c for c in COMMANDS if "metrics_plugin" in c.args)))
    assert result.ret == 0
    result.stdout.fnmatch_lines(["hard 1.00 n=120 (iquiz-open), *", "gate passed: *hard >= 50%*"])
    assert len(posted[0]["gates"]) == 2


@pytest.mark.slow
def test_the_report_of_the_page_is_named_at_the_end(
    run_command: RunCommand, posted: list[dict[str, Any]], pytester: pytest.Pytester
) -> None:
    """And it lists no wrong answer where there is none."""
    result = run_command(here(next(c for c in COMMANDS if "report_plugin" in c.args)))
    result.stdout.fnmatch_lines(["*wrong.txt"])
    (path,) = pytester.path.glob("outputs/*/*/wrong.txt")
    assert path.read_text("utf-8") == ""
    assert len(posted) == 1
