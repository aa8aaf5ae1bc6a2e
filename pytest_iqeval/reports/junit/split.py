"""Splits a JUnit file into several that each stand by themselves.

Gates come first, so that the first file has them; then the questions in their order. Properties
stand in every file. Counts are those of the file, and a suite's time is the sum of what it holds.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, ElementTree

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.reports.junit.reading import read_pieces
from pytest_iqeval.reports.junit.tally import COUNTS, counts_of, is_gate


class _Suite:
    """A suite of the file: its attributes, its properties, and what else is no test case."""

    def __init__(self, element: Element) -> None:
        self.attributes = dict(element.attrib)
        self.properties: list[Element] = []
        self.others: list[Element] = []  # its output: once, with its first test cases


class _Case(NamedTuple):
    suite: _Suite
    element: Element


def part_path(path: Path, number: int) -> Path:
    """``junit.xml`` → ``junit.1.xml``; a name without ``.xml`` gets it at its end."""
    stem = path.stem if path.suffix == ".xml" else path.name
    return path.with_name(f"{stem}.{number}.xml")


def parts_there(path: Path) -> list[Path]:
    """The files of an earlier split of `path`, by their numbers."""
    stem = path.stem if path.suffix == ".xml" else path.name
    numbered = re.compile(re.escape(stem) + r"\.(\d+)\.xml")
    found = [(int(m[1]), p) for p in path.parent.iterdir() if (m := numbered.fullmatch(p.name))]
    return [p for _, p in sorted(found)]


def split(path: Path, at_most: int) -> list[Path]:
    """Write files of at most `at_most` test cases each beside `path`; gives them in order.

    The files appear when all are whole, in the place of those that were there.

    :raises FolderError: `path` can't be read, or the parts can't be written.
    """
    root: dict[str, str] = {}
    unfinished: list[tuple[Path, Path]] = []
    begun: set[int] = set()
    try:
        for number, cases in enumerate(_batches(path, at_most, root), start=1):
            target = part_path(path, number)
            unfinished.append((target.with_name(f".{target.name}.part"), target))
            _write(unfinished[-1][0], root, cases, begun)
        for part, target in unfinished:
            part.replace(target)
    except OSError as error:
        raise FolderError(
            f"{path.parent}: the parts can't be written: {error.strerror or error}",
            hint="copy the file to a folder where you may write",
        ) from None
    finally:
        for part, _ in unfinished:
            with contextlib.suppress(OSError):  # gone after a success
                part.unlink()
    return [target for _, target in unfinished]


def _batches(path: Path, at_most: int, root: dict[str, str]) -> Iterator[list[_Case]]:
    """The test cases in the order of the parts, as many together as stand in one.

    pytest writes gates last, so the file is read twice: first for them and the suites alone.
    """
    suites: list[_Suite] = []
    gates = [c for c in _cases(path, root, suites, again=False) if is_gate(c.element)]
    questions = (c for c in _cases(path, root, suites, again=True) if not is_gate(c.element))
    in_order = chain(gates, questions)
    while batch := list(islice(in_order, at_most)):
        yield batch


def _cases(
    path: Path, root: dict[str, str], suites: list[_Suite], *, again: bool
) -> Iterator[_Case]:
    """The test cases with their suites, which a first reading collects and a second one uses."""
    inside: list[_Suite] = []
    met = 0
    for kind, element in read_pieces(path):
        if kind == "start" and element.tag == "testsuites":
            root.update(element.attrib)
        elif kind == "start":
            if not again:
                suites.append(_Suite(element))
            inside.append(suites[met])
            met += 1
        elif kind == "end" and element.tag == "testsuite":
            inside.pop()
        elif kind == "whole" and inside:
            if element.tag == "testcase":
                yield _Case(inside[-1], element)
            elif not again:
                own = inside[-1]
                (own.properties if element.tag == "properties" else own.others).append(element)


def _write(part: Path, root: dict[str, str], cases: list[_Case], begun: set[int]) -> None:
    """Write one part; `begun` are the suites whose output stands in an earlier one."""
    top = Element("testsuites", dict(root))
    by_suite: dict[int, Element] = {}
    held: dict[int, Counter[str]] = {}
    seconds: Counter[int] = Counter()
    total: Counter[str] = Counter()
    for suite, case in cases:
        key = id(suite)
        if key not in by_suite:
            by_suite[key] = Element("testsuite", dict(suite.attributes))
            by_suite[key].extend(suite.properties)
            held[key] = Counter()
            top.append(by_suite[key])
        by_suite[key].append(case)
        counted = counts_of(case)
        held[key].update(counted)
        total.update(counted)
        seconds[key] += _milliseconds(case)
    for suite in {id(s): s for s, _ in cases}.values():
        key = id(suite)
        if key not in begun:
            begun.add(key)
            by_suite[key].extend(suite.others)
        for name in COUNTS:
            by_suite[key].set(name, str(held[key][name]))
        by_suite[key].set("time", f"{seconds[key] / 1000:.3f}")
    for name in COUNTS:
        if name in root:
            top.set(name, str(total[name]))
    if "time" in root:
        top.set("time", f"{seconds.total() / 1000:.3f}")
    ElementTree(top).write(part, encoding="utf-8", xml_declaration=True)


def _milliseconds(case: Element) -> int:
    """A test case's time; some writers put commas between the thousands."""
    try:
        return round(float(case.get("time", "0").replace(",", "")) * 1000)
    except (ValueError, OverflowError):  # OverflowError: infinity
        return 0
