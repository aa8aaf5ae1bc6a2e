"""The question and its options out of the prompt that EvalScope sent.

Its rows keep no question (from generation 2 on), so the prompt is taken apart again: by the
definition's own template, which is EvalScope's word for word, else by those that it had earlier.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pytest_iqeval.core.sample import LABELS


class Asked(NamedTuple):
    """What a prompt asks; ``template`` makes the prompt of it again.

    ``examples`` is how many answered questions stand before it.
    """

    question: str
    choices: tuple[str, ...]
    template: str
    examples: int


_TOKEN = re.compile(r"\{\{|\}\}|\{(\w+)\}")
_FIRST = r"(?P<options>A[).] .*?)"
# Instructions, as EvalScope has them; examples may stand before all of it. The named groups are
# what differs from question to question.
_EVALSCOPE = (
    r"(?:.*\n)?回答下面的[单多]项选择题[^\n]*\n\n?问题：(?P<question>.*?)\n选项：\n"
    + _FIRST
    + r"\n?",
    r"(?:.*\n)?以下是中国关于[^\n]*\n\n?问题：(?P<question>.*?)\n(?:选项：\n)?"
    + _FIRST
    + r"\n(?:答案[:：] ?)?",
    r"(?:.*\n)?Answer the following multiple choice question[^\n]*\n\n(?P<question>.*)\n\n"
    + _FIRST,
    r"(?:.*\n)?Problem:\n(?P<question>.*)"
    r"\n\nPlease reason step by step, and put your final answer within \\boxed\{\}\.\n?",
    r"(?:Here are some examples.*?\nANSWER: [^\n]*\n\n(?!.*\nANSWER: ))?(?P<question>.*)"
    r"\nPlease reason step by step, and put your final answer within \\boxed\{\}\.",
    r"(?:.*\n)?question:\n(?P<question>.*)\n\nRemember to put your answer on its own line .*",
    r"请回答问题\n(?P<question>.*)",
)
_PATTERNS = tuple(re.compile(pattern, re.DOTALL) for pattern in _EVALSCOPE)
_ANSWERED = re.compile("^(?:ANSWER: |答案[:：]|Solution:$)", re.MULTILINE)
_SHORTEST = 12  # of the text before a template's first placeholder, to be found behind examples


def taken_apart(prompt: str, template: str | None = None) -> Asked | None:
    """The question in a prompt; ``None`` where it is of no known shape.

    :param template: of the definition. It goes first where it begins with words of its own; one
        that begins with the question would take examples for a part of that.
    """
    own = None if template is None else _pattern_of(template)
    begins = template is not None and len(template.split("{", 1)[0]) >= _SHORTEST
    patterns = (own, *_PATTERNS) if begins else (*_PATTERNS, own)
    for pattern in patterns:
        found = None if pattern is None else pattern.fullmatch(prompt)
        if found is not None:
            return _asked(prompt, found)
    return None


def options_in(text: str) -> tuple[str, ...]:
    """The options of lines ``A) …``, ``B) …``; one may run over several lines."""
    sign = text[1:2]
    starts = [0]
    for label in LABELS[1:]:
        at = text.find(f"\n{label}{sign} ", starts[-1])
        if at < 0:
            break
        starts.append(at + 1)
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    return tuple(text[start + 3 : end] for start, end in zip(starts, ends, strict=True))


def _asked(prompt: str, found: re.Match[str]) -> Asked:
    groups = found.re.groupindex
    spans = [(found.span("question"), "{question}")]
    choices: tuple[str, ...] = ()
    if "options" in groups:
        spans.append((found.span("options"), "{options}"))
        choices = options_in(found["options"])
    pieces, at = [], 0
    letters = ",".join(LABELS[: len(choices)])
    for (start, end), name in spans:
        pieces += [_escaped(prompt[at:start], letters), name]
        at = end
    pieces.append(_escaped(prompt[at:], letters))
    before = prompt[: found.start("question")]
    return Asked(
        question=found["question"],
        choices=choices,
        template="".join(pieces),
        examples=len(_ANSWERED.findall(before)),
    )


def _escaped(text: str, letters: str) -> str:
    """Text as a template has it, with the labels on offer as a placeholder."""
    text = text.replace("{", "{{").replace("}", "}}")
    if not letters or "," not in letters:
        return text
    return re.sub(rf"\b{letters}(?![,\w])", "{letters}", text)


def _pattern_of(template: str) -> re.Pattern[str] | None:
    """What finds question and options in a prompt that the template made; ``None`` for one that
    does not say where a question begins or ends."""
    pieces, at, seen = [], 0, set[str]()
    for token in _TOKEN.finditer(template):
        pieces.append(re.escape(template[at : token.start()]))
        at = token.end()
        name = token[1]
        if name is None:
            pieces.append(re.escape(token.group()[0]))
        elif name in seen:
            return None
        elif name == "question":
            pieces.append("(?P<question>.*?)")
        elif name == "options":
            pieces.append(_FIRST)
        else:
            pieces.append("[A-Z](?:,[A-Z])*" if name == "letters" else ".*?")
        seen.add(name or f"brace {at}")
    pieces.append(re.escape(template[at:].rstrip("\n")) + r"\n*")
    before = template.split("{", 1)[0]
    prefix = r"(?:.*\n)?" if len(before) >= _SHORTEST else ""
    if "question" not in seen or (not before and template.strip() == "{question}"):
        return None
    return re.compile(prefix + "".join(pieces), re.DOTALL)
