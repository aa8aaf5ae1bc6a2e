"""The release card and the step's summary: what they say, and that texts stay texts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.reports.card import NAMED, card_text, step_summary, write_card
from pytest_iqeval.reports.markdown import code, escaped, table
from pytest_iqeval.reports.step_summary import append_summary
from tests.support.report_data import FAILED, GATE, INCONCLUSIVE, PASSED, UNGATED, plain

BASELINE = {
    "run": "20260401_090000",
    "model": "gemma3:4b",
    "pairs": 120,
    "p": 0.0312,
    "difference": {"iquiz-open": {"value": -0.05, "low": -0.09, "high": -0.01, "n": 120}},
    "lost": [f"iqeval/iquiz-open::IQ::iq-{n:03}" for n in range(25)],
    "gained": ["iqeval/iquiz-open::EQ::eq-001"],
    "new": [],
    "gone": [],
    "changed_settings": ["temperature: 0 -> 0.7"],
}


def cells(text: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading."""
    lines = text[text.index(heading) :].splitlines()[2:]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows[2:]


def facts(text: str) -> dict[str, str]:
    """The card's facts by name."""
    return dict(cells(text, "## The run"))  # type: ignore[arg-type]


def test_the_card_says_what_a_release_hangs_on() -> None:
    run = replace(PASSED.run, model_digest="sha256:" + "ab" * 32, command="pytest -n 2 '|'")
    text = card_text(plain(replace(PASSED, run=run)))
    assert text.startswith("# gemma3:4b: ✓ Passed\n")
    assert "all 120 questions · exit code 0" in text
    assert cells(text, "## Gates")[0] == [
        *("passed", "`accuracy >= 0.5`", "iquiz-open", "0.617", "[0.527, 0.699]"),
        "accuracy 0.62 [0.53, 0.70] n=120 of 120",
    ]
    assert cells(text, "## Results")[1][:5] == ["– IQ", "Accuracy", "0.550", "[0.398, 0.693]", "40"]
    said = facts(text)
    assert said["Model digest"] == "sha256:" + "ab" * 32
    assert said["Endpoint"] == "localhost:11434"
    assert said["Generation"] == "temperature 0.0 · max\\_tokens 4096"
    assert said["Data iquiz-open"] == "revision 1.2 · licence CC BY 4.0 · sha256 ab12cd34ef56"
    assert said["Started"] == "2026-05-04 10:00:00 +08:00"
    assert "pytest-iqeval 0.1.0" in said["Versions"]
    assert text.rstrip().endswith("<code>pytest -n 2 '&#124;'</code>")


def test_what_is_not_known_is_left_out() -> None:
    text = card_text(plain())
    assert "digest" not in text
    assert "Command" not in text
    assert "baseline" not in text


def test_the_host_alone_is_told_of_the_endpoint() -> None:
    """Also where a report that was changed by hand has a password in it."""
    run = replace(PASSED.run, base_url="https://me:pw@llm.example.org:8443/v1/x")
    text = card_text(plain(replace(PASSED, run=run)))
    assert facts(text)["Endpoint"] == "llm.example.org:8443"
    assert "pw" not in text


@pytest.mark.parametrize("summary", [PASSED, FAILED, INCONCLUSIVE, UNGATED])
def test_card_and_step_share_their_tables(summary: Any) -> None:
    """And both say verdict and exit code."""
    card, step = card_text(plain(summary)), step_summary(plain(summary))
    assert f"exit code {summary.exit_code}" in step
    for heading in ("Gates", "Results"):
        assert cells(card, f"## {heading}") == cells(step, f"### {heading}")


def test_the_difference_to_a_baseline_is_told() -> None:
    text = step_summary({**plain(FAILED), "baseline": BASELINE})
    part = text[text.index("### Since the baseline") :]
    assert "- Run 20260401\\_090000 (gemma3:4b)" in part
    assert "-5.0" in part or "−5.0" in part
    assert "temperature: 0 -&gt; 0.7" in part
    assert len(re.findall(r"`iqeval/iquiz-open::IQ::iq-\d+`", part)) == NAMED


def test_at_most_20_questions_without_a_score_are_named() -> None:
    text = step_summary(plain(INCONCLUSIVE))
    assert len(re.findall(r"^- `iqeval/.*`: the endpoint answered 503", text, re.M)) == NAMED
    assert f"The first {NAMED} are named." in text


HOSTILE = (
    "a|b `x` <script>alert(1)</script> [t](http://e.vil) ![i](x) @team ##[group] $x$ *y* www.e.vil"
)


def test_what_a_model_or_a_server_wrote_stays_text() -> None:
    gate = replace(GATE, reason=HOSTILE, expression=HOSTILE)
    run = replace(PASSED.run, model=HOSTILE + "\n::error::x\n# title")
    text = card_text(plain(replace(PASSED, run=run, gates=(gate,))))
    assert len(cells(text, "## Gates")[0]) == 6
    assert not re.search(
        r"<script|(?<!\\)\]\(|(?<!\\)`x`|(?<!\\)\*y|[^;!-]@team|##\[|[^\\]://|www\.e", text
    )
    assert not re.search(r"^\s*::", text, re.M)
    assert text.count("\n# ") == 0


@given(st.text())
def test_no_text_leaves_its_cell_or_line(text: str) -> None:
    """Whatever it holds: one line, one cell, no tag but ours."""
    for shown in (escaped(text), code(text)):
        (_, _, row) = table(["a", "b"], [[shown, "x"]])
        assert len(row.splitlines()) == 1
        assert len(re.split(r"(?<!\\)\|", row)) == 4
        if shown.startswith("`"):  # a code span, in which nothing has a meaning
            assert "`" not in shown[1:-1]
        else:
            assert "<" not in re.sub(r"</?(code|span)>|<!-- -->", "", shown)


def test_a_card_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"card\.md: can't be written"):
        write_card(tmp_path / "none" / "card.md", plain())


def test_secrets_are_taken_out_of_the_card(tmp_path: Path) -> None:
    write_card(tmp_path / "card.md", plain(), redact=lambda text: text.replace("gemma3", "***"))
    assert "gemma3" not in (tmp_path / "card.md").read_text("utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["card.md"]


# The step's summary


def test_what_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_text("# earlier", "utf-8")
    assert append_summary(path, "## ours\n") is None
    assert path.read_text("utf-8") == "# earlier\n\n## ours\n"


@pytest.mark.parametrize("there", [0, 1, 700, 960])
def test_the_limit_holds_with_what_was_there_and_cuts_whole_lines(
    tmp_path: Path, there: int
) -> None:
    path = tmp_path / "summary"
    path.write_bytes(b"x" * there)
    lines = [f"第 {n} 行" for n in range(200)]
    trouble = append_summary(path, "\n".join(lines), most=1000)
    data = path.read_bytes()
    assert len(data) <= 1000
    if trouble is not None:
        assert data == b"x" * there
        assert trouble == f"the step's summary is full ({there} bytes): nothing was added"
        assert there == 960
        return
    kept = data[there:].decode().strip().splitlines()
    assert kept[-1].startswith("… cut")
    assert kept[:-2] == lines[: len(kept) - 2]


def test_a_summary_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    trouble = append_summary(tmp_path / "none" / "summary", "x")
    assert trouble is not None
    assert "summary can't be written: No such file or directory" in trouble
