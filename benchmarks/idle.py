"""What the installed plugin, and its dependencies' plugins, cost an ordinary pytest start.

    python benchmarks/idle.py [--runs 15]

Each row is a pytest over one empty test, in turn with the same command without the plugin of
that row; the figures are CPU time of the whole process (steadier than wall time on a busy
machine): the least with and without the plugin and their difference, which noise can only raise,
and the median of the differences pair by pair.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from loopback import timed

ROWS = {
    "pytest-iqeval": ["-p", "no:iqeval"],
    "xdist": ["-p", "no:xdist", "-p", "no:xdist.looponfail"],
    "pytest-html, pytest-metadata": ["-p", "no:html", "-p", "no:metadata"],
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs: int = parser.parse_args().runs
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    print(f"CPU milliseconds, {runs} pairs after one warm-up")
    print(f"{'plugin':32} {'with':>8} {'without':>8} {'adds':>8} {'median':>8}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_one.py").write_text("def test_one(): pass\n", "utf-8")
        for plugin, without in ROWS.items():
            # Every other plugin of the table stays off, so that one row says one thing.
            quiet = [arg for row, args in ROWS.items() if row != plugin for arg in args]
            pairs = []
            for _ in range(runs + 1):
                there = timed([*pytest, *quiet], folder).cpu_s
                pairs.append((there, timed([*pytest, *quiet, *without], folder).cpu_s))
            pairs = pairs[1:]
            on, off = (min(times) * 1000 for times in zip(*pairs, strict=True))
            middle = statistics.median(a - b for a, b in pairs) * 1000
            print(f"{plugin:32} {on:8.0f} {off:8.0f} {on - off:8.1f} {middle:8.1f}")


if __name__ == "__main__":
    main()
