"""A checker of JUnit files by the rules of Jenkins' xUnit plugin (its schema ``junit-10.xsd``).

The rules are restated here as tables: which elements stand where, and with which attributes.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

_DETAIL = {"type", "message"}
_RERUN = ("rerunFailure", "rerunError", "flakyFailure", "flakyError")
_CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testsuite", "properties", "testcase", "system-out", "system-err"},
    "properties": {"property"},
    "testcase": {
        *("skipped", "error", "failure", "system-out", "system-err"),
        *_RERUN,
    },
    **{name: {"stackTrace", "system-out", "system-err"} for name in _RERUN},
}
_ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {
        *("name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp"),
        *("hostname", "id", "package", "file", "log", "url"),
    },
    "testcase": {"name", "time", "classname", "group"},
    "property": {"name", "value"},
    "error": _DETAIL,
    "failure": _DETAIL,
    "skipped": _DETAIL,
    **dict.fromkeys(_RERUN, _DETAIL),
}
_REQUIRED = {
    "testsuite": {"name", "tests", "failures", "errors"},
    "testcase": {"name"},
    "property": {"name", "value"},
    **{name: {"type"} for name in _RERUN},
}
_TIME = re.compile(r"[0-9,]*(\.[0-9]*)?")


def read_junit(path: Path) -> ElementTree.Element:
    """Parse a file and hold it against the rules; its one suite.

    :raises AssertionError: what breaks which rule.
    """
    root = ElementTree.parse(path).getroot()
    assert root.tag == "testsuites", root.tag
    _check(root)
    suites = root.findall("testsuite")
    assert len(suites) == 1
    suite = suites[0]
    cases = suite.findall("testcase")
    assert int(suite.attrib["tests"]) == len(cases)
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
    assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))
    return suite


def _check(element: ElementTree.Element) -> None:
    tag = element.tag
    unknown = set(element.attrib) - _ATTRIBUTES.get(tag, set())
    assert not unknown, f"<{tag}> has no attribute {unknown}"
    missing = _REQUIRED.get(tag, set()) - set(element.attrib)
    assert not missing, f"<{tag}> lacks {missing}"
    if tag in ("testsuite", "testsuites") and "time" in element.attrib:
        assert _TIME.fullmatch(element.attrib["time"]), element.attrib["time"]
    for child in element:
        assert child.tag in _CHILDREN.get(tag, set()), f"<{child.tag}> inside <{tag}>"
        _check(child)
