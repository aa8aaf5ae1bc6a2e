"""The hooks that users may implement, in a `conftest.py` or a plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_iqeval.core.request import Reply
    from pytest_iqeval.core.sample import Sample
    from pytest_iqeval.core.score import Score
    from pytest_iqeval.core.summary import Summary


@pytest.hookspec()
def pytest_iqeval_summary(config: pytest.Config, summary: Summary) -> None:
    """Called once, when all scores are in and the run's files are written.

    It runs in the process that owns the run: the xdist controller, or the only process. The
    verdict stands already: what a hook raises becomes a warning and changes nothing.

    Example, a ``conftest.py`` that posts the aggregate to a chat::

        import httpx

        def pytest_iqeval_summary(config, summary):
            httpx.post(
                "https://chat.example.org/hook",
                json={
                    "model": summary.run.model,
                    "verdict": summary.verdict,
                    "accuracy": {b.name: b.metrics["accuracy"].value for b in summary.benchmarks},
                },
            )

    :param summary: the aggregate, frozen; ``summary.to_plain()`` is what `report.json` holds.
    """


@pytest.hookspec()
def pytest_iqeval_score(item: pytest.Item, sample: Sample, reply: Reply, score: Score) -> None:
    """Called after each item is scored, in the process that ran it (an xdist worker, if any).

    Not called for an item that got no reply. The values are frozen: to change a verdict, write
    a scorer. What a hook raises is an error of that item, as in a fixture.

    Example::

        def pytest_iqeval_score(item, sample, reply, score):
            if score.outcome == "unparsed":
                print(sample.id, reply.text[-80:])

    :param reply: what the endpoint answered; its times are in seconds.
    """
