"""Replies of real models with somebody else's reading of them, as rows of one shape.

Each corpus is a folder or file of a data directory that is not part of this project; a corpus
whose file is absent is left out. `benchmarks/answer_reader.py` prints what comes of them.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One reply, and what the corpus's own reader made of it.

    ``scorer`` is the one of ours that judges it. ``label`` is the answer that the corpus's reader
    took from the reply (``None`` where it found none), or, where ``is_verdict``, whether that
    answer was right; ``labelled`` is false where the corpus says neither. ``prompt_language``
    decides which of the peer's parsers its framework would use.
    """

    id: str
    scorer: str
    text: str
    target: str
    choices: tuple[str, ...] = ()
    label: str | bool | None = None
    is_verdict: bool = False
    labelled: bool = True
    prompt_language: str = "en"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    text = path.read_bytes()
    for line in (gzip.decompress(text) if path.suffix == ".gz" else text).splitlines():
        yield json.loads(line)


def gaokao(data: Path, *, several: bool) -> Iterator[Row]:
    """GPT-4's replies to Chinese exam questions (GAOKAO-Bench); ``model_answer`` is the label.

    Items of several parts are no single question and are left out. Whether several options may
    be right is what the paper says: physics allows it.
    """
    for raw in _lines(data / "model_outputs/gaokao_bench_gpt4_objective.jsonl.gz"):
        if len(raw["standard_answer"]) != 1 or several != ("Physics" in raw["keyword"]):
            continue
        options = _options_in(raw["question"])
        yield Row(
            id=f"{raw['keyword']}/{raw['index']}",
            scorer="multi_choice" if several else "choice",
            text=raw["model_output"],
            target=raw["standard_answer"][0],
            # Formulas and figures hide some options; all these questions have four.
            choices=options if len(options) == 4 else ("甲", "乙", "丙", "丁"),
            label="".join(raw["model_answer"]) or None,
            prompt_language="zh",
        )


_OPTION = re.compile(r"(?:^|(?<=[\s。)）]))([A-Z])\s?[.．、)）:：]\s*(?=\S)", re.MULTILINE)


def _options_in(question: str) -> tuple[str, ...]:
    """The last run of options A, B, C, … that stands in a question's text, else none."""
    found = list(_OPTION.finditer(question))
    starts = [n for n, match in enumerate(found) if match[1] == "A"]
    if not starts:
        return ()
    run = found[starts[-1] :]
    run = [m for n, m in enumerate(run) if m[1] == LETTERS[n]]
    ends = [*(m.start() for m in run[1:]), len(question)]
    texts = tuple(question[m.end() : end].strip() for m, end in zip(run, ends, strict=True))
    return texts if len(texts) >= 2 and len(set(texts)) == len(texts) else ()


def mmlu_pro(data: Path) -> Iterator[Row]:
    """Twelve models on MMLU-Pro; ``pred`` is the label, null where their regex found nothing."""
    for raw in _lines(data / "model_outputs/mmlu_pro_5shot_outputs.jsonl.gz"):
        yield Row(
            id=f"{raw['model']}/{raw['question_id']}",
            scorer="choice",
            text=raw.get("generated_text") or raw.get("model_outputs") or "",
            target=raw["answer"],
            choices=tuple(raw["options"]),
            label=raw["pred"],
        )


def evalscope_choice(data: Path) -> Iterator[Row]:
    """Multiple choice in EvalScope's published example runs; its extracted letter is the label."""
    for path in _reviews(data, "iquiz_*", "arc_*", "ceval_*"):
        for raw in _lines(path):
            read = _old_review if "choices" in raw else _new_review
            prompt, text, target, label, _ = read(raw)
            options = _options_in(_CUE_AT_END.sub("", prompt))
            if not options:
                raise ValueError(f"{path}: no options in the prompt of row {raw.get('index')}")
            yield Row(
                id=_review_id(path, raw),
                scorer="choice",
                text=text,
                target=target,
                choices=options,
                label=label or None,
                prompt_language="en" if path.name.startswith("arc") else "zh",
            )


def evalscope_gsm8k(data: Path) -> Iterator[Row]:
    """GSM8K in the same runs; its verdict is the label."""
    for path in _reviews(data, "gsm8k_*"):
        for raw in _lines(path):
            read = _old_review if "choices" in raw else _new_review
            _, text, target, _, verdict = read(raw)
            yield Row(
                id=_review_id(path, raw),
                scorer="number",
                text=text,
                target=target,
                label=verdict,
                is_verdict=True,
            )


