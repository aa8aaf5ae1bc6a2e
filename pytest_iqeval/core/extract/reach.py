"""How far a free answer reaches behind the words that announce it.

Every search is bounded, or walks the text once.
"""

from __future__ import annotations

from pytest_iqeval.core.extract.cues import Reach
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared

LONGEST = 2000  # code points of one answer

_TO_LINE = regex(r"[^\S\n]{0,40}(?:\n[^\S\n]{0,40}){0,3}(?:[#>*-]{1,6}[^\S\n]{1,3})?")
_TAG_END = regex(r"</(?:final_?)?answer>|\[/(?:final_?)?answer\]|</答案>")
_WRAPPED = regex(r"\\(?:text|textbf|textit|mathrm|mbox|mathbf|texttt)\s?\{")
_JSON_LITERAL = regex(r"(?:true|false|-?[0-9][0-9.eE+-]{0,40})(?=\s{0,4}[,}\]\n]|\s{0,4}$)")
_JSON_LIST = regex(r"\[\s{0,4}")
# Reasons that follow an answer in its own sentence.
_REASON = regex(
    r",?\s{1,2}because(?![a-z])"
    r"|,\s{1,2}(?:since|as|which|who|it|he|she|they|this|so|but|where|meaning)(?![a-z])"
    r"|[,(]?\s{0,2}(?:因为|由于|理由是|原因是)"
    r"|,\s{0,2}(?:它|他|她|这|该|即|也就是|所以|其中|而|但|并且|位于)"
)
_STOP = regex(r"[.!?]")
_ABBREVIATION = regex(
    r"(?:^|[\s(.\"'-])(?:[a-z]|[a-z]\.[a-z.]{1,8}|mr|mrs|ms|dr|st|mt|prof|jr|sr|vs|no|inc|ltd|co|"
    r"corp|ave|gen|col|sgt|rev|hon|fig|vol|ed|etc|approx|jan|feb|mar|apr|jun|jul|aug|sept?|oct|"
    r"nov|dec)$"
)

# Begins a sentence even behind an abbreviation.
_NEXT = regex(r"\s{1,2}(?:It|The|This|That|He|She|They|We|In|There|These|His|Her|Its)(?![a-z])")


def reach(text: Prepared, start: int, how: Reach, end: int) -> tuple[int, int] | None:
    """The span of the answer that begins at or soon after `start`, or ``None``.

    :param end: where the reply ends.
    """
    if how is Reach.BRACES:
        span = _braces(text.folded, start, end)
    elif how is Reach.JSON:
        span = _json(text, start, end)
    elif how is Reach.TAG:
        closing = _TAG_END.search(text.lower, start, min(end, start + LONGEST))
        span = (start, closing.start()) if closing else _line(text, start, end)
    else:
        span = _line(text, start, end)
        if span is not None:
            span = sentence(text, *span)
    return None if span is None else trimmed(text.folded, *span)


def trimmed(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without blanks and dollar signs of a formula around it; ``None`` if it is empty."""
    while True:
        while start < end and folded[start].isspace():
            start += 1
        while end > start and folded[end - 1].isspace():
            end -= 1
        if end - start < 3 or not folded[start] == folded[end - 1] == "$":
            return (start, end) if start < end else None
        start, end = start + 1, end - 1


def sentence(text: Prepared, start: int, end: int) -> tuple[int, int]:
    """The part of a line that is the answer: no reason behind it, no stop at its end."""
    low, stop_at = text.lower, end
    for stop in _STOP.finditer(low, start, end):
        if _ends_sentence(text, start, stop.start(), end):
            stop_at = stop.start()
            break
        if _abbreviated(low, start, stop.start()) and _NEXT.match(text.folded, stop.end(), end):
            stop_at = stop.end()
            break
    reason = _REASON.search(low, start + 1, stop_at)
    if reason:
        stop_at = reason.start()
    return start, stop_at


def _ends_sentence(text: Prepared, start: int, at: int, end: int) -> bool:
    """Whether the mark at `at` ends the answer: no point of a number, no abbreviation."""
    if text.original[at] in "。！？｡":
        return True
    behind = text.folded[at + 1 : min(end, at + 6)].lstrip("\"')]} ")
    spaced = at + 1 >= end or not text.folded[at + 1].isalnum()
    if text.folded[at] != ".":
        # "Who?" may be a title; a mark counts where something new begins, or nothing follows.
        return text.folded[at] == "!" and spaced and not behind
    if not spaced or text.folded[at + 1 : at + 2] == ".":
        return False
    if behind and not (behind[0].isupper() or ord(behind[0]) > 0x2E80):
        return False
    if text.folded[start:at].isdigit() and "\n" in text.folded[max(0, start - 3) : start]:
        return False  # the number of a list's item
    initial = not text.folded[max(start, at - 2) : at - 1].strip() and at > start
    if initial and not text.folded[at + 1 : end].strip():
        return True  # "The answer is D." ends with a letter, not with an abbreviation
    return not _abbreviated(text.lower, start, at)


def _abbreviated(low: str, start: int, at: int) -> bool:
    return low[at] == "." and _ABBREVIATION.search(low[max(start, at - 12) : at]) is not None


def _line(text: Prepared, start: int, end: int) -> tuple[int, int] | None:
    opening = _TO_LINE.match(text.folded, start, end)
    first = opening.end() if opening else start
    newline = text.folded.find("\n", first, end)
    last = end if newline < 0 else newline
    closing = _TAG_END.search(text.lower, first, last)
    last = min(closing.start() if closing else last, first + LONGEST)
    return (first, last) if first < last else None


def _braces(folded: str, start: int, end: int) -> tuple[int, int] | None:
    depth = 1
    for at in range(start, min(end, start + LONGEST)):
        if folded[at] == "{":
            depth += 1
        elif folded[at] == "}":
            depth -= 1
            if depth == 0:
                return _unwrapped(folded, start, at)
    return None


def _unwrapped(folded: str, start: int, end: int) -> tuple[int, int]:
    r"""What ``\text{…}`` holds, where that is all there is."""
    while span := trimmed(folded, start, end):
        wrapped = _WRAPPED.match(folded, *span)
        if wrapped is None or folded.find("}", wrapped.end(), end) != span[1] - 1:
            return span
        start, end = wrapped.end(), span[1] - 1
    return start, end


def _json(text: Prepared, start: int, end: int) -> tuple[int, int] | None:
    """Inside the quotes of a string, or a number or truth value; one in a list may stand alone."""
    listed = _JSON_LIST.match(text.folded, start, end)
    first = listed.end() if listed else start
    quote = text.original[first : first + 1]
    if quote in ('"', "'"):
        at, last = first + 1, min(end, first + LONGEST)
        while at < last and text.original[at] != quote:  # folded, “ would end it too
            at += 2 if text.original[at] == "\\" else 1
        span = (first + 1, at) if at < last else None
        behind = at + 1
    else:
        literal = _JSON_LITERAL.match(text.lower, first, end)
        span = literal.span() if literal else None
        behind = literal.end() if literal else first
    if span and listed and not text.folded[behind : behind + 5].lstrip().startswith("]"):
        return None  # several values
    return span
