"""Lines of ours between pytest's own, before the questions are asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from pytest_iqeval.core.clean import inert
from pytest_iqeval.core.width import one_line, wrap


def own_lines(config: pytest.Config, texts: Iterable[str]) -> list[str]:
    """`texts`, each begun with ``iqeval:``; on a terminal none is wider than it.

    A log has each on one line, to be searched.
    """
    # Any: pytest gives its terminal reporter no public type.
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    told = [f"iqeval: {inert(one_line(text))}" for text in texts]
    if reporter is None or not reporter.isatty:
        return told
    width = reporter._tw.fullwidth
    return [line for text in told for line in wrap(text, width, indent="  ")]
