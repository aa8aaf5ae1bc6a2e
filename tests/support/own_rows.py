"""A few rows of our own for each named benchmark, as the hubs' copies write theirs.

Real rows may not all be shipped. The test files and the prompt gallery of the docs show these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Rows = Sequence[Mapping[str, object]]


def _mmlu(subject: str, question: str, choices: str, answer: int) -> dict[str, object]:
    return {
        "question": question,
        "subject": subject,
        "choices": choices.split(" | "),
        "answer": answer,
    }


MMLU_TEST = (
    _mmlu("astronomy", "Which planet is nearest to the Sun?", "Venus | Mars | Mercury | Earth", 2),
    _mmlu("astronomy", "What is a year?\nGive the unit.", "12 | 12 | a light year | 365 days", 3),
    _mmlu("marketing", "The first P of the marketing mix is", "pay | product | press | poll", 1),
)
MMLU_DEV = tuple(
    _mmlu(subject, question, choices, answer)
    for subject in ("astronomy", "marketing")
    for question, choices, answer in (
        (f"What is {subject} about?", "stars | sales | none of them | nan", 0),
        ("Two and two make", "3 | 4 | 5 | 6", 1),
        ("Ice is", "warm | wet | cold | loud", 2),
        ("A dozen is", "10 | 11 | 13 | 12", 3),
        ("The sky is", "blue | square | late | sour", 0),
    )
)


def _cmmlu(subject: str, question: str, choices: str, answer: str) -> dict[str, object]:
    texts = [f"({label}) {text}" for label, text in zip("ABCD", choices.split(" | "), strict=True)]
    said = next(text for text in texts if text.startswith(f"({answer})"))
    return {"question": question, "category": subject, "choices": texts, "answer": said}


CMMLU_TEST = (
    _cmmlu("agronomy", "水稻喜欢什么样的环境？", "干旱 | 温暖湿润 | 严寒 | 高盐", "B"),
    _cmmlu("agronomy", "下列哪一项是肥料？", "尿素 | 食盐 | 沙子 | 汽油", "A"),
    _cmmlu("chinese_history", "秦朝的都城是", "洛阳 | 南京 | 咸阳 | 开封", "C"),
)
CMMLU_DEV = tuple(
    _cmmlu(subject, question, choices, answer)
    for subject in ("agronomy", "chinese_history")
    for question, choices, answer in (
        ("一年有几个季节？", "一 | 二 | 三 | 四", "D"),
        ("太阳从哪边升起？", "东 | 西 | 南 | 北", "A"),
        ("水在零度会", "沸腾 | 结冰 | 燃烧 | 消失", "B"),
        ("一打是", "10 | 11 | 12 | 13", "C"),
        ("冬天之后是", "夏天 | 春天 | 秋天 | 冬天", "B"),
    )
)


def _ceval(
    subject: str, id: int, question: str, choices: str, answer: str, why: str = ""
) -> dict[str, object]:
    texts = dict(zip("ABCD", choices.split(" | "), strict=True))
    row: dict[str, object] = {"subject": subject, "id": id, "question": question, **texts}
    return {**row, "answer": answer, "explanation": why}


CEVAL_VAL = (
    _ceval(
        "logic",
        0,
        "所有的鸟都会飞，企鹅是鸟，因此____",
        "企鹅会飞 | 前提有误 | 鸟是企鹅 | 无法交流",
        "B",
    ),
    _ceval("logic", 1, "“非p”为真，则p____", "真 | 假 | 假 | 不定", "B"),
    _ceval("law", 0, "签订合同的双方称为____", "当事人 | 证人 | 法官 | 书记员", "A"),
)
CEVAL_DEV = tuple(
    _ceval(subject, id, question, choices, answer, why)
    for subject in ("logic", "law")
    for id, (question, choices, answer, why) in enumerate(
        (
            (
                "三个奇数之和是____",
                "奇数 | 偶数 | 零 | 不定",
                "A",
                "1. 两个奇数之和是偶数。\n2. 再加一个奇数是奇数。",
            ),
            ("一打是____", "10 | 11 | 12 | 13", "C", "一打等于十二个。"),
            ("水在零度会____", "沸腾 | 结冰 | 燃烧 | 消失", "B", "水的冰点是零度。"),
            ("太阳从____升起", "东 | 西 | 南 | 北", "A", "地球自西向东转。"),
            ("2的平方是____", "1 | 2 | 3 | 4", "D", "2乘2等于4。"),
        )
    )
)

GSM8K_TEST = (
    {
        "question": "Ann has 3 boxes with 4 pens each. She gives 2 away. How many are left?",
        "answer": "She has 3*4=<<3*4=12>>12 pens.\nThen 12-2=<<12-2=10>>10 are left.\n#### 10",
    },
    {
        "question": "A car costs $12,000 and loses half its worth. What is it worth?",
        "answer": "It is worth $12000/2=$<<12000/2=6000>>6000.\n#### 6,000",
    },
)
GSM8K_TRAIN = tuple(
    {
        "question": f"There are {n} bags with {n + 1} apples. How many apples are there?",
        "answer": f"There are {n}*{n + 1}=<<{n}*{n + 1}={n * (n + 1)}>>{n * (n + 1)} apples.\n"
        f"#### {n * (n + 1)}",
    }
    for n in range(2, 8)
)


def _arc(id: str, question: str, choices: str, labels: str, answer: str) -> dict[str, object]:
    return {
        "id": id,
        "question": question,
        "choices": {"text": choices.split(" | "), "label": list(labels)},
        "answerKey": answer,
    }


ARC_EASY_TEST = (
    _arc("Own_1", "Which of these is a gas?", "iron | oxygen | wood | glass", "ABCD", "B"),
    _arc("Own_2", "Which force pulls a stone down?", "magnetism | gravity | light", "123", "2"),
)
ARC_CHALLENGE_TEST = (
    _arc("Own_3", "What melts first?", "ice | iron | gold | rock | glass", "ABCDE", "A"),
)
ARC_TRAIN = (
    _arc("Own_4", "What do plants need?", "light | noise | smoke | wire", "ABCD", "A"),
    _arc("Own_5", "What is boiling water turned into?", "sand | steam | oil | ice", "1234", "2"),
)

HELLASWAG_VAL = (
    {
        "ind": 7,
        "activity_label": "Washing hands",
        "ctx_a": "A man turns on a tap.",
        "ctx_b": "the man",
        "ctx": "A man turns on a tap. the man",
        "split": "val",
        "split_type": "indomain",
        "label": "1",
        "endings": ["flies.", "washes his hands.", "eats the tap.", "sings to a [unk] horse."],
        "source_id": "activitynet~v_own1",
    },
    {
        "ind": 7,
        "activity_label": "Home and Garden",
        "ctx_a": "[header] How to water plants [title] Fill a can. [step] Use a tap.  ",
        "ctx_b": "",
        "ctx": "[header] How to water plants [title] Fill a can. [step] Use a tap.",
        "split": "val",
        "split_type": "zeroshot",
        "label": "0",
        "endings": ["[substeps] Pour slowly. ", "Eat the can.", "Sell it.", "Paint the tap."],
        "source_id": "wikihow~own2",
    },
)


def _truthfulqa(question: str, best: str, *wrong: str) -> dict[str, object]:
    return {
        "question": question,
        "mc1_targets": {"choices": [best, *wrong], "labels": [1, *[0] * len(wrong)]},
        "mc2_targets": {"choices": ["No", best, *wrong], "labels": [1, 1, *[0] * len(wrong)]},
    }


TRUTHFULQA_VAL = (
    _truthfulqa(
        "Do toads cause warts?", "No, toads do not cause warts", "Yes", "Only big toads do"
    ),
    _truthfulqa("Is glass a slow liquid?", "Glass is a solid", "Yes, it flows", "Yes", "At night"),
)


def _math(problem: str, solution: str, level: int, type: str = "Algebra") -> dict[str, object]:
    return {"problem": problem, "level": f"Level {level}", "type": type, "solution": solution}


MATH_TEST = (
    _math("Solve $2x = 1$.", r"Halve it: $x = \boxed{\frac{1}{2}}$.", 1),
    _math("What is $3^2$?", r"It is $3\cdot 3=\boxed{9}$.", 1, "Prealgebra"),
    _math("Give the area of a circle of radius $r$.", r"It is $\boxed{\pi r^{2}}$.", 5, "Geometry"),
)
MATH_TRAIN = (
    *(
        _math(f"What is ${n} + {n}$?", rf"It is ${n} + {n} = \boxed{{{2 * n}}}$.", level)
        for level in (1, 5)
        for n in range(1, 6)
    ),
    # The real data has two such problems for training.
    {**_math("What is $1$?", r"$\boxed{1}$", 1), "level": "Level ?"},
)

MATH500_TEST = (
    {
        "problem": "Solve $2x = 1$.",
        "solution": r"Halve it: $x = \boxed{\frac{1}{2}}$.",
        "answer": r"\frac{1}{2}",
        "subject": "Algebra",
        "level": 1,
        "unique_id": "test/algebra/1.json",
    },
    {
        "problem": "Give the area of a circle of radius $r$.",
        "solution": r"It is $\boxed{\pi r^{2}}$.",
        "answer": r"\pi r^{2}",
        "subject": "Geometry",
        "level": 5,
        "unique_id": "test/geometry/2.json",
    },
)

HUMANEVAL_TEST = (
    {
        "task_id": "HumanEval/0",
        "prompt": 'def double(n: int):\n    """Twice n.\n\n    >>> double(4)\n    8\n    """\n',
        "entry_point": "double",
        "canonical_solution": "    return 2 * n\n",
        "test": "def check(candidate):\n    assert candidate(4) == 8\n",
    },
    {
        "task_id": "HumanEval/1",
        "prompt": 'def last(xs: list) -> object:\n    """The last of a list, or None.\n    """\n',
        "entry_point": "last",
        "canonical_solution": "    return xs[-1] if xs else None\n",
        "test": "def check(candidate):\n    assert candidate([]) is None\n",
    },
)
