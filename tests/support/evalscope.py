"""Folders as EvalScope leaves them, of each generation; written for these tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROMPT = (
    '回答下面的单项选择题，请选出其中的正确答案。你的回答的最后一行应该是这样的格式："答案：[LETTER]"'
    "（不带引号），其中 [LETTER] 是 {letters} 中的一个。请在回答前进行一步步思考。\n\n"
    "问题：{question}\n选项：\n{options}\n"
)
"""What EvalScope 1 asks IQuiz with."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question with the reply to it; ``score`` is what EvalScope made of that."""

    question: str = "1 + 1 是多少？"
    choices: tuple[str, ...] = ("2", "3")
    target: str = "A"
    reply: str = "我想是 2。\n\n答案：A"
    score: float | None = 1.0
    extracted: str = "A"
    metadata: Mapping[str, Any] = field(default_factory=dict)
    prompt: str | None = None
    group: int | None = None
    repeat: int | None = None

    @property
    def sent(self) -> str:
        """The prompt."""
        if self.prompt is not None:
            return self.prompt
        lines = [f"{label}) {text}" for label, text in zip("ABCDEFG", self.choices, strict=False)]
        letters = ",".join("ABCDEFG"[: len(self.choices)])
        return PROMPT.format(letters=letters, question=self.question, options="\n".join(lines))


def write_outputs(
    folder: Path,
    subsets: Mapping[str, Sequence[Asked]],
    *,
    generation: int = 3,
    model: str | None = "m",
    kinds: Sequence[str] = ("predictions", "reviews"),
    reports: Mapping[str, float] | None = None,
    config: str | None = None,
) -> Path:
    """Write a run of EvalScope's.

    :param subsets: by the name of their file, ``iquiz_IQ``.
    :param model: the folder below ``predictions``; ``None``: the files stand without one.
    :param reports: benchmark → score.
    :param config: the YAML of the task configuration.
    """
    for stem, asked in subsets.items():
        for kind in kinds:
            path = folder / kind / (model or "") / f"{stem}.jsonl"
            rows = [_row(kind, n, one, stem, generation) for n, one in enumerate(asked)]
            path.parent.mkdir(parents=True, exist_ok=True)
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            path.write_text(text, "utf-8")
    for benchmark, score in (reports or {}).items():
        path = folder / "reports" / (model or "") / f"{benchmark}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        names = [s.removeprefix(f"{benchmark}_") for s in subsets if s.startswith(benchmark)]
        report = _report(benchmark, model or "m", score, names, generation)
        path.write_text(json.dumps(report), "utf-8")
    if config is not None:
        path = folder / "configs" / "task_config.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(config, "utf-8")
    return folder


def _row(kind: str, n: int, one: Asked, stem: str, generation: int) -> dict[str, Any]:
    if generation == 1:
        return _first(kind, n, one, stem)
    return _prediction(n, one, generation) if kind == "predictions" else _review(n, one, generation)


def _first(kind: str, n: int, one: Asked, stem: str) -> dict[str, Any]:
    raw = {
        **one.metadata,
        "question": one.question,
        "choices": list(one.choices),
        "answer": one.target,
    }
    choice: dict[str, Any] = {
        "index": 0,
        "message": {"role": "assistant", "content": one.reply, "tool_calls": []},
        "finish_reason": "stop",
    }
    row = {
        "created": 1737099742 + n,
        "model": "m",
        "choices": [choice],
        "usage": {"prompt_tokens": 30, "completion_tokens": 5, "total_tokens": 35},
        "model_spec": {"api_url": "http://127.0.0.1/v1", "api_key": "EMPTY"},
        "answer_id": f"answer-{n}",
        "subset_name": stem.partition("_")[2],
        "raw_input": raw,
        "origin_prompt": {"data": [one.sent], "raw_input": raw},
    }
    if kind == "reviews":
        choice["review"] = {"gold": one.target, "pred": one.extracted, "result": one.score}
        row |= {"reviewed": True, "reviewer_spec": {"metric": ["AverageAccuracy"]}, "index": n}
    return row


def _prediction(n: int, one: Asked, generation: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": one.reply}
    output: dict[str, Any] = {
        "model": "m",
        "choices": [{"message": message, "stop_reason": "stop"}],
        "usage": {"input_tokens": 30, "output_tokens": 5, "total_tokens": 35},
        "time": None,
        "error": None,
    }
    messages = [message]
    if generation == 3:
        output |= {"time": 1.5, "perf_metrics": {"latency": 1.5, "ttft": 0.25}}
        messages = [{"role": "user", "content": one.sent}, message]
    return {
        "index": n,
        "model": "m",
        "model_output": output,
        "messages": messages,
        "metadata": dict(one.metadata),
    }


def _review(n: int, one: Asked, generation: int) -> dict[str, Any]:
    value = {} if one.score is None else {"acc": one.score}
    row: dict[str, Any] = {
        "index": n,
        "target": [one.target] if generation == 3 else one.target,
        "sample_score": {
            "score": {
                "value": value,
                "extracted_prediction": one.extracted,
                "prediction": one.reply,
                "main_score_name": None,
            },
            "sample_id": n,
            "group_id": n if one.group is None else one.group,
            "sample_metadata": dict(one.metadata),
        },
    }
    if one.repeat is not None:
        row["sample_score"]["generation_index"] = one.repeat
    if generation == 3:
        message = {"role": "assistant", "content": one.reply}
        row["messages"] = [{"role": "user", "content": one.sent}, message]
    else:
        row["input"] = f"**User**: \n{one.sent}"
    return row


def _report(
    benchmark: str, model: str, score: float, subsets: Sequence[str], generation: int
) -> dict[str, Any]:
    inside = [{"name": name, "score": score, "num": 1} for name in subsets]
    metric: dict[str, Any] = {
        "num": len(inside),
        "score": score,
        "categories": [{"name": ["default"], "subsets": inside}],
    }
    if generation == 3:
        metric["identity"] = {"name": "acc", "aggregation": "mean", "dimensions": {}}
    else:
        metric["name"] = "AverageAccuracy" if generation == 1 else "mean_acc"
    return {
        "name": f"{model}@{benchmark}",
        "dataset_name": benchmark,
        "model_name": model,
        "score": score,
        "metrics": [metric],
    }
