"""The hooks that users may implement, in a `conftest.py` or a plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

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
def pytest_iqeval_score(
    item: pytest.Item, sample: Sample, reply: Reply, score: Score, repeat: int
) -> None:
    """Called after each item is scored, in the process that ran it (an xdist worker, if any).

    Under ``--iqeval-repeats`` once for each reply that has a score, when all are in. Not called
    for an item that got no reply. The values are frozen: to change a verdict, write
    a scorer. What a hook raises is an error of that item, as in a fixture.

    Example::

        def pytest_iqeval_score(item, sample, reply, score):
            if score.outcome == "unparsed":
                print(sample.id, reply.text[-80:])

    :param reply: what the endpoint answered; its times are in seconds.
    :param repeat: which of the question's replies it is, from 0. (An implementation may leave
        out any argument.)
    """


@pytest.hookspec()
def pytest_iqeval_scorers(config: pytest.Config) -> Mapping[str, object]:  # type: ignore[empty-body]
    """Called once while evaluation is on, before any benchmark is read: your own scorers.

    It runs in every process that collects: the only one, or the xdist controller and each
    worker. Implement it in the ``conftest.py`` of the folder where pytest is started, in one of a
    path argument, or in a plugin; a conftest that pytest finds only while it collects is too late,
    and a warning says so.

    Example, used by ``scorer: {name: close, within: 0.5}`` in a definition::

        def close(sample, reply, within=0.0):
            try:
                return abs(float(reply.text) - float(sample.target)) <= within
            except ValueError:
                return None  # it commits to no answer

        def pytest_iqeval_scorers(config):
            return {"close": close}

    A name that is taken, a value that is no scorer, and whatever the hook raises end the session
    before the first request, with exit code 4. What a scorer raises later is an error of that
    question.

    :return: names (letters, digits, ``-_.``) to functions ``f(sample, reply, **options)`` or
        classes with ``score(sample, reply)``, which get the definition's options by name.
    """
