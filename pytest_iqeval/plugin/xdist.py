"""The channel between an xdist worker and the owner of the run, both ends.

The owner makes a channel of its own for each worker's gateway and puts it into
``node.workerinput``; no port is opened, and it works for ``--tx ssh=…`` too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_iqeval.broker.channel import ChannelAsker, ChannelServer
from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.request import Key, Reply, Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.logins import shown_arguments

if TYPE_CHECKING:  # a worker never loads the run's adapters
    from pytest_iqeval.run import Run

CHANNEL = "iqeval_channel"
PLANNER = "iqeval_planner"
RECALLED = "iqeval_recalled"
KNOWN = "iqeval_known"


def distributed(config: pytest.Config) -> bool:
    """Whether xdist runs workers: ``--dist`` alone (in ``addopts``, say) starts none."""
    option = config.option
    return getattr(option, "dist", "no") != "no" and bool(getattr(option, "tx", None))


class OwnerEnd:
    """In the controller: a channel for each worker that starts."""

    def __init__(self, evaluation: Evaluation, run: Run) -> None:
        self.evaluation = evaluation
        self.run = run
        self._servers: list[ChannelServer] = []  # a channel that is forgotten is closed
        self._planner: tuple[Any, ChannelServer] | None = None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give a worker its channel; unless another is on its way to a plan, it sends one."""
        channel = node.gateway.newchannel()
        server = ChannelServer(
            channel,
            source=self.run.answers,
            on_plan=self._plan,
            on_score=lambda sample, score, repeat: self.run.report(sample, score, repeat=repeat),
            sample_of=self.evaluation.sample,
            request_of=self.evaluation.request,
        )
        self._servers.append(server)
        # xdist sends the command line as well, for plugins and for whoever prints it.
        if "mainargv" in node.workerinput:
            node.workerinput["mainargv"] = list(shown_arguments(node.workerinput["mainargv"]))
        node.workerinput[CHANNEL] = channel
        node.workerinput[PLANNER] = self._planner is None
        self._planner = self._planner or (node, server)
        node.workerinput[KNOWN] = self._known(node)
        if self.evaluation.recalled is not None:  # a worker never reads a journal
            node.workerinput[RECALLED] = self.evaluation.recalled.to_plain()

    def _known(self, node: Any) -> dict[str, str]:
        """The loaded benchmarks and their data's hashes, for a worker that reads the same files.

        One on another machine, or of another Python, may have loaded something else by a name.
        """
        spec = node.gateway.spec
        if not spec.popen or spec.python or spec.chdir:
            return {}
        return {name: one.data_sha256 for name, one in self.evaluation.benchmarks.items()}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Where the planner dies before it has sent all of its plan, the next worker does."""
        if self._planner is not None:
            planner, server = self._planner
            if planner is node and not server.planned:
                self._planner = None

    def _plan(self, entries: list[dict[str, Any]]) -> None:
        for spec, start in {tuple(entry["spec"]) for entry in entries if "spec" in entry}:
            self.evaluation.load(spec, Path(start))
        self.run.plan([self._planned_from(entry) for entry in entries])

    def _planned_from(self, entry: dict[str, Any]) -> Planned:
        if "spec" in entry:
            return Planned.from_plain(entry)
        sample = self.evaluation.sample(Key(*entry.pop("key")))
        return Planned(sample=sample, request=self.evaluation.request(sample), **entry)


class WorkerEnd:
    """In a worker: the way home through the channel."""

    def __init__(self, config: Any, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self._plans: bool = config.workerinput.get(PLANNER, False)
        channel = config.workerinput.get(CHANNEL)
        self._known = frozenset(
            name
            for name, sha256 in config.workerinput.get(KNOWN, {}).items()
            if name in evaluation.benchmarks and evaluation.benchmarks[name].data_sha256 == sha256
        )
        self._asker = None if channel is None else ChannelAsker(channel, known=self._known)
        if self._asker is not None:
            evaluation.home = self

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
        spec = [str(part) for part in self.evaluation.specs[benchmark]]
        return {**one.to_plain(), "spec": spec}

    def ask(self, request: Request) -> Reply:
        """Wait for a reply; raise `NoReply` when there is none."""
        assert self._asker is not None
        return self._asker.ask(request)

    def report(self, sample: Sample, score: Score, *, repeat: int = 0) -> None:
        """Hand in a score."""
        assert self._asker is not None
        self._asker.report(sample, score, repeat=repeat)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Wait until the owner has every score, before xdist hears that this worker is done."""
        if self._asker is not None:
            self._asker.close()
