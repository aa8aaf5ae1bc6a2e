"""Fixtures for every test of the package."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.endpoint import ScriptedEndpoint

# No deadlines: how long an example takes depends on what else the machine does.
settings.register_profile("iqeval", deadline=None)
settings.load_profile("iqeval")


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    """A scripted OpenAI-compatible server on loopback, for this test alone."""
    with ScriptedEndpoint() as server:
        yield server
