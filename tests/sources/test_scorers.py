"""Our scorers, those of installed packages, and a user's own, under one roof."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_iqeval.core.errors import ScorerUnusable
from pytest_iqeval.core.scorers import SCORERS, make_scorer
from pytest_iqeval.sources.scorers import all_scorers, from_mapping
from tests.support.packages import install


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for installed packages."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def own(**given: object) -> list[tuple[str, object]]:
    """What a user's conftest registers."""
    return from_mapping(given, origin="conftest.py", where="conftest.py: hook: ")  # type: ignore[return-value]


def test_ours_are_there_by_name() -> None:
    """All of the table."""
    assert set(SCORERS) <= set(all_scorers())


def test_a_package_is_imported_when_its_scorer_is_made(site: Path) -> None:
    """Not when the names are read."""
    install(
        site, "acme", {"lazy": "acme_lazy:always"}, {"acme_lazy": "def always(*_): return True"}
    )
    scorers = all_scorers()
    assert scorers["lazy"].origin == "package acme 1.0"
    assert "acme_lazy" not in sys.modules
    make_scorer("lazy", {}, scorers=scorers)
    assert sys.modules.pop("acme_lazy")


def test_a_name_that_no_definition_could_write_is_told_when_it_is_used(site: Path) -> None:
    """A package's fault harms nobody who does not ask for it."""
    install(site, "acme", {"a b": "acme_lazy:always"}, {"acme_lazy": "def always(*_): return True"})
    with pytest.raises(ScorerUnusable, match=r"^package acme 1.0: 'a b' can't be a scorer's name"):
        make_scorer("a b", {}, scorers=all_scorers())
    sys.modules.pop("acme_lazy")


def test_a_users_scorer_cannot_take_a_packages_name(site: Path) -> None:
    """Both are named; the user's own is the one to rename."""
    install(site, "acme", {"strict": "acme:strict"})
    with pytest.raises(ScorerUnusable) as error:
        all_scorers(own(strict=print))  # type: ignore[arg-type]
    assert str(error.value) == (
        "scorer strict is registered twice: by package acme 1.0 and by conftest.py\n"
        "  hint: give yours another name"
    )


def test_all_faults_of_a_mapping_are_told_at_once() -> None:
    """A line each."""
    with pytest.raises(ScorerUnusable) as error:
        own(**{"a b": print, "five": 5, "fine": print})
    assert str(error.value).splitlines() == [
        "conftest.py: hook: 'a b' can't be a scorer's name; use letters, digits, '-', '_' and '.'",
        "conftest.py: hook: scorer five: a number is neither a function nor a class",
    ]
