"""JUnit files to check and split, written as pytest writes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def case(name: str, classname: str = "iqeval.quiz.IQ", inside: str = "", time: str = "1.5") -> str:
    """One test case."""
    return f'<testcase classname="{classname}" name="{name}" time="{time}">{inside}</testcase>'


def suite(cases: Iterable[str], *, name: str = "pytest", more: str = "", **counts: int) -> str:
    """A suite with the counts of what it holds, unless `counts` say otherwise."""
    listed = list(cases)
    right = {
        "errors": sum("<error" in one for one in listed),
        "failures": sum("<failure" in one for one in listed),
        "skipped": sum("<skipped" in one for one in listed),
        "tests": len(listed),
    }
    said = " ".join(f'{key}="{value}"' for key, value in {**right, **counts}.items())
    return f'<testsuite name="{name}" {said} time="9.0">{more}{"".join(listed)}</testsuite>'


def write(path: Path, *suites: str) -> Path:
    """A whole file; gives its path back."""
    head = '<?xml version="1.0" encoding="utf-8"?>'
    path.write_text(
        f'{head}<testsuites name="pytest tests">{"".join(suites)}</testsuites>', "utf-8"
    )
    return path


PROPERTIES = '<properties><property name="iqeval.verdict" value="failed" /></properties>'
GATE = case("accuracy &gt;= 60%", "iqeval.quiz.gate", '<failure message="0.5">0.5</failure>')


def run_of(count: int) -> str:
    """A suite as a run leaves it: questions (each third wrong, each seventh lost), then a gate."""
    wrong, lost = '<failure message="no">没有</failure>', '<error message="503">503</error>'
    insides = (wrong if n % 3 == 0 else lost if n % 7 == 0 else "" for n in range(count))
    cases = [case(f"q-{n}", inside=inside) for n, inside in enumerate(insides)]
    return suite([*cases, GATE], more=PROPERTIES)
