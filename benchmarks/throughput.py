"""How fast a whole evaluation is: process, scoring, reports and journal, against the ideal.

    python benchmarks/throughput.py [--rows latency,zero,…] [--runs 3] [--here] [--peer]

The environment measured is a user's: the package and its core dependencies, installed into a
temporary virtual environment, bytecode compiled; ``--here`` takes the one that runs this. Every
case runs once a round, so what the machine does meanwhile meets all of them, and the median of
the rounds is printed. The ideal is questions × latency ÷ requests in flight.

``wall`` and ``CPU`` are the system's own account of the process with its children, start and end
included. Targets in times were set on one machine; the last lines say what others' work that was
measured there as well takes here.
``MiB`` is the resident peak of the largest process, exact; with workers the peak of the sum of all
processes' proportional share (PSS), sampled ten times a second. That takes CPU from what is
measured, so it is done where a line promises memory, and not elsewhere.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loopback import (
    ROOT,
    Times,
    machine,
    median,
    pytest_command,
    questions,
    server,
    take_run,
    timed,
    user_python,
)
from peer import evalscope_command, peer_python

FLIGHT = 50
PACE = "pace"
BARE = str(ROOT / "benchmarks" / "bare.py")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One line of the table.

    :param way: ``pytest`` (an evaluation), ``empty`` (pytest over as many empty tests), a way of
        `bare`, or ``evalscope``.
    :param expect: the exit code.
    :param targets: the most that a figure may be, by its column.
    :param there: a figure where the targets were set, by its column: others' work, which tells
        that machine from this one.
    """

    row: str
    name: str
    count: int
    way: str = "pytest"
    behaviour: Mapping[str, Any] = field(default_factory=dict)
    args: Sequence[str] = ()
    expect: int = 0
    targets: Mapping[str, float] = field(default_factory=dict)
    there: Mapping[str, float] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return f"{self.row} {self.name} {self.behaviour}"

    @property
    def ideal_s(self) -> float:
        """What the endpoint alone would take."""
        return self.count * float(self.behaviour.get("latency_s", 0)) / FLIGHT

    @property
    def workers(self) -> bool:
        """Whether there is more than one process."""
        return any(arg.startswith("-n") for arg in self.args)

    @property
    def sampled(self) -> bool:
        """Whether the memory of all its processes is wanted."""
        return self.workers and "MiB" in self.targets


@dataclass(frozen=True)
class Measured:
    """One run of a case; ``asking_ms`` is the CPU a request of a bare client, without its start."""

    times: Times
    server_ms: float
    asking_ms: float = 0.0


PACE_CASE = Case(
    row=PACE, name="pytest alone, empty tests", count=1000, way="empty", there={"ms": 0.7}
)

SLOW, WRONG = {"latency_s": 0.2}, {"wrong": 0.3}
WORKERS = {"alone": (), "-n 2": ("-n2",), "-n 8": ("-n8",)}


