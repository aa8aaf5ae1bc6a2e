"""How often an interval of accuracy holds the truth: three tables of `docs/statistics.md`.

    python benchmarks/coverage.py [--runs N] [--spread 1] [--write]

Simulates runs of a model whose accuracy is known. Every question has a chance to be answered
rightly, drawn from a beta distribution: its mean is the accuracy, and a `--spread` near 0 makes
each question nearly always right or nearly always wrong, a large one makes them all alike. In the
second table questions come in groups, and some share the chance and the luck of their group; in the
third in subsets of different difficulty, whose mean is taken. The intervals are the plugin's own. Nothing is asked of a model. Seeded: the same tables each time.
Wants the development extra (numpy comes with scipy). ``--write`` puts the tables into the page.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from pytest_iqeval.core.statistics.intervals import share_interval
from pytest_iqeval.core.statistics.strata import Stratum, macro_interval

PAGE = Path(__file__).parents[1] / "docs" / "statistics.md"
BEGIN, END = "<!-- {} by benchmarks/coverage.py -->\n", "<!-- end -->\n"
SEED = 20260802
ACCURACIES = (0.5, 0.8, 0.95)
SIZES = (3, 8, 20, 40, 120, 1_000)
REPEATS = (1, 2, 5, 10)
GROUPS = ((5, 5), (10, 5), (30, 5), (30, 2), (100, 5))
"""How many groups, of how many questions."""
TOGETHER = (0.0, 0.5, 1.0)
"""The share of questions that do as their group does."""

SUBSETS = (
    (57, 250, "57 of 250 questions"),
    (57, 20, "57 of 20 questions"),
    (57, 5, "57 of 5 questions"),
    (10, 10, "10 of 10 questions"),
    (2, 60, "2 of 60 questions"),
)
"""How many subsets, of how many questions."""
UNEQUAL = 0.1
"""The standard deviation of the subsets' own accuracies."""

Run = Callable[[np.random.Generator], tuple[np.ndarray, int]]
"""A run's means of its questions, and how many of them follow each other in a group."""


def covered(accuracy: float, run: Run, runs: int, seed: Sequence[int], *, known: bool) -> float:
    """The share of `runs` whose interval holds the accuracy.

    :param known: whether the interval knows of the groups.
    """
    chance = np.random.default_rng([SEED, *seed])
    held = 0
    for _ in range(runs):
        means, size = run(chance)
        sums = means.reshape(-1, size).sum(1).tolist()
        groups = [(min(total, size), size) for total in sums] if known else []
        squares = min(float((means * means).sum()), float(means.sum()))
        low, high = share_interval(float(means.sum()), squares, len(means), groups=groups)
        held += low <= accuracy <= high
    return held / runs


def repeated(accuracy: float, n: int, repeats: int, spread: float) -> Run:
    """Runs of `n` questions that stand alone, with so many replies each."""

    def run(chance: np.random.Generator) -> tuple[np.ndarray, int]:
        right = chance.beta(accuracy * spread, (1 - accuracy) * spread, n)
        return chance.binomial(repeats, right) / repeats, 1

    return run


def grouped(accuracy: float, groups: int, size: int, together: float, spread: float) -> Run:
    """Runs of single replies in groups."""

    def run(chance: np.random.Generator) -> tuple[np.ndarray, int]:
        shape = accuracy * spread, (1 - accuracy) * spread
        own = chance.binomial(1, chance.beta(*shape, (groups, size)))
        shared = chance.binomial(1, chance.beta(*shape, (groups, 1)))
        return np.where(chance.random((groups, size)) < together, shared, own).ravel() / 1, size

    return run


def repeats_table(options: argparse.Namespace) -> list[str]:
    """As Markdown: a row a number of questions, each cell for all numbers of replies."""
    lines = [
        "| questions | " + " | ".join(f"accuracy {a:.0%}" for a in ACCURACIES) + " |",
        "| ---: |" + " ---: |" * len(ACCURACIES),
    ]
    for n in SIZES:
        cells = [
            shown(
                covered(
                    accuracy,
                    repeated(accuracy, n, repeats, options.spread),
                    options.runs,
                    (n, repeats, round(accuracy * 100)),
                    known=False,
                )
                for repeats in REPEATS
            )
            for accuracy in ACCURACIES
        ]
        lines.append(f"| {n:,} | " + " | ".join(cells) + " |")
    return lines


def groups_table(options: argparse.Namespace) -> list[str]:
    """As Markdown: a row a number of groups, each cell with the groups and without."""
    accuracy = 0.8
    lines = [
        "| groups | " + " | ".join(f"{share:.0%} go together" for share in TOGETHER) + " |",
        "| --- |" + " ---: |" * len(TOGETHER),
    ]
    for groups, size in GROUPS:
        cells = [
            shown(
                covered(
                    accuracy,
                    grouped(accuracy, groups, size, share, options.spread),
                    options.runs,
                    (groups, size, round(share * 100)),
                    known=known,
                )
                for known in (True, False)
            )
            for share in TOGETHER
        ]
        lines.append(f"| {groups} of {size} questions | " + " | ".join(cells) + " |")
    return lines


def subsets_table(options: argparse.Namespace) -> list[str]:
    """As Markdown: a row a number of subsets, each cell of the mean over them."""
    lines = [
        "| subsets | " + " | ".join(f"accuracy {a:.0%}" for a in ACCURACIES) + " |",
        "| --- |" + " ---: |" * len(ACCURACIES),
    ]
    for count, size, said in SUBSETS:
        cells = [
            shown([covered_macro(accuracy, count, size, options.runs)]) for accuracy in ACCURACIES
        ]
        lines.append(f"| {said} | " + " | ".join(cells) + " |")
    return lines


def covered_macro(accuracy: float, count: int, size: int, runs: int) -> float:
    """The share of `runs` whose interval holds the mean over `count` subsets' own accuracies."""
    chance = np.random.default_rng([SEED, count, size, round(accuracy * 100)])
    alike = accuracy * (1 - accuracy) / min(UNEQUAL, (1 - accuracy) / 2) ** 2 - 1
    held = 0
    for _ in range(runs):
        own = chance.beta(accuracy * alike, (1 - accuracy) * alike, count)
        right = chance.binomial(size, own).tolist()
        low, high = macro_interval([Stratum(total=k, squares=k, n=size) for k in right])
        held += low <= own.mean() <= high
    return held / runs


def shown(shares: Iterable[float]) -> str:
    """``94 / 95 %``."""
    return " / ".join(f"{share * 100:.0f}" for share in shares) + " %"


def main() -> None:
    """Print the tables, and put them into the page if asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=4000, help="runs a cell (4000)")
    parser.add_argument(
        "--spread", type=float, default=1.0, help="alpha + beta of the questions' chances (1)"
    )
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    options = parser.parse_args()
    if options.runs < 1 or options.spread <= 0:
        parser.error("--runs is at least 1, --spread above 0")
    tables = {"repeats": repeats_table, "groups": groups_table, "subsets": subsets_table}
    for name, table in tables.items():
        lines = table(options)
        print("\n".join(lines), end="\n\n")
        if options.write:
            begin = BEGIN.format(name)
            before, _, rest = PAGE.read_text("utf-8").partition(begin)
            after = rest.partition(END)[2]
            PAGE.write_text(before + begin + "\n".join(lines) + "\n" + END + after, "utf-8")


if __name__ == "__main__":
    main()
