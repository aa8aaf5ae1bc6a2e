"""The page of providers is the table of presets."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.endpoint.client import tls_context
from pytest_iqeval.endpoint.providers import DEFAULT_PROVIDER, EMBEDDED, PRESETS, Endpoint
from tests.docs.conftest import RunCommand
from tests.support.endpoint import ScriptedEndpoint, status
from tests.support.pages import Command, read_page, table_rows, ticked

PAGE = read_page("providers.md")


def test_every_preset_stands_there_with_its_address_and_variables() -> None:
    """In the order of the code."""
    rows = table_rows(PAGE, "## Presets")
    assert [ticked(cells[0])[0] for cells in rows] == list(PRESETS)
    for name, url, variables in rows:
        preset = PRESETS[ticked(name)[0]]
        if ticked(name)[0] != EMBEDDED:
            assert ticked(url) == [preset.base_url]
        assert tuple(ticked(variables)) == preset.key_variables
        assert ("(default)" in name) is (ticked(name)[0] == DEFAULT_PROVIDER)


def test_what_a_preset_changes_is_told() -> None:
    """Token field and limit, where they are not the usual ones."""
    for name, preset in PRESETS.items():
        if preset.token_field != "max_tokens":
            assert f"`{name}` sends the token limit as `{preset.token_field}`" in PAGE
        if preset.max_tokens is not None:
            assert name == EMBEDDED
            assert f"at most {preset.max_tokens} tokens" in PAGE


@pytest.mark.parametrize("first", range(4))
def test_certificates_come_from_the_variables_in_the_order_of_the_page(first: int) -> None:
    """The first that is set is read: here it names nothing, and the message names it."""
    section = PAGE[PAGE.index("An authority of your own") : PAGE.index("## Privacy")]
    names = ticked(section)
    assert len(names) == 4
    endpoint = Endpoint(provider=None, base_url="https://models.example.org/v1")
    with pytest.raises(SettingsError, match=f"^{names[first]}=nowhere"):
        tls_context(endpoint, dict.fromkeys(names[first:], "nowhere"))


def test_a_key_is_in_none_of_the_files_that_the_page_names(
    run_command: RunCommand,
    endpoint: ScriptedEndpoint,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither where a reply repeats it, nor where an error does."""
    monkeypatch.setenv("TEAM_KEY", "canary-0123456789")
    told = status(400, {"error": {"message": "bad key canary-0123456789"}})
    endpoint.script("Your key is canary-0123456789.", told)
    run_command(
        Command(
            args=(
                *("--iqeval-model", "m", "--iqeval-api-key-env", "TEAM_KEY"),
                *("--iqeval-limit", "1", "--iqeval-retries", "0"),
            )
        )
    )
    (folder,) = (pytester.path / "outputs" / "m").iterdir()
    files = [folder / "report.html", folder / "report.json", *folder.glob("reviews/*/*.jsonl")]
    assert len(files) == 4
    for path in files:
        assert "canary" not in path.read_text("utf-8"), path
    assert "***" in files[1].read_text("utf-8")
    assert all("***" in path.read_text("utf-8") for path in files[2:])
