"""Suite files: YAML and JSON, their lines, paths beside them, and which kind a file is."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from pytest_iqeval.core.errors import AbsentData, DefinitionError
from pytest_iqeval.core.suite import Suite
from pytest_iqeval.sources.suites import read_suite


def read(folder: Path, text: str | bytes, name: str = "ci/s.yaml") -> Suite:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_suite(path, shown=name, start=folder, known=["mmlu"])


def test_gates_have_their_lines_and_the_file_its_hash(tmp_path: Path) -> None:
    text = "benchmarks: [mmlu]\ngates:\n  - n >= 1\n\n  # why\n  - 'mmlu: accuracy >= 0.5'\n"
    suite = read(tmp_path, text)
    assert suite.gate_origins == ("ci/s.yaml:3", "ci/s.yaml:6")
    assert suite.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_a_suite_may_be_json_without_lines(tmp_path: Path) -> None:
    raw = {"benchmarks": ["mmlu"], "gates": ["n >= 1"]}
    suite = read(tmp_path, json.dumps(raw), "s.json")
    assert suite.gate_origins == ("s.json",)
    assert suite.options["gate"] == ("n >= 1",)


def test_paths_are_from_the_suite_s_folder(tmp_path: Path) -> None:
    """As short as they can be said from where pytest is started; an absolute one stays."""
    text = f"""\
benchmarks:
  - sets/a.jsonl
  - path: ../b.yaml
  - path: {tmp_path}/c.csv
  - path: ../../elsewhere/d.yaml
  - mmlu
data_dir: ../data
"""
    suite = read(tmp_path, text)
    above = str(tmp_path.parent / "elsewhere" / "d.yaml")
    assert suite.options["dataset"] == ("ci/sets/a.jsonl", "b.yaml", "c.csv", above, "mmlu")
    assert suite.options["data-dir"] == "data"


def test_a_path_is_no_name(tmp_path: Path) -> None:
    """A folder beside pytest's start that is called as a benchmark is the folder."""
    suite = read(tmp_path, "benchmarks: [{path: ../mmlu}, mmlu]\n")
    assert suite.options["dataset"] == ("./mmlu", "mmlu")


def test_all_gates_that_cannot_be_read_are_told_with_their_lines(tmp_path: Path) -> None:
    text = "benchmarks: [mmlu]\ngates:\n  - accuracy >= 5\n  - n >= 1\n  - accuracy\n"
    with pytest.raises(DefinitionError) as caught:
        read(tmp_path, text)
    first, second = caught.value.problems
    assert first.startswith("ci/s.yaml:3: gate: accuracy is a share")
    assert second.startswith("ci/s.yaml:5: gate: ")


def test_gates_and_fields_that_are_wrong_are_told_together(tmp_path: Path) -> None:
    text = "benchmarks: [mmlu, {}, {}]\nmodle: m\ngates:\n  - 5\n  - n > = 1\n  - n >= 1\n"
    with pytest.raises(DefinitionError) as caught:
        read(tmp_path, text)
    assert [one.partition(": ")[2].partition(":")[0] for one in caught.value.problems] == [
        *("modle", "benchmarks[2]", "benchmarks[3]", "gates[1]", "gate")
    ]
    assert caught.value.problems[-1].startswith("ci/s.yaml:5: gate: ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("model: m\n", "is neither a suite nor an EvalScope task configuration"),
        ("", "holds nothing, not a mapping"),
        ("benchmarks: [a]\ndatasets: [a]\n", "has `benchmarks` and keys of an EvalScope task"),
        ("a: [\n", "ci/s.yaml:2: broken YAML"),
        ("a: 1\na: 2\n", "the key 'a' stands twice"),
        (b"\xff\xfe\x00", "UTF-16"),
        ("benchmarks: !!python/object:os.system {}\n", "broken YAML"),
    ],
)
def test_a_file_that_is_none_is_told_what_it_lacks(
    tmp_path: Path, text: str | bytes, told: str
) -> None:
    with pytest.raises(DefinitionError, match=r".") as caught:
        read(tmp_path, text)
    assert told in str(caught.value)


def test_broken_json_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"s.json:2: broken JSON"):
        read(tmp_path, '{"model": "m",\n x}', "s.json")
    with pytest.raises(DefinitionError, match="broken JSON: the key 'model' stands twice"):
        read(tmp_path, '{"benchmarks": ["a"], "model": "m", "model": "n"}', "s.json")
    with pytest.raises(DefinitionError, match="broken JSON: RecursionError"):
        read(tmp_path, "[" * 100_000, "s.json")


def test_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    read(tmp_path, "benchmarks: [mmlu]\n")
    with pytest.raises(DefinitionError, match="can't be read: Is a directory"):
        read_suite(tmp_path / "ci", shown="ci", start=tmp_path, known=[])
    with pytest.raises(AbsentData, match=r"there is no such file\n  hint: did you mean ci/s.yaml"):
        read_suite(tmp_path / "ci/t.yaml", shown="ci/t.yaml", start=tmp_path, known=[])
