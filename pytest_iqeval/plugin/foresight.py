"""Says once, when the selection is known, what the run asks for and what its gates can see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pytest_iqeval.broker.tokens import GUESS, prompt_tokens
from pytest_iqeval.core.clean import inert
from pytest_iqeval.core.gates import Gate
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.width import one_line
from pytest_iqeval.plugin.collect import planned_of
from pytest_iqeval.plugin.evaluation import Evaluation

_PROMPTS_READ = 500  # of a larger selection, evenly spread: the whole says little more
WORKERS, TERMINAL = "iqeval-workers", "iqeval-terminal"


class Foresight:
    """In the process that owns the run, also where nothing is asked (``--co``).

    Silent under ``-q``, and in a replay, which asks nothing.
    """

    def __init__(
        self, config: pytest.Config, evaluation: Evaluation, gates: Sequence[Gate]
    ) -> None:
        self.config = config
        self.evaluation = evaluation
        self.gates = gates
        self._said = config.get_verbosity() < 0 or evaluation.settings.replay is not None

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
        """The worker that plans may have sent all of it by now."""
        self._say_with_workers()

    @pytest.hookimpl
    def pytest_runtest_logstart(self) -> None:
        """It came later, on its way beside xdist's own."""
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
        from pytest_iqeval.core.foresight import cost_text, dimmest, sight_text

        evaluation, settings = self.evaluation, self.evaluation.settings
        read = selected[:: max(1, len(selected) // _PROMPTS_READ)]
        prompts = sum(map(self._prompt_tokens, read)) / len(read)
        terminal: Any = self.config.pluginmanager.get_plugin(TERMINAL)
        kept = 0 if terminal is None else terminal.run.had(selected)  # with --co there is none
        requests = len(selected) * settings.repeats - kept
        cost = cost_text(
            requests=requests,
            tokens=round(requests * (prompts + GUESS)),
            reply_tokens=GUESS,
            kept=kept,
            at_most=settings.cache is not None or (settings.resume and terminal is None),
        )
        lines = [cost]
        sight = dimmest(self.gates, list(evaluation.benchmarks.values()), selected)
        if sight is not None:
            lines.append(sight_text(sight))
        return [f"iqeval: {inert(one_line(line))}" for line in lines]

    def _prompt_tokens(self, sample: Sample) -> int:
        settings = self.evaluation.settings
        definition = self.evaluation.definition(sample)
        return prompt_tokens(chat_request(definition, sample, settings.answer))
