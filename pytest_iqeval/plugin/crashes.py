"""A question in which a worker died is an error, and no other worker tries it.

``--dist loadfile`` and its like give it, with all that the dead worker had left, to the next
worker, which would die of it too, until xdist gives up on the rest of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import pytest

from pytest_iqeval.broker.channel import ChannelServer
from pytest_iqeval.plugin.items import QuestionItem
from pytest_iqeval.plugin.marker import sample_of

CRASHED = "iqeval_crashed"


class Crashes:
    """In the controller: which items have killed a worker, and who is to know it.

    :param planned: whether an item asks a question, as far as the plan has come.
    """

    def __init__(self, planned: Callable[[str], bool]) -> None:
        self._planned = planned
        self._nodes: dict[str, Any] = {}  # the first that died, by the item's node id

    def tell(self, node: Any) -> None:
        """Tell a worker that is about to start."""
        node.workerinput[CRASHED] = list(self._nodes)

    def note(self, report: pytest.TestReport, servers: Iterable[ChannelServer]) -> None:
        """Tell those that run; only the first crash in a question is an error.

        One that runs already may have the item before it hears of it. Users' own tests are in the
        list too, since a worker may die before the plan says which of them ask a question: those
        that run them know. Each of their crashes is a failure, as without us.
        """
        node = getattr(report, "node", None)
        first = self._nodes.setdefault(report.nodeid, node)
        if first is not node:
            if not self._planned(report.nodeid):
                return
            report.outcome = "passed"  # with no phase that anybody counts: see its `when`
            report.node = first  # type: ignore[attr-defined]  # else JUnit has it twice
            return
        for server in servers:
            if not server.closed:
                server.tell_crashed(report.nodeid)


class PassedOver:
    """In a worker: questions in which another has died are not run, and have their report."""

    def __init__(self, crashed: Collection[str]) -> None:
        """:param crashed: node ids; more may come."""
        self._crashed = crashed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Only tear down what the item before left for this one, and the next has no use for."""
        if item.nodeid not in self._crashed:
            return None
        if not isinstance(item, QuestionItem) and sample_of(item) is None:
            return None
        # No public way: pytest's own teardown hook would run users' hooks of the item.
        state = item.session._setupstate
        call = pytest.CallInfo.from_call(
            lambda: state.teardown_exact(nextitem), when="teardown", reraise=(KeyboardInterrupt,)
        )
        if call.excinfo is not None:
            report = pytest.TestReport.from_item_and_call(item, call)
            item.config.hook.pytest_runtest_logreport(report=report)
        return True
