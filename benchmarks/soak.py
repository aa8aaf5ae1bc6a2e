"""A long run with faults at zero latency: does anything pile up?

    python benchmarks/soak.py [--questions 20000] [--workers 0,2] [--here]

The run looks at itself: forty times at the proportional share of memory
(PSS) of each of its processes, and before its first and after its last step at their open file
descriptors and threads. pytest keeps the report of every test until the end; so a run of pytest
alone over as many parametrized tests, of which as many fail, goes first, and after the warm-up,
the first quarter, memory may grow by what that one's grows and a few KiB a question for its score,
and not faster at the end than before. Descriptors and threads are as at the start. Every question
is scored, whatever the faults. Exit 1 where one of it does not hold.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from faults import RATES, WRONG
from loopback import (
    ROOT,
    machine,
    pytest_command,
    questions,
    server,
    take_run,
    timed,
    user_python,
)

FLIGHT = 50
MORE_KIB = {"owner": 3.0, "worker": 0.5}
"""The most that a question may leave behind in a process, beyond what a plain test does."""

PLAIN = """
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_plain(number):
    if number % 10 < 3:
        pytest.fail("expected A, got B (rule answer-en), as long as ours is", pytrace=False)
"""

PROBE = """
import json, os, pathlib, sys, threading
import pytest
sys.path.insert(0, {benchmarks!r})
from loopback import process_facts, tree

HERE = pathlib.Path(__file__).parent
judged = 0

def state():
    links = []
    for fd in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink("/proc/self/fd/" + fd).split(":")[0])
        except OSError:
            pass  # the one that lists them
    names = [thread.name for thread in threading.enumerate()]
    return {{"files": sorted(links), "threads": sorted(names)}}

def note(when, config):
    role = getattr(config, "workerinput", {{}}).get("workerid", "owner")
    (HERE / ("soak-" + when + "-" + role + ".json")).write_text(json.dumps(state()))

@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    note("start", config)

@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    if "PYTEST_XDIST_WORKER" in os.environ:  # from then on xdist may end it at any moment
        note("end", session.config)

@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        note("end", config)

def pytest_runtest_logreport(report):
    global judged
    if report.when != "call" or "PYTEST_XDIST_WORKER" in os.environ:
        return
    judged += 1
    if judged % {every} == 0:
        pss = {{pid: found.pss_mib for pid in tree(os.getpid()) if (found := process_facts(pid))}}
        with (HERE / "soak.jsonl").open("a") as file:
            file.write(json.dumps([judged, os.getpid(), pss]) + "\\n")
"""


def slope_kib(points: Sequence[tuple[float, float]]) -> float:
    """KiB a question of (judged, MiB) points, by least squares."""
    judged, mib = zip(*points, strict=True)
    return statistics.linear_regression(judged, mib).slope * 1024


Sample = tuple[int, int, Mapping[str, float]]
"""Judged questions, the owner's process id, and MiB by process id."""


def plain(python: str, folder: Path, count: int, workers: Sequence[str]) -> dict[str, float]:
    """KiB that a plain test leaves behind, by kind of process."""
    (folder / "test_plain.py").write_text(PLAIN.format(count=count), "utf-8")
    command = [python, "-m", "pytest", "-p", "no:iqeval", *workers, "test_plain.py"]
    timed(command, folder, expect=1)
    slopes: dict[str, float] = {}
    for name, points in by_process(read_samples(folder), count).items():
        kind = name.split()[0]
        slopes[kind] = max(slopes.get(kind, 0.0), slope_kib(points))
    return slopes


