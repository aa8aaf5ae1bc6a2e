"""Definitions can give the prompts of EvalScope 1.14 word for word, with examples and without.

The forms are those of its `utils/multi_choices.py` and `benchmarks/*/`, put together here in the
way in which its adapters do it.
"""

from __future__ import annotations

import json

import pytest

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.core.tasks.few_shot import Examples
from tests.support.questions import definition, sample
from tests.support.shared import shared_data

COT = (
    "Answer the following multiple choice question. The last line of your response should be of "
    "the following format: 'ANSWER: [LETTER]' (without quotes) where [LETTER] is one of {letters}. "
    "Think step by step before answering.\n\n{question}\n\n{options}"
)
MMLU = {
    "prompt": COT,
    "few_shot": {
        "count": 2,
        "example": "{question}\n{options}\nANSWER: {answer}",
        "prompt": "Here are some examples of how to answer similar questions:\n\n{examples}\n\n"
        + COT,
    },
}
ZH = (
    '回答下面的单项选择题，请选出其中的正确答案。你的回答的最后一行应该是这样的格式："答案：[LETTER]"'
    "（不带引号），其中 [LETTER] 是 {letters} 中的一个。请在回答前进行一步步思考。\n\n"
    "问题：{question}\n选项：\n{options}\n"
)
CMMLU = {
    "prompt": ZH,
    "few_shot": {
        "count": 2,
        "example": "问题：{question}\n选项：\n{options}\n答案：{answer}",
        "prompt": f"以下是一些示例问题：\n\n{{examples}}\n\n{ZH}",
    },
}
SUBJECT = (
    "以下是中国关于{subset}的单项选择题，请选出其中的正确答案。你的回答的最后一行应该是这样的格式："
    '"答案：[LETTER]"（不带引号），其中 [LETTER] 是 A、B、C、D 中的一个。\n\n'
    "问题：{question}\n选项：\n{options}\n"
)
CEVAL = {
    "prompt": SUBJECT,
    "option": "{label}. {text}",
    "few_shot": {
        "count": 2,
        "example": "问题：{question}\n选项：\n{options}\n解析：{explanation}\n答案：{answer}",
        "prompt": f"以下是一些示例问题：\n\n{{examples}}\n\n\n{SUBJECT}",
    },
}
BOXED = "{question}\nPlease reason step by step, and put your final answer within \\boxed{{}}."
GSM8K = {
    "scorer": "number",
    "prompt": BOXED,
    "few_shot": {
        "count": 4,
        "example": "{question}\n\nReasoning:\n{explanation}\n\nANSWER: \\boxed{{{answer}}}",
        "prompt": "Here are some examples of how to solve similar problems:\n\n{examples}\n\n"
        + BOXED,
    },
}
PROBLEM = (
    "Problem:\n{question}\n\nPlease reason step by step, and put your final answer within "
    "\\boxed{{}}.\n"
)
MATH = {
    "scorer": "math",
    "prompt": PROBLEM,
    "few_shot": {
        "count": 2,
        "example": "Problem:\n{question}\nSolution:\n{answer}",
        "prompt": "Here are some examples of how to solve similar problems:\n\n{examples}\n"
        + PROBLEM,
    },
}
ASKED = sample(input="Which of {these}?", choices=("a{}", "b", "c", "d"), target="A")
SHOWN = (
    sample("1", input="First?", target="C", metadata={"explanation": "因为。"}),
    sample("2", input="第二？", choices=("是", "否"), target="B"),
)


def asked(told: dict[str, object], one: Sample, dev: tuple[Sample, ...] = ()) -> str:
    made = Benchmark(
        definition=definition(**told),
        samples=(one,),
        dev={"default": dev},
        data_sha256="",
        revision="",
    )
    examples = Examples(made, "free").of(one)
    return chat_request(made.definition, one, "free", examples=examples).messages[-1].content


def lettered(one: Sample, mark: str = ")") -> str:
    return "\n".join(f"{chr(65 + n)}{mark} {text}" for n, text in enumerate(one.choices))


def test_mmlu() -> None:
    """`format_example`, `FEW_SHOT_TEMPLATE` and `SINGLE_ANSWER_TEMPLATE_COT`."""
    few = "\n\n".join(f"{s.input}\n{lettered(s)}\nANSWER: {s.target}" for s in SHOWN)
    rest = COT.format(letters="A,B,C,D", question=ASKED.input, options=lettered(ASKED))
    said = f"Here are some examples of how to answer similar questions:\n\n{few}\n\n{rest}"
    assert asked(MMLU, ASKED, SHOWN) == said
    assert asked(MMLU, ASKED) == rest


def test_cmmlu() -> None:
    """`CMMLUAdapter.sample_to_fewshot`, `CHINESE_FEW_SHOT_TEMPLATE`."""
    few = "\n\n".join(f"问题：{s.input}\n选项：\n{lettered(s)}\n答案：{s.target}" for s in SHOWN)
    rest = ZH.format(letters="A,B,C,D", question=ASKED.input, options=lettered(ASKED))
    assert asked(CMMLU, ASKED, SHOWN) == f"以下是一些示例问题：\n\n{few}\n\n{rest}"


def test_ceval() -> None:
    """`CEVALAdapter`: options with a point, the subject's name, an explanation even if empty."""
    few = "\n\n".join(
        f"问题：{s.input}\n选项：\n{lettered(s, '.')}\n解析：{s.metadata.get('explanation', '')}"
        f"\n答案：{s.target}"
        for s in SHOWN
    )
    rest = SUBJECT.format(subset="IQ", question=ASKED.input, options=lettered(ASKED, "."))
    assert asked(CEVAL, ASKED, SHOWN) == f"以下是一些示例问题：\n\n{few}\n\n\n{rest}"
    assert asked(CEVAL, ASKED) == rest


def test_math() -> None:
    """`CompetitionMathAdapter`: the answer alone is the solution that it shows."""
    one, two = (sample(input=f"{n}?", choices=(), target=f"\\frac{n}2") for n in "13")
    said = asked(MATH, sample(input="x?", choices=(), target="1"), (one, two))
    assert said == (
        "Here are some examples of how to solve similar problems:\n\n"
        "Problem:\n1?\nSolution:\n\\frac12\n\nProblem:\n3?\nSolution:\n\\frac32\n"
        "Problem:\nx?\n\nPlease reason step by step, and put your final answer within \\boxed{}.\n"
    )


@pytest.mark.parametrize("model", ["qwen3-max", "qwen-plus"])
def test_gsm8k_as_evalscope_sent_it(model: str) -> None:
    """Its own record of what it sent, with the first four of the training questions."""
    path = shared_data(f"evalscope_runs/{model}/predictions/gsm8k_main.jsonl")
    train = shared_data("gsm8k/train_first50.jsonl").read_text(encoding="utf-8").splitlines()
    dev = tuple(free_of(json.loads(line)) for line in train[:6])
    questions = shared_data("gsm8k/test.jsonl").read_text(encoding="utf-8").splitlines()
    sent = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(sent) == 10
    for row in sent:
        one = free_of(json.loads(questions[row["index"]]))
        assert asked(GSM8K, one, dev) == row["messages"][0]["content"]


def free_of(row: dict[str, str]) -> Sample:
    return sample(input=row["question"], choices=(), target=row["answer"])
