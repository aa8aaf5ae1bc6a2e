from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.sources.files import Table, parse_table, read_table
from pytest_iqeval.sources.records import Fault, decode


def jsonl_table(content: bytes | str) -> Table:
    raw = content.encode() if isinstance(content, str) else content
    return parse_table(raw, path=Path("q.jsonl"), shown="q.jsonl")


def csv_table(content: bytes | str) -> Table:
    raw = content.encode() if isinstance(content, str) else content
    return parse_table(raw, path=Path("q.CSV"), shown="q.CSV")


def told(table: Table) -> list[str]:
    return [fault.told(table.shown) for fault in table.faults]


def test_rows_carry_the_line_they_stand_in() -> None:
    table = jsonl_table('\n{"a": 1}\n  \n{"a": "问"}')
    assert [(row.line, row.values) for row in table.rows] == [(2, {"a": 1}), (4, {"a": "问"})]
    assert table.faults == ()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_byte_order_mark_and_line_ends_change_nothing(mark: bytes, end: bytes) -> None:
    table = jsonl_table(mark + end.join([b'{"a": "x"}', b"", b'{"a": "y"}', b""]))
    assert [(row.line, row.values) for row in table.rows] == [(1, {"a": "x"}), (3, {"a": "y"})]
    table = csv_table(mark + end.join([b"a,b", b"x,1", b"", b"y,2", b""]))
    assert [(row.line, row.values) for row in table.rows] == [
        (2, {"a": "x", "b": "1"}),
        (4, {"a": "y", "b": "2"}),
    ]
    assert table.faults == ()


def test_a_line_separator_inside_a_text_is_no_new_line() -> None:
    """U+2028, U+0085 and form feeds are legal in JSON texts (the last one escaped)."""
    table = jsonl_table('{"a": "x\u2028y\u0085z"}\n{"a": "\\f"}')
    assert [row.line for row in table.rows] == [1, 2]


def test_all_broken_lines_are_told_with_their_columns() -> None:
    table = jsonl_table('{"a": 1}\n{"a": }\n{"a": 2}\n{"a" 1}\n')
    assert [row.line for row in table.rows] == [1, 3]
    assert told(table) == [
        "q.jsonl:2: broken JSON at column 7: expecting value; mend or delete the line",
        "q.jsonl:4: broken JSON at column 6: expecting ':' delimiter; mend or delete the line",
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("3", 'is a number, not an object; write {"question": …}'),
        ('"x"', "is text, not an object"),
        ("null", "is nothing, not an object"),
        ('{"a": 1, "b": 2, "a": 1}', "has the field 'a' twice; keep one"),
        ('{"m": {"a": 1, "a": 2}}', "has the field 'a' twice; keep one"),
        ('{"a": NaN}', "holds NaN, which is not JSON; write null, or leave the field out"),
        ('{"a": -Infinity}', "holds -Infinity, which is not JSON"),
        ('{"a": 1e999}', "holds '1e999', too large a number"),
        ('{"a": ' + "9" * 5000 + "}", "holds too large a number"),
        ('{"a": "\\ud800"}', "holds 1 lone surrogate; take that out"),
        ('{"a": ["\\u0000"]}', "holds 1 NUL; take that out"),
        ('{"a": ' + "[" * 100_000, "is nested too deeply; a question is a flat object"),
        ('{"a": "x', "broken JSON at column 7: unterminated string starting at"),
    ],
)
def test_a_line_that_is_no_good_row_says_why(line: str, what: str) -> None:
    table = jsonl_table('{"a": 0}\n' + line + "\n")
    assert len(table.rows) == 1
    assert len(table.faults) == 1
    assert table.faults[0].told("q.jsonl").startswith(f"q.jsonl:2: {what}")


def test_a_pair_of_surrogates_is_a_character() -> None:
    assert jsonl_table('{"a": "\\ud83d\\ude00"}').rows[0].values == {"a": "😀"}


def test_a_json_array_is_one_fault_and_not_one_of_each_line() -> None:
    table = jsonl_table('\n[\n  {"a": 1},\n  {"a": 2}\n]\n')
    assert told(table) == [
        "q.jsonl:2: begins a JSON array; write one object a line, without [ ] and commas, or call "
        "the file .json"
    ]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n \n"])
def test_an_empty_file_is_a_fault(content: bytes) -> None:
    for table in (jsonl_table(content), csv_table(content)):
        assert told(table) == [f"{table.shown}: is empty; it should hold one question a line"]


