"""Files that were found become a benchmark: subsets, examples, categories, and every fault."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from pytest_iqeval.core.definition import Benchmark, Definition
from pytest_iqeval.core.errors import AbsentData, DefinitionError
from pytest_iqeval.sources.local import find_data
from pytest_iqeval.sources.reading import read_found
from tests.sources.test_formats import parquet
from tests.sources.test_tree import folder, zipped
from tests.support.questions import definition, jsonl, question
from tests.support.shared import shared_data

LETTERS = ["A", "B", "C", "D"]
HUB = {"test": "set_test.csv", "dev": "set_dev.csv", "subset": "subject"}
NATIVE = {
    "test": "test/{subset}_test.csv",
    "dev": "dev/{subset}_dev.csv",
    "columns": ["question", *LETTERS, "answer"],
}
ROWS = {
    "test/law_test.csv": "Is it law?,yes,no,,,A\nAnd this?,yes,no,maybe,,B\n",
    "test/art_test.csv": "Is it art?,yes,no,,,A\n",
    "dev/law_dev.csv": "Was it law?,yes,no,,,A\n",
}


def read(made: Definition, path: Path) -> Benchmark:
    return read_found(made, find_data(made, path), start=path)[0]


def faults(made: Definition, path: Path) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        read(made, path)
    return caught.value.problems


def texts(path: Path, files: dict[str, str]) -> Path:
    return folder(path, {name: text.encode() for name, text in files.items()})


def several(**changes: object) -> Definition:
    usual: dict[str, object] = {"data": [HUB, NATIVE], "fields": {"choices": LETTERS}}
    return definition(**(usual | changes))


def hub_rows(files: dict[str, str]) -> str:
    """The rows of native files in one, with a column for the subset."""
    lines = [
        f"{name.split('/')[1].split('_')[0]},{line}"
        for name, text in files.items()
        for line in text.splitlines()
    ]
    return "\n".join(["subject,question,A,B,C,D,answer", *lines, ""])


def test_the_same_rows_are_the_same_questions_in_every_layout_and_format(tmp_path: Path) -> None:
    """Ids, targets, subsets, examples and metadata; only files and lines differ."""
    made = several(
        data=[
            HUB,
            NATIVE,
            {
                "test": "all/test-*.parquet",
                "subset": "subject",
                "fields": {"choices": "choices"},
                "answer_kind": "index",
            },
        ]
    )
    tests = {name: text for name, text in ROWS.items() if name.startswith("test")}
    native = texts(tmp_path / "native", ROWS)
    hub = texts(
        tmp_path / "hub",
        {
            "set_test.csv": hub_rows(tests),
            "set_dev.csv": hub_rows({"dev/law_dev.csv": ROWS["dev/law_dev.csv"]}),
        },
    )
    packed = folder(
        tmp_path / "packed",
        {f"{p.name}.gz": gzip.compress(p.read_bytes()) for p in hub.iterdir()},
    )
    archived = tmp_path / "archived"
    archived.mkdir()
    zipped(archived / "data.zip", {f"data/{name}": text.encode() for name, text in ROWS.items()})
    whole = read(made, native)
    assert [one.node_id for one in whole.samples if one.subset == "art"] == [
        f"iqeval/tiny::art::{whole.samples[0].id}"
    ]
    for path in (hub, packed, archived):
        other = read(made, path)
        assert by_id(other) == by_id(whole)
        assert other.dev == whole.dev
    assert [one.input for one in whole.dev["law"]] == ["Was it law?"]
    assert "art" not in whole.dev
    pytest.importorskip("pyarrow")
    rows: list[dict[str, object]] = [
        {
            "subject": one.subset,
            "question": one.input,
            "choices": list(one.choices),
            "answer": "ABCD".index(one.target),
        }
        for one in whole.samples
    ]
    shards = {f"all/test-{n}.parquet": parquet([row]) for n, row in enumerate(rows)}
    assert by_id(read(made, folder(tmp_path / "parquet", shards))) == by_id(whole)


def by_id(benchmark: Benchmark) -> dict[str, object]:
    return {one.node_id: one for one in benchmark.samples}


def test_the_data_is_named_by_its_bytes_however_it_is_packed(tmp_path: Path) -> None:
    content = hub_rows(ROWS).encode()
    made = several()
    plain = read(made, folder(tmp_path / "a", {"set_test.csv": content, "set_dev.csv": content}))
    packed = read(made, folder(tmp_path / "b", {"set_test.csv.gz": gzip.compress(content)}))
    assert plain.data_sha256 == packed.data_sha256 == hashlib.sha256(content).hexdigest()
    assert (len(plain.dev), packed.dev) == (2, {})


def test_subsets_stand_in_the_order_of_the_definition_and_others_are_refused(
    tmp_path: Path,
) -> None:
    texts(tmp_path, ROWS)
    assert read(several(), tmp_path).subsets == ("art", "law")
    known = several(subsets={"law": "humanities", "art": {"category": "arts", "rank": 1}})
    benchmark = read(known, tmp_path)
    assert benchmark.subsets == ("law", "art")
    assert benchmark.samples[0].metadata == {"category": "humanities"}
    assert benchmark.samples[-1].metadata == {"category": "arts", "rank": 1}
    assert benchmark.dev["law"][0].metadata == {"category": "humanities"}
    told = "test/art_test.csv: 'art' is no subset; there is: law, music"
    assert faults(several(subsets=["law", "music"]), tmp_path) == [told]


def test_a_category_of_the_row_itself_comes_first(tmp_path: Path) -> None:
    rows = [question(1, category="own"), question(2, category=""), question(3)]
    texts(tmp_path, {"IQ.jsonl": jsonl(rows)})
    benchmark = read(definition(subsets={"IQ": "of all"}), tmp_path)
    assert [one.metadata["category"] for one in benchmark.samples] == ["own", "of all", "of all"]


def test_a_subset_that_no_one_knows_is_told_once_with_the_nearest(tmp_path: Path) -> None:
    rows = [question(n, subject="lwa") for n in range(3)] + [question(4, subject="law")]
    texts(tmp_path, {"a.jsonl": jsonl(rows)})
    data = [{"test": "a.jsonl", "subset": "subject"}]
    told = "a.jsonl:1: subject: 'lwa' is no subset; did you mean law?"
    assert faults(definition(data=data, subsets=["law", "art"]), tmp_path) == [told]
    assert read(definition(data=data), tmp_path).subsets == ("lwa", "law")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "a.jsonl:2: subject: is missing; it says the subset of the question, as text"),
        (["x"], "a.jsonl:2: subject: is a list; it says the subset of the question, as text"),
        ("gate", "a.jsonl:2: subject: gate is kept for gates; choose another name"),
        ("..", "a.jsonl:2: subject: '..' can't be a name; use letters, digits"),
    ],
)
def test_a_row_must_say_its_subset(tmp_path: Path, value: object, told: str) -> None:
    rows = [question(1, subject="law"), question(2, subject=value)]
    texts(tmp_path, {"a.jsonl": jsonl(rows)})
    (fault,) = faults(definition(data=[{"test": "a.jsonl", "subset": "subject"}]), tmp_path)
    assert fault.startswith(told)


def test_a_file_whose_rows_never_say_it_is_one_fault(tmp_path: Path) -> None:
    texts(tmp_path, {"a.jsonl": jsonl([question(n, subjekt="law") for n in range(9)])})
    assert faults(definition(data=[{"test": "a.jsonl", "subset": "subject"}]), tmp_path) == [
        "a.jsonl: subset: no row has the column subject; say which it is in the layout (did you "
        "mean subjekt?)"
    ]


def test_a_template_names_subsets(tmp_path: Path) -> None:
    """Any character of a name that node ids can't have becomes a hyphen."""
    rows = [question(1, level=5, type="Counting & Probability"), question(2, level=2, type="A")]
    texts(tmp_path, {"a.jsonl": jsonl(rows)})
    for subset, names in (
        ("Level {level}", ("Level-5", "Level-2")),
        ("type", ("Counting---Probability", "A")),
        ("level", ("5", "2")),
    ):
        made = definition(data=[{"test": "a.jsonl", "subset": subset}])
        benchmark = read(made, tmp_path)
        assert benchmark.subsets == names
    assert benchmark.samples[0].metadata["type"] == "Counting & Probability"


