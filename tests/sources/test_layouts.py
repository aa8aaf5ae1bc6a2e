"""Which files of a folder are a benchmark's."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.definition import EACH, Definition
from pytest_iqeval.sources.layouts import Found, files_read, matching, search
from pytest_iqeval.sources.tree import Folder, Listing
from tests.sources.test_tree import folder, zipped
from tests.support.questions import definition

HUB = {"test": "set_test.csv", "dev": "set_dev.csv", "subset": "subject"}
NATIVE = {"test": "test/{subset}_test.csv", "dev": "dev/{subset}_dev.csv"}
SEVERAL = definition(data=[HUB, NATIVE], subsets=["law", "art", "chemistry"])


def put(path: Path, *names: str) -> Path:
    return folder(path, dict.fromkeys(names, b""))


def found(made: Definition, path: Path, *, below: bool = True) -> Found | None:
    return search(made, path, below=below).found


def what(one: Found | None) -> tuple[str, list[tuple[str, str | None]], list[str]]:
    assert one is not None
    return one.where, [file[:2] for file in one.test], [file.path for file in one.dev]


def test_the_first_layout_that_fits_at_the_top_is_read(tmp_path: Path) -> None:
    """Never two: the other layout's files are there as well."""
    put(tmp_path, "set_test.csv", "set_dev.csv", "test/law_test.csv", "dev/law_dev.csv")
    assert what(found(SEVERAL, tmp_path)) == ("", [("set_test.csv", None)], ["set_dev.csv"])
    (tmp_path / "set_test.csv").unlink()
    assert what(found(SEVERAL, tmp_path)) == (
        "",
        [("test/law_test.csv", "law")],
        ["dev/law_dev.csv"],
    )


def read(made: Definition, path: Path) -> str:
    one = found(made, path)
    assert one is not None
    return files_read(one)


def test_a_file_that_is_read_is_named_as_it_stands_there(tmp_path: Path) -> None:
    """Not by another name that it could have had."""
    several = definition(data=[{"test": ["set.csv", "set_test.csv", "part-*.csv"]}, NATIVE])
    folder(tmp_path / "a", {"set_test.csv.gz": gzip.compress(b"")})
    assert read(several, tmp_path / "a") == "set_test.csv.gz"
    put(tmp_path / "b", "native/part-0.csv")
    assert read(several, tmp_path / "b") == "part-0.csv"


def test_the_same_file_in_another_format_is_read_where_none_has_its_name(tmp_path: Path) -> None:
    """In a folder of the benchmark's own: beside a lone definition it may be of another set."""
    put(tmp_path, "set_test.tsv", "set_dev.json", "set_other.tsv")
    one = found(SEVERAL, tmp_path)
    assert what(one) == ("", [("set_test.tsv", None)], ["set_dev.json"])
    assert read(SEVERAL, tmp_path) == "set_test.tsv"
    assert found(SEVERAL, tmp_path, below=False) is None
    put(tmp_path, "native/test/law_test.csv")
    assert what(found(SEVERAL, tmp_path))[0] == "native"


def test_files_that_one_name_means_are_named_by_it(tmp_path: Path) -> None:
    put(tmp_path / "a", "test/law_test.csv", "test/art_test.csv")
    assert read(SEVERAL, tmp_path / "a") == "test/{subset}_test.csv"
    packed = gzip.compress(b"")
    folder(tmp_path / "b", {"test/law_test.csv.gz": packed, "test/art_test.csv.gz": packed})
    assert read(SEVERAL, tmp_path / "b") == "test/{subset}_test.csv.gz"


def test_what_fits_at_the_top_comes_before_what_lies_below(tmp_path: Path) -> None:
    """Whatever the order of the layouts."""
    put(tmp_path, "native/set_test.csv", "test/art_test.csv")
    zipped(tmp_path / "all.zip", {"set_test.csv": b""})
    assert what(found(SEVERAL, tmp_path)) == ("", [("test/art_test.csv", "art")], [])


def test_one_folder_below_comes_before_archives(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {"set_test.csv": b""})
    assert what(found(SEVERAL, tmp_path)) == ("a.zip", [("set_test.csv", None)], [])
    put(tmp_path, "native/test/law_test.csv", "other/set_test.csv")
    assert what(found(SEVERAL, tmp_path)) == ("native", [("native/test/law_test.csv", "law")], [])


