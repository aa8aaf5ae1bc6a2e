"""How the data of a run's benchmarks may be fetched, and where that is told."""

from __future__ import annotations

import os
import sys

import pytest

from pytest_iqeval.core.language import language
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.sources.hub.access import HubAccess, Nobody
from pytest_iqeval.sources.hub.progress import Progress


def hub_access(config: pytest.Config, settings: Settings, *, replayed: bool) -> HubAccess:
    """What this process may fetch.

    The owner of the run fetches before workers start. A worker meets only what a marker names in
    a test file, and the lock of the cache then lets one of them fetch.
    """
    offline = None
    if settings.offline:
        offline = "--iqeval-offline"
    elif replayed:  # what is not here it takes from the copies of its run
        offline = "a replay asks nobody"
    quiet = hasattr(config, "workerinput") or config.getoption("verbose", 0) < 0
    lang = language(settings.lang, os.environ)
    return HubAccess(
        hub=settings.hub,
        offline=offline,
        environ=os.environ,
        start=config.invocation_params.dir,
        listener=Nobody() if quiet else Progress(sys.stderr, lang),
    )