def test_ids_are_unique_across_the_files_of_a_subset(tmp_path: Path) -> None:
    """Equal rows count on from file to file; different ones under one id are refused."""
    texts(
        tmp_path,
        {"1.jsonl": jsonl([question(1), question(2, id="x")]), "2.jsonl": jsonl([question(1)])},
    )
    made = definition(data={"IQ": "*.jsonl"})
    first, own, second = (one.id for one in read(made, tmp_path).samples)
    assert (own, second) == ("x", f"{first}-2")
    texts(tmp_path, {"10.jsonl": jsonl([question(3), question(4, id="x")])})
    assert faults(made, tmp_path) == [
        "10.jsonl:2: id: 'x' is also that of 1.jsonl:2, a different question; give each its own id"
    ]


def test_ids_do_not_depend_on_the_order_or_on_other_rows(tmp_path: Path) -> None:
    rows = [question(n, subject="law" if n % 2 else "art") for n in range(10)]
    made = definition(data=[{"test": "a.jsonl", "subset": "subject"}])
    texts(tmp_path, {"a.jsonl": jsonl(rows)})
    before = {one.input: one.node_id for one in read(made, tmp_path).samples}
    more = [question(99, subject="law"), *reversed(rows)]
    texts(tmp_path, {"a.jsonl": jsonl(more)})
    after = {one.input: one.node_id for one in read(made, tmp_path).samples}
    assert before.items() < after.items()


def test_a_file_that_holds_one_object_each(tmp_path: Path) -> None:
    """Hendrycks' MATH: a folder for each subject, a file for each problem, sorted as numbers."""
    made = definition(
        scorer="exact",
        data=[{"test": "test/{subset}/*.json"}],
        fields={"question": "problem", "answer": "solution"},
    )
    texts(
        tmp_path,
        {
            f"test/{subject}/{n}.json": f'{{"problem": "{subject} {n}",\n"solution": "{n}"}}'
            for subject in ("algebra", "geometry")
            for n in (10, 9)
        },
    )
    benchmark = read(made, tmp_path)
    assert [(one.subset, one.input) for one in benchmark.samples] == [
        ("algebra", "algebra 9"),
        ("algebra", "algebra 10"),
        ("geometry", "geometry 9"),
        ("geometry", "geometry 10"),
    ]


