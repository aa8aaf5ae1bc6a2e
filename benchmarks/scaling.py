"""How the cost of a run grows with its questions: the table of `docs/scaling.md`.

    python benchmarks/scaling.py [--counts 1000,14000,100000] [--here]

Zero latency, 50 in flight, 30 % wrong, so all of it is our own cost: nothing is waited for. The
last column is the time with `--iqeval-replay`: the same without a request. Memory is the resident
peak of the one process; beside it the sizes of what the run wrote, in MiB.
"""

from __future__ import annotations

import argparse
import contextlib
import sys

from loopback import (
    machine,
    pytest_command,
    questions,
    server,
    take_run,
    timed,
    user_python,
)

FILES = ("journal", "reviews", "report.html")


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--counts", default="1000,14000,100000")
    parser.add_argument("--here", action="store_true", help="measure this environment")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        python = stack.enter_context(user_python(here=options.here))
        print(machine(python))
        columns = ["questions", "wall s", "ms each", "CPU s", "peak MiB", *FILES, "replay s"]
        print(f"| {' | '.join(columns)} |")
        print("|" + " ---: |" * len(columns), flush=True)
        for count in map(int, options.counts.split(",")):
            with questions(count) as folder, server(wrong=0.3) as there:
                times = timed(pytest_command(python, there), folder, expect=1)
                (path,) = (folder / "outputs" / "m").iterdir()
                again = [python, "-m", "pytest", f"--iqeval-replay={path.resolve()}"]
                again += ["--iqeval-dataset=q.jsonl", "--iqeval-output=replayed"]
                replayed = timed(again, folder, expect=1)
                run = take_run(folder)
            cells = [
                f"{count:,}",
                f"{times.wall_s:.1f}",
                f"{times.wall_s / count * 1000:.2f}",
                f"{times.cpu_s:.1f}",
                f"{times.peak_mib:.0f}",
                *(f"{run.sizes_mib[name]:.1f}" for name in FILES),
                f"{replayed.wall_s:.1f}",
            ]
            print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
