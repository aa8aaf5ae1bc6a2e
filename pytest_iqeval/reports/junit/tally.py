"""What is in a JUnit file, counted in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from pytest_iqeval.reports.junit.jenkins import faults
from pytest_iqeval.reports.junit.reading import read_pieces

COUNTS = ("tests", "failures", "errors", "skipped")
_COUNTED_BY = {"failures": "failure", "errors": "error", "skipped": "skipped"}


@dataclass(slots=True)
class Tally:
    """The counts of a file.

    ``counts`` are those of `COUNTS`, over the test cases that are there; ``cases`` how often each
    (classname, name) stands. ``unnamed`` and ``unclassed`` lack a name or a classname,
    ``timeless`` a time. ``broken`` are faults by the Jenkins schema, ``miscounted`` the suites
    that announce other counts than they hold. ``failed_names`` is the length of the list of
    all failed tests, a line each.
    """

    path: Path
    size: int = 0
    suites: int = 0
    gates: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    cases: Counter[tuple[str, str]] = field(default_factory=Counter)
    unnamed: int = 0
    unclassed: int = 0
    timeless: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    miscounted: list[str] = field(default_factory=list)
    failed_names: int = 0

    @property
    def duplicates(self) -> dict[tuple[str, str], int]:
        """The test cases that share classname and name, and how often each stands."""
        return {case: n for case, n in self.cases.items() if n > 1}


def tally(path: Path) -> Tally:
    """Count what is in a file.

    :raises FolderError: it can't be read, or is no JUnit file.
    """
    found = Tally(path=path)
    open_suites: list[tuple[Element, Counter[str]]] = []
    for kind, element in read_pieces(path):
        parent = open_suites[-1][0].tag if open_suites else None
        if kind == "end":
            suite, held = open_suites.pop()
            found.miscounted += _miscounted(suite, held)
            if open_suites:
                open_suites[-1][1].update(held)
            continue
        found.broken.update(faults(element, parent))
        if kind == "start":
            open_suites.append((element, Counter()))
            found.suites += element.tag == "testsuite"
        elif element.tag == "testcase":
            held = counts_of(element)
            open_suites[-1][1].update(held)
            found.counts.update(held)
            _note(found, element)
    found.size = path.stat().st_size
    return found


def counts_of(case: Element) -> Counter[str]:
    """What one test case adds to the counts of its suite."""
    inside = {child.tag for child in case}
    held = [name for name, tag in _COUNTED_BY.items() if tag in inside]
    return Counter(["tests", *held])


def is_gate(case: Element) -> bool:
    """Whether a test case is a gate of ours."""
    classname = case.get("classname", "")
    return classname.startswith("iqeval.") and classname.endswith(".gate")


def _note(found: Tally, case: Element) -> None:
    name, classname = case.get("name", "").strip(), case.get("classname", "").strip()
    found.cases[classname, name] += 1
    found.unnamed += not name
    found.unclassed += not classname
    found.timeless += not case.get("time", "").strip()
    found.gates += is_gate(case)
    if {"failure", "error"} & {child.tag for child in case}:
        found.failed_names += len(f"{classname}.{name}\n")


def _miscounted(suite: Element, held: Counter[str]) -> Iterator[str]:
    for name in COUNTS:
        said = suite.get(name)
        if said is not None and said.strip() != str(held[name]):
            yield f"<{suite.tag}> says {name}={said!r} and holds {held[name]}"
