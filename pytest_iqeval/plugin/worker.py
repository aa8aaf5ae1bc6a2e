"""The channel between an xdist worker and the owner of the run: the worker's end."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval import __version__
from pytest_iqeval.broker.channel import ChannelAsker
from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.request import Reply, Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.plugin.crashes import CRASHED, PassedOver
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.xdist import CHANNEL, KNOWN, PLANNER, RIGHT_BEFORE, VERSION

_NICER = 4


def step_back() -> None:
    """Let the owner of the run go first where there are fewer processors than processes.

    It sends the requests: while it waits for workers that start or score, the endpoint has nothing
    to do (1,000 questions at 200 ms with -n 8 on two processors: 0.14 s of 5.5 s). More than this
    saves no more, and would have the workers wait for whatever else is busy on the machine.
    """
    if hasattr(os, "nice"):  # not on Windows
        with contextlib.suppress(OSError):
            os.nice(_NICER)


def check_version(config: Any) -> None:
    """In a worker: refuse to talk to an owner of another version.

    :raises SettingsError: the two may differ in what they send, or how they score.
    """
    owner = config.workerinput.get(VERSION)
    if owner != __version__:
        raise SettingsError(
            f"this worker has pytest-iqeval {__version__}, the session {owner or 'an older one'}"
        )


class WorkerEnd:
    """In a worker: the way home through the channel."""

    def __init__(self, config: Any, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self._root: Path = config.rootpath
        self._plans: bool = config.workerinput.get(PLANNER, False)
        channel = config.workerinput.get(CHANNEL)
        self._known = frozenset(
            name
            for name, sha256 in config.workerinput.get(KNOWN, {}).items()
            if name in evaluation.benchmarks and evaluation.benchmarks[name].data_sha256 == sha256
        )
        before = config.workerinput.get(RIGHT_BEFORE)
        if before is not None:
            from pytest_iqeval.core.comparison import RightBefore  # most runs have no baseline

            evaluation.right_before = RightBefore.from_plain(before)
        self._asker = None if channel is None else ChannelAsker(channel, known=self._known)
        if self._asker is not None:
            evaluation.home = self
            self._asker.crashed.update(config.workerinput.get(CRASHED, ()))
            config.pluginmanager.register(PassedOver(self._asker.crashed), "iqeval-passed-over")

    def plan(self, planned: Sequence[Planned]) -> None:
        """Every worker collects the same questions; one tells the owner."""
        if self._plans and self._asker is not None:
            self._asker.plan_entries([self._entry(one) for one in planned])

    def _entry(self, one: Planned) -> dict[str, object]:
        benchmark = one.sample.benchmark
        if benchmark in self._known:
            return {
                "node_id": one.node_id,
                "key": list(one.key),
                "marked": one.marked,
                "ahead": one.ahead,
                "certain": one.certain,
            }
        spec, where = self.evaluation.specs[benchmark]
        start = None if where == self.evaluation.start else _seen_from(self._root, where)
        count = len(self.evaluation.benchmarks[benchmark].samples)
        return {**one.to_plain(), "spec": [spec, start, count]}

    def ask(self, request: Request) -> Reply:
        """Wait for a reply; raise `NoReply` when there is none."""
        assert self._asker is not None
        return self._asker.ask(request)

    def report(self, sample: Sample, score: Score, *, repeat: int = 0) -> None:
        """Hand in a score."""
        assert self._asker is not None
        self._asker.report(sample, score, repeat=repeat)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(
        self, report: pytest.TestReport | pytest.CollectReport
    ) -> tuple[None, str, str] | None:
        """A question is in no list of the worker's terminal, which nobody sees.

        At its end it would print each failure, and search all reports for each.
        """
        return (None, "", "") if report.nodeid.startswith("iqeval/") else None

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Wait until the owner has every score, before xdist hears that this worker is done."""
        if self._asker is not None:
            self._asker.close()


def _seen_from(root: Path, folder: Path) -> str:
    """The way from pytest's root folder: a worker's may be a copy, and lie elsewhere."""
    try:
        return os.path.relpath(folder, root)
    except ValueError:  # on Windows: another drive
        return str(folder)
