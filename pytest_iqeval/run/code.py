"""What a run says of the sandbox, where it runs the code of a model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.kinds import Ask, kind_of_scorer
from pytest_iqeval.core.phrases.signs import COMMA
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.core.told import joined

if TYPE_CHECKING:
    from pytest_iqeval.sandbox.confinement import Confinement


def confinement_of(settings: Settings, benchmarks: Iterable[Benchmark]) -> Confinement | None:
    """How the code for these benchmarks is confined; ``None`` where none is run.

    :raises UsageFault: code can't be run here.
    """
    run = any(kind_of_scorer(b.definition.scorer).asks is Ask.CODE for b in benchmarks)
    if not run or not settings.allow_code:
        return None
    from pytest_iqeval.sandbox.confinement import find_confinement  # few sessions run code

    return find_confinement()


def told(confinement: Confinement) -> list[str]:
    """It in lines for people: how, what code is kept from, and what is not enforced."""
    from pytest_iqeval.core.phrases import code as phrases

    kind = phrases.KINDS[confinement.how.kind]
    held = [said for name, said in phrases.HELD.items() if confinement.held[name]]
    if held:
        lines: list[str] = [phrases.RUNS(kind=kind, held=joined(held, COMMA))]
    else:
        lines = [phrases.RUNS_OPEN(kind=kind)]
    if confinement.missing:
        named = (phrases.MISSING[name] for name in confinement.missing)
        lines.append(phrases.NOT_ENFORCED(what=joined(named, COMMA)))
    return lines
