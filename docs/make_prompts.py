"""Writes the gallery of `docs/prompts.md`: what each benchmark by name sends for a question.

Run it after a change of a definition: ``python docs/make_prompts.py``. The questions are our own
(`tests/support/own_rows.py`), since real ones may not all be shown.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.scorers import SCORERS
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.tasks.few_shot import Examples, with_examples
from pytest_iqeval.sources.catalogue import load
from tests.support.own_files import LAYOUTS

PAGE = Path(__file__).with_name("prompts.md")
BEGIN, END = "<!-- prompts: begin -->\n", "<!-- prompts: end -->\n"
# Examples before the question: a page of five repeats itself.
SHOWN_AT_MOST = 2


def gallery() -> str:
    """A section for each benchmark."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for benchmark, layouts in LAYOUTS.items():
            next(iter(layouts.values()))(folder / benchmark)
        return "\n".join(section(_loaded(name, folder)) for name in LAYOUTS)


def section(benchmark: Benchmark) -> str:
    """The prompt of the first question, and of one with examples where there are any by default."""
    definition, count = benchmark.definition, benchmark.definition.few_shot.count
    shown = min(count, SHOWN_AT_MOST)
    told = "none" if not count else f"{count}, of which the gallery shows {shown}"
    lines = [
        f"## {benchmark.name}",
        "",
        f"Examples before each question: {told}. Scorer `{definition.scorer}`. "
        f"Word for word from {definition.source}.",
        "",
        *_fenced(prompt_of(with_examples(benchmark, shown))),
    ]
    return "\n".join(lines)


def prompt_of(benchmark: Benchmark) -> str:
    """What is sent for the first question."""
    sample = benchmark.samples[0]
    examples = Examples(benchmark, "free").of(sample)
    request = chat_request(benchmark.definition, sample, "free", examples=examples)
    return request.messages[-1].content


def with_gallery(page: str) -> str:
    """The page with the present gallery between its marks."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{gallery()}\n{END}{after}"


def _fenced(text: str) -> Iterator[str]:
    yield "````text"
    yield from text.rstrip("\n").split("\n")
    yield "````"
    yield ""


def _loaded(name: str, folder: Path) -> Benchmark:
    return load(name, data_dir=folder, start=folder, scorers=list(SCORERS)).benchmark


if __name__ == "__main__":
    PAGE.write_text(with_gallery(PAGE.read_text("utf-8")), "utf-8")
