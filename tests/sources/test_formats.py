"""CSV and TSV with and without a header, `.json` files, Parquet, and all of it packed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import ExtraMissing
from pytest_iqeval.sources.files import Table, parse_table, read_table

# What a cell can hold: no NUL, no lone surrogate.
CELLS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=8)


def table(name: str, content: str | bytes, **more: object) -> Table:
    raw = content.encode() if isinstance(content, str) else content
    return parse_table(raw, path=Path(name), shown=name, **more)  # type: ignore[arg-type]


def values(read: Table) -> list[dict[str, object]]:
    assert read.faults == ()
    return [row.values for row in read.rows]


def told(read: Table) -> list[str]:
    return [read.told(fault) for fault in read.faults]


def written(rows: list[list[str]], separator: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS).map(list), min_size=1, max_size=5),
    st.sampled_from([("x.csv", ","), ("x.tsv", "\t")]),
)
def test_what_is_written_is_read(rows: list[list[str]], form: tuple[str, str]) -> None:
    """With line breaks, quotes and separators in cells; with a header and without one."""
    name, separator = form
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    expected = [dict(zip("abc", row, strict=True)) for row in kept]
    with_header = table(name, written([["a", "b", "c"], *rows], separator))
    without = table(name, written(rows, separator), columns=("a", "b", "c"))
    if [[c.strip().casefold() for c in row] for row in kept[:1]] != [["a", "b", "c"]]:
        assert [row.values for row in without.rows] == expected
    assert [row.values for row in with_header.rows] == expected


def test_a_column_without_a_name_is_not_kept() -> None:
    read = table("x.csv", "1,what,no\n2,why,yes\n", columns=("", "question", "answer"))
    assert values(read) == [
        {"question": "what", "answer": "no"},
        {"question": "why", "answer": "yes"},
    ]
    assert [row.line for row in read.rows] == [1, 2]


def test_a_header_that_is_there_all_the_same_is_no_question() -> None:
    read = table("x.csv", "Question, answer\nwhat,no\n", columns=("question", "answer"))
    assert [(row.line, row.values["question"]) for row in read.rows] == [(2, "what")]


def test_a_long_cell_is_read_and_the_limit_of_the_process_stays() -> None:
    """Long contexts, images as text: Python's own limit is 131,072 characters."""
    limit = csv.field_size_limit()
    assert values(table("x.csv", "q\n" + "x" * 200_000)) == [{"q": "x" * 200_000}]
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize(
    ("name", "text", "columns", "fault"),
    [
        (
            "x.tsv",
            "q\ta\nx\n",
            (),
            "x.tsv:2: has 1 cell, but the header has 2; put quotes around a cell that holds a tab",
        ),
        (
            "x.tsv",
            "q,a\nx,A\n",
            (),
            "x.tsv:1: the header has one column; separate the columns with tabs",
        ),
        ("x.csv", "q,a\n", ("a",), "x.csv:1: has 2 cells, but the definition's `columns:` are 1"),
        (
            "x.csv",
            "what,A,A\nwhy,B,C\n",
            (),
            "x.csv:1: the header names 'A' twice; rename one, or, if this is no header, say the "
            "columns: `columns:` of a layout in the definition",
        ),
        (
            "x.tsv",
            'q\ta\n"x\ty\nz\n',
            (),
            "x.tsv:2: broken TSV: unexpected end of data; look at the quotes of the record that "
            "begins here",
        ),
    ],
)
def test_what_is_wrong_says_where(
    name: str, text: str, columns: tuple[str, ...], fault: str
) -> None:
    assert told(table(name, text, columns=columns)) == [fault]


JSON = st.dictionaries(
    CELLS, st.none() | st.booleans() | st.integers() | CELLS | st.lists(CELLS), max_size=3
)


@given(st.lists(JSON, min_size=1, max_size=4), st.sampled_from([None, 1]))
def test_a_json_file_is_an_array_or_one_object_or_one_a_line(
    rows: list[dict[str, object]], indent: int | None
) -> None:
    array = table("x.json", json.dumps(rows, indent=indent))
    assert values(array) == rows
    lines = "\n".join(json.dumps(row) for row in rows)
    assert values(table("x.json", lines)) == rows
    assert values(table("x.json", json.dumps(rows[0], indent=indent))) == rows[:1]


