"""JUnit: the replies that are not correct, of questions that were asked several times.

Surefire's elements, which Jenkins and others read: of a testcase that passed a wrong reply is a
``<flakyFailure>`` and a lost one a ``<flakyError>``; of one that failed ``<rerunFailure>`` and
``<rerunError>``. The testcase itself shows what the question's rule makes of its replies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import pytest
from _pytest.junitxml import bin_xml_escape, xml_key

from pytest_iqeval.core.request import reply_number
from pytest_iqeval.core.score import Outcome


class RepeatsInJUnit:
    """Adds them to the file that ``--junitxml`` asked for, in the process that writes it."""

    def __init__(self, config: pytest.Config) -> None:
        self._xml = config.stash.get(xml_key, None)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """After pytest has written the testcase's own result, and before it closes the testcase."""
        shown = getattr(report, "iqeval", None)
        if self._xml is None or shown is None or report.when != "call" or report.skipped:
            return
        reporter = self._xml.node_reporter(report)
        elements = [_element(one, report) for one in shown.get("missed", ())]
        # Wrong replies before lost ones, as Surefire's schema has them; Jenkins takes any order.
        for element in sorted(elements, key=lambda element: element.tag.endswith("Error")):
            reporter.append(element)


def _element(missed: Mapping[str, Any], report: pytest.TestReport) -> ElementTree.Element:
    outcome = missed["outcome"]
    kind = "flaky" if report.passed else "rerun"
    tag = kind + ("Error" if outcome == Outcome.ERROR else "Failure")
    message = f"reply {reply_number(missed['repeat'])}: {missed['headline']}"
    element = ElementTree.Element(tag, message=bin_xml_escape(message), type=outcome)
    ElementTree.SubElement(element, "stackTrace").text = bin_xml_escape(missed["text"])
    return element
