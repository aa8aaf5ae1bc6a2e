"""The run's life in pytest's hooks, in the process that owns it."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.comparison import Baseline, right_before
from pytest_iqeval.core.errors import UsageFault
from pytest_iqeval.core.gates import Gate
from pytest_iqeval.core.metrics.own import OwnMetrics
from pytest_iqeval.core.phrases import live
from pytest_iqeval.core.plan import Planned
from pytest_iqeval.core.told import said_in
from pytest_iqeval.plugin.at_end import call_at_end
from pytest_iqeval.plugin.code import asks
from pytest_iqeval.plugin.early import all_is_asked, chosen_requests, chosen_samples
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.faults import usage_error, where_it_broke
from pytest_iqeval.plugin.foresight import TERMINAL, WORKERS, Foreteller
from pytest_iqeval.plugin.gates import read_gates
from pytest_iqeval.plugin.github import write_step_summary
from pytest_iqeval.plugin.interrupts import (
    Interrupts,
    command_line,
    go_on_command,
    go_on_lines,
    kept_lines,
)
from pytest_iqeval.plugin.junit import leave_out_unfinished, write_gates
from pytest_iqeval.plugin.junit_repeats import RepeatsInJUnit
from pytest_iqeval.plugin.metrics import own_metrics, warn_of_troubles
from pytest_iqeval.plugin.ordinary import OrdinaryFailures
from pytest_iqeval.plugin.replay import chosen_of, only_failures
from pytest_iqeval.plugin.typed import for_reports
from pytest_iqeval.plugin.xdist import OwnerEnd, count_workers, distributed
from pytest_iqeval.run import Ending, Run, Surroundings, open_run
from pytest_iqeval.run.ending import INTERRUPTED_DRAIN_S
from pytest_iqeval.store.folder import RunFolder

if TYPE_CHECKING:
    from pytest_iqeval.core.summary import Summary  # noqa: F401 (the key names it)

SUMMARY = pytest.StashKey["Summary"]()


def register_owner(config: pytest.Config, evaluation: Evaluation) -> None:
    """Register the owner's hooks.

    :raises UsageFault: a gate that can't be judged; a baseline that is not there or can't be read.
    """
    baseline = _baseline(evaluation)
    own = own_metrics(config)
    gates = read_gates(config, evaluation, own, baseline=baseline is not None)
    evaluation.right_before = None if baseline is None else right_before(baseline)
    foreteller = Foreteller(config, evaluation, gates, baseline)
    owner = Owner(config, evaluation, gates, own, foreteller, baseline)
    config.pluginmanager.register(owner, "iqeval-owner")
    config.pluginmanager.register(foreteller, "iqeval-foresight")


def _baseline(evaluation: Evaluation) -> Baseline | None:
    recalled = evaluation.recalled
    if evaluation.settings.baseline is None and recalled is None:
        return None
    # Imported here, since it reads reports: most runs have no baseline.
    from pytest_iqeval.run.baseline import find_baseline

    replayed = None if recalled is None else RunFolder(recalled.folder)
    return find_baseline(
        evaluation.settings,
        evaluation.start,
        benchmarks=evaluation.benchmarks,
        environ=os.environ,
        replayed=replayed,
    )


class Owner:
    """Opens the run, feeds it with what happens, closes it, and hands the verdict around."""

    def __init__(
        self,
        config: pytest.Config,
        evaluation: Evaluation,
        gates: tuple[Gate, ...],
        own: OwnMetrics,
        foreteller: Foreteller,
        baseline: Baseline | None = None,
    ):
        self.config = config
        self.foreteller = foreteller
        self.baseline = baseline
        self.evaluation = evaluation
        self.gates = gates
        self.own = own
        self.run: Run | None = None
        self.interrupted = False
        self.workers: OwnerEnd | None = None
        self.started = False  # pytest finishes a session only once it has started
        self.interrupts = Interrupts(
            lambda: said_in(
                live.STOPPED(command=go_on_command(config, self.run.redact if self.run else str)),
                evaluation.lang,
            )
        )
        self.ordinary = OrdinaryFailures()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Find out that the endpoint is there and make the run's folder, before the first line."""
        if not asks(self.config):
            return
        try:
            self.run = open_run(
                self.evaluation.settings,
                questions=self.evaluation,
                chosen=chosen_of(self.config, self.evaluation),
                gates=self.gates,
                own=self.own,
                around=Surroundings(
                    environ=os.environ,
                    start=self.evaluation.start,
                    workers=count_workers(self.config),
                    stops_early=bool(self.config.option.maxfail),
                ),
                baseline=self.baseline,
            )
        except UsageFault as fault:
            raise usage_error(fault) from None
        except Exception as bug:
            # pytest would show its frames, which hold the environment with every key in it.
            raise RuntimeError(where_it_broke(bug)) from None
        self.config.add_cleanup(self.run.abandon)
        if self._distributed():
            self.workers = OwnerEnd(self.evaluation, self.run, root=self.config.rootpath)
            self.config.pluginmanager.register(self.workers, WORKERS)
        else:
            self.evaluation.home = self.run
        if all_is_asked(self.config, self.evaluation):
            for piece in chosen_requests(self.evaluation):
                self.run.ask_ahead(piece)
        self._register_reporters(self.run)

    def _register_reporters(self, run: Run) -> None:
        # Imported here, since their time need not be spent before the first request.
        from pytest_iqeval.plugin.html import HtmlReport
        from pytest_iqeval.plugin.terminal import Terminal

        plugins = self.config.pluginmanager
        if run.settings.repeats > 1:
            plugins.register(RepeatsInJUnit(self.config), "iqeval-junit-repeats")
        plugins.register(Terminal(self.config, self.evaluation, run), TERMINAL)
        if plugins.has_plugin("html"):
            plugins.register(HtmlReport(self.config, run), "iqeval-html")

    def _distributed(self) -> bool:
        return distributed(self.config)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self) -> Iterator[None]:
        """From now on pytest will finish the session, whatever comes."""
        self.started = True
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Where the preflight decided nothing, the first question goes alone; its error ends it."""
        if self.run is not None:
            self.run.begin_rest()
        self._refuse_hopeless()
        result = yield
        self._refuse_workers()  # what the last of all items sent
        return result

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what is no question's failure; stop when the endpoint refuses all."""
        self.ordinary.add(report)
        if self.run is not None:
            if why := getattr(report, "iqeval_not_asked", None):
                self.run.ledger.not_asked(why)
            elif report.skipped:
                self.run.ledger.skipped(report.nodeid)
            if report.failed:
                self._note_failure(self.run, report)

    def _note_failure(self, run: Run, report: pytest.TestReport) -> None:
        run.ledger.failed(report.nodeid)
        if report.when == "setup":
            run.ledger.not_set_up(report.nodeid, _crash_words(report))
        if str(report.when) == "???":  # xdist's mark for the item in which a worker died
            # `longreprtext` begins with a line about the worker's Python.
            run.ledger.crashed(report.nodeid, visible(str(report.longrepr)))
        self._refuse_hopeless()

    def _refuse_hopeless(self) -> None:
        if self.run is None:
            return
        if not self._distributed():
            self.run.ask_first()
        self._refuse(self.run, self.run.hopeless())
        self._refuse_workers()

    def _refuse_workers(self) -> None:
        if self.run is not None and self.workers is not None:
            self._refuse(self.run, self.workers.fault())

    @staticmethod
    def _refuse(run: Run, fault: UsageFault | None) -> None:
        if fault is not None:
            run.abandon(discard=True)
            raise usage_error(fault)

    @pytest.hookimpl
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that can't be collected is an ordinary failure."""
        self.ordinary.add(report)

    @pytest.hookimpl(tryfirst=True)  # before pytest formats where it was: that takes its time
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Ctrl-C; pytest's own early ends (``-x`` under xdist) come this way too."""
        exits = isinstance(excinfo.value, pytest.exit.Exception)
        self.interrupted = exits or type(excinfo.value) is KeyboardInterrupt
        if self.run is None or exits or not self.interrupted:
            return
        self.interrupts.begin(self.config)
        if not self.started:
            self._end_unplanned(self.run, drain=False)
            self.interrupts.closed()
            self.run = None
            return
        in_flight = self.run.send_no_more()
        if in_flight:
            self._say(live.WAITS(count=in_flight, seconds=f"{INTERRUPTED_DRAIN_S:.0f}"))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Close the run, write its files, and set the exit code that the verdict says."""
        run = self.run
        if run is None:
            return
        leave_out_unfinished(self.config)
        fault = exitstatus == pytest.ExitCode.USAGE_ERROR
        nothing = fault or exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED or not self.gates
        if not run.ledger.any_selected() and self.interrupted:
            self._end_unplanned(run, drain=True)
            self.interrupts.closed()
            return
        if not run.ledger.any_selected() and nothing:
            run.abandon(discard=True)  # replies to an early start are kept all the same
            lost = self.workers is not None and self.workers.without_plan
            if lost and exitstatus == pytest.ExitCode.OK:  # xdist gave up, and nothing ran
                session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
            return  # a gate over no question at all has no number: that is no pass
        if exitstatus in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
            return  # without a verdict; what was asked is kept to go on with
        if self.workers is not None and self.workers.without_plan:
            # Whatever was selected and never asked must not be overlooked.
            chosen = chosen_samples(self.evaluation)
            run.plan([Planned(node_id=one.node_id, sample=one) for one in chosen], ask=False)
        self.interrupts.closing()
        try:
            summary = run.finish(self._ending(run))
        except KeyboardInterrupt:
            self._stop(run, session)
            return
        finally:
            self.interrupts.closed()
        self.config.stash[SUMMARY] = summary
        write_gates(self.config, summary)
        trouble = write_step_summary(summary, os.environ, run.redact, lang=run.parts.lang)
        if trouble is not None:
            self._say(f"iqeval: {said_in(trouble, run.parts.lang)}")
        warn_of_troubles(self.config, self.own)
        call_at_end(self.config, summary, run.folder.path)
        session.exitstatus = summary.exit_code

    def _ending(self, run: Run) -> Ending:
        option = self.config.option
        return Ending(
            interrupted=self.interrupted,
            ordinary_failures=self.ordinary.count(run.ledger),
            keyword=option.keyword or None,
            mark=for_reports(option.markexpr or "") or None,
            only_failures=only_failures(self.config, self.evaluation),
            command=command_line(self.config, run.redact),
            foresight=self.foreteller.told,
        )

    def _end_unplanned(self, run: Run, *, drain: bool) -> None:
        """Ctrl-C after the early start, before it is known what is selected."""
        self.interrupts.closing()
        try:
            kept = run.end_unplanned(drain=drain)
        except KeyboardInterrupt:
            self._say(live.STOPPED_AT_ONCE)
            kept = run.replies_kept
        for line in kept_lines(kept, go_on_command(self.config, run.redact)):
            self._say(line)

    def _say(self, line: str) -> None:
        """Print a line of its own, now; pytest's reporter may not have begun yet."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
            reporter.write_line(visible(said_in(line, self.evaluation.lang)))

    def _stop(self, run: Run, session: pytest.Session) -> None:
        """Ctrl-C while the run was being closed: no report, and nothing that was kept is lost."""
        self.interrupts.begin(self.config)
        self.interrupts.closed()
        left = run.stop()
        self._say(live.NO_REPORT)
        for line in go_on_lines(left, go_on_command(self.config, run.redact)):
            self._say(line)
        session.exitstatus = pytest.ExitCode.INTERRUPTED


def _crash_words(report: pytest.TestReport) -> str:
    """What was raised, in one line."""
    crash = getattr(report.longrepr, "reprcrash", None)
    words = str(report.longrepr) if crash is None else str(crash.message)
    return visible(words.partition("\n")[0])
