"""Fixtures for every test of the package."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.endpoint import ScriptedEndpoint


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    """A scripted OpenAI-compatible server on loopback, for this test alone."""
    with ScriptedEndpoint() as server:
        yield server
