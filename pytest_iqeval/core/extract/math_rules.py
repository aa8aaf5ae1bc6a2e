"""The table of rules for mathematical answers: what counts as committing to an expression.

Those with a ``cue`` look for its words; the expression must stand directly behind them. Those
without are about a whole line, and live in `math_lines`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_iqeval.core.extract.reading import Rule
from pytest_iqeval.core.extract.regex import regex


@dataclass(frozen=True, slots=True, kw_only=True)
class MathRule(Rule):
    """One way to commit to an expression.

    ``implied`` rules count only where nothing is declared. ``needs`` are words without one of
    which there can be no cue: looking for them is ten times faster. ``unless_before`` is a pattern
    for the text that ends where the cue begins, and makes the cue no commitment. ``ends`` closes
    what the cue opens. ``words`` says that the answer may be a text (a name, a weekday) as well.
    """

    cue: re.Pattern[str] | None = None
    needs: tuple[str, ...] = ()
    unless_before: re.Pattern[str] | None = None
    ends: re.Pattern[str] | None = None
    words: bool = False
    implied: bool = False


_NOT_SAID_EN = regex(
    r"[a-z]$|(?:n't (?:think|believe|mean|say)|(?<![a-z])(?:if|whether|unless|suppose|assume|"
    r"assuming|doubt|wrong|incorrect|not|isn't|(?:might|may|could|would|people|some|students|"
    r"many) (?:say|think|believe)))"
    r"(?: that)?(?: (?:the|your|my|our|an?))?(?: (?:correct|right|best|final|only))?\s{0,2}$"
)
_NOT_SAID_ZH = regex(
    r"(?:不|非|如果|若|假如|假设|要是|是否|错误|错误的|为什么|为何|以为)(?:说|是|的)?(?:正确|最终)?(?:的)?$"
)

RULES: tuple[MathRule, ...] = (
    MathRule(
        name="boxed",
        language="any",
        matches=r"\boxed{…} or \fbox{…}; boxes side by side (2 and -2, x=1, y=2) are one list",
        example=r"Both solve it, so $x=\boxed{2}$ or $x=\boxed{-2}$.",
        reads="2, -2",
        needs=("box",),
        cue=regex(r"\\f?box(?:ed)?(?![a-z])"),
    ),
    MathRule(
        name="hope",
        language="en",
        matches='"The final answer is …. I hope it is correct." (Minerva)',
        example=r"The final answer is $\frac{3}{4}$. I hope it is correct.",
        reads=r"\frac{3}{4}",
        needs=("final answer is",),
        cue=regex(r"final answer is\s{0,3}:?"),
        ends=regex(r"\s?\.?\s{0,3}i hope", re.IGNORECASE),
    ),
    MathRule(
        name="tag",
        language="any",
        matches="what an <answer> or [ANSWER] tag holds",
        example="Half of it. <answer>1/2</answer>",
        reads="1/2",
        needs=("answer", "答案"),
        cue=regex(r"<(?:final_?)?answer>|\[(?:final_?)?answer\]|<答案>"),
        ends=regex(r"</(?:final_?)?answer>|\[/(?:final_?)?answer\]|</答案>", re.IGNORECASE),
        words=True,
    ),
    MathRule(
        name="json",
        language="any",
        matches="the text or number under answer, result, 答案 or 结果 of a JSON object",
        example=r'{"reason": "half of it", "answer": "\\frac{1}{2}"}',
        reads=r"\frac{1}{2}",
        needs=("answer", "result", "solution", "答案", "结果"),
        cue=regex(
            r"\"(?:(?:final|correct|my)[_ ]?)?(?:answer|result|solution|答案|最终答案|结果)"
            r"\"\s{0,4}:\s{0,4}"
        ),
        words=True,
    ),
    MathRule(
        name="hash",
        language="any",
        matches="#### … as the last line (GSM8K)",
        example="3 + 4 = 7\n#### 7",
        reads="7",
    ),
    MathRule(
        name="answer-zh",
        language="zh",
        matches="答案：, 答案是, 【答案】, 最终结果为, 答：: a formula, a number or a short text",
        example=r"解得两个根。\n\n答案：$x=\pm 3$".replace(r"\n", "\n"),
        reads=r"x=\pm 3",
        needs=("答", "结果"),
        cue=regex(
            r"(?:答案|最终结果|最后结果|所求结果)(?:\s{0,4}\]\s{0,3}:?|\s{0,4}"
            r"(?:应该|应当|应|就|显然|因此|即|便|也|则){0,2}\s{0,2}(?:是|为|等于|=|:|→|->))"
            r"(?:\s{0,3}:)?(?:\s{0,3}大?约(?:为|是|等于)?)?|(?<![^\n])答\s{0,2}:"
        ),
        unless_before=_NOT_SAID_ZH,
        words=True,
    ),
    MathRule(
        name="answer-en",
        language="en",
        matches='"Answer:", "the (final, …) answer is": a formula, a number or a name',
        example="**Answer:** 3*sqrt(13)",
        reads="3*sqrt(13)",
        needs=("answer",),
        cue=regex(
            r"answer(?: (?:to|for|of) (?:the|this|that) (?:[a-z]{1,12} ){0,2}?"
            r"(?:question|problem))?(?: here)?\s{0,4}"
            r"(?:\n\s{0,4}(?=\$|\\[(\[])|(?:is|are|should be|must be|would be|will be|:|=)"
            r"(?:\s{1,4}(?:therefore|thus|then|hence|simply|clearly|indeed|equal to|"
            r"given by|approximately|about|:)){0,2})"
            r"(?:\s{0,3}:)?"
        ),
        unless_before=_NOT_SAID_EN,
        words=True,
    ),
    MathRule(
        name="conclusion",
        language="any",
        matches="the last line concludes (therefore, so, 因此, 所以, …) with a formula, or holds "
        "one number",
        example="Three of them are odd.\nTherefore, the sum is $3\\pi$.",
        reads=r"3\pi",
        implied=True,
    ),
    MathRule(
        name="last-line",
        language="any",
        matches=r"the last line is a formula and nothing else: $…$, $$…$$, \(…\), \[…\], a number",
        example="Adding the two gives\n\\[x = \\frac{7}{2}\\]",
        reads=r"x = \frac{7}{2}",
        implied=True,
    ),
)
"""All rules, most explicit first."""

BY_NAME = {rule.name: rule for rule in RULES}
