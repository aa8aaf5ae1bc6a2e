"""The channel between an xdist worker and the owner of the run, both ends.

The owner makes a channel of its own for each worker's gateway and puts it into
``node.workerinput``; no port is opened, and it works for ``--tx ssh=…`` too.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_iqeval import __version__
from pytest_iqeval.broker.channel import ChannelAsker, ChannelServer
from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.options import OPTIONS
from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.request import Key, Reply, Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Score
from pytest_iqeval.plugin.code import REFUSED
from pytest_iqeval.plugin.crashes import CRASHED, Crashes, PassedOver
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.events import FEW, few_will_do
from pytest_iqeval.plugin.faults import usage_error
from pytest_iqeval.plugin.logins import shown_arguments

if TYPE_CHECKING:  # a worker never loads the run's adapters
    from pytest_iqeval.run import Run

CHANNEL = "iqeval_channel"
PLANNER = "iqeval_planner"
RECALLED = "iqeval_recalled"
RIGHT_BEFORE = "iqeval_right_before"
KNOWN = "iqeval_known"
SUITE = "iqeval_suite"
VERSION = "iqeval_version"
_NICER = 10
_RESTARTS = 4  # a worker, before it has collected: what xdist allows under -n


def distributed(config: pytest.Config) -> bool:
    """Whether xdist runs workers: ``--dist`` alone (in ``addopts``, say) starts none."""
    option = config.option
    return getattr(option, "dist", "no") != "no" and bool(getattr(option, "tx", None))


def step_back() -> None:
    """Let the owner of the run go first where there are fewer processors than processes.

    It sends the requests: while it waits for workers that start or score, the endpoint has nothing
    to do (1,000 questions at 200 ms with -n 8 on two processors: 0.2 s of 5.4 s).
    """
    if hasattr(os, "nice"):  # not on Windows
        with contextlib.suppress(OSError):
            os.nice(_NICER)


def count_workers(config: pytest.Config) -> int:
    """How many workers there will be: ``--tx 3*popen`` is three."""
    if not distributed(config):
        return 0
    total = 0
    for spec in config.option.tx:
        times, star, _ = spec.partition("*")
        total += int(times) if star and times.isdecimal() else 1
    return total


def join_values(config: pytest.Config) -> None:
    """Where a worker runs in another folder, write ``--iqeval-log FILE`` as ``--iqeval-log=FILE``.

    xdist looks at each word of the command line there, and takes one that exists for a path of
    tests, which must lie in a folder that it copies; another is an INTERNALERROR (3.8).
    """
    if not distributed(config) or all(_is_here(spec) for spec in config.option.tx):
        return
    flags = {option.flag for option in OPTIONS if option.kind != "flag"}
    words: list[str] = []
    for word in map(str, config.invocation_params.args):
        if words and words[-1] in flags:
            words[-1] += f"={word}"
        else:
            words.append(word)
    config.invocation_params = replace(config.invocation_params, args=tuple(words))


def _is_here(spec: str) -> bool:
    parts = spec.rpartition("*")[2].split("//")
    return "popen" in parts and not any(part.startswith("chdir=") for part in parts)


class OwnerEnd:
    """In the controller: a channel for each worker that starts."""

    def __init__(self, evaluation: Evaluation, run: Run) -> None:
        self.evaluation = evaluation
        self.run = run
        self._servers: list[ChannelServer] = []  # a channel that is forgotten is closed
        self._planner: tuple[Any, ChannelServer] | None = None
        self._collected: set[str] = set()  # workers, by id
        self._never_began = 0
        self._crashes = Crashes(run.ledger.planned)

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
            request_of=self.evaluation.take_request,
        )
        self._servers.append(server)
        # xdist sends the command line as well, for plugins and for whoever prints it.
        if "mainargv" in node.workerinput:
            node.workerinput["mainargv"] = list(shown_arguments(node.workerinput["mainargv"]))
        node.workerinput[CHANNEL] = channel
        node.workerinput[VERSION] = __version__
        node.workerinput[PLANNER] = self._planner is None
        self._planner = self._planner or (node, server)
        node.workerinput[KNOWN] = self._known(node)
        node.workerinput[FEW] = few_will_do(node.config)
        self._crashes.tell(node)
        if self.evaluation.recalled is not None:  # a worker never reads a journal
            node.workerinput[RECALLED] = self.evaluation.recalled.to_plain()
        if self.evaluation.suite is not None:  # its file may not be where a worker runs
            node.workerinput[SUITE] = self.evaluation.suite.to_plain()
        if self.evaluation.right_before is not None:
            node.workerinput[RIGHT_BEFORE] = self.evaluation.right_before.to_plain()

    @property
    def without_plan(self) -> bool:
        """Whether no worker sent the whole of a plan: nobody knows what was selected."""
        return self._planner is None or not self._planner[1].planned

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, report: pytest.TestReport) -> None:
        """A worker died in an item; xdist may give it to another."""
        self._crashes.note(report, self._servers)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any) -> None:
        """This worker can run here."""
        self._collected.add(node.gateway.id)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker that can't even collect won't the next time: xdist would start it for ever.

        Where the planner dies before it has sent all of its plan, the next worker does.

        :raises pytest.UsageError: it said why, or died too often.
        """
        if self._planner is not None:
            planner, server = self._planner
            if planner is node and not server.planned:
                self._planner = None
        refused = getattr(node, "workeroutput", {}).get(REFUSED)
        if refused is not None:
            raise pytest.UsageError(f"iqeval: {refused}")
        if not error or node.gateway.id in self._collected:
            return
        self._never_began += 1
        said = str(error).strip()
        if "Traceback" not in said:  # it crashed; xdist starts it anew, and may give up first
            if self._never_began > _RESTARTS * count_workers(node.config):
                raise usage_error(
                    SettingsError(
                        f"worker {node.gateway.id} crashed before it had collected, as "
                        f"{self._never_began - 1} did before it: {visible(said)}",
                        hint="run it without -n to see what it dies of",
                    )
                )
        else:
            raise usage_error(
                SettingsError(
                    f"worker {node.gateway.id} ({node.gateway.spec}) could not start: "
                    + visible(_last_words(said)),
                    hint=needed(node.gateway),
                )
            )

    def _known(self, node: Any) -> dict[str, str]:
        """The loaded benchmarks and their data's hashes, for a worker that reads the same files.

        One on another machine, or of another Python, may have loaded something else by a name.
        """
        spec = node.gateway.spec
        if not spec.popen or spec.python or spec.chdir:
            return {}
        return {name: one.data_sha256 for name, one in self.evaluation.benchmarks.items()}

    def _plan(self, entries: list[dict[str, Any]]) -> None:
        for spec, start in {tuple(entry["spec"]) for entry in entries if "spec" in entry}:
            self.evaluation.load(spec, Path(start))
        self.run.plan([self._planned_from(entry) for entry in entries])

    def _planned_from(self, entry: dict[str, Any]) -> Planned:
        if "spec" in entry:
            return Planned.from_plain(entry)
        sample = self.evaluation.sample(Key(*entry.pop("key")))
        return Planned(sample=sample, **entry)


def _last_words(error: str) -> str:
    """What a remote traceback ends with, in one line, the names of exception classes left out."""
    for name in (": error: ", "UsageError: ", "Error: "):  # the first is argparse's
        _, found, words = error.rpartition(name)
        if found:
            return words.strip().partition("\n")[0]
    return error.splitlines()[-1]


def needed(gateway: Any) -> str:
    """What a worker that could not start may lack."""
    there = getattr(gateway, "_cache_rinfo", None)  # xdist asks every worker for it first
    here = sys.version_info[:2]
    if gateway.spec.popen and there is not None and tuple(there.version_info[:2]) != here:
        its, ours = ("{}.{}".format(*version[:2]) for version in (there.version_info, here))
        return (
            f"the worker is Python {its}, and xdist has it use the packages of this session, "
            f"which is Python {ours}: name an interpreter of Python {ours} in --tx"
        )
    return (
        "a worker needs the same pytest-iqeval and the same files: install pytest-iqeval "
        f"{__version__} where it runs, and name data by a path that is there (chdir=… in --tx "
        "says where relative paths start)"
    )


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