@pytest.mark.parametrize("content", [b"question,answer\n", b"<!DOCTYPE html><html></html>"])
def test_a_header_alone_is_told_as_such(content: bytes) -> None:
    table = csv_table(content)
    assert told(table) == [
        f"{table.shown}: has a header and nothing below it; it should hold one question a line"
    ]


CHINESE = "{}\n" + json.dumps({"question": "天气预报说本周星期三会下雨"}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (CHINESE.encode("utf-16"), "q:1: is in UTF-16, not UTF-8; save the file again as UTF-8"),
        (
            '{"a": 1}'.encode("utf-16-le"),
            "q:1: holds a NUL byte, it looks like UTF-16; save the file again as UTF-8",
        ),
        (b"{}\n{}\nx\0y" + b"." * 9, "q:3: holds a NUL byte; save the file again as UTF-8"),
        (
            CHINESE.encode("gbk"),
            "q:2: byte 0xcc is not UTF-8, it looks like GBK; save the file again as UTF-8",
        ),
        (
            "{}\n\nun café très éclairé".encode("latin-1"),
            "q:3: byte 0xe9 is not UTF-8; save the file again as UTF-8",
        ),
        (b"\x81\x81", "q:1: byte 0x81 is not UTF-8; save the file again as UTF-8"),
    ],
)
def test_a_wrong_encoding_names_byte_and_line(content: bytes, fault: str) -> None:
    decoded = decode(content)
    assert isinstance(decoded, Fault)
    assert decoded.told("q") == fault
    assert [f.told("q") for f in jsonl_table(content).faults] == [fault]


def test_csv_records_know_their_first_line_over_quoted_line_breaks() -> None:
    table = csv_table('q,a\n"one\ntwo, ""three""",A\n\n"x",B\n')
    assert [(row.line, row.values) for row in table.rows] == [
        (2, {"q": 'one\ntwo, "three"', "a": "A"}),
        (5, {"q": "x", "a": "B"}),
    ]


def test_csv_rows_that_do_not_fit_the_header_are_all_told() -> None:
    table = csv_table("q,a\nx,A\ny\n,\nz,B,C\n")
    mend = "put quotes around a cell that holds a comma"
    assert told(table) == [
        f"q.CSV:3: has 1 cell, but the header has 2; {mend}",
        f"q.CSV:5: has 3 cells, but the header has 2; {mend}",
    ]


def test_a_csv_column_without_a_name_is_left_out() -> None:
    """It is the row number that pandas writes."""
    assert csv_table(",q\n0,x\n").rows[0].values == {"q": "x"}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("q, q\nx,y\n", "q.CSV:1: the header names 'q' twice; rename one"),
        ("\nq;a\nx;A\n", "q.CSV:2: the header has one column; separate the columns with commas"),
        (
            'q,a\nx,A\n"open,B\ny,C\n',
            "q.CSV:3: broken CSV: unexpected end of data; "
            "look at the quotes of the record that begins here",
        ),
    ],
)
def test_broken_csv_says_where(content: str, fault: str) -> None:
    assert len(told(csv_table(content))) == 1
    assert told(csv_table(content))[0].startswith(fault)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    assert told(read_table(tmp_path / "no.jsonl", shown="no.jsonl")) == [
        "no.jsonl: can't be read: No such file or directory"
    ]


def test_a_file_keeps_its_bytes_for_the_digest(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'{"a": 1}\r\n')
    assert read_table(path, shown="q").content == b'{"a": 1}\r\n'


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_give_rows_or_faults(content: bytes) -> None:
    for table in (jsonl_table(content), csv_table(content)):
        assert table.rows or table.faults
        lines = content.count(b"\n") + content.count(b"\r") + 1
        assert all(1 <= row.line <= lines for row in table.rows)
        assert all(0 <= fault.line <= lines for fault in table.faults)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
storable_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(st.dictionaries(st.text(), plain, min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_json_writes_is_read_back(rows: list[dict[str, object]]) -> None:
    """Except texts that no sink can keep, each of which is a fault of its line."""
    text = "\n".join(json.dumps(row) for row in rows)
    table = jsonl_table(text)
    assert len(table.rows) + len(table.faults) == len(rows)
    for row in table.rows:
        assert row.values == rows[row.line - 1]
    if "\\ud" not in text and "\\u0000" not in text:
        assert table.faults == ()


@given(st.lists(st.tuples(storable_text, storable_text), min_size=1, max_size=5))
def test_what_csv_writes_is_read_back(cells: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([("q", "a"), *cells])
    table = csv_table(out.getvalue())
    expected = [{"q": q, "a": a} for q, a in cells if (q + a).strip()]
    assert [row.values for row in table.rows] == expected
    assert bool(table.faults) == (not expected)
