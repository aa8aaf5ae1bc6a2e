"""Before the first question: is anybody there who can answer?"""

from __future__ import annotations

import socket

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import html, json_body, status


def refused(project: Project, *args: str) -> str:
    """Exit 4, four lines at most, no traceback, no question asked."""
    result = project.run(*args)
    assert result.ret == 4, result.stdout.str() + result.stderr.str()
    lines = [line for line in result.stderr.lines + result.stdout.lines if line.strip()]
    assert len(lines) <= 4, lines
    assert "Traceback" not in "\n".join(lines)
    assert not [r for r in project.endpoint.requests if r.body is not None]
    return "\n".join(lines)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_nobody_there_says_how_to_start_ollama(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default provider on a closed port: ollama serve."""
    monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{free_port()}")
    text = "\n".join(project.pytester.runpytest_subprocess("--iqeval-model=gemma3:4b").stderr.lines)
    assert "ollama serve" in text


def test_a_missing_model_says_how_to_pull_it_and_what_is_there(project: Project) -> None:
    """ollama lists others: ollama pull, and the nearest names."""
    project.endpoint.models(["gemma3:1b", "qwen2.5:7b"])
    text = refused(project, "--iqeval-provider=ollama", "--iqeval-model=gemma3:4b")
    assert "ollama pull gemma3:4b" in text
    assert "gemma3:1b" in text


def test_a_name_without_tag_is_the_latest(project: Project) -> None:
    """NAME equals NAME:latest."""
    project.endpoint.models(["m:latest"])
    assert project.run("--iqeval-provider=ollama").ret == 0


def test_an_html_page_is_said_to_be_one(project: Project) -> None:
    """A web server's page instead of an API."""
    project.endpoint.models(html())
    assert "HTML" in refused(project)


def test_a_refused_key_names_the_variable(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """401 on the list: which variable to set, and never the key."""
    monkeypatch.setenv("MY_KEY", "sk-canary-4711")
    project.endpoint.models(status(401))
    text = refused(project, "--iqeval-api-key-env=MY_KEY")
    assert "MY_KEY" in text
    assert "sk-canary" not in text


@pytest.mark.parametrize("code", [404, 405, 501])
def test_a_missing_list_decides_nothing(project: Project, code: int) -> None:
    """The questions are asked all the same."""
    project.endpoint.models(status(code))
    assert project.run().ret == 0


@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_where_the_list_decides_nothing_the_first_question_goes_alone(
    project: Project, workers: tuple[str, ...]
) -> None:
    """Its error is the message, and nothing more is sent."""
    project.endpoint.models(["another"])
    project.endpoint.answer(
        lambda _: json_body({"error": {"message": "the model 'm' does not exist"}}, code=404)
    )
    result = project.run_apart(*workers)
    assert result.ret == 4
    text = result.stderr.str() + result.stdout.str()
    assert "does not exist" in text
    assert "Traceback" not in text
    assert len([r for r in project.endpoint.requests if r.body is not None]) == 1
    assert not list((project.pytester.path / "outputs").glob("*/*"))