_CUE_AT_END = re.compile(r"\n(?:Answer|答案)\s?[:：]\s*$")


def _reviews(data: Path, *names: str) -> list[Path]:
    folder = data / "evalscope_runs"
    return sorted(p for name in names for p in folder.glob(f"*/reviews/{name}.jsonl"))


def _review_id(path: Path, raw: Mapping[str, Any]) -> str:
    return f"{path.parent.parent.name}/{path.stem}/{raw['index']}"


_Review = tuple[str, str, str, str | None, bool]


def _old_review(raw: Mapping[str, Any]) -> _Review:
    """Of the first generation: prompt, reply, target, extracted answer, verdict."""
    choice = raw["choices"][0]
    review = choice["review"]
    prompt = str(raw["origin_prompt"]["data"][0])
    return (
        prompt,
        choice["message"]["content"],
        str(review["gold"]),
        str(review["pred"]),
        bool(review["result"]),
    )


def _new_review(raw: Mapping[str, Any]) -> _Review:
    """Of the second and third generation."""
    score = raw["sample_score"]["score"]
    asked = [m["content"] for m in raw.get("messages", []) if m["role"] == "user"]
    prompt = asked[-1] if asked else raw["input"]
    return (
        str(prompt),
        score["prediction"],
        raw["target"],
        score["extracted_prediction"],
        score["value"]["acc"] == 1.0,
    )


def gsm8k_solutions(data: Path) -> Iterator[Row]:
    """Four GPT-3 models on GSM8K (OpenAI, 2021); ``is_correct`` is the label."""
    for number, raw in enumerate(_lines(data / "gsm8k/example_model_solutions.jsonl")):
        for model in ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"):
            yield Row(
                id=f"{model}/{number}",
                scorer="number",
                text=raw[model]["solution"],
                target=raw["ground_truth"].rpartition("A: ")[2].strip(),
                label=raw[model]["is_correct"],
                is_verdict=True,
            )


def qwen_math(data: Path) -> Iterator[Row]:
    """Eight replies of a Qwen model to each of 79 MATH problems; their grader's ``score``."""
    for raw in _lines(data / "model_outputs/qwen_math_cot_100x8.jsonl.gz"):
        for number, (text, right) in enumerate(zip(raw["code"], raw["score"], strict=True)):
            yield Row(
                id=f"{raw['idx']}/{number}",
                scorer="math",
                text=text,
                target=raw["answer"],
                label=right,
                is_verdict=True,
            )


def math500(data: Path, model: str) -> Iterator[Row]:
    """Boxed answers of a model to MATH-500, which nobody judged."""
    for number, raw in enumerate(_lines(data / f"model_outputs/math500_{model}_answers.jsonl")):
        yield Row(
            id=f"{number}",
            scorer="math",
            text=rf"\boxed{{{raw['prediction']}}}",
            target=raw["answer"],
            labelled=False,
        )


CORPORA: Mapping[str, tuple[str, Callable[[Path], Iterator[Row]]]] = {
    "gaokao": (
        "model_outputs/gaokao_bench_gpt4_objective.jsonl.gz",
        lambda data: gaokao(data, several=False),
    ),
    "gaokao-several": (
        "model_outputs/gaokao_bench_gpt4_objective.jsonl.gz",
        lambda data: gaokao(data, several=True),
    ),
    "mmlu-pro": ("model_outputs/mmlu_pro_5shot_outputs.jsonl.gz", mmlu_pro),
    "evalscope-choice": ("evalscope_runs", evalscope_choice),
    "evalscope-gsm8k": ("evalscope_runs", evalscope_gsm8k),
    "gsm8k-solutions": ("gsm8k/example_model_solutions.jsonl", gsm8k_solutions),
    "qwen-math": ("model_outputs/qwen_math_cot_100x8.jsonl.gz", qwen_math),
    "math500-qwen3": (
        "model_outputs/math500_qwen3_answers.jsonl",
        lambda data: math500(data, "qwen3"),
    ),
    "math500-gpt": (
        "model_outputs/math500_gpt_answers.jsonl",
        lambda data: math500(data, "gpt"),
    ),
}
"""Name → the file or folder that must be there, and its rows."""
