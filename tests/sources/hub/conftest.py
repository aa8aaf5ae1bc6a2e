"""A local hub, with a small repository."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_iqeval.sources.hub import web
from pytest_iqeval.sources.hub.access import HubAccess
from tests.support.hub import LocalHub
from tests.support.hub_data import FILES, REPO


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    """A hub with one repository; nobody waits between attempts."""
    monkeypatch.setattr(web, "_WAITS_S", (0.0,) * 5)
    with LocalHub() as made:
        made.put(REPO, FILES)
        yield made


@pytest.fixture
def access(hub: LocalHub, tmp_path: Path) -> HubAccess:
    """The way to it, with a cache of its own."""
    environ = hub.environ(IQEVAL_CACHE=str(tmp_path / "cache"))
    return HubAccess(environ=environ, start=tmp_path)
