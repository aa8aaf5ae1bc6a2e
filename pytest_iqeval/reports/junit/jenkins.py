"""What Jenkins' xUnit plugin lets pass: its schema ``junit-10.xsd``, as tables.

Source: github.com/jenkinsci/xunit-plugin,
``src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd``. Which elements
stand where, with which attributes, and which attributes must be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

_RERUNS = ("rerunFailure", "rerunError", "flakyFailure", "flakyError")
_TEXT = frozenset({"stackTrace", "system-out", "system-err"})
_DETAIL = frozenset({"type", "message"})

CHILDREN: Mapping[str, frozenset[str]] = {
    "testsuites": frozenset({"testsuite"}),
    "testsuite": frozenset({"testsuite", "properties", "testcase", "system-out", "system-err"}),
    "properties": frozenset({"property"}),
    "testcase": frozenset(
        {"skipped", "error", "failure", *_RERUNS, "system-out", "system-err"},
    ),
    **dict.fromkeys(_RERUNS, _TEXT),
}
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "testsuites": frozenset({"name", "time", "tests", "failures", "errors"}),
    "testsuite": frozenset(
        {
            *("name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp"),
            *("hostname", "id", "package", "file", "log", "url"),
        }
    ),
    "testcase": frozenset({"name", "time", "classname", "group"}),
    "property": frozenset({"name", "value"}),
    **dict.fromkeys(("error", "failure", "skipped", *_RERUNS), _DETAIL),
}
REQUIRED: Mapping[str, frozenset[str]] = {
    "testsuite": frozenset({"name", "tests", "failures", "errors"}),
    "testcase": frozenset({"name"}),
    "property": frozenset({"name", "value"}),
    **dict.fromkeys(_RERUNS, frozenset({"type"})),
}
_TIME = re.compile(r"[0-9,]*(\.[0-9]*)?")


def faults(element: Element, parent: str | None) -> Iterator[str]:
    """What the schema forbids in an element and all that is in it; each fault in a few words.

    :param parent: the tag of the element that it stands in; ``None`` for the root.
    """
    tag = element.tag
    if parent is not None and tag not in CHILDREN.get(parent, frozenset()):
        yield f"<{tag}> inside <{parent}>"
        return
    for name in sorted(set(element.attrib) - ATTRIBUTES.get(tag, frozenset())):
        yield f"<{tag}> with an attribute {name}"
    for name in sorted(REQUIRED.get(tag, frozenset()) - set(element.attrib)):
        yield f"<{tag}> without {name}"
    time = element.get("time", "")
    if tag in ("testsuite", "testsuites") and not _TIME.fullmatch(time):
        yield f"<{tag}> with the time {time!r}"
    for child in element:
        yield from faults(child, tag)
