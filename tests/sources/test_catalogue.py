from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pytest_iqeval.core.errors import DefinitionError, IqevalError, SettingsError, UnknownName
from pytest_iqeval.sources.catalogue import Loaded, known_names, load
from tests.support.questions import SCORERS, jsonl, question, write_jsonl

DEFINITION = "name: tiny\nlanguage: en\ndata: {IQ: IQ.jsonl, EQ: EQ.jsonl}\n"


def load_from(start: Path, spec: str, data_dir: Path | None = None) -> Loaded:
    return load(spec, data_dir=data_dir, start=start, scorers=SCORERS)


def told(start: Path, spec: str, data_dir: Path | None = None) -> str:
    with pytest.raises(IqevalError) as caught:
        load_from(start, spec, data_dir)
    return str(caught.value)


def tiny(folder: Path, *, name: str = "tiny.yaml") -> Path:
    write_jsonl(folder / "IQ.jsonl", [question(1), question(2)])
    write_jsonl(folder / "EQ.jsonl", [question(3)])
    (folder / name).write_text(DEFINITION, encoding="utf-8")
    return folder


def test_a_definition_is_read_with_the_data_beside_it(tmp_path: Path) -> None:
    tiny(tmp_path / "sets")
    loaded = load_from(tmp_path, "sets/tiny.yaml")
    benchmark = loaded.benchmark
    assert loaded.subset is None
    assert (benchmark.name, benchmark.subsets) == ("tiny", ("IQ", "EQ"))
    assert [one.line for one in benchmark.samples] == [1, 2, 1]
    assert Path(benchmark.samples[0].file) == tmp_path / "sets/IQ.jsonl"
    content = (tmp_path / "sets/IQ.jsonl").read_bytes() + (tmp_path / "sets/EQ.jsonl").read_bytes()
    assert benchmark.data_sha256 == hashlib.sha256(content).hexdigest()
    assert benchmark.revision == benchmark.data_sha256[:12]


def test_a_definitions_own_revision_is_kept(tmp_path: Path) -> None:
    tiny(tmp_path)
    (tmp_path / "tiny.yaml").write_text(DEFINITION + "revision: v2\n", encoding="utf-8")
    assert load_from(tmp_path, "tiny.yaml").benchmark.revision == "v2"


def test_a_path_may_be_absolute_and_name_a_subset_or_a_folder(tmp_path: Path) -> None:
    tiny(tmp_path / "a", name="benchmark.yaml")
    elsewhere = Path("/")
    for spec in (f"{tmp_path}/a/benchmark.yaml:EQ", f"{tmp_path}/a:EQ"):
        loaded = load_from(elsewhere, spec)
        assert (loaded.subset, loaded.benchmark.name) == ("EQ", "tiny")


def test_two_subsets_of_one_benchmark_can_be_joined(tmp_path: Path) -> None:
    """Both specs give the same benchmark, whole."""
    tiny(tmp_path)
    first, second = load_from(tmp_path, "tiny.yaml:IQ"), load_from(tmp_path, "tiny.yaml:EQ")
    assert first.benchmark == second.benchmark
    assert (first.subset, second.subset) == ("IQ", "EQ")


def test_what_exists_as_a_path_is_a_path(tmp_path: Path) -> None:
    """A folder called like a benchmark is the benchmark's only with a definition in it."""
    (tmp_path / "iquiz").mkdir()
    assert "its data does not come with" in told(tmp_path, "iquiz")
    tiny(tmp_path / "iquiz", name="benchmark.yaml")
    assert load_from(tmp_path, "iquiz").benchmark.name == "tiny"


def test_a_folder_without_a_definition_is_said_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    said = "mine: is a folder without a benchmark.yaml\n  hint: "
    assert told(tmp_path, "mine") == said + "name a definition or a data file"
    tiny(tmp_path / "mine")
    assert told(tmp_path, "mine") == said + (
        "name a file in it: mine/EQ.jsonl, mine/IQ.jsonl, mine/tiny.yaml"
    )


def test_a_bare_file_is_a_benchmark(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "My questions.jsonl", [question(1)])
    (tmp_path / "q.CSV").write_text("\ufeffQuery,A,B,Label\r\n?,x,y,b\r\n", encoding="utf-8")
    jsonl_set = load_from(tmp_path, "My questions.jsonl").benchmark
    assert jsonl_set.samples[0].node_id.startswith("iqeval/My-questions::default::")
    csv_set = load_from(tmp_path, "q.CSV:default").benchmark
    assert (csv_set.name, csv_set.samples[0].target) == ("q", "B")
    assert csv_set.definition.description.startswith("Guessed from the file's columns")


