"""The channel between an xdist worker and the owner of the run: the owner's end.

The owner makes a channel of its own for each worker's gateway and puts it into
``node.workerinput``; no port is opened, and it works for ``--tx ssh=…`` too.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_iqeval import __version__
from pytest_iqeval.broker.channel import ChannelServer
from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.errors import DefinitionError, SettingsError, UsageFault
from pytest_iqeval.core.options import OPTIONS
from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.request import Key
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.plugin.code import REFUSED
from pytest_iqeval.plugin.crashes import Crashes
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.events import FEW, few_will_do
from pytest_iqeval.plugin.faults import usage_error, where_it_broke
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
_SAME_FILES = "give the worker the same files as this session has"
_RESTARTS = 4  # a worker, before it has collected: what xdist allows under -n


def distributed(config: pytest.Config) -> bool:
    """Whether xdist runs workers: ``--dist`` alone (in ``addopts``, say) starts none."""
    option = config.option
    return getattr(option, "dist", "no") != "no" and bool(getattr(option, "tx", None))


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

    def __init__(self, evaluation: Evaluation, run: Run, *, root: Path) -> None:
        """:param root: pytest's root folder; a worker's may be a copy of it."""
        self.evaluation = evaluation
        self.run = run
        self._root = root
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
            on_score=lambda sample, score, repeat: self.run.report(
                self._own(sample), score, repeat=repeat
            ),
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

    def fault(self) -> UsageFault | None:
        """What the user has to mend, where something that a worker sent can't be taken.

        :raises RuntimeError: it is a bug of ours.
        """
        for error in filter(None, (server.error for server in self._servers)):
            if not isinstance(error, UsageFault):
                # pytest would show its frames, which hold the environment with every key in it.
                raise RuntimeError(where_it_broke(error))
            return error
        return None

    def _plan(self, entries: list[dict[str, Any]]) -> None:
        for spec, start, count in {tuple(entry["spec"]) for entry in entries if "spec" in entry}:
            folder = None if start is None else Path(os.path.normpath(self._root / start))
            own = self.evaluation.load(spec, folder).benchmark
            if len(own.samples) != count:
                raise DefinitionError(
                    f"a worker has {count} questions of {own.name}, this session "
                    f"{len(own.samples)}",
                    hint=_SAME_FILES,
                )
        self.run.plan([self._planned_from(entry) for entry in entries])

    def _planned_from(self, entry: dict[str, Any]) -> Planned:
        if "spec" in entry:
            planned = Planned.from_plain(entry)
            return replace(planned, sample=self._own(planned.sample))
        sample = self.evaluation.sample(Key(*entry.pop("key")))
        return Planned(sample=sample, **entry)

    def _own(self, sample: Sample) -> Sample:
        """What is here of a question that a worker read for itself, perhaps on another machine.

        :raises DefinitionError: the two differ.
        """
        if sample.benchmark not in self.evaluation.benchmarks:  # its plan is still on its way
            return sample
        key = Key(sample.benchmark, sample.subset, sample.id)
        try:
            own = self.evaluation.sample(key)
        except KeyError:
            own = None
        if own is None or (own != sample and _as_sent(own) != _as_sent(sample)):
            here = "there is none here" if own is None else f"here it is that of {own.file}"
            raise DefinitionError(
                f"{sample.file}:{sample.line}: a worker has another question {sample.node_id}: "
                f"{here}",
                hint=_SAME_FILES,
            )
        return own


def _as_sent(sample: Sample) -> str:
    """What of a sample crosses a channel; where it was read takes no part in comparisons."""
    plain = {**sample.to_plain(), "file": "", "line": 0}
    return json.dumps(plain, default=str)


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
