"""How often each kind of gate errs: the table of `docs/statistics.md`.

    python benchmarks/gate_errors.py [--runs N] [--accuracy 0.8] [--spread 1] [--write]

Simulates releases. Every question has a chance to be answered rightly, drawn from a beta
distribution: its mean is the old model's accuracy, and a `--spread` near 0 makes each question
nearly always right or nearly always wrong, a large one makes them all alike. The new model is as
good, or its chances are lower by the same factor, so that it is some points worse. Both are asked
the same questions, a new set in each run; then each gate is judged with the plugin's own formulas.
Nothing is asked of a model. Seeded: the same table each time. Wants the development extra (numpy
comes with scipy). ``--write`` puts the table into the page.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np

from pytest_iqeval.core.comparison import Pair, p_worse
from pytest_iqeval.core.metrics.values import Measure
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.statistics.paired import paired_difference

PAGE = Path(__file__).parents[1] / "docs" / "statistics.md"
BEGIN, END = "<!-- written by benchmarks/gate_errors.py -->\n", "<!-- end -->\n"
SEED = 20260801
SIZES = (40, 120, 1_000, 14_000)
LARGE = 5_000
REPEATS = (1, 5)
ALLOWED = 0.03
WORSE = (0.0, ALLOWED, 0.06, 0.10)
"""How much worse the new model is: not at all, by all that is allowed, clearly, badly."""
QUESTION = Sample(benchmark="b", subset="default", id="q", input="?", target="A")


class Release:
    """One comparison: how many replies of the old and the new model to each question are right."""

    def __init__(self, old: np.ndarray, new: np.ndarray, repeats: int) -> None:
        self.n = len(old)
        self.pairs = paired(old, new, repeats)
        self.differences = (new - old) / repeats
        self.old = old.sum() / repeats / self.n
        self.new = new.sum() / repeats / self.n
        self.accuracy = Measure(
            total=Fraction(int(new.sum()), repeats),
            n=self.n,
            squares=Fraction(int((new * new).sum()), repeats * repeats),
        )

    def low(self) -> float:
        """The lower end of the 95 % interval of the new model's accuracy."""
        return self.accuracy.metric().low or 0.0

    def paired_low(self) -> float:
        """The lower end of the 95 % interval of now minus before."""
        return paired_difference(self.differences.tolist()).low


@cache
def replies(right: int, repeats: int) -> tuple[Score, ...]:
    """The scores of a question's replies, so many of them right."""
    good, bad = Score(outcome=Outcome.CORRECT, value=1.0), Score(outcome=Outcome.INCORRECT)
    return (good,) * right + (bad,) * (repeats - right)


@cache
def pair_of(old: int, new: int, repeats: int) -> Pair:
    """A question with so many right replies then and now."""
    return Pair(sample=QUESTION, before=replies(old, repeats), now=replies(new, repeats))


def paired(old: np.ndarray, new: np.ndarray, repeats: int) -> list[Pair]:
    """What a comparison with a baseline has. Nobody asks which question is which."""
    return [pair_of(*counts, repeats) for counts in zip(old.tolist(), new.tolist(), strict=True)]


def judge(release: Release, threshold: float) -> dict[str, bool]:
    """Whether each gate passes."""
    within = 1e-9  # a share that is the threshold is not below it by a rounding
    return {
        f"`accuracy >= {threshold:.0%}`": release.new >= threshold - within,
        f"`lower(accuracy) >= {threshold:.0%}`": release.low() >= threshold,
        "`drop(accuracy) <= 3pt`": release.old - release.new <= ALLOWED + within,
        "`not_worse(accuracy, 3pt)`": release.paired_low() > -ALLOWED,
        "`no_regressions(p < 0.05)`": p_worse(release.pairs) >= 0.05,
    }


def simulate(
    n: int, repeats: int, worse: float, runs: int, options: argparse.Namespace
) -> dict[str, float]:
    """The share of `runs` that pass each gate."""
    # Each cell has its own seed, so that a table with fewer rows has the same figures.
    chance = np.random.default_rng([SEED, n, repeats, round(worse * 1000)])
    alpha, beta = options.accuracy * options.spread, (1 - options.accuracy) * options.spread
    passed: dict[str, int] = {}
    for _ in range(runs):
        right = chance.beta(alpha, beta, n)
        old = chance.binomial(repeats, right)
        new = chance.binomial(repeats, right * (1 - worse / options.accuracy))
        verdicts = judge(Release(old, new, repeats), options.accuracy - ALLOWED)
        for gate, verdict in verdicts.items():
            passed[gate] = passed.get(gate, 0) + bool(verdict)
    return {gate: count / runs for gate, count in passed.items()}


def runs_of(n: int, runs: int) -> int:
    """A quarter for large sets, which take longest and whose shares are nearly all 0 or 100 %."""
    return runs if n <= LARGE else max(1, runs // 4)


def table(options: argparse.Namespace) -> list[str]:
    """As Markdown: a row a gate and size, each cell for one reply and for five."""
    found = {
        (n, repeats, worse): simulate(n, repeats, worse, runs_of(n, options.runs), options)
        for n in SIZES
        for repeats in REPEATS
        for worse in WORSE
    }
    lines = [
        "| gate | questions | fails, though as good | passes, 3 points worse "
        "| passes, 6 points worse | passes, 10 points worse |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for gate in found[SIZES[0], 1, 0.0]:
        for n in SIZES:
            passes = [[found[n, repeats, worse][gate] for repeats in REPEATS] for worse in WORSE]
            false_alarms = [1 - share for share in passes[0]]
            cells = " | ".join(shown(shares) for shares in (false_alarms, *passes[1:]))
            lines.append(f"| {gate} | {n:,} | {cells} |")
    return lines


def shown(shares: Sequence[float]) -> str:
    """``47 / 45 %``."""
    return " / ".join(f"{share * 100:.0f}" for share in shares) + " %"


def main() -> None:
    """Print the table, and put it into the page if asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--runs", type=int, default=1000, help="releases a cell (1000); of large sets a quarter"
    )
    parser.add_argument("--accuracy", type=float, default=0.8, help="of the old model (0.8)")
    parser.add_argument(
        "--spread", type=float, default=1.0, help="alpha + beta of the questions' chances (1)"
    )
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    options = parser.parse_args()
    if options.runs < 1 or not 0.1 < options.accuracy < 1 or options.spread <= 0:
        parser.error("--runs is at least 1, --accuracy from 0.1 to 1, --spread above 0")
    lines = table(options)
    print("\n".join(lines))
    if options.write:
        before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, "utf-8")


if __name__ == "__main__":
    main()