def test_a_named_benchmark_reads_the_local_copy(tmp_path: Path) -> None:
    """A relative --iqeval-data-dir starts from where pytest was started."""
    for subset in ("IQ", "EQ"):
        write_jsonl(tmp_path / f"data/iquiz/{subset}.jsonl", [question(1)])
    assert load_from(tmp_path, "iquiz", Path("data")).benchmark.name == "iquiz"
    assert load_from(tmp_path, "iquiz:EQ", tmp_path / "data").subset == "EQ"


def test_iquiz_without_data_says_what_to_do(tmp_path: Path) -> None:
    text = told(tmp_path, "iquiz")
    assert text.startswith("iquiz: its data does not come with pytest-iqeval; licence: unclear")
    assert (
        "put IQ.jsonl, EQ.jsonl (from https://modelscope.cn/datasets/AI-ModelScope/IQuiz)" in text
    )
    assert "into DIR/iquiz/ and add --iqeval-data-dir=DIR" in text


def test_a_data_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_from(tmp_path, "iquiz", tmp_path / "no")
    assert "there is no such folder" in str(caught.value)


def test_unknown_names_are_answered_with_the_nearest(tmp_path: Path) -> None:
    tiny(tmp_path)
    assert {"iquiz", "iquiz-open", "iquiz-open-en"} <= set(known_names())
    with pytest.raises(UnknownName) as caught:
        load_from(tmp_path, "iquiz-opne")
    assert str(caught.value).startswith(
        "unknown benchmark 'iquiz-opne'\n  hint: did you mean iquiz-open"
    )
    with pytest.raises(UnknownName) as caught:
        load_from(tmp_path, "tiny.yaml:iq")
    assert str(caught.value).startswith(
        "benchmark tiny: unknown subset 'iq'\n  hint: did you mean IQ"
    )
    assert "unknown subset ''" in told(tmp_path, "tiny.yaml:")


@pytest.mark.parametrize(
    "spec", ["sets/tiyn.yaml", "sets/tiyn.yaml:IQ", r"C:\sets\tiny.yaml", "no.csv", "no.csv:x"]
)
def test_a_path_that_does_not_exist_is_no_name(tmp_path: Path, spec: str) -> None:
    """A Windows drive is not taken for NAME:SUBSET."""
    tiny(tmp_path / "sets")
    text = told(tmp_path, spec)
    assert text.startswith(f"{spec}: there is no such file; looked in {tmp_path}")
    assert ("did you mean sets/tiny.yaml?" in text) == ("tiyn" in spec)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "q.txt").touch()
    assert told(tmp_path, "q.txt") == (
        "q.txt: is neither a definition nor data\n"
        "  hint: a definition ends in .yaml or .yml, data in .jsonl, .csv, .tsv, .json or .parquet"
    )


def test_a_spec_that_no_file_system_takes_is_unknown(tmp_path: Path) -> None:
    for spec in ("x" * 5000, "a\0b"):
        assert told(tmp_path, spec).startswith("unknown benchmark")


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    """Broken lines and bad rows, in the order of the lines, 20 of them."""
    tiny(tmp_path)
    (tmp_path / "IQ.jsonl").write_text(
        jsonl([question(1, answer="Z")]) + "{broken\n" + jsonl([question(2, question="")]),
        encoding="utf-8",
    )
    write_jsonl(tmp_path / "EQ.jsonl", [question(n, answer="") for n in range(30)])
    with pytest.raises(DefinitionError) as caught:
        load_from(tmp_path, "tiny.yaml")
    assert len(caught.value.problems) == 33
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in lines[:4]] == [
        "IQ.jsonl:1",
        "IQ.jsonl:2",
        "IQ.jsonl:3",
        "EQ.jsonl:1",
    ]
    assert lines[20:] == ["… and 13 more faults"]


def test_a_bare_file_tells_broken_lines_and_missing_columns_together(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"text": 1}\n{\n', encoding="utf-8")
    lines = told(tmp_path, "q.jsonl").splitlines()
    assert lines[0].startswith("q.jsonl:2: broken JSON")
    assert lines[1].startswith("q.jsonl: question: no column looks like it")
    (tmp_path / "e.jsonl").touch()
    assert told(tmp_path, "e.jsonl") == "e.jsonl: is empty; it should hold one question a line"


def test_a_file_outside_the_start_is_told_with_its_whole_path(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "q.jsonl", [question(answer="Z")])
    start = tmp_path / "start"
    start.mkdir()
    assert told(start, str(tmp_path / "q.jsonl")).startswith(f"{tmp_path / 'q.jsonl'}:1: answer:")
