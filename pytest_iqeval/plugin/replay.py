"""What a replay takes over from its run before anything is collected; in the owner alone."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.recall import Chosen
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.options import RECALLED, on_command_line
from pytest_iqeval.plugin.paths import ROOT
from pytest_iqeval.run.recalling import recall_run, where_runs_are


def recall(config: pytest.Config) -> None:
    """Find the run, and put what it was asked for among the options, for the workers too.

    Its ``-k``, ``-m`` and ``--deselect`` hold again unless the command line has them anew, or
    names other questions, to which they did not belong.

    :raises FolderError: there is no such run, or its journal can't be read.
    """
    option, start = config.option, config.invocation_params.dir
    output = option.iqeval_output or config.getini("iqeval_output") or None
    recalled = recall_run(
        option.iqeval_replay, where_runs_are(start, output=output, model=option.iqeval_model)
    )
    option.iqeval_replay = str(recalled.folder)  # "last" is another one as soon as ours begins
    setattr(option, RECALLED, recalled.to_plain())
    chosen = recalled.chosen
    if chosen is None or on_command_line(config, "dataset") or _names_questions(config):
        return
    option.keyword = option.keyword or chosen.keyword
    option.markexpr = option.markexpr or chosen.mark
    option.deselect = option.deselect or list(chosen.deselect) or None


def chosen_of(config: pytest.Config, evaluation: Evaluation) -> Chosen:
    """What chooses this session's questions, to be remembered by its run."""
    option = config.option
    return Chosen(
        parts=tuple(evaluation.parts),
        paths=evaluation.paths,
        keyword=option.keyword or "",
        mark=option.markexpr or "",
        deselect=tuple(option.deselect or ()),
    )


def _names_questions(config: pytest.Config) -> bool:
    given = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
    return any(arg == ROOT or arg.startswith(f"{ROOT}/") for arg in given)
