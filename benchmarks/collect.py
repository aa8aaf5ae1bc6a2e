"""What it costs to collect a named benchmark: all of MMLU's rows at hand, by default.

    python benchmarks/collect.py [--data-dir ../shared/data] [--dataset mmlu] [--runs 5]

Each row is ``pytest --collect-only`` in a process of its own, the least of some runs: CPU time of
the whole process and the part of it that is collection (all but pytest's own start), peak memory.
The last row is pytest on as many empty test functions in one file, without the plugin; the ratio is
to that. Every xdist worker collects for itself, so this is paid once a process.

Exits with 1 where collecting takes more than 2 s of CPU or 200 MiB.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from loopback import ROOT, Times, timed

MOST_S, MOST_MIB = 2.0, 200


class Cost(NamedTuple):
    """Of one command: CPU seconds, those without pytest's start, and the peak of memory."""

    cpu_s: float
    collecting_s: float
    peak_mib: float


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data-dir", type=Path, default=ROOT / "../shared/data")
    parser.add_argument("--dataset", default="mmlu")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    pytest = [sys.executable, "-m", "pytest", "-qqq", "--collect-only", "-p", "no:cacheprovider"]
    ours = ["--iqeval-model=m", "--iqeval-base-url=http://127.0.0.1:9/v1"]
    ours += [
        f"--iqeval-dataset={options.dataset}",
        f"--iqeval-data-dir={options.data_dir.resolve()}",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_one.py").write_text("def test_one(): pass\n", "utf-8")
        start = least([*pytest, "-p", "no:iqeval"], folder, options.runs)
        with_us = least([*pytest, *ours], folder, options.runs)
        count = sum(map(int, re.findall(r": (\d+)$", with_us.output, re.MULTILINE)))
        (folder / "test_one.py").write_text(
            "".join(f"def test_{n}(): pass\n" for n in range(count)), "utf-8"
        )
        plain = least([*pytest, "-p", "no:iqeval"], folder, options.runs)
    costs = {options.dataset: cost(with_us, start), "empty tests": cost(plain, start)}
    bare, asked = costs["empty tests"], costs[options.dataset]
    print(
        f"{count:,} tests, least of {options.runs} runs; pytest alone starts in {start.cpu_s:.2f} s"
    )
    print(f"{'':24} {'CPU s':>7} {'collecting':>11} {'ratio':>6} {'peak MiB':>9}")
    for title, one in costs.items():
        ratio = one.collecting_s / bare.collecting_s
        print(
            f"{title:24} {one.cpu_s:7.2f} {one.collecting_s:11.2f} {ratio:6.2f} {one.peak_mib:9.0f}"
        )
    return int(asked.collecting_s > MOST_S or asked.peak_mib > MOST_MIB)


def least(command: list[str], folder: Path, runs: int) -> Times:
    """The run that took the least CPU time."""
    return min((timed(command, folder) for _ in range(runs)), key=lambda one: one.cpu_s)


def cost(times: Times, start: Times) -> Cost:
    """What a command takes, and what of it is not pytest's own start."""
    return Cost(times.cpu_s, times.cpu_s - start.cpu_s, times.peak_mib)


if __name__ == "__main__":
    sys.exit(main())
