"""How much pytest-iqeval adds to what the endpoint takes: whole process, against the ideal.

    python benchmarks/overhead.py [--questions 1000] [--runs 3] [--in-flight 50]

The ideal is questions × latency ÷ requests in flight. At zero latency there is no ideal, and the
table shows milliseconds a question, beside a bare pytest over as many empty tests.
"""

from __future__ import annotations

import argparse
import sys

from loopback import Times, median, questions, server, timed


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--in-flight", type=int, default=50)
    options = parser.parse_args()
    count, flight = options.questions, options.in_flight
    print(f"{count} questions, {flight} in flight, median of {options.runs} runs")
    print(f"{'work':34} {'wall s':>8} {'÷ ideal':>8} {'ms/question':>12} {'CPU s':>7} {'MiB':>6}")
    with questions(count) as folder:
        tests = "\n".join(f"def test_{number}(): pass" for number in range(count))
        (folder / "test_empty.py").write_text(tests, "utf-8")
        pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:anyio", "-p", "no:cacheprovider"]
        for latency_s in (0.2, 0.0):
            with server(latency_s) as url:
                for workers in (0, 2):
                    command = [
                        *pytest,
                        "--iqeval-model=m",
                        f"--iqeval-base-url={url}",
                        "--iqeval-dataset=q.jsonl",
                        f"--iqeval-concurrency={flight}",
                        *([f"-n{workers}"] if workers else []),
                    ]
                    runs = [timed(command, folder) for _ in range(options.runs)]
                    name = f"{latency_s * 1000:.0f} ms, " + (
                        f"-n {workers}" if workers else "alone"
                    )
                    show(name, median(runs), count, count * latency_s / flight)
        bare = [*pytest, "-p", "no:iqeval", "test_empty.py"]
        runs = [timed(bare, folder) for _ in range(options.runs)]
        show("bare pytest, empty tests", median(runs), count, 0)


def show(name: str, times: Times, count: int, ideal_s: float) -> None:
    """One row."""
    ratio = f"{times.wall_s / ideal_s:8.2f}" if ideal_s else " " * 8
    each = f"{times.wall_s / count * 1000:12.2f}"
    print(f"{name:34} {times.wall_s:8.2f} {ratio} {each} {times.cpu_s:7.2f} {times.peak_mib:6.0f}")


if __name__ == "__main__":
    main()
