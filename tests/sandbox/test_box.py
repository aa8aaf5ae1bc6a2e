"""What counts as passing a test in the sandbox, and what is said of a program that does not."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Mapping

import pytest

from pytest_iqeval.core.errors import ScorerCrash
from pytest_iqeval.core.program import Program, ProgramVerdict
from pytest_iqeval.core.request import Reply
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers import make_scorer
from pytest_iqeval.core.scorers.code import CodeScorer
from pytest_iqeval.sandbox.box import ProcessSandbox
from tests.support.shared import shared_data

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no code is run on Windows")

PROMPT = "from typing import List\n\n\ndef f(x):\n    '''Do it.'''\n"


def run(code: str, test: str, *, whole: bool | None = None, prompt: str = PROMPT) -> ProgramVerdict:
    test = f"def check(candidate):\n    {test}\n" if "def check" not in test else test
    whole = code.startswith("def ") if whole is None else whole
    program = Program(prompt=prompt, code=code, whole=whole, entry_point="f", test=test)
    return ProcessSandbox(timeout_s=4, memory_bytes=256 << 20).run(program)


@pytest.mark.parametrize(
    "code",
    [
        "    return x + 1\n",
        "return x + 1",
        "  return x + 1",
        "\ty = x\n\treturn y + 1\n",
        "y = x\nreturn y + 1\n",
        "if x:\n        return x + 1\n    return 1\n",
        "if x:\n    return x + 1\nreturn 1",
        "def f(x):\n    return x + 1\n",
        "def g(x):\n    return x + 1\n\ndef f(x: List[int]):\n    return g(x)\n",
        "from __future__ import annotations\ndef f(x: Nothing):\n    return x + 1\n",
        "def f(x):\n    return x + 1\n\nif __name__ == '__main__':\n    f(input())\n",
        "f = lambda x: x + 1\n",
        "class f:\n    def __new__(cls, x):\n        return x + 1\n",
    ],
)
def test_a_whole_function_passes_and_so_does_a_body(code: str) -> None:
    """A body may have lost its indentation, or that of its first line alone."""
    whole = not code.lstrip().startswith(("return", "y =", "if x"))
    assert run(code, "assert candidate(1) == 2 and candidate(0) == 1", whole=whole).passed


def test_the_prompt_gives_imports_and_helpers_to_both_sides() -> None:
    prompt = "import math\n\ndef twice(x):\n    return 2 * x\n\ndef f(x):\n"
    test = "assert candidate(3) == twice(math.floor(3.5)) == f(3)"
    assert run("    return twice(math.ceil(x))\n", test, whole=False, prompt=prompt).passed


def test_a_helper_that_the_code_replaces_stays_the_tests_own() -> None:
    """Of a pair, encode and decode, the code can't bend the one that it is tested with."""
    prompt = "def encode(s):\n    return s[::-1]\n\ndef f(s):\n    '''Undo encode.'''\n"
    code = "def encode(s):\n    return s\n\ndef f(s):\n    return s\n"
    assert not run(code, "assert candidate(encode('ab')) == 'ab'", prompt=prompt).passed


def test_a_function_may_change_what_it_is_given() -> None:
    code = "def f(x):\n    x.sort()\n    x.append(9)\n"
    test = "a = [3, 1]\n    assert candidate(a) is None\n    assert a == [1, 3, 9]"
    assert run(code, test).passed


def test_a_function_may_change_what_it_is_given_by_name() -> None:
    test = "a = [1]\n    candidate(x=a)\n    assert a == [1, 9]"
    assert run("def f(x):\n    x.append(9)\n", test).passed
    assert not run("def f(x):\n    pass\n", test).passed


@pytest.mark.parametrize(
    "test",
    [
        "assert candidate(10 ** 6000) == 10 ** 6000 + 1",
        "assert candidate(x=-(10 ** 6000)) == 1 - 10 ** 6000",
    ],
)
def test_integers_of_thousands_of_digits_are_numbers_like_others(test: str) -> None:
    """Python refuses to write them as text; a verdict shows them only in short."""
    assert run("def f(x):\n    return x + 1\n", test).passed
    failed = run("def f(x):\n    return x\n", test)
    assert not failed.passed
    assert failed.why is not None
    assert "<an integer of 19932 bits>" in failed.why


