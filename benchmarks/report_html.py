"""What `report.html` costs at many questions: to write, to keep, to load and to use in a browser.

    python benchmarks/report_html.py [--counts 120,1000,14000] [--repeats 3]

``write`` is the time to make the page from the rows, ``size`` what it takes on disk, ``gzip`` what
a server would send. The others are a headless Chromium's (Debian's ``chromium`` and
``chromium-driver``; selenium comes with the development extra), by the page's own clock: ``head``
until the verdict was painted, ``table`` until the rows were there, ``open`` from Enter on the last
row until its reply was, ``filter`` from a text in the search field until the next frame, ``all
replies`` the first search through whole replies; ``heap`` is the script's memory once the rows were
there. Each is the median of the repeats. A reply is about two kilobytes,
a prompt one, most of it the same for all questions.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from loopback import ROOT

sys.path.insert(0, str(ROOT))  # where the rows and the browser of the tests are

from pytest_iqeval.reports.page import write_page
from tests.support import report_data as data
from tests.support.browser import CHROMIUM, DRIVER, start_browser

COLUMNS = (
    "questions",
    "write s",
    "size MB",
    "gzip MB",
    "head s",
    "table s",
    "open s",
    "filter s",
    "all replies s",
    "heap MB",
)
# Each measures in the page's own clock, without the way to the driver and back.
HEAD = """
  const done = arguments[0];
  new PerformanceObserver((list) => list.getEntriesByName("first-contentful-paint")
    .forEach((entry) => done(entry.startTime))).observe({ type: "paint", buffered: true });
"""
WAIT = """
  const done = arguments[arguments.length - 1], from = performance.now();
  const until = (is, then) => (is() ? then() : setTimeout(until, 1, is, then));
"""
TABLE = (
    WAIT
    + """
  until(() => !document.querySelector("#tool")?.hidden, () => {
    const there = performance.now();
    document.querySelector("#questions").scrollIntoView();
    until(() => document.querySelector("tr[data-position]"), () => done(there));
  });
"""
)
OPEN = (
    WAIT
    + """
  const rows = () => [...document.querySelectorAll("tr[data-position]")];
  const typed = (key) => new KeyboardEvent("keydown", { key, bubbles: true });
  rows()[0].dispatchEvent(typed("End"));
  const start = performance.now();
  rows().at(-1).dispatchEvent(typed("Enter"));
  const there = () => document.querySelector("#detail .reply, #detail .none");
  until(there, () => done(performance.now() - start));
"""
)
FILTER = (
    WAIT
    + """
  document.querySelector("#search").value = "q-00";
  document.querySelector("#search").dispatchEvent(new Event("input"));
  requestAnimationFrame(() => done(performance.now() - from));
"""
)
DEEP = (
    WAIT
    + """
  document.querySelector("#deep").click();
  until(() => !document.querySelector("#deep").disabled, () => done(performance.now() - from));
"""
)


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--counts", default="120,1000,14000")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    if not (CHROMIUM and DRIVER):
        sys.exit("needs chromium and chromedriver: apt-get install chromium chromium-driver")
    print(f"| {' | '.join(COLUMNS)} |")
    print("|" + " ---: |" * len(COLUMNS), flush=True)
    with tempfile.TemporaryDirectory(prefix="iqeval-bench-") as folder, browser() as driver:
        for count in map(int, options.counts.split(",")):
            rounds = [measure(Path(folder), driver, count) for _ in range(options.repeats)]
            medians = [median(values) for values in zip(*rounds, strict=True)]
            print(f"| {count:,} | {' | '.join(f'{value:.2f}' for value in medians)} |", flush=True)


@contextmanager
def browser() -> Iterator[Any]:
    """A running browser with a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="iqeval-profile-", ignore_cleanup_errors=True) as own:
        driver = start_browser(Path(own))
        try:
            driver.execute_cdp_cmd("Performance.enable", {})
            yield driver
        finally:
            driver.quit()


def measure(folder: Path, driver: Any, count: int) -> list[float]:
    """One round, in the order of `COLUMNS` after the first."""
    rows = list(data.many_rows(count))
    path = folder / "report.html"
    begun = time.perf_counter()
    write_page(path, data.plain(), rows, sent=data.sent)
    written = time.perf_counter() - begun
    page = path.read_bytes()
    driver.get("about:blank")
    driver.get(path.as_uri())
    shown = driver.execute_async_script(TABLE)
    painted = driver.execute_async_script(HEAD)
    metrics = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    heap = next(one["value"] for one in metrics if one["name"] == "JSHeapUsedSize")
    used = [driver.execute_async_script(script) / 1000 for script in (OPEN, FILTER, DEEP)]
    sizes = [len(page) / 1e6, len(gzip.compress(page, 6)) / 1e6]
    return [written, *sizes, painted / 1000, shown / 1000, *used, heap / 1e6]


if __name__ == "__main__":
    main()
