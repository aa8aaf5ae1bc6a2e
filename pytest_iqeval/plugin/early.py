"""Early start: where all that is chosen is surely asked, the owner asks before it is collected.

Collection, and with ``-n`` the start of the workers, then take place while requests are under
way. Whatever might leave a question out, or end the session before it, is looked for here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

import pytest

from pytest_iqeval.core.request import Request
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.plugin.evaluation import Evaluation
from pytest_iqeval.plugin.xdist import distributed

# pytest's own options that leave items out, or end a session before all of them ran.
SELECTING = ("keyword", "markexpr", "deselect", "lf", "failedfirst", "newfirst", "stepwise")
STOPPING = ("maxfail",)

# Hooks in which a plugin or a conftest can leave a question out, or put a skip mark on it.
CHANGING_HOOKS = (
    "pytest_collection",
    "pytest_make_collect_report",
    "pytest_collectstart",
    "pytest_itemcollected",
    "pytest_collection_modifyitems",
    "pytest_collection_finish",
)
# Whose implementations were read: the options above turn on what selects in pytest itself;
# anyio and hypothesis look after their own tests, xdist renames items for `--dist loadgroup`.
KNOWN = ("_pytest", "pytest_iqeval", "xdist", "anyio", "_hypothesis_pytestplugin")

_PIECE = 100


def all_is_asked(config: pytest.Config, evaluation: Evaluation) -> bool:
    """Whether every chosen question is surely asked, whatever collection brings.

    Not where ordinary tests are collected too: a conftest that pytest meets on its way to them
    may still bring a hook. Not where workers run in another environment: it may hold plugins
    that this one has not.
    """
    option = config.option
    if evaluation.mixed or any(getattr(option, name, None) for name in (*SELECTING, *STOPPING)):
        return False
    if distributed(config) and any(spec != "popen" for spec in option.tx):
        return False
    return not any(_foreign(config, hook) for hook in CHANGING_HOOKS)


def chosen_requests(evaluation: Evaluation) -> Iterator[list[Request]]:
    """The requests of all chosen parts in collection order, in pieces made when wanted."""
    requests = chain.from_iterable(map(evaluation.requests, chosen_samples(evaluation)))
    while piece := list(islice(requests, _PIECE)):
        yield piece


def chosen_samples(evaluation: Evaluation) -> Iterator[Sample]:
    """The questions of all chosen parts in collection order, deselected ones too."""
    return chain.from_iterable(_samples(evaluation, *part) for part in evaluation.parts)


def _samples(
    evaluation: Evaluation, name: str, subset: str | None = None, wanted: str | None = None
) -> Iterator[Sample]:
    for each, samples in evaluation.chosen(name).items():
        if subset in (None, each):
            yield from (s for s in samples if wanted in (None, s.id))


def _foreign(config: pytest.Config, hook: str) -> bool:
    """Whether a plugin that is not known implements `hook`."""
    return any(
        str(getattr(impl.function, "__module__", "")).partition(".")[0] not in KNOWN
        for impl in getattr(config.hook, hook).get_hookimpls()
    )