def test_rows_of_an_array_know_their_lines() -> None:
    read = table("x.json", '\n[{"a": 1},\n\n{"a":\n2}, {"a": 3}\n]\n')
    assert [(row.line, row.values["a"]) for row in read.rows] == [(2, 1), (4, 2), (5, 3)]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[]", ["x.json: is empty; it should hold one question a line"]),
        ("", ["x.json: is empty; it should hold one question a line"]),
        ('[{"a": 1}, 2, "b"]', ["x.json:1: is a number, not an", "x.json:1: is text, not an"]),
        # What is refused ends nothing; what is broken ends the reading.
        (
            '[{"a": NaN},\n{"a": 1, "a": 2}]',
            ["x.json:1: holds NaN", "x.json:2: has the field 'a'"],
        ),
        ('[{"a": 1},\n{"a" 1}\n]', ["x.json:2: broken JSON at column 6: expecting ':' delimiter"]),
        ('[{"a": 1}\n{"a": 1}]', ["x.json:2: broken JSON: a comma or ] should stand here"]),
        ('[{"a": 1},', ["x.json:1: broken JSON at column 11: expecting value"]),
        ('[{"a": 1}] x', ["x.json:1: broken JSON: the array ends here, and the file goes on"]),
        ('{"a":\n1,}', ["x.json:2: broken JSON at column "]),  # Python 3.13 means the comma
        ('{"a": 1}\n{"a" 1}', ["x.json:2: broken JSON at column 6: expecting ':' delimiter"]),
        ('{"a": NaN}', ["x.json:1: holds NaN, which is not JSON"]),
        ("[" * 100_000, ["x.json:1: is nested too deeply"]),
        ('{"a": 1' + "0" * 5000 + "}", ["x.json:1: holds too large a number"]),
        ('["\\ud800"]', ["x.json:1: is text, not an object"]),
        ('[{"a": "\\ud800"}]', ["x.json:1: holds 1 lone surrogate; take that out"]),
        ("true", ["x.json:1: is true or false, not an object"]),
    ],
)
def test_a_broken_json_file_says_where(text: str, faults: list[str]) -> None:
    got = told(table("x.json", text))
    assert len(got) == len(faults), got
    assert all(one.startswith(start) for one, start in zip(got, faults, strict=True)), got


@given(st.text(max_size=30) | st.text('[]{}",:1a \n', max_size=30))
def test_any_text_is_rows_or_faults(text: str) -> None:
    for name in ("x.json", "x.jsonl", "x.csv", "x.tsv"):
        read = table(name, text.encode("utf-8", "surrogatepass"))
        assert read.rows or read.faults


def test_a_packed_file_is_what_it_holds(tmp_path: Path) -> None:
    for name, text in {"a.csv.gz": "q\nx\n", "a.tsv.GZ": "q\tr\nx\ty\n"}.items():
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
        read = read_table(tmp_path / name, shown=name)
        assert values(read)[0]["q"] == "x"
        assert read.content == text.encode()
    (tmp_path / "b.csv.gz").write_bytes(b"no")
    assert told(read_table(tmp_path / "b.csv.gz", shown="b"))[0].startswith("b: broken gzip: ")


def parquet(rows: list[dict[str, object]]) -> bytes:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet as files

    out = io.BytesIO()
    files.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def test_parquet_gives_plain_values() -> None:
    import datetime
    import decimal

    (row,) = values(
        table(
            "x.parquet",
            parquet(
                [
                    {
                        "question": "？",
                        "choices": ["a", "b"],
                        "answer": 1,
                        "more": {"text": ["x"], "n": float("nan")},
                        "image": b"\xff",
                        "day": datetime.date(2026, 1, 2),
                        "size": decimal.Decimal("1.50"),
                    }
                ]
            ),
        )
    )
    assert row == {
        "question": "？",
        "choices": ["a", "b"],
        "answer": 1,
        "more": {"text": ["x"], "n": None},
        "image": None,
        "day": "2026-01-02",
        "size": "1.50",
    }


def test_broken_parquet_says_where() -> None:
    content = parquet([{"q": "a"}, {"q": "b\0"}])
    assert told(table("x.parquet", content)) == ["x.parquet: row 2: holds 1 NUL; take that out"]
    for broken in (content[:-20], b"PAR1", b"no", b"", content[:10] + b"\0" * 20 + content[30:]):
        (fault,) = told(table("x.parquet", broken))
        assert fault.startswith("x.parquet: broken Parquet: ")
        assert fault.endswith("; fetch the file again")


def test_without_pyarrow_the_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExtraMissing) as caught:
        table("all/x.parquet", b"PAR1")
    assert str(caught.value) == (
        "all/x.parquet: reading Parquet needs pyarrow, which is not installed\n"
        "  hint: pip install 'pytest-iqeval[parquet]'"
    )
