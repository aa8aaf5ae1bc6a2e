"""The scorer `code` as a definition asks for it."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.scorers.code import ENTRY_POINT, TEST, CodeScorer
from pytest_iqeval.core.scorers.options import Options
from pytest_iqeval.sandbox.box import ProcessSandbox

TIMEOUT_S = 4.0
"""Seconds of the processor's time for one program, as EvalScope gives it by the clock."""
MEMORY_MIB = 512


def code_scorer(options: Mapping[str, object], *, where: str = "") -> CodeScorer:
    """The scorer, which runs nothing until `CodeScorer.allow`.

    :param where: the definition's file, as a prefix of messages (``my.yaml: ``).
    :raises DefinitionError: an option is unknown or can't be.
    """
    given = Options("code", options, where)
    timeout = given.number("timeout", TIMEOUT_S, least=1, most=600)
    memory = given.number("memory", MEMORY_MIB, least=64, most=1 << 16)
    test, entry_point = given.text("test") or TEST, given.text("entry_point") or ENTRY_POINT
    given.done()
    sandbox = ProcessSandbox(timeout_s=timeout, memory_bytes=int(memory) << 20)
    return CodeScorer(sandbox, test=test, entry_point=entry_point)
