"""How long earlier replies were, to tell before a run what it will take."""

from __future__ import annotations

import contextlib
from pathlib import Path

from pytest_iqeval.core.comparison import Baseline
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.foresight import EarlierReplies
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.run.stored import read_summary
from pytest_iqeval.store.earlier import is_finished
from pytest_iqeval.store.folder import default_output, runs_in


def earlier_replies(
    settings: Settings, start: Path, baseline: Baseline | None
) -> EarlierReplies | None:
    """Of the baseline, or else of the newest finished run in the output folder.

    A run of another answer mode tells nothing, and without a baseline one of another model. Nor
    does a baseline that is a file: it has no tokens in it.

    :param start: the folder that relative paths start from.
    """
    if baseline is not None and baseline.reply_tokens:
        if baseline.facts.settings.get("answer") == settings.answer:
            return EarlierReplies(run=baseline.told, tokens=baseline.reply_tokens)
        return None
    for run in reversed(runs_in(start / (settings.output or default_output(settings.model)))):
        if not is_finished(run.report_json):
            continue
        with contextlib.suppress(FolderError):  # a report of another version: an estimate less
            summary = read_summary(run)
            if (summary.run.model, summary.run.answer) == (settings.model, settings.answer):
                tokens = summary.reply_tokens
                return EarlierReplies(run=summary.run.id, tokens=tokens) if tokens else None
        return None
    return None
