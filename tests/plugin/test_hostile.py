"""Replies, errors and data that mean harm: the run goes on, files stay valid, the terminal sane."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import (
    Body,
    Scripted,
    Wire,
    completion,
    html,
    json_body,
    last_user,
    status,
)
from tests.support.junit import read_junit

CONTROLS = "".join(map(chr, [*range(1, 32), *range(127, 160)]))
ANSI = "\x1b[2J\x1b[5A\x1b]0;title\x07\x1b]8;;http://evil.test\x1b\\link\x1b]8;;\x1b\\\x9b31m"
COMMANDS = "\n::error::boo\n::set-output name=a::b\n ::add-mask::e\n##[add-mask]e ##vso[a]b"
VERDICT = "\n=== 99 passed in 0.01s ===\niqeval: passed: accuracy 1.00\nPASSED\n"
BIDI_MARKS = "\u202e\u202c\u2066\u2069\u200f\u061c"
BIDI = "\u202eAB\u202c \u2066x\u2069 \u200f\u061c"
MIX = f"]]><script>alert(1)</script>&amp;{ANSI}{COMMANDS}{BIDI}\ud800\0{CONTROLS}"
TEXTS = {
    "nul": "a\0b",
    "controls": CONTROLS,
    "surrogate": "\ud800 \udfff",
    "ansi": ANSI,
    "cdata": "]]> ]]&gt; &#0; <![CDATA[",
    "script": "<script>alert(1)</script>\"' onload=alert(1)",
    "bidi": BIDI,
    "separators": "a\u2028b\u2029c\x85d",
    "long": "x" * 1_000_000,
    "lines": "line\n" * 10_000,
    "invisible": "a\u200b\u200c\u200d\ufeffb \U000e0041",
    "emoji": "\U0001f469\u200d\U0001f4bb\U0001f600",
    "bom": "\ufeff",
    "verdict": VERDICT,
    "commands": COMMANDS,
    "wrapped": " ".join(["::error::boo ##[group]x"] * 30),
    "return": "overwritten\rby this\r\n",
}
JSON = {"content-type": "application/json"}
SHAPES: dict[str, Scripted] = {
    "bytes": Wire(
        headers=JSON, body=completion("a#b ANSWER: B").body.replace(b"#", b"\xff\xfe\xc3")
    ),
    "fields": completion("ANSWER: B", reasoning_content=MIX, finish_reason=MIX, model=MIX),
    "refusal": completion(None, refusal=MIX),
    "error": status(500, {"error": {"message": MIX, "type": MIX, "code": MIX, "param": MIX}}),
    "inside": json_body({"error": {"message": MIX}}),
    "page": html(500, MIX.replace("\ud800", "")),
    "moved": status(302, "", {"Location": "http://evil.test/::error::##[x]"}),
    "deep": Wire(headers=JSON, body=b"[" * 100_000),
    "deep-reply": Wire(headers=JSON, body=b'{"choices":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "huge": Wire(headers=JSON, body=b'{"x":"' + b"x" * 50_000_000),
}
LOST = set(SHAPES) - {"bytes", "fields", "refusal"}
ODD = "::error:: \x1b[31m \u202e <b> ]]> ##[group]"


@pytest.fixture
def hostile(project: Project) -> Project:
    """A benchmark whose questions, choices and one id are odd, and whose replies all are."""
    folder = project.pytester.path
    ids = [*TEXTS, *SHAPES, f"odd {ODD}"]
    rows = [
        {"id": id, "question": f"<{n}>? {ODD}\n{ODD}", "choices": ["1", ODD], "answer": "A"}
        for n, id in enumerate(ids)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "hostile.jsonl").write_text(lines, "utf-8")
    (folder / "hostile.yaml").write_text(
        "name: quiz\nlanguage: en\nlicence: CC0-1.0\ndata: hostile.jsonl\nscorer: choice\n"
        "fields: {id: id, question: question, choices: choices, answer: answer}\n",
        "utf-8",
    )

    def answer(body: Body) -> Any:
        found = re.search(r"<(\d+)>\?", last_user(body))
        assert found is not None
        id = ids[int(found[1])]
        if id in TEXTS:
            return f"{TEXTS[id]}\nANSWER: B\n"
        return SHAPES.get(id, "ANSWER: B")

    project.endpoint.answer(answer)
    return project


def judge(project: Project, result: pytest.RunResult) -> None:
    """What every run of the hostile benchmark must leave behind."""
    from lxml import etree

    folder = project.pytester.path
    # Not the result's own lines: `splitlines` hides what ends a line to it.
    printed = (folder / "stdout").read_bytes().decode("utf-8")
    printed += (folder / "stderr").read_bytes().decode("utf-8")
    odd = {c for c in printed if c < " " or "\x7f" <= c <= "\x9f" or c in BIDI_MARKS}
    assert odd == {"\n"}
    assert re.findall(r"^[^\S\n]*::.*|.*##\w*\[.*", printed, re.MULTILINE) == []
    assert "99 passed" not in printed.splitlines()[-1]
    assert result.ret == 6, printed[-3000:]
    rows = {row["id"]: row for row in project.rows()}
    assert project.report["benchmarks"][0]["outcomes"]["error"] == len(LOST)
    assert {id for id in TEXTS if rows[id]["outcome"] != "incorrect"} == set()
    for id, text in TEXTS.items():
        row = rows[id]
        start, end = row["span"]
        assert row["reply"][start:end] == "B", id
        assert len(row["reply"]) == len(f"{text}\nANSWER: B\n"), id
    assert rows["nul"]["cleaned"] == "1 NUL"
    assert rows["surrogate"]["cleaned"] == "2 lone surrogate"
    assert rows["bytes"]["cleaned"] == "invalid UTF-8"
    assert "reasoning: 1 NUL" in rows["fields"]["cleaned"]
    assert rows["emoji"]["cleaned"] is None
    assert "longer than" in rows["huge"]["note"]
    assert {id for id, row in rows.items() if row["outcome"] == "error"} == LOST
    read_junit(folder / "junit.xml")
    etree.parse(folder / "junit.xml")
    for page in (project.folder / "report.html", folder / "page.html"):
        text = page.read_text("utf-8")
        assert "<script>alert(1)" not in text
        assert not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\u202e]", text), page


FILES = (
    "--iqeval-dataset=hostile.yaml",
    "--junitxml=junit.xml",
    "--html=page.html",
    "-pno:logging",
)


def test_hostile_replies_and_data_harm_no_output(hostile: Project) -> None:
    """All in one run, with everything printed that pytest can print of them."""
    judge(hostile, hostile.run_apart("-rA", "--tb=long", "--iqeval-log=log.jsonl", *FILES))
    for line in (hostile.pytester.path / "log.jsonl").read_text("utf-8").split("\n")[:-1]:
        assert json.loads(line)["run"] == hostile.folder.name


@pytest.mark.slow
@pytest.mark.parametrize("args", [(), ("-v",), ("-v", "-n2")], ids=" ".join)
def test_hostile_replies_harm_no_other_output_and_no_worker(
    hostile: Project, args: tuple[str, ...]
) -> None:
    """By default, with -v, and through xdist: no worker dies, and the rows are the same."""
    judge(hostile, hostile.run_apart(*args, *FILES))


@pytest.mark.parametrize("name", ["m\n::error::boo", "m\x1b[31m", "m\udcff", "m\u202e", "m\u2028x"])
def test_a_model_name_that_would_break_a_line_is_refused(project: Project, name: str) -> None:
    """Before anything is asked, and written out."""
    result = project.run(f"--iqeval-model={name}")
    assert result.ret == 4
    assert name not in result.stderr.str()
    assert not project.endpoint.requests


MEMORY = """
import re
def pytest_unconfigure():
    found = re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())
    with open("peak.txt", "w") as file:
        file.write(found[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
def test_huge_bodies_in_every_lane_do_not_fill_the_memory(project: Project) -> None:
    """8 of 50 MB at once: each costs at most the cap of 20 MB, and a copy of it while it grows."""
    row = {"question": "?", "choices": ["1", "2"], "answer": "A"}
    lines = "".join(json.dumps({"id": f"q{n}", **row}) + "\n" for n in range(16))
    (project.pytester.path / "many.jsonl").write_text(lines, "utf-8")
    project.pytester.makeconftest(MEMORY)
    peaks_mb = []
    for reply, code in (("ANSWER: A", 0), (SHAPES["huge"], 6)):
        project.endpoint.answer(reply)
        assert project.run_apart("--iqeval-dataset=many.jsonl").ret == code
        peaks_mb.append(int((project.pytester.path / "peak.txt").read_text()) / 1000)
    assert peaks_mb[1] - peaks_mb[0] < 8 * 20 * 2.5, peaks_mb