def test_examples_without_a_subset_are_every_subsets(tmp_path: Path) -> None:
    made = definition(data=[{"test": {"a": "a.jsonl", "b": "b.jsonl"}, "dev": "dev.jsonl"}])
    texts(tmp_path, {f"{n}.jsonl": jsonl([question(1)]) for n in "ab"})
    texts(tmp_path, {"dev.jsonl": jsonl([question(5), question(6)])})
    dev = read(made, tmp_path).dev
    assert {name: [one.input for one in shown] for name, shown in dev.items()} == {
        "a": ["What is 5 + 5?", "What is 6 + 6?"],
        "b": ["What is 5 + 5?", "What is 6 + 6?"],
    }


def test_all_faults_of_all_files_are_told_in_one_go(tmp_path: Path) -> None:
    """Those of examples too; the first twenty, and how many more there are."""
    texts(tmp_path, {f"test/s{n}_test.csv": "q,yes,no,,,E\nr\n" for n in range(12)})
    texts(tmp_path, {"dev/s1_dev.csv": "q,yes,no,,,Z\n"})
    told = faults(several(), tmp_path)
    assert (len(told), told[0].split(": ")[0], told[-1].split(": ")[0]) == (
        25,
        "test/s0_test.csv:1",
        "dev/s1_dev.csv:1",
    )
    assert str(DefinitionError(told)).splitlines()[-1] == "… and 5 more faults"


def test_a_file_beside_the_users_folder_is_named_as_it_was_given(tmp_path: Path) -> None:
    """``..`` stays ``..``."""
    start = tmp_path / "here"
    start.mkdir()
    texts(tmp_path / "data", {"set.jsonl": "{}"})
    made = definition(data="set.jsonl")
    found = find_data(made, start / ".." / "data")
    with pytest.raises(DefinitionError) as caught:
        read_found(made, found, start=start)
    assert all(one.startswith("../data/set.jsonl:1: ") for one in caught.value.problems)


def test_faults_in_an_archive_name_archive_and_member(tmp_path: Path) -> None:
    zipped(tmp_path / "x.zip", {"test/law_test.csv": b"q,yes,no,,,Z\n"})
    (told,) = faults(several(), tmp_path)
    assert told.startswith("x.zip/test/law_test.csv:1: answer: 'Z' is not among the options")


def test_a_broken_archive_is_told_where_nothing_else_is_there(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no")
    with pytest.raises(AbsentData) as caught:
        read(several(), tmp_path)
    assert caught.value.problems[0].startswith(f"{tmp_path / 'x.zip'}: broken zip: ")
    assert "looked for set_test.csv; test/{subset}_test.csv" in caught.value.problems[1]


MMLU = {
    "data": [
        {"test": "mmlu_test.csv", "dev": "mmlu_dev.csv", "subset": "subject"},
        {
            "test": "test/{subset}_test.csv",
            "dev": "dev/{subset}_dev.csv",
            "columns": ["question", *LETTERS, "answer"],
        },
    ],
    "fields": {"choices": LETTERS},
    "repeated_options": True,
}
CMMLU = {
    "data": [
        {"test": "cmmlu_test.csv", "dev": "cmmlu_dev.csv", "subset": "subject"},
        {"test": "test/{subset}.csv", "dev": "dev/{subset}.csv"},
    ],
    "fields": {"question": "Question", "choices": LETTERS, "answer": "Answer"},
    "repeated_options": True,
}
CEVAL = {
    "data": [
        {"test": "ceval_val.csv", "dev": "ceval_dev.csv", "subset": "subject"},
        {"test": "val/{subset}_val.csv", "dev": "dev/{subset}_dev.csv"},
    ],
    "fields": {"choices": LETTERS},
    "repeated_options": True,
}


@pytest.mark.parametrize(
    ("name", "raw", "count", "subsets", "some"),
    [
        ("mmlu", MMLU, 11195, 57, 279),
        ("cmmlu", CMMLU, 9253, 67, 395),
        ("ceval", CEVAL, 1089, 52, 73),
    ],
)
def test_real_sets_have_the_same_ids_in_the_hubs_layout_and_in_their_own(
    name: str, raw: dict[str, object], count: int, subsets: int, some: int
) -> None:
    """The folder holds both: the one at its top is read, never both."""
    made = definition(**raw)
    hub, native = read(made, shared_data(name)), read(made, shared_data(f"{name}/native"))
    assert (len(hub.samples), len(hub.subsets)) == (count, subsets)
    assert (len(native.samples), len(native.subsets)) == (some, 3)
    assert by_id(native).items() <= by_id(hub).items()
    assert all(hub.dev[subset] == native.dev[subset] for subset in native.subsets)
    assert {len(shown) for shown in hub.dev.values()} == {5}
