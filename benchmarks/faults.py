"""What faults of the endpoint cost an evaluation: nothing but time, and how much of it.

    python benchmarks/faults.py [--rows table,never,storm,outage] [--questions 1000] [--here]

Every row is a whole evaluation against a server that misbehaves in a way that is drawn by the
question, so that each run meets the same faults; the last column says what is promised of it.
Exit 1 where a promise is broken.

table   19 or 20 % of the first attempts fail: a 429, a 500, a reset, a web page, no choices, half a
        body. Every question is scored, each as in the run without faults.
never   one question in twenty always gets a 500. The others are scored.
storm   the endpoint works on 10 at once, or takes so many a second, and answers 429 to the rest.
outage  in the middle of the run the endpoint goes away; it comes back in time, or never.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loopback import (
    RunFiles,
    Times,
    machine,
    pytest_command,
    questions,
    server,
    take_run,
    timed,
    user_python,
)
from loopback_server import Behaviour, never_works

FLIGHT = 50
LATENCY_S = 0.2
RATES = {
    "429": 0.05,
    "500": 0.05,
    "reset": 0.03,
    "malformed": 0.03,
    "empty": 0.02,
    "truncated": 0.02,
}
WRONG = 0.3
RETRIES, FIRST_S = 5, 0.5  # the defaults; the waits between them double
MOST, RATE = 10, 100.0
RETRY_AFTER: Mapping[str, dict[str, Any]] = {", Retry-After 1": {"retry_after_s": 1}, "": {}}


@dataclass(frozen=True)
class Ran:
    """One evaluation: its cost, what it wrote, and what the server counted."""

    times: Times
    files: RunFiles
    asked: Mapping[str, Any]

    @property
    def scored(self) -> dict[str, str]:
        """The outcome of each question that has one."""
        return {name: what for name, what in self.files.outcomes.items() if what != "error"}

    @property
    def verdict(self) -> str:
        """What the report says."""
        return str(self.files.report["verdict"])


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row.

    :param never: the questions that can't be scored.
    :param promises: what is said of a run, and whether it holds; given the run without faults.
    """

    row: str
    name: str
    behaviour: Mapping[str, Any] = field(default_factory=dict)
    args: Sequence[str] = ()
    promises: Sequence[Promise] = ()


@dataclass(frozen=True)
class Promise:
    """A sentence, and whether it holds for a run beside the one without faults."""

    said: str
    holds: Callable[[Ran, Ran], bool]


def wall(most: float, *, beyond_s: float = 0.0) -> Promise:
    """At most so many times the wall time without faults."""
    said = f"wall ≤ {most:g} ×" + (f" + {beyond_s:.1f} s" if beyond_s else "")
    return Promise(said, lambda ran, base: ran.times.wall_s <= most * base.times.wall_s + beyond_s)


def allowed(most: float, ideal_s: float, usual_s: float) -> Promise:
    """At most so many times what the endpoint's own limit allows, `usual_s` without a limit."""
    return Promise(
        f"wall ≤ {most:g} × what it takes",
        lambda ran, base: ran.times.wall_s <= most * (base.times.wall_s + ideal_s - usual_s),
    )


def ends_within(seconds: float) -> Promise:
    """It gives up in time."""
    return Promise(f"ends in {seconds:.0f} s", lambda ran, _: ran.times.wall_s <= seconds)


EVERY_ONE = (
    Promise("all scored", lambda ran, base: len(ran.scored) == len(base.scored)),
    Promise("each as without", lambda ran, base: ran.scored == base.scored),
    Promise("same exit", lambda ran, base: ran.times.code == base.times.code),
)
INCONCLUSIVE = Promise(
    "inconclusive, 6", lambda ran, _: ran.verdict == "inconclusive" and ran.times.code == 6
)


def cases(count: int) -> list[Case]:
    """The rows, the run without faults apart."""
    return [*_first_attempts(count), *_storms(count), *_outages(count)]


def _first_attempts(count: int) -> Iterator[Case]:
    never = {f"q-{n:05d}" for n in range(count) if never_works(Behaviour(never=0.05), n)}
    # A question that never works is sent six times, and waits at most this long in between.
    backoff_s = sum(FIRST_S * 2**k for k in range(RETRIES)) + (RETRIES + 1) * LATENCY_S
    all_but_those = Promise(
        f"{count - len(never)} scored, {len(never)} errors",
        lambda ran, base: ran.scored == {k: v for k, v in base.scored.items() if k not in never},
    )
    for name, workers in (("alone", ()), ("-n 2", ("-n2",))):
        yield Case(
            row="table",
            name=f"faults at the first attempt, {name}",
            behaviour={"faults": RATES},
            args=workers,
            promises=(*EVERY_ONE, wall(1.6)),
        )
        yield Case(
            row="never",
            name=f"1 in 20 never works, {name}",
            behaviour={"never": 0.05},
            args=workers,
            promises=(all_but_those, INCONCLUSIVE, wall(1.5, beyond_s=backoff_s)),
        )


