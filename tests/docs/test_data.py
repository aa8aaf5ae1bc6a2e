"""The page on data: its commands, against a local hub, and the names that it gives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_iqeval.cli.main import main
from pytest_iqeval.core.definition_fields import parse_definition
from pytest_iqeval.sources.definitions import plain_value
from pytest_iqeval.sources.hub import places, web
from pytest_iqeval.sources.hub.access import CACHE_VARIABLE
from pytest_iqeval.sources.hub.lock import PROJECT_LOCK
from tests.support.endpoint import ScriptedEndpoint
from tests.support.hub import LocalHub
from tests.support.pages import commands, read_page, write_files

PAGE = read_page("data.md")
ROWS = b'{"id": "fr", "question": "Capital?", "choices": ["Lyon", "Paris"], "answer": "B"}\n'


@pytest.fixture
def hub(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    """A hub with the page's data set."""
    with LocalHub() as made:
        made.put("your-team/capitals", {"capitals.jsonl": ROWS})
        for name, value in made.environ(IQEVAL_CACHE=str(pytester.path / "cache")).items():
            monkeypatch.setenv(name, value)
        yield made


def test_the_commands_pass_one_after_the_other(
    pytester: pytest.Pytester, hub: LocalHub, endpoint: ScriptedEndpoint
) -> None:
    endpoint.models(["gemma3:4b"])
    endpoint.answer(lambda _body: "ANSWER: B")
    found = list(commands(PAGE))
    assert len(found) == 6
    for command in found:
        write_files(command.files, pytester.path)
        if command.program == "iqeval":
            assert main(list(command.args)) == 0, command.args
            continue
        url = f"--iqeval-base-url={endpoint.url}"
        result = pytester.runpytest_inprocess(*command.args, url)
        assert result.ret == 0, (command.args, result.stdout.str(), result.stderr.str())
    # The first run fetched from one hub, one command asked for the other.
    assert len(hub.asked("store")) == 2


def test_the_example_is_a_definition() -> None:
    (command, *_) = commands(PAGE)
    raw = plain_value(command.files["capitals.yaml"], shown="capitals.yaml")
    made = parse_definition(raw, file="capitals.yaml", scorers=["choice"])
    assert [source.hub for source in made.hub] == ["modelscope", "huggingface"]


def test_the_page_names_what_the_code_reads() -> None:
    names = [
        name for addresses, token in places._VARIABLES.values() for name in (*addresses, token)
    ]
    for name in (*names, CACHE_VARIABLE, PROJECT_LOCK):
        assert f"`{name}`" in PAGE
    assert f"status {', '.join(map(str, sorted(web._PASSING)))} |" in PAGE
    assert f"up to {len(web._WAITS_S)} times" in PAGE