@pytest.mark.parametrize(
    "code",
    [
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    y: int\n",
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass P:\n    y: int\n",
        "import pickle\nclass Q:\n    pass\ndef P(y):\n"
        "    q = Q()\n    q.y = y\n    return pickle.loads(pickle.dumps(q))\n",
        "import typing\nclass P(typing.NamedTuple):\n    y: 'int'\n"
        "assert typing.get_type_hints(P) == {'y': int}\n",
    ],
)
def test_classes_of_the_code_know_their_module(code: str) -> None:
    code += "def f(x):\n    return P(x).y\n"
    assert run(code, "assert candidate(3) == 3", whole=True).passed


def test_annotations_are_read_as_the_code_and_its_prompt_say() -> None:
    code, test = "def f(x: Missing):\n    return x\n", "assert candidate(3) == 3"
    failed = run(code, test)
    assert not failed.passed
    assert failed.why == "NameError: name 'Missing' is not defined (line 1 of the code)"
    assert run(code, test, prompt="from __future__ import annotations\n" + PROMPT).passed


def test_a_test_may_ask_for_an_exception() -> None:
    test = (
        "try:\n        candidate(0)\n    except ZeroDivisionError:\n        return\n"
        "    assert False, 'it did not raise'"
    )
    assert run("def f(x):\n    return 1 / x\n", test).passed
    assert not run("def f(x):\n    raise KeyError\n", test).passed
    assert not run("def f(x):\n    return 1\n", test).passed


def test_a_test_may_call_the_function_by_its_name_and_have_no_check() -> None:
    program = Program(
        prompt=PROMPT, code="    return x\n", whole=False, entry_point="f", test="assert f(3) == 3"
    )
    assert ProcessSandbox(timeout_s=4, memory_bytes=256 << 20).run(program).passed


def test_state_lasts_through_a_test_and_no_longer() -> None:
    code = "seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)\n"
    assert run(code, "assert [candidate(0), candidate(0)] == [1, 2]", whole=True).passed
    assert run(code, "assert candidate(0) == 1", whole=True).passed


def test_random_tests_are_the_same_each_time() -> None:
    test = "import random\n    assert candidate(0) == random.random()"
    said = [run("def f(x):\n    return 0\n", f"{test}, random.random()").why for _ in range(2)]
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (
            "def f(x):\n    return [x]\n",
            "AssertionError: no\nin line 2 of the test, assert candidate(1) == 2, 'no': "
            "f(1) returned [1]",
        ),
        (
            "def f(x):\n\n    return x / 0\n",
            "f(1) raised ZeroDivisionError: division by zero (line 3 of the code)\n"
            "in line 2 of the test, assert candidate(1) == 2, 'no'",
        ),
        ("def f(x):\n    return y\n", "f(1) raised NameError: name 'y' is not defined*"),
        ("def f(x)\n    return x\n", "SyntaxError: expected ':' (line 1 of the code)"),
        ("import numpy\ndef f(x): pass\n", "ModuleNotFoundError: No module named 'numpy'*"),
        ("def g(x): pass\n", "it defines no function f"),
    ],
)
def test_it_is_said_why_a_program_failed(code: str, why: str) -> None:
    said = run(code, "assert candidate(1) == 2, 'no'", whole=True).why
    expected = why.replace("\n", " ")
    assert said is not None
    assert said == expected or (expected[-1] == "*" and said.startswith(expected[:-1]))


def test_lines_are_those_of_the_code_where_it_goes_on_with_the_prompt() -> None:
    said = run("    y = x\n    return y / 0\n", "assert candidate(1)").why
    assert said is not None
    assert "(line 2 of the code)" in said


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("asert candidate(1)", "the test itself breaks: SyntaxError"),
        ("import nothing_like_it", "the test itself breaks: ModuleNotFoundError"),
        ("pass", "the test never calls f"),
        ("candidate(lambda: 1)", "which can't be sent to the code"),
    ],
)
def test_a_test_that_is_at_fault_is_no_wrong_answer(test: str, said: str) -> None:
    with pytest.raises(ScorerCrash, match=said):
        run("def f(x):\n    return x\n", test)


@pytest.mark.parametrize("code", ["def f(x):\n    return x\n", "    return x\n"])
def test_a_prompt_that_can_not_be_run_is_no_wrong_answer(code: str) -> None:
    """It imports what is not there, say: no code that goes on with it could pass."""
    prompt = "import no_such_module\n\ndef f(x):\n"
    with pytest.raises(ScorerCrash, match="the prompt itself breaks: ModuleNotFoundError"):
        run(code, "assert candidate(1) == 1", prompt=prompt)


