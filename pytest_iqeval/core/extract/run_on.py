"""Where a reply leaves its question: another turn, another question, or a summary of several.

Base models go on with the next question of their own; some chat models end by summing up "all the
answers", those of the examples in their prompt among them. What follows is said of other
questions, so a reader that has found an answer stops there.
"""

from __future__ import annotations

from collections.abc import Callable

from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared

_RUNS_ON = regex(
    r"\n[ \t#*>]{0,40}(?:"
    r"(?:problem|question|q|问题|题目|human|user|用户)\s{0,2}\d{0,4}\s{0,2}[:.)]"
    r"|(?:question|problem|问题|题目)\s{0,2}\d{1,4}\s{0,2}\n|下一[道个]?[题问][^\n]{0,4}:"
    r"|(?:instruction|input|next question)\s{0,2}:|user\s{0,2}\n|\[inst\]"
    # A heading of its own: "considering all the answers, B fits best" goes on with this question.
    r"|(?:now,?\s|现在,?\s?)?(?:let's\s?|let us\s|让我们)?(?:"
    r"(?:combin|summari[sz]|compil|collect|consider)[a-z]{0,5}\sall\s[^\n]{0,24}?"
    r"(?:answers|questions)(?:,?\swe\s(?:have|get))?"
    r"|(?:总结|汇总|综合)(?:一下)?(?:以上|上述|所有|全部)[^\n]{0,8}?(?:答案|问题)"
    r")\s?[:.]?[ \t]{0,8}\n)"
)


def leaves_at(text: Prepared) -> int | None:
    """Where the text first leaves its question, whatever stands before."""
    left = _RUNS_ON.search(text.lower)
    return None if left is None else left.start()


def end_of_reply(text: Prepared, first_answer: Callable[[], int | None]) -> int:
    """Where the reply ends: before it leaves its question, if it does so behind an answer.

    :param first_answer: gives the end of the first answer; asked only where it matters.
    """
    if _RUNS_ON.search(text.lower) is not None:
        first = first_answer()
        left = None if first is None else _RUNS_ON.search(text.lower, first)
        if left is not None:
            return left.start()
    return len(text.lower)