def cases(scale: float) -> list[Case]:
    """The table of what must be reached, and beside it what others take."""
    some, many = max(1, round(1000 * scale)), max(1, round(14_000 * scale))
    return [
        *_at_latency(some),
        *_at_zero(some),
        *_of_clients("zero latency", {}, count=many // 2, some=some, cpu_ms=0.6, async_ms=5.4),
        *_of_clients("200 ms", SLOW, count=many // 7, some=some, cpu_ms=0.8, async_ms=4.0),
        *_large(some, many),
        *_failing(some),
    ]


def _at_latency(some: int) -> Iterator[Case]:
    for name, most in (("alone", 1.20), ("-n 2", 1.25), ("-n 8", 1.35)):
        yield Case(
            row="latency",
            name=f"{some:,} at 200 ms, {name}",
            count=some,
            behaviour=SLOW,
            args=WORKERS[name],
            targets={"÷ ideal": most},
        )
    for way in ("threads", "async"):
        name = f"  bare httpx, {way}"
        yield Case(row="latency", name=name, count=some, way=way, behaviour=SLOW)


def _at_zero(some: int) -> Iterator[Case]:
    for name, most in (("alone", 2.0), ("-n 2", 3.0)):
        yield Case(
            row="zero",
            name=f"{some:,} at zero latency, {name}",
            count=some,
            args=WORKERS[name],
            targets={"ms": most},
        )
    yield Case(row="zero", name="  bare httpx, threads", count=some, way="threads")
    yield PACE_CASE


def _of_clients(
    said: str,
    behaviour: Mapping[str, Any],
    *,
    count: int,
    some: int,
    cpu_ms: float,
    async_ms: float,
) -> Iterator[Case]:
    """Our client without pytest, beside bare ones."""
    yield Case(
        row="client",
        name=f"client alone, {count:,} at {said}",
        count=count,
        way="client",
        behaviour=behaviour,
        targets={"CPU ms": cpu_ms},
    )
    yield Case(
        row="client", name="  bare httpx, threads", count=count, way="threads", behaviour=behaviour
    )
    yield Case(
        row="client",
        name="  bare httpx, one AsyncClient",
        count=some,
        way="async",
        behaviour=behaviour,
        there={"CPU ms": async_ms},
    )


def _large(some: int, many: int) -> Iterator[Case]:
    for name, wall_s, mib in (("alone", 20.0, 200.0), ("-n 2", 30.0, 450.0)):
        yield Case(
            row="large",
            name=f"{many:,}, 30 % wrong, {name}",
            count=many,
            behaviour=WRONG,
            args=WORKERS[name],
            expect=1,
            targets={"wall s": wall_s, "MiB": mib},
        )
    for count in (some, many // 2):
        name = f"  {count:,} of the same"
        yield Case(row="linear", name=name, count=count, behaviour=WRONG, expect=1)


def _failing(some: int) -> Iterator[Case]:
    for why, behaviour in (("500", {"never": 1.0}), ("endpoint dead", {"dies_after": 1})):
        yield Case(
            row="fail",
            name=f"{some:,}, all fail: {why}",
            count=some,
            behaviour=behaviour,
            args=("--iqeval-retries=0",),
            expect=6,
            targets={"CPU s": 2.0},
        )


def peer_cases(chosen: Sequence[Case]) -> list[Case]:
    """EvalScope beside the first evaluation of each kind of server."""
    beside = {(c.row, c.count): c for c in chosen if c.way == "pytest" and c.row != "linear"}
    return [
        Case(
            row=case.row,
            name="  EvalScope",
            count=case.count,
            way="evalscope",
            behaviour=case.behaviour,
        )
        for case in beside.values()
        if case.row in ("latency", "zero", "large")
    ]


def run(case: Case, python: str, folder: Path) -> Measured:
    """Measure one case once, against a server of its own."""
    with server(**case.behaviour) as there:
        if case.way == "pytest":
            command = pytest_command(python, there, *case.args, in_flight=FLIGHT)
        elif case.way == "empty":
            command = [python, "-m", "pytest", "-p", "no:iqeval", "test_empty.py"]
        elif case.way == "evalscope":
            command = evalscope_command(python, there, folder, FLIGHT)
        else:
            command = [python, BARE, case.way, str(there), "q.jsonl", str(FLIGHT)]
        times = timed(command, folder, expect=case.expect, tree=case.sampled)
        if case.way == "pytest":
            take_run(folder)
        asked = there.stats()
    asking_ms = 0.0
    if case.way in ("threads", "async", "client"):
        asking_ms = json.loads(times.output.splitlines()[-1])["cpu_ms"]
    # Beside a few requests the server's own start would count.
    enough = asked["requests"] >= case.count > 99
    return Measured(times, asked["cpu_s"] / asked["requests"] * 1000 if enough else 0.0, asking_ms)


def figures(case: Case, runs: Sequence[Measured]) -> dict[str, float]:
    """The columns of a case: medians."""
    times = median([one.times for one in runs])
    asking = sorted(one.asking_ms for one in runs)[len(runs) // 2]
    columns = {
        "wall s": times.wall_s,
        "÷ ideal": times.wall_s / case.ideal_s if case.ideal_s else 0.0,
        "ms": times.wall_s / case.count * 1000,
        "CPU s": times.cpu_s,
        "CPU ms": asking,
        "MiB": times.tree_mib or (0.0 if case.workers else times.peak_mib),
    }
    return {name: value for name, value in columns.items() if value}


COLUMNS = {"wall s": 2, "÷ ideal": 2, "ms": 2, "CPU s": 2, "CPU ms": 2, "MiB": 0}


@dataclass(frozen=True)
class Missed:
    """What was promised and not kept."""

    name: str
    column: str
    found: float
    most: float

    def __str__(self) -> str:
        return f"{self.name}: {self.column} {self.found:.2f}, to reach {self.most:g}"


def show(case: Case, found: Mapping[str, float]) -> list[Missed]:
    """Print a line; what was promised and not kept comes back."""
    cells = [
        f"{found[name]:>9.{digits}f}" if name in found else " " * 9
        for name, digits in COLUMNS.items()
    ]
    verdicts, broken = [], []
    for name, most in case.targets.items():
        kept = found.get(name, 0.0) <= most
        verdicts.append(f"{name} ≤ {most:g}: {'met' if kept else 'MISSED'}")
        if not kept:
            broken.append(Missed(case.name.strip(), name, found.get(name, 0.0), most))
    print(f"{case.name:42}{''.join(cells)}  {', '.join(verdicts)}", flush=True)
    return broken


def linear(results: Mapping[int, Mapping[str, float]]) -> list[str]:
    """Cost an item from the smallest count to the middle one, and from there to the largest.

    Not from nothing: at the start a process frees memory that its first questions then fill.
    """
    least, *_, middle, most = sorted(results)
    broken = []
    for column, unit, factor in (
        ("wall s", "ms", 1000),
        ("CPU s", "CPU ms", 1000),
        ("MiB", "KiB", 1024),
    ):
        each = [
            (results[more][column] - results[fewer][column]) / (more - fewer) * factor
            for fewer, more in ((least, middle), (middle, most))
        ]
        growth = each[1] / each[0] - 1
        kept = growth < 0.15
        text = (
            f"{unit} a further item: {each[0]:.2f} from {least:,} to {middle:,}, "
            f"{each[1]:.2f} to {most:,}: {growth:+.0%}"
        )
        print(f"  {text}, to grow by less than 15 %: {'met' if kept else 'MISSED'}")
        if not kept:
            broken.append(text)
    return broken


def write_empty_tests(folder: Path, count: int) -> None:
    """As many tests that do nothing."""
    tests = "\n".join(f"def test_{number}(): pass" for number in range(count))
    (folder / "test_empty.py").write_text(tests, "utf-8")


def main() -> int:
    """Print the table; 1 where a target was missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", help="of: latency, zero, client, large, linear, fail (all)")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="try it with fewer questions")
    parser.add_argument("--here", action="store_true", help="measure this environment")
    parser.add_argument("--peer", action="store_true", help="EvalScope on the same questions")
    options = parser.parse_args()
    chosen = cases(options.scale)
    if options.rows:
        rows = set(options.rows.split(",")) | ({"large"} if "linear" in options.rows else set())
        chosen = [case for case in chosen if case.row in rows | {PACE}]
    with contextlib.ExitStack() as stack:
        python = stack.enter_context(user_python(here=options.here))
        pythons = {"evalscope": stack.enter_context(peer_python())} if options.peer else {}
        if pythons.get("evalscope"):
            chosen += peer_cases(chosen)
        print(machine(python))
        print(f"{FLIGHT} in flight, median of {options.runs} runs", flush=True)
        folders = {count: stack.enter_context(questions(count)) for count in _counts(chosen)}
        for count, folder in folders.items():
            write_empty_tests(folder, count)
        results: dict[str, list[Measured]] = defaultdict(list)
        for _ in range(options.runs):
            for case in chosen:
                with_python = pythons.get(case.way) or python
                results[case.key].append(run(case, with_python, folders[case.count]))
        return tell(chosen, results)


def _counts(chosen: Sequence[Case]) -> set[int]:
    return {case.count for case in chosen}


def tell(chosen: Sequence[Case], results: Mapping[str, Sequence[Measured]]) -> int:
    """Print the table and what was missed."""
    print(f"{'work':42}{''.join(f'{name:>9}' for name in COLUMNS)}  to reach")
    broken: list[Missed] = []
    bent: list[str] = []
    sizes: dict[int, Mapping[str, float]] = {}
    for row in dict.fromkeys(case.row for case in chosen):
        for case in (case for case in chosen if case.row == row):
            found = figures(case, results[case.key])
            broken += show(case, found)
            if case.behaviour == WRONG and not case.args and case.way == "pytest":
                sizes[case.count] = found
    if len(sizes) > 2:
        bent += linear(sizes)
    server_ms = max(one.server_ms for runs in results.values() for one in runs)
    print(f"the server's own CPU: at most {server_ms:.2f} ms a request")
    for case in (case for case in chosen if case.there):
        here = figures(case, results[case.key])
        for column, figure in case.there.items():
            found_ms = here.get(column, 0.0)
            print(
                f"{case.name.strip()}: {column} {found_ms:.2f}, where the targets were set"
                f" {figure:g} (× {found_ms / figure:.2f})"
            )
    lines = [*map(str, broken), *bent]
    print("\n".join(["missed:", *lines]) if lines else "every target was met")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
