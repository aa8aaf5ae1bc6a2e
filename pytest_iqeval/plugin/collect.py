"""Benchmarks and subsets as collectors, and what each process does around collection.

The collectors are plain ``pytest.Collector``: under ``--lf`` in a mixed session pytest skips
files without earlier failures, and takes a ``pytest.File`` of ours for one.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Any

import pytest

from pytest_iqeval.core.plan import Planned
from pytest_iqeval.plugin.evaluation import EVALUATION, Evaluation, Part, question_hooks
from pytest_iqeval.plugin.items import QuestionItem, shown_on_report
from pytest_iqeval.plugin.marker import MarkedQuestions, sample_of, surely_asks
from pytest_iqeval.plugin.paths import ROOT


class QuestionCollector(pytest.Collector):
    """What benchmarks and subsets have in common."""

    @property
    def ihook(self) -> Any:
        """The hooks of questions."""
        return question_hooks(self.config)


class BenchmarkCollector(QuestionCollector):
    """One benchmark: ``iqeval/iquiz-open``."""

    def collect(self) -> Iterator[SubsetCollector]:
        """One collector a subset."""
        for subset in self.config.stash[EVALUATION].chosen(self.name):
            yield SubsetCollector.from_parent(
                self, name=subset, path=self.path, nodeid=f"{self.nodeid}::{subset}"
            )


class SubsetCollector(QuestionCollector):
    """One subset: ``iqeval/iquiz-open::IQ``."""

    def collect(self) -> Iterator[QuestionItem]:
        """One item a question."""
        assert self.parent is not None
        for sample in self.config.stash[EVALUATION].chosen(self.parent.name)[self.name]:
            yield QuestionItem.from_parent(
                self, name=sample.id, path=self.path, nodeid=sample.node_id, sample=sample
            )


class Questions(MarkedQuestions):
    """Collection and reporting in every process: the owner of the run and each xdist worker."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Add the chosen parts of benchmarks to what the session collects from files."""
        report = yield
        if isinstance(collector, pytest.Session) and report.result is not None:
            nodes = [self._node(collector, part) for part in self.evaluation.parts]
            report.result = [*report.result, *nodes]
        return report

    def _node(self, session: pytest.Session, part: Part) -> pytest.Collector | pytest.Item:
        """The collector or item that a part names; `take_out` has seen that it exists."""
        name, *inner = part
        node: pytest.Collector | pytest.Item = BenchmarkCollector.from_parent(
            session, name=name, path=self.evaluation.files[name], nodeid=f"{ROOT}/{name}"
        )
        for wanted in inner:
            assert isinstance(node, pytest.Collector)
            node = next(child for child in node.collect() if child.name == wanted)
        return node

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tell the owner what was selected."""
        if self.evaluation.home is not None:
            self.evaluation.home.plan(planned_of(session.items))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """While the first replies are awaited, load what judges them."""
        if self.evaluation.home is not None:
            self.evaluation.load_readers()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[None]:
        """Give a question's report the reply's latency, and what terminal and HTML show of it."""
        report = yield
        shown_on_report(item, call, report)  # type: ignore[arg-type]
        return report


def planned_of(items: Sequence[pytest.Item]) -> list[Planned]:
    """Those of the items that ask, in order."""
    entries = []
    for item in items:
        sample = item.sample if isinstance(item, QuestionItem) else sample_of(item)
        if sample is None:
            continue
        asks = isinstance(item, QuestionItem) or surely_asks(item)
        entries.append(
            Planned(
                node_id=item.nodeid,
                sample=sample,
                marked=not isinstance(item, QuestionItem),
                ahead=asks and not _may_skip(item),
                certain=asks,
            )
        )
    return entries


def _may_skip(item: pytest.Item) -> bool:
    """Whether a mark may leave the item out before it asks."""
    return any(
        mark.name in ("skip", "skipif")
        or (mark.name == "xfail" and not mark.kwargs.get("run", True))
        for mark in item.iter_markers()
    )
