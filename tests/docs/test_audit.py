"""The page of explain and rescore shows what they print."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_iqeval.cli.main import main
from pytest_iqeval.core.request import Usage
from pytest_iqeval.core.score import Outcome, Score
from pytest_iqeval.core.scorers import SCORERS
from pytest_iqeval.sources.catalogue import load
from tests.support.pages import blocks, read_page
from tests.support.stored import reply, write_run

PAGE = read_page("audit.md")
SHOWN = {block.mark.removeprefix("output: "): block.text for block in blocks(PAGE) if block.mark}
REPLIES = {
    "iq-017": "The letters are s, e, v, n, l, p, y, g, i and f.\n\n**Answer: D**\n\n"
    "Wait, that list has ten letters, so I was wrong.\n\n"
    "The correct answer is **C**: 10 letters.",
    "iq-018": r"So it is \boxed{{\text{{{target}}}}}",
    "iq-019": "I would go with {target}.",
}
MISSED = Score(outcome=Outcome.UNPARSED, value=0.0, note="it commits to no option")
BEFORE = {
    "iq-017": Score(
        outcome=Outcome.CORRECT, value=1.0, extracted="D", rule="answer-en", span=(60, 61)
    ),
    "iq-018": MISSED,
    "iq-019": MISSED,
}


@pytest.fixture
def run(tmp_path: Path) -> None:
    """Three questions that an older reader judged otherwise."""
    benchmark = load("iquiz-open-en", data_dir=None, start=tmp_path, scorers=SCORERS).benchmark
    usage = Usage(prompt_tokens=118, completion_tokens=96)
    answered = [
        (s, reply(REPLIES[s.id].format(target=s.target), usage=usage, latency_s=2.31))
        for s in benchmark.samples
        if s.id in REPLIES
    ]
    folder = tmp_path / "outputs" / "gemma3-4b" / "20260801_140312"
    write_run(folder, answered, gates=["accuracy >= 60%"], before=BEFORE)


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("words", [("explain", "last", "iq-017"), ("rescore", "last")])
def test_the_output_on_the_page_is_what_is_printed(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Line by line; a line of three dots stands for lines that are left out."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    assert main(words) == 0
    printed = capsys.readouterr().out
    rest = printed
    for part in filter(None, SHOWN[words[0]].split("...\n")):
        assert part in rest, printed
        rest = rest.partition(part)[2]
