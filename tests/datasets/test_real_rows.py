"""The benchmarks by name on real rows, where they lie beside the checkout.

An id or target that changes here changes in every run that was ever kept: do not write new
hashes, find out why.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers import SCORERS
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.tasks.few_shot import Examples
from pytest_iqeval.sources.catalogue import load
from tests.support.shared import shared_data


def loaded(name: str, data_dir: Path) -> Benchmark:
    return load(name, data_dir=data_dir, start=data_dir, scorers=list(SCORERS)).benchmark


@cache
def real(name: str) -> Benchmark:
    return loaded(name, shared_data(name).parent)


def alone(name: str, part: str, folder: Path) -> Benchmark:
    """The benchmark with one part of its folder only."""
    source = shared_data(f"{name}/{part}")
    copy = shutil.copytree if source.is_dir() else shutil.copy
    (folder / name).mkdir(parents=True)
    copy(source, folder / name / source.name)
    return loaded(name, folder)


def digest(samples: Iterable[Sample]) -> str:
    text = "\n".join(sorted(f"{s.subset} {s.id} {s.target}" for s in samples))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def prompt(benchmark: Benchmark, sample: Sample) -> str:
    examples = Examples(benchmark, "free").of(sample)
    return (
        chat_request(benchmark.definition, sample, "free", examples=examples).messages[-1].content
    )


@pytest.mark.parametrize(
    ("name", "count", "subsets", "first", "hashed"),
    [
        ("mmlu", 11195, 57, ("abstract_algebra", "5bb05903", "B"), "987dd7f43c22acd2"),
        ("cmmlu", 9253, 67, ("agronomy", "e501f2b4", "B"), "d88ec52a3a82a591"),
        ("ceval", 1089, 52, ("computer_network", "0", "C"), "d68204bf475a2fa0"),
        ("gsm8k", 1063, 1, ("main", "b1e35ae3", "18"), "0eb837b521eab6d0"),
        ("arc", 2828, 2, ("ARC-Easy", "27e8618f", "A"), "bb6338d15488af3d"),
        (
            "hellaswag",
            794,
            1,
            ("default", "activitynet-v_xftFhOCEqFs-20022", "D"),
            "cad54321e4286434",
        ),
        ("truthfulqa", 633, 1, ("mc1", "17c2e106", "H"), "58a1a291fa4568ee"),
        ("math500", 393, 5, ("Level-1", "test-geometry-434.json", "28"), "45062f8467b9ea7f"),
        ("humaneval", 164, 1, ("openai_humaneval", "HumanEval-0", None), "09f30065fb5253e3"),
    ],
)
def test_rows_ids_and_targets(
    name: str, count: int, subsets: int, first: tuple[str, str, str | None], hashed: str
) -> None:
    made = real(name)
    one = made.samples[0]
    assert (len(made.samples), len(made.subsets)) == (count, subsets)
    assert (one.subset, one.id, one.target if first[2] else None) == first
    assert digest(made.samples) == hashed


@pytest.mark.parametrize(("name", "count"), [("mmlu", 279), ("cmmlu", 395), ("ceval", 73)])
def test_the_makers_layout_gives_the_same_questions(name: str, count: int, tmp_path: Path) -> None:
    """Those of three subjects, as far as they are there."""
    whole, native = real(name), alone(name, "native", tmp_path)
    assert len(native.samples) == count
    there = {s.node_id: s for s in whole.samples}
    assert [there[s.node_id] for s in native.samples] == list(native.samples)
    assert {s: native.dev[s] for s in native.subsets} == {s: whole.dev[s] for s in native.subsets}


def test_the_table_of_truthfulqa_asks_almost_the_same(tmp_path: Path) -> None:
    """Where one of the two files lists an option that the other has not, it is another question."""
    mc_task, table = real("truthfulqa"), alone("truthfulqa", "TruthfulQA.csv", tmp_path)
    one, other = ({s.id: (s.choices, s.target) for s in b.samples} for b in (mc_task, table))
    both = one.keys() & other.keys()
    assert len(both) >= 630
    assert {id: one[id] for id in both} == {id: other[id] for id in both}


def test_prompts_of_real_questions_word_for_word() -> None:
    """Lengths and hashes: real rows may not all be shipped, not even in a test."""
    found = {}
    for name in ("mmlu", "cmmlu", "ceval", "gsm8k", "arc", "hellaswag", "math500", "humaneval"):
        made = real(name)
        text = "\0".join(prompt(made, sample) for sample in made.samples)
        found[name] = hashlib.sha256(text.encode()).hexdigest()[:16]
    assert found == json.loads(Path(__file__).with_name("real_prompts.json").read_text("utf-8"))