def _storms(count: int) -> Iterator[Case]:
    storms: list[tuple[str, dict[str, Any], float]] = [
        (f"429 beyond {MOST} in flight", {"most": MOST}, count * LATENCY_S / MOST),
        (f"429 beyond {RATE:.0f} a second", {"rate": RATE}, count / RATE),
    ]
    for name, behaviour, ideal_s in storms:
        for said, more in RETRY_AFTER.items():
            yield Case(
                row="storm",
                name=f"{name}{said}",
                behaviour=behaviour | more,
                promises=(*EVERY_ONE, allowed(2.5, ideal_s, count * LATENCY_S / FLIGHT)),
            )


def _outages(count: int) -> Iterator[Case]:
    half = count // 2
    yield Case(
        row="outage",
        name="gone for 5 s in the middle",
        behaviour={"dies_after": half, "back_s": 5.0},
        promises=(*EVERY_ONE, wall(1.5, beyond_s=10.0)),
    )
    yield Case(
        row="outage",
        name="gone for good, patience 10",
        behaviour={"dies_after": half},
        args=("--iqeval-patience=10",),
        promises=(
            Promise("nothing answered is lost", lambda ran, _: len(ran.scored) >= half - 1),
            INCONCLUSIVE,
            ends_within(30),
        ),
    )


def run(python: str, folder: Path, behaviour: Mapping[str, Any], args: Sequence[str]) -> Ran:
    """One evaluation against a server of its own."""
    with server(**{"latency_s": LATENCY_S, "wrong": WRONG, **behaviour}) as there:
        command = pytest_command(python, there, *args, in_flight=FLIGHT)
        times = timed(command, folder, expect=None)
        if not (folder / "outputs").exists():
            raise RuntimeError(f"no run was written, exit {times.code}: {times.output[-2000:]}")
        return Ran(times, take_run(folder), there.stats())


def show(case: Case, ran: Ran, base: Ran) -> list[str]:
    """Print a row; the promises that it broke come back."""
    lost = len(base.scored) - len(ran.scored)
    changed = sum(base.scored.get(name) != what for name, what in ran.scored.items())
    sent = ran.asked["sent"]
    print(
        f"{case.name:36} {ran.times.wall_s:7.2f} {ran.times.wall_s / base.times.wall_s:6.2f} "
        f"{len(ran.scored):7} {lost:5} {changed:6} {ran.times.code:5} {ran.verdict:13}"
        f"{ran.asked['requests']:9} {sent.get('429', 0):6} {ran.asked['most_in_flight']:5}  ",
        end="",
    )
    kept = {promise.said: promise.holds(ran, base) for promise in case.promises}
    print(", ".join(said if held else f"NOT {said}" for said, held in kept.items()), flush=True)
    return [f"{case.name}: {said}" for said, held in kept.items() if not held]


def main() -> int:
    """Print the table; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", help="of: table, never, storm, outage (all)")
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--here", action="store_true", help="measure this environment")
    options = parser.parse_args()
    count: int = options.questions
    chosen = cases(count)
    if options.rows:
        chosen = [case for case in chosen if case.row in options.rows.split(",")]
    broken: list[str] = []
    with contextlib.ExitStack() as stack:
        python = stack.enter_context(user_python(here=options.here))
        folder = stack.enter_context(questions(count))
        print(machine(python))
        print(f"{count} questions, {LATENCY_S * 1000:.0f} ms, {FLIGHT} in flight, 30 % wrong")
        print(
            f"{'the endpoint':36} {'wall s':>7} {'÷':>6} {'scored':>7} {'lost':>5} {'other':>6} "
            f"{'exit':>5} {'verdict':13}{'requests':>9} {'429':>6} {'most':>5}  promised"
        )
        bases: dict[bool, Ran] = {}
        for case in chosen:
            workers = bool(case.args and case.args[0].startswith("-n"))
            if workers not in bases:
                args = case.args if workers else ()
                bases[workers] = run(python, folder, {}, args)
                name = f"without faults, {'-n 2' if workers else 'alone'}"
                show(Case(row="", name=name), bases[workers], bases[workers])
            ran = run(python, folder, case.behaviour, case.args)
            broken += show(case, ran, bases[workers])
    print("\n".join(["broken:", *broken]) if broken else "every promise was kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
