"""The fields of a suite, each with the option that it stands for.

The parser, the schema and the faults' "did you mean" come from here. An option that an ini file
may hold is a field by itself, at the top unless it is named in a section.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.definition import DATA_SUFFIXES
from pytest_iqeval.core.options import OPTIONS

BY_NAME = {option.name: option for option in OPTIONS}
ENDPOINT = ("provider", "base-url", "api-key-env", "header", "stream")
GENERATION = ("temperature", "max-tokens")
LIMITS = (
    *("concurrency", "timeout", "connect-timeout", "first-byte-timeout", "retries", "patience"),
    *("rpm", "tpm", "token-budget", "time-budget", "max-reply-bytes"),
)
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "endpoint": ENDPOINT,
    "generation": GENERATION,
    "limits": LIMITS,
}
# Said in a way of their own, or about one run alone.
ELSEWHERE = {"dataset": "benchmarks", "gate": "gates", "gen": "generation"}
ONE_RUN = (*(o.name for o in OPTIONS if not o.ini), "suite")
TOP = tuple(
    o.name for o in OPTIONS if o.name not in (*ENDPOINT, *GENERATION, *LIMITS, *ELSEWHERE, *ONE_RUN)
)
# Read or kept with the suite; what a run writes starts where pytest does, as everywhere.
PATHS = ("data-dir", "gate-lock")
SUFFIXES = (*DATA_SUFFIXES, ".yaml", ".yml", ".json")
OWN_KEYS = ("name", "benchmarks", "gates", *SECTIONS)
OF_A_SET: Mapping[str, str] = {
    "name": "A benchmark's name, as --iqeval-dataset takes it.",
    "path": "Instead of a name: a definition or a data file, from the suite's folder.",
    "subsets": "Its subsets that are asked; all, if left out.",
    "limit": "Only the first N questions of each subset, or a share of each: 10%.",
    "sample": "N questions of each subset, drawn by the run's seed.",
    "few_shot": "So many examples before each of its questions; 0 for none.",
    "weight": "Its weight in the index, 1 if left out; 0 keeps it out.",
    "metric": "What of it goes into the index: accuracy, accuracy.macro, credit, pass@5, ...; "
    "what its makers report, if left out.",
    "system": "A system message in place of the definition's.",
    "generation": "temperature, max_tokens and further body fields, for its questions alone.",
}


def key_of(option: str) -> str:
    """An option's name as a suite writes it: ``base_url``."""
    return option.replace("-", "_")
