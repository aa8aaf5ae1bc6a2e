"""Which files of a folder are EvalScope's, and what they are of."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.sources.evalscope.config import read_config
from pytest_iqeval.sources.evalscope.folder import find_outputs
from tests.support.evalscope import Asked, write_outputs

ONE = [Asked()]


def named(folder: Path) -> list[tuple[str, str]]:
    """Benchmark and subset of each file."""
    (outputs,) = find_outputs(folder)
    return [(one.benchmark, one.subset) for one in outputs.subsets]


@pytest.mark.parametrize("model", ["m", None])
def test_files_are_found_with_and_without_a_folder_of_the_model(
    model: str | None, tmp_path: Path
) -> None:
    """EvalScope writes one; who hands a run on may not."""
    write_outputs(tmp_path, {"iquiz_IQ": ONE}, model=model, reports={"iquiz": 1.0})
    (outputs,) = find_outputs(tmp_path)
    (subset,) = outputs.subsets
    assert outputs.model == "m"
    assert (subset.benchmark, subset.subset) == ("iquiz", "IQ")
    assert subset.predictions is not None
    assert subset.reviews is not None


@pytest.mark.parametrize(
    ("stem", "benchmark", "subset"),
    [
        ("math_500_Level 1", "math_500", "Level 1"),
        ("arc_ARC-Easy", "arc", "ARC-Easy"),
        ("general_mcq_my_own", "general_mcq", "my_own"),
        ("ceval_college_programming", "ceval", "college_programming"),
        ("some_set_default", "some_set", "default"),
        ("ifeval_x", "ifeval", "x"),
    ],
)
def test_a_files_name_is_benchmark_and_subset(
    stem: str, benchmark: str, subset: str, tmp_path: Path
) -> None:
    """Either may have a `_` in it, so known names decide."""
    write_outputs(tmp_path, {stem: ONE})
    assert named(tmp_path) == [(benchmark, subset)]


def test_a_report_or_the_configuration_tells_unknown_names(tmp_path: Path) -> None:
    """As far as they name the benchmark, and its subsets."""
    write_outputs(tmp_path / "a", {"my_set_of_one": ONE}, config="datasets: [my_set]\n")
    assert named(tmp_path / "a") == [("my_set", "of_one")]
    write_outputs(tmp_path / "b", {"my_set_of_one": ONE}, reports={"my_set_of": 1.0})
    assert named(tmp_path / "b") == [("my_set_of", "one")]


def test_each_model_of_a_folder_is_one(tmp_path: Path) -> None:
    """A work folder without times may hold several."""
    for model in ("a", "b"):
        write_outputs(tmp_path, {"iquiz_IQ": ONE}, model=model)
    assert [outputs.model for outputs in find_outputs(tmp_path)] == ["a", "b"]


def test_the_only_run_in_a_work_folder_is_taken(tmp_path: Path) -> None:
    """Of several one must be named."""
    write_outputs(tmp_path / "20260801_140312", {"iquiz_IQ": ONE})
    (outputs,) = find_outputs(tmp_path)
    assert outputs.folder.name == "20260801_140312"
    write_outputs(tmp_path / "20260802_140312", {"iquiz_IQ": ONE})
    with pytest.raises(FolderError) as caught:
        find_outputs(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: holds 2 runs of EvalScope\n"
        f"  hint: import one at a time: {tmp_path / '20260801_140312'}, "
        f"{tmp_path / '20260802_140312'}"
    )


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (None, "there is no such folder"),
        ((), "is empty"),
        (("notes.txt",), "has neither predictions/ nor reviews/ in it"),
        (("reviews/m/notes.txt",), "its predictions/ and reviews/ hold no .jsonl file"),
    ],
)
def test_another_folder_is_refused(
    inside: tuple[str, ...] | None, said: str, tmp_path: Path
) -> None:
    """With what was looked for."""
    folder = tmp_path / "x"
    if inside is not None:
        folder.mkdir()
    for name in inside or ():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", "utf-8")
    with pytest.raises(FolderError) as caught:
        find_outputs(folder)
    assert caught.value.problem == f"{folder}: {said}"
    assert caught.value.hint is not None
    assert "predictions/ or reviews/" in caught.value.hint


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """Somebody may name a report."""
    (tmp_path / "iquiz.json").write_text("{}", "utf-8")
    with pytest.raises(FolderError, match="is no folder"):
        find_outputs(tmp_path / "iquiz.json")


def test_a_damaged_report_is_told(tmp_path: Path) -> None:
    """The rows are there without it."""
    write_outputs(tmp_path, {"iquiz_IQ": ONE}, reports={"iquiz": 1.0})
    (tmp_path / "reports" / "m" / "arc.json").write_text("{", "utf-8")
    (tmp_path / "reports.jsonl").write_text('\n{"x": 1}\n', "utf-8")
    (outputs,) = find_outputs(tmp_path)
    first, second = outputs.notes
    assert first == "reports.jsonl:2: is no report: it names no benchmark"
    assert second.startswith(f"{Path('reports/m/arc.json')}: is no report: Expecting")
    assert [report.benchmark for report in outputs.reports] == ["iquiz"]


CONFIG = """\
model: gpt
model_id: gpt-x
api_url: http://user:secret@host/v1
api_key: sk-1234567890
datasets: [iquiz, math_500]
generation_config: {temperature: 0.5, max_tokens: 512, timeout: 60, batch_size: 2, top_p: null}
repeats: 2
limit: 10
evalscope_version: 1.14.1
"""


def test_the_configuration_says_how_was_asked(tmp_path: Path) -> None:
    """Of the generation only what a request's body has."""
    write_outputs(tmp_path, {"iquiz_IQ": ONE}, config=CONFIG)
    config, notes = read_config(tmp_path)
    assert notes == []
    assert (config.model, config.url) == ("gpt-x", "http://user:secret@host/v1")
    assert config.generation == {"temperature": 0.5, "max_tokens": 512}
    assert (config.limit, config.version) == (10, "1.14.1")
    assert config.secret == "sk-1234567890"


