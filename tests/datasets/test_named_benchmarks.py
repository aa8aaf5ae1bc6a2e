"""The benchmarks by name whose data does not ship: rows of our own in every layout.

Their prompts are those of EvalScope, byte for byte: `evalscope_prompts.json` holds what it sends
for the same rows (`benchmarks/evalscope_prompts.py` writes it).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import UsageFault
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers import SCORERS
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.tasks.few_shot import Examples, with_examples
from pytest_iqeval.sources.catalogue import load
from tests.support import own_files, own_rows
from tests.support.own_files import LAYOUTS, Write

THEIRS = json.loads(Path(__file__).with_name("evalscope_prompts.json").read_text("utf-8"))
ALL = [(name, layout) for name, layouts in LAYOUTS.items() for layout in layouts]


def loaded(name: str, folder: Path) -> Benchmark:
    return load(name, data_dir=folder, start=folder, scorers=list(SCORERS)).benchmark


def written(name: str, layout: str, folder: Path) -> Benchmark:
    """The benchmark of rows of our own."""
    if "parquet" in layout:
        pytest.importorskip("pyarrow")
    LAYOUTS[name][layout](folder / name)
    return loaded(name, folder)


def prompt(benchmark: Benchmark, sample: Sample) -> str:
    examples = Examples(benchmark, "free").of(sample)
    request = chat_request(benchmark.definition, sample, "free", examples=examples)
    return request.messages[-1].content


def unshuffled(benchmark: Benchmark, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Benchmark:
    """The same with the options in the order of the data."""
    if not benchmark.definition.rows.shuffle:
        return benchmark
    with monkeypatch.context() as patch:
        patch.setattr(
            "pytest_iqeval.sources.rows.shuffled",
            lambda _, choices, target, **__: (choices, target),
        )
        return loaded(benchmark.name, folder)


def identity(samples: Iterable[Sample]) -> list[tuple[object, ...]]:
    return [(s.subset, s.id, s.input, s.choices, s.target) for s in samples]


@pytest.mark.parametrize(("name", "layout"), ALL, ids=[f"{n}-{layout}" for n, layout in ALL])
def test_every_layout_gives_the_same_questions(name: str, layout: str, tmp_path: Path) -> None:
    first = written(name, next(iter(LAYOUTS[name])), tmp_path / "first")
    made = written(name, layout, tmp_path / "this")
    assert sorted(identity(made.samples)) == sorted(identity(first.samples))
    assert made.subsets == first.subsets


@pytest.mark.parametrize("asked", [key for key in THEIRS if ", " in key])
def test_prompts_are_those_of_evalscope(
    asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, count = asked.removesuffix(" examples").split(", ")
    made = written(name, next(iter(LAYOUTS[name])), tmp_path)
    made = with_examples(unshuffled(made, tmp_path, monkeypatch), int(count))
    ours = {(s.subset, prompt(made, s)): s for s in made.samples}
    assert sorted(ours) == sorted((subset, text) for subset, text, _ in THEIRS[asked])
    for subset, text, target in THEIRS[asked]:
        right = target[0] if isinstance(target, list) else target
        assert ours[subset, text].target == right


COUNTS = {
    "mmlu": 5, "cmmlu": 0, "ceval": 5, "gsm8k": 4, "arc": 0, "hellaswag": 0, "truthfulqa": 0,
    "math": 4, "math500": 0, "humaneval": 0,
}  # fmt: skip
"""Examples before a question, as EvalScope's own default is."""


@pytest.mark.parametrize("name", COUNTS)
def test_a_definition_says_where_it_comes_from(name: str, tmp_path: Path) -> None:
    made = written(name, next(iter(LAYOUTS[name])), tmp_path)
    definition = made.definition
    assert definition.few_shot.count == COUNTS[name]
    assert definition.source == "EvalScope 1.14"
    assert definition.average == "micro"
    assert definition.licence
    assert definition.licence_url
    assert definition.homepage
    assert definition.language == ("zh" if name in ("cmmlu", "ceval") else "en")
    hubs = {source.hub: source for source in definition.hub}
    assert set(hubs) == {"modelscope", "huggingface"}
    # A commit, not a branch.
    assert len(hubs["huggingface"].revision) == 40


def test_mmlu_word_for_word(tmp_path: Path) -> None:
    made = written("mmlu", "makers", tmp_path)
    assert prompt(with_examples(made, 1), made.samples[1]) == (
        "Here are some examples of how to answer similar questions:\n"
        "\n"
        "What is astronomy about?\n"
        "A) stars\n"
        "B) sales\n"
        "C) none of them\n"
        "D) nan\n"
        "ANSWER: A\n"
        "\n"
        "Answer the following multiple choice question. The last line of your response should be "
        "of the following format: 'ANSWER: [LETTER]' (without quotes) where [LETTER] is one of "
        "A,B,C,D. Think step by step before answering.\n"
        "\n"
        "What is a year?\n"
        "Give the unit.\n"
        "\n"
        "A) 12\n"
        "B) 12\n"
        "C) a light year\n"
        "D) 365 days"
    )


