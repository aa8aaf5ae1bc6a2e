"""Fixtures for every test of the package."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from importlib import import_module

import pytest

from tests.support.endpoint import ScriptedEndpoint


def pytest_configure() -> None:
    """No deadlines: how long an example takes depends on what else the machine does.

    Imported here, since this file is loaded by the main job in a checkout too (ini `testpaths`),
    where the development extra need not be installed.
    """
    with contextlib.suppress(ImportError):
        from hypothesis import settings

        settings.register_profile("iqeval", deadline=None)
        settings.load_profile("iqeval")


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_is_heard() -> None:
    """A shell starts what it runs in the background deaf to Ctrl-C, and children inherit that.

    The tests that send one, to this process or to another, would wait for ever.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def imported_for_good() -> None:
    """Load once what a pytest run inside this process would load, and pytester then forget.

    Loaded twice, httpcore's exceptions are no longer those that httpx knows; and it halves the
    time of the tests that run pytest in this process.
    """
    for name in (
        *("anyio.pytest_plugin", "httpcore", "pytest_iqeval.core.scorers.choice"),
        *("pytest_iqeval.plugin.session", "pytest_iqeval.plugin.start"),
    ):
        import_module(name)


@pytest.fixture(scope="session", autouse=True)
def no_step_of_ours() -> None:
    """The runs that tests make add nothing to the summary of the step that tests us."""
    os.environ.pop("GITHUB_STEP_SUMMARY", None)


@pytest.fixture(scope="session", autouse=True)
def the_same_everywhere() -> None:
    """Neither a CI service nor the locale of whoever runs the tests changes what they read.

    Where pytest takes itself to be under CI, it prints failures in another form.
    """
    for name in ("CI", "BUILD_NUMBER", "LANG", "LANGUAGE", "LC_MESSAGES"):
        os.environ.pop(name, None)
    os.environ["LC_ALL"] = "C.UTF-8"


@pytest.fixture(scope="session", autouse=True)
def no_hub_is_asked(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whoever wants data from a hub meets nobody, unless the test has one of its own; and what the
    developer fetched, or a token of theirs, is not seen."""
    for name in ("MODELSCOPE_ENDPOINT", "HF_ENDPOINT"):
        os.environ[name] = "http://127.0.0.1:9"  # the discard port: nobody listens
    for name in ("MODELSCOPE_DOMAIN", "MODELSCOPE_API_TOKEN", "HF_TOKEN"):
        os.environ.pop(name, None)
    os.environ["IQEVAL_CACHE"] = str(tmp_path_factory.mktemp("fetched"))


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    """A scripted OpenAI-compatible server on loopback, for this test alone."""
    with ScriptedEndpoint() as server:
        yield server
