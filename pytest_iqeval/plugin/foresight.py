"""Says once, when the selection is known, what the run asks for and what its gates can see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

from pytest_iqeval.broker.tokens import GUESS, prompt_tokens
from pytest_iqeval.core.comparison import Baseline
from pytest_iqeval.core.gates import Gate
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.told import said_in
from pytest_iqeval.plugin.collect import planned_of
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.own_lines import own_lines

if TYPE_CHECKING:
    from pytest_iqeval.core.foresight import Foresight
    from pytest_iqeval.core.gates.sight import Sight

_PROMPTS_READ = 500  # of a larger selection, evenly spread: the whole says little more
WORKERS, TERMINAL = "iqeval-workers", "iqeval-terminal"


class Foreteller:
    """In the process that owns the run, also where nothing is asked (``--co``).

    ``told`` is it, for the report. Silent under ``-q``; a replay asks nothing, and has none.
    """

    def __init__(
        self,
        config: pytest.Config,
        evaluation: Evaluation,
        gates: Sequence[Gate],
        baseline: Baseline | None = None,
    ) -> None:
        self.config = config
        self.evaluation = evaluation
        self.gates = gates
        self.baseline = baseline
        self.told: Foresight | None = None
        self._said = evaluation.settings.replay is not None

    @pytest.hookimpl
    def pytest_report_header(self) -> list[str]:
        """What a suite says, where nothing is asked; else it stands in the run's own header."""
        if self.config.pluginmanager.has_plugin(TERMINAL) or self.config.get_verbosity() < 0:
            return []
        notes = (said_in(note, self.evaluation.lang) for note in self.evaluation.notes)
        return own_lines(self.config, notes)

    @pytest.hookimpl
    def pytest_report_collectionfinish(self, items: list[pytest.Item]) -> list[str]:
        """Below pytest's count of what it collected; with workers only they collect."""
        if self._said:
            return []
        self._said = True
        selected = {one.key: one.sample for one in planned_of(items) if one.certain}
        return self._lines(list(selected.values()))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self) -> None:
        """The worker that plans may have sent all of it by now.

        On a terminal xdist still has its line about the workers there, and goes on rewriting it.
        """
        reporter: Any = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and not reporter.isatty:
            self._say_with_workers()

    @pytest.hookimpl
    def pytest_runtest_logreport(self) -> None:
        """It came later, on its way beside xdist's own, or there was a line in the way."""
        self._say_with_workers()

    def _say_with_workers(self) -> None:
        manager = self.config.pluginmanager
        workers: Any = manager.get_plugin(WORKERS)
        terminal: Any = manager.get_plugin(TERMINAL)
        if self._said or workers is None or terminal is None or workers.without_plan:
            return
        self._said = True
        terminal.say(self._lines(list(workers.run.ledger.counted().values())))

    def _lines(self, selected: Sequence[Sample]) -> list[str]:
        if not selected:
            return []
        # Imported here, since it is wanted only once requests are under way.
        from pytest_iqeval.core.foresight_text import foresight_lines

        self.told = self._foresee(selected)
        if self.config.get_verbosity() < 0:
            return []
        lines = (said_in(line, self.evaluation.lang) for line in foresight_lines(self.told))
        return own_lines(self.config, lines)

    def _foresee(self, selected: Sequence[Sample]) -> Foresight:
        from pytest_iqeval.core.foresight import Foresight, reply_length
        from pytest_iqeval.endpoint.providers import most_tokens
        from pytest_iqeval.run.foresight import earlier_replies

        evaluation, settings = self.evaluation, self.evaluation.settings
        read = selected[:: max(1, len(selected) // _PROMPTS_READ)]
        prompts = sum(map(self._prompt_tokens, read)) / len(read)
        terminal: Any = self.config.pluginmanager.get_plugin(TERMINAL)  # none with --co
        kept = 0 if terminal is None else terminal.run.had(selected)
        requests = len(selected) * settings.repeats - kept
        reply = reply_length(
            selected,
            guess=GUESS,
            limit=most_tokens(settings),
            own=self._own_limits(),
            earlier=earlier_replies(settings, evaluation.start, self.baseline),
        )
        return Foresight(
            requests=requests,
            at_most=settings.cache is not None or (settings.resume and terminal is None),
            tokens=round(requests * (prompts + reply.tokens)),
            reply_tokens=round(reply.tokens),
            reply_basis=reply.basis,
            reply_run=reply.run,
            gates=self._sights(selected),
        )

    def _own_limits(self) -> dict[str, int]:
        """The most tokens that a reply may have, of benchmarks of which a suite says it."""
        found = (
            (name, one.definition.generation.get("max_tokens"))
            for name, one in self.evaluation.benchmarks.items()
        )
        return {name: most for name, most in found if isinstance(most, int)}

    def _sights(self, selected: Sequence[Sample]) -> tuple[Sight, ...]:
        from pytest_iqeval.core.gates.index_sight import index_sights
        from pytest_iqeval.core.gates.sight import sights
        from pytest_iqeval.core.index import all_alike, parts_of

        evaluation, repeats = self.evaluation, self.evaluation.settings.repeats
        benchmarks = evaluation.benchmarks
        names = dict.fromkeys(sample.benchmark for sample in selected)
        parts = parts_of(evaluation.settings.sets, benchmarks, evaluation.written)
        found = [
            *sights(
                self.gates,
                list(benchmarks.values()),
                selected,
                baseline=self.baseline,
                repeats=repeats,
            ),
            *index_sights(
                self.gates,
                parts or all_alike(benchmarks[name] for name in names),
                selected,
                baseline=self.baseline,
                repeats=repeats,
            ),
        ]
        order = [gate.expression for gate in self.gates]
        return tuple(sorted(found, key=lambda sight: order.index(sight.gate)))

    def _prompt_tokens(self, sample: Sample) -> int:
        evaluation = self.evaluation
        asked = chat_request(
            evaluation.definition(sample),
            sample,
            evaluation.settings.answer,
            examples=evaluation.examples(sample),
        )
        return prompt_tokens(asked)