def test_ceval_word_for_word(tmp_path: Path) -> None:
    made = written("ceval", "makers", tmp_path)
    assert prompt(with_examples(made, 1), made.samples[0]) == (
        "以下是一些示例问题：\n"
        "\n"
        "问题：三个奇数之和是____\n"
        "选项：\n"
        "A. 奇数\n"
        "B. 偶数\n"
        "C. 零\n"
        "D. 不定\n"
        "解析：1. 两个奇数之和是偶数。\n"
        "2. 再加一个奇数是奇数。\n"
        "答案：A\n"
        "\n"
        "\n"
        "以下是中国关于逻辑学的单项选择题，请选出其中的正确答案。你的回答的最后一行应该是这样的格式："
        '"答案：[LETTER]"（不带引号），其中 [LETTER] 是 A、B、C、D 中的一个。\n'
        "\n"
        "问题：所有的鸟都会飞，企鹅是鸟，因此____\n"
        "选项：\n"
        "A. 企鹅会飞\n"
        "B. 前提有误\n"
        "C. 鸟是企鹅\n"
        "D. 无法交流\n"
    )


def test_categories_are_known_of_every_question(tmp_path: Path) -> None:
    mmlu = written("mmlu", "one file", tmp_path)
    assert {s.subset: s.metadata["category"] for s in mmlu.samples} == {
        "astronomy": "STEM",
        "marketing": "Other",
    }
    for name, layout in (("cmmlu", "evalscope"), ("ceval", "zip")):
        made = written(name, layout, tmp_path)
        known = {(s.metadata["category"], s.metadata["category_en"]) for s in made.samples}
        assert (
            known
            == {
                "cmmlu": {("其他", "Other"), ("中国特色", "China specific")},
                "ceval": {("人文", "Humanities")},
            }[name]
        )


def test_subjects_and_their_groups_are_complete(tmp_path: Path) -> None:
    def groups(name: str, field: str) -> dict[str, int]:
        definition = written(name, "one file", tmp_path).definition
        count: dict[str, int] = {}
        for known in definition.subsets.values():
            count[str(known[field])] = count.get(str(known[field]), 0) + 1
        return count

    assert groups("mmlu", "category") == {
        "STEM": 18,
        "Humanities": 13,
        "Social Science": 12,
        "Other": 14,
    }
    assert groups("cmmlu", "category_en") == {
        "Other": 11,
        "STEM": 17,
        "China specific": 15,
        "Humanities": 11,
        "Social Science": 13,
    }
    assert groups("cmmlu", "category") == {
        "其他": 11,
        "理工": 17,
        "中国特色": 15,
        "人文": 11,
        "社科": 13,
    }
    assert groups("ceval", "category") == {"理工": 20, "社科": 10, "人文": 11, "其他": 11}


@pytest.mark.parametrize(
    ("rows", "name", "write"),
    [
        ("ARC_EASY_TEST", "arc", own_files.arc_mosaic),
        ("GSM8K_TEST", "gsm8k", own_files.gsm8k_makers),
        ("TRUTHFULQA_VAL", "truthfulqa", own_files.truthfulqa_lines),
        ("HELLASWAG_VAL", "hellaswag", own_files.hellaswag_makers),
    ],
)
def test_ids_and_orders_of_options_stay_when_rows_move_or_come(
    rows: str, name: str, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "before" / name)
    before = loaded(name, tmp_path / "before").samples
    here = list(getattr(own_rows, rows))
    new = json.loads(json.dumps(here[0]).replace("Which", "Why").replace("Ann", "Bob"))
    new = {**new, **({"ind": 8} if "ind" in new else {"question": "A new one, is it?"})}
    random.Random(3).shuffle(here)
    moved = (new, *here[::-1])
    monkeypatch.setattr(own_rows, rows, moved)
    if rows == "ARC_EASY_TEST":
        monkeypatch.setitem(own_files.ARC, "ARC-Easy", (("Test", moved), ("Train", ())))
    if rows == "GSM8K_TEST":
        monkeypatch.setattr(own_files, "GSM8K", (("test", moved), ("train", own_rows.GSM8K_TRAIN)))
    write(tmp_path / "after" / name)
    after = loaded(name, tmp_path / "after").samples
    assert len(after) == len(before) + 1
    assert set(identity(before)) < set(identity(after))


def test_what_needs_token_probabilities_says_so(tmp_path: Path) -> None:
    written("truthfulqa", "lines", tmp_path)
    with pytest.raises(UsageFault) as raised:
        load("truthfulqa:mc2", data_dir=tmp_path, start=tmp_path, scorers=list(SCORERS))
    assert str(raised.value) == (
        "benchmark truthfulqa: mc2 can't be had: it weighs the probabilities that a model gives to "
        "the tokens of every true and every false answer, and a chat endpoint writes an answer "
        "without telling how probable the others were; ask truthfulqa:mc1"
    )


def test_the_right_answer_does_not_stand_first_for_ever(tmp_path: Path) -> None:
    """In the data it does: a model that always says A would know everything."""
    rows = [own_rows._truthfulqa(f"Is it {n}?", "Yes", "No", "Perhaps") for n in range(60)]
    tasks = [{**row, "mc1_targets": {"Yes": 1, "No": 0, "Perhaps": 0}} for row in rows]
    own_files.jsonl(tmp_path / "truthfulqa/mc_task.jsonl", tasks)
    targets = [s.target for s in loaded("truthfulqa", tmp_path).samples]
    assert all(10 <= targets.count(label) <= 30 for label in "ABC")


def test_a_math_example_shows_its_answer_alone(tmp_path: Path) -> None:
    made = written("math", "lines", tmp_path)
    shown = prompt(with_examples(made, 1), made.samples[0])
    assert "Problem:\nWhat is $1 + 1$?\nSolution:\n2\nProblem:" in shown