def test_a_key_that_is_hidden_is_none(tmp_path: Path) -> None:
    """Newer versions write stars."""
    write_outputs(tmp_path, {"iquiz_IQ": ONE}, config="api_key: '**********'\n")
    assert read_config(tmp_path)[0].secret is None


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("max_new_tokens: 5, stop_seqs: [x], n: 1", {"max_tokens": 5, "stop": ["x"]}),
        ("seed: 1, extra_body: {enable_thinking: false}", {"seed": 1, "enable_thinking": False}),
        ("temperature: !!binary aGk=, max_tokens: .inf, top_p: .nan, top_k: 3", {"top_k": 3}),
        ('stop: "\\uD800", extra_body: {"\\0": 1, a: [.inf]}', {}),
    ],
)
def test_fields_of_a_request_are_named_as_in_a_run_of_ours(
    said: str, fields: dict[str, object], tmp_path: Path
) -> None:
    """So that a run of the same configuration is alike; what no request could hold is none."""
    config = f"repeats: .inf\nlimit: .nan\ngeneration_config: {{{said}}}\n"
    write_outputs(tmp_path, {"iquiz_IQ": ONE}, config=config)
    found, notes = read_config(tmp_path)
    assert (found.generation, found.limit, notes) == (fields, None, [])


@pytest.mark.parametrize("text", ["a: [", "!!python/object:x.Y {}", "- 1\n- 2\n"])
def test_a_configuration_that_cant_be_read_is_told(text: str, tmp_path: Path) -> None:
    """The rows are there without it; one that is a list says nothing."""
    write_outputs(tmp_path, {"iquiz_IQ": ONE}, config=text)
    config, notes = read_config(tmp_path)
    assert config.model is None
    assert len(notes) == (0 if text.startswith("-") else 1)
