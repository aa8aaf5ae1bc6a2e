"""The README's commands: the same in both languages, and one line each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def command(readme: str, name: str) -> str:
    """The one command in the block after ``<!-- NAME command -->``."""
    text = (ROOT / readme).read_text("utf-8")
    found = re.findall(rf"<!-- {name} command -->\n```sh\n(.*?)\n```", text, re.DOTALL)
    assert len(found) == 1
    assert "\n" not in found[0]
    return str(found[0])


@pytest.mark.parametrize("name", ["try", "test"])
def test_both_languages_give_the_same_command(name: str) -> None:
    """One line, copied as it stands."""
    assert command("README.md", name) == command("README.zh-CN.md", name)


def test_every_option_and_link_in_the_readmes_exists() -> None:
    """No promise of what is not there."""
    from pytest_iqeval.core.options import OPTIONS

    known = {option.flag for option in OPTIONS} | {"--iqeval"}
    for readme in ("README.md", "README.zh-CN.md"):
        text = (ROOT / readme).read_text("utf-8")
        assert set(re.findall(r"--iqeval[a-z-]*", text)) <= known
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (ROOT / link).exists(), link
