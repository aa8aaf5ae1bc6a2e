"""Comparisons by math-verify in its child process: what is equal, and what can't go wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_iqeval.algebra import equality as module
from pytest_iqeval.algebra.equality import ChildEquality
from pytest_iqeval.core.errors import IqevalError, Undecided
from pytest_iqeval.core.extract.latex import tidy
from pytest_iqeval.core.scorers.math import settled

pytestmark = pytest.mark.skipif(
    find_spec("math_verify") is None, reason="pip install 'pytest-iqeval[math]'"
)
posix = pytest.mark.skipif(os.name != "posix", reason="the system has no alarms and limits")

_PAIRS = Path(__file__).parents[1] / "core" / "scorers" / "math_pairs.jsonl"
ASKED = [
    pair
    for pair in map(json.loads, _PAIRS.read_text("utf-8").splitlines())
    if settled(pair["answer"], pair["target"]) is None
]
ENDLESS = r"10^{10^{10}}"


@pytest.fixture(scope="module")
def equality() -> Iterator[ChildEquality]:
    """One child for all; its limit is generous, since the machine may be busy."""
    shared = ChildEquality(timeout_s=60)
    yield shared
    shared.close()


@pytest.fixture(scope="module")
def impatient() -> Iterator[ChildEquality]:
    """Gives up after a second of work."""
    shared = ChildEquality(timeout_s=1)
    yield shared
    shared.close()


@pytest.mark.parametrize("pair", ASKED, ids=lambda p: f"{p['why']}: {p['answer']} {p['target']}")
def test_pair_that_needs_algebra_is_judged_as_labelled(pair, equality):
    assert equality.equal(tidy(pair["answer"]), tidy(pair["target"])) is pair["equal"]


def test_nothing_is_started_before_it_is_needed():
    assert ChildEquality(timeout_s=5).pid is None


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch {mark}')",
        r"\text{{__import__('os').system('touch {mark}')}}",
        "open('{mark}','w')",
        r"\operatorname{{eval}}(open('{mark}','w'))",
        "exec(\"open('{mark}','w')\")",
        "().__class__.__bases__[0].__subclasses__()",
        "1}}$ $__import__('pathlib').Path('{mark}').touch()$",
        'x\n["x", "x", 60]',
    ],
)
def test_text_of_a_reply_is_never_executed(text, equality, tmp_path):
    mark = tmp_path / "mark"
    assert equality.equal(text.format(mark=mark), "5") is False
    assert equality.equal("5", text.format(mark=mark)) is False
    assert not mark.exists()
    assert equality.equal("x+1", "1+x") is True


@pytest.mark.slow
def test_a_comparison_that_takes_too_long_is_given_up_and_the_next_one_works(impatient):
    assert impatient.equal("x+1", "1+x") is True
    first = impatient.pid
    with pytest.raises(Undecided) as caught:
        impatient.equal(ENDLESS, "5")
    assert str(caught.value) == "it took longer than 1 s"
    assert impatient.pid is None
    _gone(first)
    assert impatient.equal("x+1", "1+x") is True
    assert impatient.pid != first


@posix
@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["9!!!!!!!", "(" * 60 + "x" + ")" * 60, "{" * 900, "x^" * 300 + "2"]
)
def test_hostile_expressions_take_bounded_time_and_memory(text, impatient):
    """Whatever comes of them, the comparison ends, and so does its process."""
    assert _equal_or_why(impatient, text) in (
        False,
        "it took longer than 1 s",
        "the process that compares broke down over it",
    )
    assert impatient.equal("x+1", "1+x") is True


@posix
@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="nothing tells the limits")
def test_memory_of_the_child_is_limited(equality):
    equality.equal("x+1", "1+x")
    limits = Path(f"/proc/{equality.pid}/limits").read_text("ascii").splitlines()
    (line,) = (line for line in limits if line.startswith("Max address space"))
    assert int(line.split()[3]) < 4 << 30


def test_an_expression_longer_than_any_answer_is_not_compared(equality):
    with pytest.raises(Undecided) as caught:
        equality.equal("x+" * 1500 + "1", "5")
    assert str(caught.value) == "more than 2000 characters"


@posix
def test_a_child_that_breaks_down_is_replaced(equality):
    equality.equal("x+1", "1+x")
    os.kill(equality.pid, signal.SIGKILL)
    with pytest.raises(Undecided) as caught:
        equality.equal("y+1", "1+y")
    assert str(caught.value) == "the process that compares broke down over it"
    assert equality.equal("y+1", "1+y") is True


def test_a_child_that_cannot_start_is_trouble_and_says_why(monkeypatch, tmp_path):
    child = tmp_path / "child.py"
    child.write_text('print(\'{"failed": "ImportError: no sympy"}\')', encoding="utf-8")
    monkeypatch.setattr(module, "_CHILD", child)
    with pytest.raises(IqevalError) as caught:
        ChildEquality(timeout_s=5).equal("x", "y")
    assert not isinstance(caught.value, Undecided)
    assert str(caught.value) == (
        "the comparison of expressions did not start: ImportError: no sympy\n"
        "  hint: does `python -c 'import math_verify'` work?"
    )


def test_the_child_prints_nothing_where_its_parent_prints(capfd, equality):
    equality.close()
    assert equality.equal("x+1", "1+x") is True
    assert equality.equal(r"\frac{", "5") is False
    assert capfd.readouterr() == ("", "")


@posix
def test_ctrl_c_is_the_parents_to_handle(equality):
    """A terminal sends it to both; the child goes on, or its parent could not finish."""
    equality.equal("x+1", "1+x")
    pid = equality.pid
    os.kill(pid, signal.SIGINT)
    assert equality.equal("y+1", "1+y") is True
    assert equality.pid == pid


PARENT = """
import sys, os, threading, time
from pytest_iqeval.algebra.equality import ChildEquality
equality = ChildEquality(timeout_s=3)
assert equality.equal("x+1", "1+x")
print(equality.pid, flush=True)
if "busy" in sys.argv:
    threading.Thread(target=equality.equal, args=("9!!!!!!!", "5"), daemon=True).start()
    time.sleep(0.5)
sys.stdin.readline()
os._exit(0) if "abrupt" in sys.argv else None
"""


@posix
@pytest.mark.slow
@pytest.mark.parametrize(
    "ways", [(), ("abrupt",), ("abrupt", "busy")], ids=lambda w: " ".join(w) or "plain"
)
def test_the_child_ends_with_its_parent(ways):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *ways],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    pid = int(parent.stdout.readline())
    os.kill(pid, 0)
    parent.communicate("go\n")
    assert parent.returncode == 0
    _gone(pid)  # a busy one can't listen; its alarm ends it


@posix
def test_a_closed_child_leaves_no_zombie():
    brief = ChildEquality(timeout_s=5)
    brief.equal("x+1", "1+x")
    pid = brief.pid
    brief.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    brief.close()  # once more does no harm


def _equal_or_why(equality: ChildEquality, text: str) -> bool | str:
    try:
        return equality.equal(text, "5")
    except Undecided as why:
        return why.problem


def _gone(pid: int) -> None:
    """Wait until no process has this id; a test that waits in vain fails by its own error."""
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} is still there")