def soak(python: str, folder: Path, count: int, workers: int) -> list[str]:
    """One run; what did not hold."""
    (folder / "conftest.py").write_text(
        PROBE.format(benchmarks=str(ROOT / "benchmarks"), every=max(1, count // 40)), "utf-8"
    )
    args = [f"-n{workers}"] if workers else []
    base = plain(python, folder, count, args)
    with server(wrong=WRONG, faults=RATES) as there:
        command = pytest_command(python, there, *args, in_flight=FLIGHT)
        times = timed(command, folder, expect=None, tree=bool(workers))
        files, asked = take_run(folder), there.stats()
    scored = sum(what != "error" for what in files.outcomes.values())
    print(
        f"\n{count:,} questions, {f'-n {workers}' if workers else 'alone'}: {times.wall_s:.1f} s, "
        f"{asked['requests']:,} requests, {scored:,} scored, exit {times.code}, peak "
        f"{times.tree_mib or times.peak_mib:.0f} MiB"
    )
    broken = [] if scored == count else [f"{count - scored} questions have no score"]
    broken += memory(by_process(read_samples(folder), count), base)
    broken += left_over(folder)
    return [f"{'alone' if not workers else f'-n {workers}'}: {what}" for what in broken]


def read_samples(folder: Path) -> list[Sample]:
    """What the run noted of itself; the file is removed."""
    file = folder / "soak.jsonl"
    samples = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    file.unlink()
    return samples


def by_process(samples: Sequence[Sample], count: int) -> dict[str, list[tuple[float, float]]]:
    """(judged, MiB) after the warm-up, for each process that was there to the end."""
    late = [sample for sample in samples if sample[0] > count / 4]
    names = {
        pid: "owner" if int(pid) == late[-1][1] else f"worker {number}"
        for number, pid in enumerate(late[-1][2])
    }
    return {
        name: [(judged, pss[pid]) for judged, _, pss in late if pid in pss]
        for pid, name in names.items()
    }


def memory(
    processes: Mapping[str, Sequence[tuple[float, float]]], base: Mapping[str, float]
) -> list[str]:
    """Print how the memory of each process went; what grew too fast."""
    broken = []
    for name, points in processes.items():
        kind = name.split()[0]
        middle = len(points) // 2
        whole, first, last = map(slope_kib, (points, points[: middle + 1], points[middle:]))
        print(
            f"  {name:9} {points[0][1]:6.1f} MiB at {points[0][0]:,}, {points[-1][1]:6.1f} at "
            f"{points[-1][0]:,}: {whole * 1000 / 1024:+.2f} MiB for 1,000 questions "
            f"({whole:+.2f} KiB each: first half {first:+.2f}, second {last:+.2f}; "
            f"a plain test {base[kind]:+.2f})"
        )
        most = base[kind] + MORE_KIB[kind]
        if whole > most:
            broken.append(f"{name} grows by {whole:.2f} KiB a question, more than {most:.2f}")
        if last > first * 1.5 + 0.5:
            broken.append(f"{name} grows faster and faster: {first:.2f}, then {last:.2f} KiB")
    return broken


def left_over(folder: Path) -> list[str]:
    """Print descriptors and threads at start and end; what was not there before."""
    broken = []
    for start in sorted(folder.glob("soak-start-*.json")):
        role = start.stem.removeprefix("soak-start-")
        end = folder / f"soak-end-{role}.json"
        if not end.exists():
            broken.append(f"{role} did not end")
            continue
        before, after = (json.loads(path.read_text()) for path in (start, end))
        said = []
        for what in ("files", "threads"):
            new = _more(before[what], after[what])
            said.append(f"{what} {len(before[what])} at the start, {len(after[what])} at the end")
            if new:
                broken.append(f"{role} leaves {what} behind: {', '.join(new)}")
        print(f"  {role:14} {'; '.join(said)}")
    return broken


def _more(before: list[str], after: list[str]) -> list[str]:
    left = list(before)
    return [one for one in after if one not in left or left.remove(one)]  # type: ignore[func-returns-value]


def main() -> int:
    """Print what was found; 1 where something piles up."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--workers", default="0,2", help="how many, a run for each (0,2)")
    parser.add_argument("--here", action="store_true", help="measure this environment")
    options: Any = parser.parse_args()
    broken = []
    with contextlib.ExitStack() as stack:
        python = stack.enter_context(user_python(here=options.here))
        folder = stack.enter_context(questions(options.questions))
        print(machine(python))
        for workers in map(int, options.workers.split(",")):
            broken += soak(python, folder, options.questions, workers)
    print("\n" + "\n".join(["what piles up:", *broken] if broken else ["nothing piles up"]))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