def test_folders_that_lie_alone_in_an_archive_are_looked_into(tmp_path: Path) -> None:
    """A packed folder holds the folder itself, and that may hold what was unpacked into it."""
    lone = ["school\\", "school\\data\\test\\law_test.csv", "__MACOSX/school/._data"]
    zipped(tmp_path / "a.zip", dict.fromkeys(lone, b""))
    assert what(found(SEVERAL, tmp_path)) == (
        "a.zip/school/data",
        [("school/data/test/law_test.csv", "law")],
        [],
    )
    zipped(tmp_path / "a.zip", {"x/readme.txt": b"", "x/data/test/law_test.csv": b""})
    assert what(found(SEVERAL, tmp_path))[0] == "a.zip/x/data"
    zipped(tmp_path / "a.zip", {"readme.txt": b"", "x/data/test/law_test.csv": b""})
    assert found(SEVERAL, tmp_path) is None


def test_a_folder_that_is_not_the_benchmarks_own_is_not_searched_below(tmp_path: Path) -> None:
    put(tmp_path, "other/set_test.csv")
    assert found(SEVERAL, tmp_path, below=False) is None


def test_an_archive_may_hold_one_folder_with_it_all(tmp_path: Path) -> None:
    files = {"MATH/test/law_test.csv": b"", "MATH/test/art_test.csv": b"", "readme.txt": b""}
    zipped(tmp_path / "data.zip", files)
    assert what(found(SEVERAL, tmp_path)) == (
        "data.zip/MATH",
        [("MATH/test/art_test.csv", "art"), ("MATH/test/law_test.csv", "law")],
        [],
    )


def test_a_broken_archive_is_passed_over_and_told(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no")
    result = search(SEVERAL, tmp_path)
    assert result.found is None
    assert result.broken[0].startswith(f"{tmp_path / 'a.zip'}: broken zip: ")
    zipped(tmp_path / "b.zip", {"set_test.csv": b""})
    assert what(found(SEVERAL, tmp_path))[0] == "b.zip"


def test_packed_files_are_found_by_their_plain_names(tmp_path: Path) -> None:
    folder(tmp_path, {"set_test.csv.gz": gzip.compress(b""), "set_dev.csv.gz": b""})
    assert what(found(SEVERAL, tmp_path)) == ("", [("set_test.csv", None)], ["set_dev.csv"])


def test_where_subsets_are_listed_some_of_them_are_enough(tmp_path: Path) -> None:
    files = {"IQ": "iq.jsonl", "EQ": ["eq.jsonl", "e.csv"]}
    put(tmp_path, "e.csv")
    assert found(definition(data=files), tmp_path) is None
    partly = definition(data=files, subsets=["IQ", "EQ"])
    assert what(found(partly, tmp_path)) == ("", [("e.csv", "EQ")], [])


def test_examples_of_no_subset_are_every_ones(tmp_path: Path) -> None:
    made = definition(data=[{"test": "{subset}.jsonl", "dev": "train/x-*.jsonl"}])
    put(tmp_path, "law.jsonl", "train/x-10.jsonl", "train/x-9.jsonl")
    one = found(made, tmp_path)
    assert one is not None
    assert [file[:2] for file in one.dev] == [
        ("train/x-9.jsonl", EACH),
        ("train/x-10.jsonl", EACH),
    ]


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("*.csv", [("a.csv", None), ("b1.csv", None), ("b2.csv", None), ("b10.csv", None)]),
        ("b{subset}.csv", [("b1.csv", "1"), ("b2.csv", "2"), ("b10.csv", "10")]),
        ("{subset}/*.json", [("x y/1.json", "x y"), ("z/2.json", "z")]),
        ("x*/1.json", [("x y/1.json", None)]),
        ("x y/1.json", [("x y/1.json", None)]),
        ("no/*.json", []),
        ("[ab].csv", []),
        ("a.CSV", []),
    ],
)
def test_marks_of_a_pattern(
    tmp_path: Path, pattern: str, paths: list[tuple[str, str | None]]
) -> None:
    names = ("b10.csv", "b2.csv", "b1.csv", "a.csv", ".hidden.csv", "x y/1.json", "z/2.json")
    put(tmp_path, *names)
    assert list(matching(Folder(tmp_path), "", pattern)) == paths


@given(st.text("ab1.*[?(+", min_size=1, max_size=6), st.text("ab1[?(+", min_size=1, max_size=6))
def test_every_mark_but_the_star_stands_for_itself(pattern: str, name: str) -> None:
    """As shells have it for `*`: any text, but not a dot at the beginning."""

    class One(Folder):
        def listing(self, folder: str) -> Listing:
            return Listing(files={} if folder else {name: name})

    def fits(pattern: str, name: str) -> bool:
        if not pattern:
            return not name
        if pattern[0] == "*":
            return any(fits(pattern[1:], name[n:]) for n in range(len(name) + 1))
        return bool(name) and pattern[0] == name[0] and fits(pattern[1:], name[1:])

    got = list(matching(One(Path()), "", pattern))
    assert bool(got) == fits(pattern, name)
