"""How the cost of a run grows with its questions: the table of `docs/scaling.md`.

    python benchmarks/scaling.py [--counts 1000,14000,100000] [--here] [--write]

Zero latency, 50 in flight, 30 % wrong, so all of it is our own cost: nothing is waited for. The
last column is the time with `--iqeval-replay`: the same without a request. Memory is the resident
peak of the one process; beside it the sizes of what the run wrote, in MiB. ``--write`` puts the
table into the page.
"""

from __future__ import annotations

import argparse

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

FILES = ("journal", "reviews", "report.html")
PAGE = ROOT / "docs" / "scaling.md"
BEGIN, END = "<!-- written by benchmarks/scaling.py -->\n", "<!-- end -->\n"


def measure(python: str, count: int) -> list[str]:
    """One row."""
    with questions(count) as folder, server(wrong=0.3) as there:
        times = timed(pytest_command(python, there), folder, expect=1)
        (path,) = (folder / "outputs" / "m").iterdir()
        again = [python, "-m", "pytest", f"--iqeval-replay={path.resolve()}"]
        again += ["--iqeval-dataset=q.jsonl", "--iqeval-output=replayed"]
        replayed = timed(again, folder, expect=1)
        run = take_run(folder)
    return [
        f"{count:,}",
        f"{times.wall_s:.1f}",
        f"{times.wall_s / count * 1000:.2f}",
        f"{times.cpu_s:.1f}",
        f"{times.peak_mib:.0f}",
        *(f"{run.sizes_mib[name]:.1f}" for name in FILES),
        f"{replayed.wall_s:.1f}",
    ]


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--counts", default="1000,14000,100000")
    parser.add_argument("--here", action="store_true", help="measure this environment")
    parser.add_argument("--write", action="store_true", help="put the table into docs/scaling.md")
    options = parser.parse_args()
    columns = ["questions", "wall s", "ms each", "CPU s", "peak MiB", *FILES, "replay s"]
    with user_python(here=options.here) as python:
        lines = [f"{machine(python)}:", "", f"| {' | '.join(columns)} |"]
        lines.append("|" + " ---: |" * len(columns))
        print("\n".join(lines), flush=True)
        for count in map(int, options.counts.split(",")):
            lines.append(f"| {' | '.join(measure(python, count))} |")
            print(lines[-1], flush=True)
    if options.write:
        before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, "utf-8")


if __name__ == "__main__":
    main()
