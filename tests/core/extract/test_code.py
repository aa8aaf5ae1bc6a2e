"""Which part of a reply is the code: told by shape, and never by running or parsing it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.code import LONGEST, defines, read_code
from pytest_iqeval.core.extract.code_rules import RULES

FUNCTION = "def add(x, y):\n    return x + y"
BODY = "    return x + y"
STUB = '```python\ndef add(x, y):\n    """Return x + y.\n    return it.\n    """\n    pass\n```'


def fenced(code: str, info: str = "python") -> str:
    return f"```{info}\n{code}\n```"


CASES = {
    "a fence": (f"Sure!\n\n{fenced(FUNCTION)}\nDone.", "fenced-function", FUNCTION),
    "一个代码块": (f"函数如下：\n\n{fenced(FUNCTION)}\n\n以上。", "fenced-function", FUNCTION),
    "without a language": (fenced(FUNCTION, ""), "fenced-function", FUNCTION),
    "Python, py and python3": (fenced(FUNCTION, "Python3"), "fenced-function", FUNCTION),
    "tildes": (f"~~~py\n{FUNCTION}\n~~~", "fenced-function", FUNCTION),
    "a fence that ends glued to the code": (
        f"```python\n{FUNCTION}```\nThen:\n```python\nprint(add(1, 2))\n```",
        "fenced-function",
        FUNCTION,
    ),
    "a fence with the template's token behind it": (
        f"{fenced(FUNCTION)}<|im_end|>",
        "fenced-function",
        FUNCTION,
    ),
    "the given beginning, repeated": (
        f"{STUB}\n{fenced(FUNCTION)}",
        "fenced-function",
        FUNCTION,
    ),
    "a function that gives nothing back": (
        fenced("def add(x, y):\n    x.append(y)"),
        "fenced-function",
        "def add(x, y):\n    x.append(y)",
    ),
    "four ticks around three": (
        f"````python\n{FUNCTION}  # ```\n````",
        "fenced-function",
        f"{FUNCTION}  # ```",
    ),
    "in a list": (
        "1. So:\n\n   ```python\n   def add(x, y):\n       return x + y\n   ```",
        "fenced-function",
        FUNCTION,
    ),
    "Windows lines": (fenced(FUNCTION).replace("\n", "\r\n"), "fenced-function", FUNCTION),
    "the first that defines it": (
        f"{fenced('pip install it', 'bash')}\n{fenced('add(1, 2)')}\n{fenced(FUNCTION)}\n"
        f"{fenced('def add(x, y): return 0')}",
        "fenced-function",
        FUNCTION,
    ),
    "with helpers and imports": (
        fenced(f"import math\n\ndef help(x):\n    return x\n\n{FUNCTION}"),
        "fenced-function",
        f"import math\n\ndef help(x):\n    return x\n\n{FUNCTION}",
    ),
    "a lambda": (fenced("add = lambda x, y: x + y"), "fenced-function", "add = lambda x, y: x + y"),
    "async": (fenced("async def add(x): pass"), "fenced-function", "async def add(x): pass"),
    "another name goes on with the prompt": (
        fenced("def plus(x, y):\n    return x + y"),
        "fenced-body",
        "def plus(x, y):\n    return x + y",
    ),
    "a body": (fenced(BODY), "fenced-body", BODY),
    "a body out of its indentation": (fenced("return x + y"), "fenced-body", "return x + y"),
    "a fence that never ends": (f"```python\n{FUNCTION}\n", "open-fence", FUNCTION),
    "a draft while thinking": (
        f"<think>\n{fenced('def add(x, y): return 0')}\n</think>\n\n{fenced(FUNCTION)}",
        "fenced-function",
        FUNCTION,
    ),
    "no fence": (f"Here it is.\n\n{FUNCTION}\n\nIt adds.", "bare-function", FUNCTION),
    "没有代码块": (f"函数如下：\n{FUNCTION}\n它返回两数之和。", "bare-function", FUNCTION),
    "no fence, with imports": (
        f"from typing import List\n\n\n{FUNCTION}\n",
        "bare-function",
        f"from typing import List\n\n\n{FUNCTION}",
    ),
    "the rest of the prompt": (BODY, "bare-body", BODY),
    "the rest, then more": (f"{BODY}\n\nprint(add(1, 2))", "bare-body", BODY),
    "the rest, trimmed": ("s = x\n    return s + y", "bare-body", "s = x\n    return s + y"),
    "JSON": ('{"answer": "def add(x, y):\\n    return x + y"}', "json-answer", FUNCTION),
    "JSON with a fence in it": (
        '{"code": "```python\\ndef add(x, y):\\n    return x + y\\n```"}',
        "json-answer",
        FUNCTION,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_code_is_found(name: str) -> None:
    reply, rule, code = CASES[name]
    reading = read_code(reply, "add")
    assert (reading.rule, reading.answer) == (rule, code)
    assert reading.span is not None


def test_the_span_is_where_the_code_stands() -> None:
    reply = f"Sure!\n\n{fenced(FUNCTION)}\nDone."
    span = read_code(reply, "add").span
    assert span is not None
    assert reply[slice(*span)] == FUNCTION + "\n"


@pytest.mark.parametrize(
    ("reply", "note"),
    [
        ("", "there is no code in it"),
        ("I would add the two numbers and return the sum.", "there is no code in it"),
        ("我会把两个数相加，然后返回结果。", "there is no code in it"),
        ("import numpy, then add.", "there is no code in it"),
        (fenced("pip install add", "bash"), "its fenced blocks hold no function"),
        (fenced("add(1, 2)  # 3"), "its fenced blocks hold no function"),
        (f"<think>{FUNCTION}</think>", "there is no code in it"),
    ],
)
def test_a_reply_without_code_is_none(reply: str, note: str) -> None:
    reading = read_code(reply, "add")
    assert reading.answer is None
    assert reading.note == note


def test_what_was_passed_over_is_told() -> None:
    reply = f"{fenced('pip install add', 'bash')}\n{fenced('add(1, 2)')}"
    tried = read_code(reply, "add").tried
    assert [one.why for one in tried] == ["it is bash, not Python", "it computes nothing"]


@pytest.mark.parametrize("reply", [f"```python\n{FUNCTION}", FUNCTION, BODY])
def test_what_a_length_limit_may_have_cut_is_no_answer_of_a_cut_reply(reply: str) -> None:
    assert read_code(reply, "add").of_cut_reply().answer is None


def test_a_closed_block_is_an_answer_of_a_cut_reply_too() -> None:
    reading = read_code(f"{fenced(FUNCTION)}\nIt adds, since", "add")
    assert reading.of_cut_reply().answer == FUNCTION


def test_code_that_runs_away_is_wrong_and_not_run() -> None:
    reading = read_code(fenced("def add(x, y):\n" + "    x\n" * LONGEST), "add")
    assert reading.answer is None
    assert reading.missed


def test_a_function_is_defined_at_the_outermost_level() -> None:
    assert defines("  def add(x): pass", "add")
    assert not defines("class A:\n    def add(self): pass", "add")
    assert not defines("def adder(x): pass", "add")
    assert not defines("add == 3", "add")


def test_every_rule_has_a_name_of_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


PIECES = [
    "```",
    "```python\n",
    "\n",
    "def add(x):",
    "    return x",
    "import a",
    "{",
    "}",
    '"',
    "x =",
    '"""',
    "```<|im_end|>",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join))
def test_any_reply_is_read(reply: str) -> None:
    """Nothing raises, and a span lies within the reply."""
    reading = read_code(reply, "add")
    if reading.span is not None:
        start, end = reading.span
        assert 0 <= start <= end <= len(reply)
        assert reading.answer


@pytest.mark.parametrize(
    "piece",
    ["```\n", "import a\n", "def add(x):\n", " ", "x = 1\n", "(", "{", "x\t", "a.b[", "# ", '"""'],
)
def test_long_replies_are_read_at_once(piece: str) -> None:
    """A reader that looks back again and again would take minutes for these."""
    began = time.process_time()
    read_code(piece * (200_000 // len(piece)), "add")
    assert time.process_time() - began < 5
