"""What EvalScope calls the benchmarks and subsets that come with this package.

For what reads its outputs and its task configurations. Read off EvalScope 1.14.1; earlier
versions called them so too, as far as they had them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

BENCHMARKS: Mapping[str, str] = MappingProxyType(
    {
        "arc": "arc",
        "ceval": "ceval",
        "cmmlu": "cmmlu",
        "competition_math": "math",
        "gsm8k": "gsm8k",
        "hellaswag": "hellaswag",
        "humaneval": "humaneval",
        "iquiz": "iquiz",
        "math_500": "math500",
        "mmlu": "mmlu",
        "truthful_qa": "truthfulqa",
    }
)
"""Their name → ours."""

_SPELLED = {"hella_swag": "hellaswag", "human_eval": "humaneval"}

CUSTOM = ("general_mcq", "general_qa")
"""What EvalScope calls users' own sets, whatever is in them."""

_SUBSETS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "humaneval": {"openai_humaneval": "default"},
        "gsm8k": {"main": "default"},
        "truthfulqa": {"multiple_choice": "mc1"},
    }
)


def our_benchmark(theirs: str) -> str | None:
    """Our name of a benchmark of theirs; ``None`` where it does not come with this package."""
    return BENCHMARKS.get(theirs) or _SPELLED.get(theirs)


def our_subset(benchmark: str, theirs: str, known: Collection[str]) -> str:
    """Our name of a subset of theirs.

    :param benchmark: our name of its benchmark.
    :param known: the subsets that the benchmark's definition names: theirs, where it is one of
        them; or the only one there is.
    """
    if theirs in known:
        return theirs
    ours = _SUBSETS.get(benchmark, {}).get(theirs)
    if ours is not None and (ours in known or not known):
        return ours
    spelled = {_plain(name): name for name in known}
    found = spelled.get(_plain(theirs))
    if found is not None:
        return found
    return next(iter(known)) if len(known) == 1 else theirs


def _plain(name: str) -> str:
    """A name without what one spelling of it has and another has not: `Level 1`, `level-1`."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())
