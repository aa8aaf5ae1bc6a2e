"""What a replay takes over from its run before anything is collected; in the owner alone."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.recall import Chosen, Recalled
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.gates import gates_from
from pytest_iqeval.run.recalling import recall_run, where_runs_are


def recall(config: pytest.Config) -> Recalled:
    """The run that ``--iqeval-replay`` means.

    :raises FolderError: there is no such run, or its journal can't be read.
    """
    option = config.option
    output = option.iqeval_output or config.getini("iqeval_output") or None
    where = where_runs_are(config.invocation_params.dir, output=output, model=option.iqeval_model)
    recalled = recall_run(option.iqeval_replay, where)
    option.iqeval_replay = str(recalled.folder)  # "last" is another one as soon as ours begins
    return recalled


def chosen_of(config: pytest.Config, evaluation: Evaluation) -> Chosen:
    """What chooses this session's questions, to be remembered by its run."""
    option = config.option
    return Chosen(
        parts=tuple(evaluation.parts),
        paths=evaluation.paths,
        keyword=option.keyword or "",
        mark=option.markexpr or "",
        deselect=tuple(option.deselect or ()),
        only_failures=only_failures(config, evaluation),
        gates_from=gates_from(config, evaluation),
    )


def only_failures(config: pytest.Config, evaluation: Evaluation) -> bool:
    """Whether this session asks what failed earlier and nothing else, or the replayed one did."""
    option, recalled = config.option, evaluation.recalled
    asked = getattr(option, "lf", False) or getattr(option, "stepwise", False)
    return bool(asked) or (recalled is not None and recalled.only is not None)
