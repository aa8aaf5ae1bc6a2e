"""Every command that a page prints works as it stands."""

from __future__ import annotations

import pytest

from tests.docs.conftest import RunCommand
from tests.support.pages import PAGES, commands, read_page

# Tested by their own modules; the commands of code.md need data that is not shipped.
ELSEWHERE = {"code.md", "data.md", "hooks.md", "prompts.md", "rules.md"}


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PAGES if name not in ELSEWHERE])
def test_the_commands_of_a_page_pass_one_after_the_other(
    name: str, run_command: RunCommand
) -> None:
    """In one folder, with the files that stand above them and a model that knows all."""
    found = list(commands(read_page(name)))
    assert found
    for command in found:
        result = run_command(command)
        assert result.ret == 0, (command.args, result.stdout.str(), result.stderr.str())
