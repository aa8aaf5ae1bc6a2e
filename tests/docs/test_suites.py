"""The page of suites, the shipped suite and its schema say what is so."""

from __future__ import annotations

import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.gates import parse_gate
from pytest_iqeval.core.settings import make_settings
from pytest_iqeval.core.statistics.combined import weighted_mean
from pytest_iqeval.core.statistics.intervals import wilson
from pytest_iqeval.core.suite_fields import parse_suite
from pytest_iqeval.core.suite_schema import COMMENT, schema_text, suite_schema
from pytest_iqeval.sources.catalogue import known_names
from pytest_iqeval.sources.suites import read_suite
from tests.core.test_suite_fields import WHOLE
from tests.docs.conftest import RunCommand
from tests.support.endpoint import ScriptedEndpoint
from tests.support.pages import Command, blocks, read_page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = read_page("suites.md")
SUITE = DOCS / "suite.yaml"


def test_the_shipped_suite_is_one_and_its_schema_is_named_and_holds() -> None:
    assert SUITE.read_text("utf-8").startswith(COMMENT + "\n")
    suite = read_suite(SUITE, shown="docs/suite.yaml", start=ROOT, known=known_names())
    settings = make_settings(suite.options, sets=suite.sets)
    assert settings.dataset == ("iquiz-open", "iquiz-open-en:IQ")
    assert all(line > 25 for line in suite.gate_lines)
    jsonschema.validate(yaml.safe_load(SUITE.read_text("utf-8")), suite_schema())


def test_the_shipped_schema_and_tables_are_those_of_the_code() -> None:
    """``python docs/make_suite.py`` writes them."""
    assert (DOCS / "suite.schema.json").read_text("utf-8") == schema_text()
    sys.path.insert(0, str(DOCS))
    try:
        from make_suite import with_tables
    finally:
        sys.path.remove(str(DOCS))
    assert with_tables(PAGE) == PAGE


def test_the_schema_takes_what_the_parser_takes() -> None:
    jsonschema.Draft7Validator.check_schema(suite_schema())
    whole = yaml.safe_load(WHOLE)
    jsonschema.validate(whole, suite_schema())
    for change in ({"modle": "m"}, {"benchmarks": []}, {"limits": {"rpm": "x"}}, {"gates": [3]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**whole, **change}, suite_schema())
        with pytest.raises(DefinitionError):
            parse_suite({**whole, **change}, file="s.yaml")


def test_the_gates_of_the_page_are_gates() -> None:
    (shown,) = [block.text.splitlines() for block in blocks(PAGE) if block.mark == "gates"]
    assert [parse_gate(text).metric for text in shown] == ["index"] * 4


def test_the_example_of_the_statistics_is_right() -> None:
    mean, low, high = weighted_mean([(1, 0.5, *wilson(100, 200)), (3, 0.9, *wilson(36, 40))])
    assert f"index {mean:.2f} [{low:.2f}, {high:.2f}]" in read_page("statistics.md")


def test_the_suite_of_the_page_is_the_shipped_one() -> None:
    (shown,) = [block.text for block in blocks(PAGE) if block.file == "release.yaml"]
    assert shown == SUITE.read_text("utf-8")


def test_the_suite_of_the_page_ends_as_it_says(
    run_command: RunCommand, endpoint: ScriptedEndpoint
) -> None:
    endpoint.models(["gemma3:4b"])
    files = {"release.yaml": SUITE.read_text("utf-8")}
    result = run_command(Command(args=("--iqeval-suite", "release.yaml"), files=files))
    result.stdout.fnmatch_lines(
        [
            "iqeval: gates (release.yaml:31): iquiz-open: accuracy >= 40%",
            "index 1.00 *: iquiz-open × 2, iquiz-open-en × 1",
            "gate passed: lower(index) >= 30%*",
            "passed: all * gates held*",
        ]
    )
