"""EvalScope's own prompts for our rows: run inside an environment that has it installed.

    python benchmarks/evalscope_prompts.py > tests/datasets/evalscope_prompts.json

The rows are those of `tests/support/own_rows.py`. For each benchmark, with and without examples,
a list of [subset, prompt, target]. The tests hold our prompts to these, byte for byte.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support import own_rows

Row = Mapping[str, Any]


def main() -> None:
    """Print the prompts of all benchmarks."""
    from evalscope import __version__

    made: dict[str, object] = {"EvalScope": __version__}
    for name, theirs, test, dev, count, subset in asked():
        for few in sorted({0, count}):
            key = f"{name}, {few} examples"
            made[key] = made.get(key, []) + prompts(theirs, test, dev, few, subset)  # type: ignore[operator]
    print(json.dumps(made, ensure_ascii=False, indent=1))


def asked() -> Sequence[tuple[str, str, Sequence[Row], Sequence[Row], int, Callable[[Row], str]]]:
    """Our name and theirs, the questions, the examples, how many are shown, and a row's subset."""
    return [
        ("mmlu", "mmlu", own_rows.MMLU_TEST, own_rows.MMLU_DEV, 5, lambda r: r["subject"]),
        ("cmmlu", "cmmlu", own_rows.CMMLU_TEST, own_rows.CMMLU_DEV, 5, lambda r: r["category"]),
        ("ceval", "ceval", own_rows.CEVAL_VAL, own_rows.CEVAL_DEV, 5, lambda r: r["subject"]),
        ("gsm8k", "gsm8k", own_rows.GSM8K_TEST, own_rows.GSM8K_TRAIN, 4, lambda _: "main"),
        ("arc", "arc", own_rows.ARC_EASY_TEST, own_rows.ARC_TRAIN, 2, lambda _: "ARC-Easy"),
        (
            "arc",
            "arc",
            own_rows.ARC_CHALLENGE_TEST,
            own_rows.ARC_TRAIN,
            2,
            lambda _: "ARC-Challenge",
        ),
        ("hellaswag", "hellaswag", own_rows.HELLASWAG_VAL, (), 0, lambda _: "default"),
        ("truthfulqa", "truthful_qa", own_rows.TRUTHFULQA_VAL, (), 0, lambda _: "mc1"),
        ("math", "competition_math", own_rows.MATH_TEST, own_rows.MATH_TRAIN, 4, _level),
        ("math500", "math_500", own_rows.MATH500_TEST, (), 0, lambda r: f"Level {r['level']}"),
        ("humaneval", "humaneval", own_rows.HUMANEVAL_TEST, (), 0, lambda _: "openai_humaneval"),
    ]


def prompts(
    name: str, test: Sequence[Row], dev: Sequence[Row], count: int, subset: Callable[[Row], str]
) -> list[tuple[str, str, object]]:
    """What EvalScope sends for each question; options in the order of the data."""
    from evalscope.api.registry import get_benchmark
    from evalscope.config import TaskConfig

    task = TaskConfig(
        model="m",
        api_url="http://127.0.0.1:9/v1",
        eval_type="openai_api",
        datasets=[name],
        dataset_args={name: {"few_shot_num": count}},
    )
    adapter = get_benchmark(name, task)

    def read(rows: Sequence[Row]) -> dict[str, list[Any]]:
        samples: dict[str, list[Any]] = {}
        for row in rows:
            adapter.current_subset_name = subset(row)
            samples.setdefault(subset(row), []).append(adapter.record_to_sample(dict(row)))
        return samples

    examples = read(dev)
    adapter.fewshot_dataset = {key: ones[:count] for key, ones in examples.items()}
    made = []
    for key, samples in read(test).items():
        adapter.current_subset_name = key
        for sample in samples:
            prompt = (
                adapter.process_sample_input(sample, subset=key)
                if isinstance(sample.input, str)
                else sample.input[-1].content
            )
            made.append((key.replace(" ", "-"), prompt, sample.target))
    return made


def _level(row: Row) -> str:
    return str(row["level"])


if __name__ == "__main__":
    main()