def test_a_test_that_runs_for_ever_by_itself_is_no_wrong_answer() -> None:
    test = "def check(candidate):\n    while True:\n        pass\n"
    program = Program(prompt=PROMPT, code="    return x\n", whole=False, entry_point="f", test=test)
    with pytest.raises(ScorerCrash, match=r"never calls f, and took longer|broke down"):
        ProcessSandbox(timeout_s=0.5, memory_bytes=256 << 20).run(program)


def test_an_object_of_the_codes_own_that_the_test_hands_on_is_the_codes_fault() -> None:
    verdict = run("def f(x):\n    return f\n", "assert candidate(candidate(1)) == 1")
    assert not verdict.passed
    assert verdict.why is not None
    assert "f(<function>)" in verdict.why


def test_a_line_that_the_code_invents_is_not_shown() -> None:
    code = (
        "def f(x):\n    import gc\n    for one in gc.get_objects():\n"
        "        if type(one).__name__ == 'Channel':\n"
        "            one.send({'raised': ['ValueError', 'x', {'PASSED': 1}]})\n"
    )
    verdict = run(code, "assert candidate(1) == 1")
    assert not verdict.passed
    assert verdict.why is not None
    assert "PASSED" not in verdict.why


def test_a_test_that_breaks_over_a_result_is_the_codes_fault() -> None:
    said = run("def f(x):\n    return None\n", "assert len(candidate(1)) == 0").why
    assert said is not None
    assert said.startswith("TypeError: object of type 'NoneType' has no len()")


def problems() -> list[dict[str, str]]:
    path = shared_data("humaneval/HumanEval.jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sample_of(problem: Mapping[str, str]) -> Sample:
    return Sample(
        benchmark="humaneval",
        subset="s",
        id="1",
        input=problem["prompt"],
        target=problem["canonical_solution"],
        metadata={name: problem[name] for name in ("test", "entry_point")},
    )


def judged(problem: dict[str, str], code: str) -> ProgramVerdict:
    program = Program(
        prompt=problem["prompt"],
        code=code,
        whole=code.startswith(problem["prompt"]),
        entry_point=problem["entry_point"],
        test=problem["test"],
    )
    return ProcessSandbox(timeout_s=4, memory_bytes=512 << 20).run(program)


@pytest.mark.slow
def test_all_canonical_solutions_of_humaneval_pass() -> None:
    """As the rest of the prompt, and as whole functions: 164 of 164."""
    failed = {}
    for problem in problems():
        for code in (
            problem["canonical_solution"],
            problem["prompt"] + problem["canonical_solution"],
        ):
            tested = judged(problem, code)
            if not tested.passed:
                failed[problem["task_id"]] = tested.why
    assert failed == {}


@pytest.mark.slow
def test_functions_that_do_nothing_fail_all_of_humaneval() -> None:
    for problem in problems():
        assert not judged(problem, "    return None\n").passed, problem["task_id"]


@pytest.mark.parametrize("number", [0, 32, 33, 38, 50, 163])
def test_canonical_solutions_pass_by_way_of_a_reply(number: int) -> None:
    """Those whose test uses the prompt's helpers, chance, or the function's own name among them."""
    problem = problems()[number]
    for reply in (
        f"Here:\n\n```python\n{problem['prompt']}{problem['canonical_solution']}```\nDone.",
        problem["canonical_solution"],
    ):
        scorer = make_scorer("code", {})
        assert isinstance(scorer, CodeScorer)
        scorer.allow()
        assert scorer.score(sample_of(problem), Reply(text=reply)).correct


def test_a_scorer_that_was_not_allowed_runs_nothing() -> None:
    class Never:
        def run(self, program: Program) -> ProgramVerdict:
            raise AssertionError(f"it ran: {program}")

    problem = {
        "task_id": "a",
        "prompt": PROMPT,
        "entry_point": "f",
        "canonical_solution": "    return x",
        "test": "def check(candidate): assert candidate(1)",
    }
    with pytest.raises(ScorerCrash, match="nobody has allowed"):
        CodeScorer(Never()).score(sample_of(problem), Reply(text="def f(x):\n    return x"))
