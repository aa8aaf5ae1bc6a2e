"""`report.json` as a file, and its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pytest_iqeval.reports
from pytest_iqeval.core.clean import Redactor
from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.core.summary import Summary
from pytest_iqeval.reports.jsontext import json_text
from pytest_iqeval.reports.report_json import write_report
from tests.support.runs import make_facts, make_summary

SCHEMA = json.loads(
    (Path(pytest_iqeval.reports.__file__).parent / "report.schema.json").read_text("utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

RUNS = {
    "gates of every kind": make_summary(
        {"iquiz-open:IQ": "cciutrex-.", "iquiz-open:情商": "cc", "other": ".."},
        "accuracy >= 0.6", "each(subset): lower(accuracy) > 0.2", "other: n > 0",
        "other: accuracy > 0", "tokens.total < 9", "latency.p95 <= 1s", "errors <= 90%",
        requests=20, retries=3,
    ),
    "ungated": make_summary({"demo": "ci"}),
    "right in part": make_summary({"exam": "chi"}, "credit >= 0.6"),
    "nothing answered": make_summary({"demo": "ee"}, "accuracy >= 0.6"),
    "interrupted": make_summary({"demo": "c-"}, interrupted=True),
    "no provider": make_summary({"demo": "c"}, run=make_facts(provider=None, answer="json")),
}  # fmt: skip


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", RUNS)
def test_a_written_report_is_valid_and_reads_back(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_report(path, RUNS[name])
    plain = json.loads(path.read_text("utf-8"))
    VALIDATOR.validate(plain)
    assert Summary.from_plain(plain) == RUNS[name]


def _unknown(value: Any, schema: dict[str, Any], where: str = "") -> list[str]:
    """Keys of `value` that the schema has no word for."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, list):
        return [u for v in value for u in _unknown(v, schema.get("items", {}), f"{where}[]")]
    if not isinstance(value, dict) or "properties" not in schema | {"properties": 0}:
        return []
    known, further = schema.get("properties"), schema.get("additionalProperties")
    if known is None and further is None:
        return []  # free by design: `generation`
    found = []
    for key, inner in value.items():
        below = (known or {}).get(key, further)
        found += [f"{where}.{key}"] if below is None else _unknown(inner, below, f"{where}.{key}")
    return found


def test_every_key_is_in_the_schema() -> None:
    """The schema allows further keys, for later versions; this version writes none it hides."""
    assert _unknown(RUNS["gates of every kind"].to_plain(), SCHEMA) == []
    assert _unknown({"extra": 1, "run": {"b": 1}}, SCHEMA) == [".extra", ".run.b"]


@pytest.mark.parametrize(
    ("where", "value"),
    [(["verdict"], "none"), (["exit_code"], 5), (["latency", "p50"], "1"), (["schema_version"], 2),
     (["benchmarks", 0, "outcomes", "error"], -1), (["gates", 0, "passed"], "yes")],
)  # fmt: skip
def test_the_schema_refuses_what_is_no_report(where: list[str | int], value: object) -> None:
    plain: Any = json.loads(json_text(RUNS["gates of every kind"].to_plain()))
    target = plain
    for step in where[:-1]:
        target = target[step]
    target[where[-1]] = value
    assert not VALIDATOR.is_valid(plain)


def test_chinese_stands_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_report(path, RUNS["gates of every kind"])
    text = path.read_bytes().decode("utf-8")
    assert '"情商"' in text
    assert text.startswith('{\n  "schema_version": 1,\n')
    assert text.endswith("}\n")


def test_what_json_has_no_word_for_does_not_spoil_the_report(tmp_path: Path) -> None:
    """A user may send NaN or a lone surrogate in --iqeval-gen."""
    path = tmp_path / "report.json"
    run = make_facts(generation={"x": float("nan"), "y": [float("inf")], "z": "\ud800"})
    write_report(path, make_summary({"demo": "c"}, run=run))
    plain = json.loads(path.read_text("utf-8"), parse_constant=pytest.fail)
    assert plain["run"]["generation"] == {"x": None, "y": [None], "z": "\ufffd"}


def test_a_secret_is_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    run = make_facts(base_url="http://host/?key=sk-canary")
    write_report(path, make_summary({"demo": "c"}, run=run), redact=Redactor(["sk-canary"]))
    assert "canary" not in path.read_text("utf-8")


def test_a_second_writing_replaces_the_first_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    for name in ("ungated", "interrupted"):
        write_report(path, RUNS[name])
    assert json.loads(path.read_text("utf-8"))["verdict"] == "inconclusive"
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_a_writing_that_fails_keeps_the_old_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    write_report(path, RUNS["ungated"])
    before = path.read_bytes()

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FolderError, match="can't be written: No space left on device"):
        write_report(path, RUNS["interrupted"])
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "report.json"
    with pytest.raises(FolderError) as caught:
        write_report(path, RUNS["ungated"])
    assert str(path) in caught.value.problem
    assert caught.value.hint == "choose another folder with --iqeval-output"


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=8,
)


@given(value=JSONISH)
def test_any_value_becomes_json_that_utf_8_can_hold(value: object) -> None:
    text = json_text(value)
    text.encode("utf-8")
    json.loads(text, parse_constant=pytest.fail)
