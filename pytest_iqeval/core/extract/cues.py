"""Where a reply says "this is my answer", whatever the answer is: cues shared by the readers of
short text and of yes or no.

A cue is looked for in ``Prepared.lower``; the answer stands behind it. How far the answer reaches
depends on the kind of cue (`Reach`).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from pytest_iqeval.core.extract.reading import Rule
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.sentences import said_before
from pytest_iqeval.core.extract.text import Prepared


class Reach(StrEnum):
    """How far an answer reaches behind its cue."""

    BRACES = "braces"  # to the brace that closes the one before it
    JSON = "json"  # one JSON value
    TAG = "tag"  # to the closing tag, else to the end of the line
    LINE = "line"  # to the end of the line; if that is empty, the next line that is not
    SENTENCE = "sentence"  # to the end of the sentence
    SHAPE = "shape"  # no cue: the reply's shape says it


@dataclass(frozen=True, slots=True, kw_only=True)
class CueRule(Rule):
    """A rule that finds answers by the words before them.

    ``unless_before`` is a pattern for the text that ends where the cue begins: there, the cue
    is no commitment ("if the answer is …"); ``only_after`` is one that must be there.
    ``last_line`` lets the cue count in the reply's last line only. ``needs`` are words, ``|``
    between them, of which a reply with the cue has at least one: looking for them is much faster
    than looking for the cue. For the same reason cues begin with plain words.
    """

    example: str = ""
    reads: str = ""
    reach: Reach
    cue: re.Pattern[str] | None = None
    unless_before: re.Pattern[str] | None = None
    only_after: re.Pattern[str] | None = None
    last_line: bool = False
    needs: str = ""


class Place(NamedTuple):
    """Where an answer may stand: behind a cue that begins at ``start``."""

    end: int
    order: int  # of the rule in its table
    start: int


_PLACES_AT_MOST = 1000  # the last ones of each rule; no reply of sense has more
SEARCHED = 200_000
"""Code points, from the end of a reply, in which cues are looked for."""
_BEFORE = 60

BOXED = regex(r"\\f?boxed\s?\{")
JSON = regex(
    r"[\"'](?:(?:final|correct|my|short|model)[_ ]?)?(?:answer|答案|正确答案|最终答案)"
    r"[\"']\s{0,4}:\s{0,4}"
)
TAG = regex(r"<(?:final_?)?answer>|\[(?:final_?)?answer\]|<答案>")
HASHES = regex(r"(?:^|(?<=\n))[ \t]{0,3}####[ \t]{1,4}(?=\S)")
LABEL_ZH = regex(r"答案(?:如下)?\s{0,3}(?:\]\s{0,3}:?|:)|答(?<!\S答)\s{0,2}:")
HEADING = regex(r"(?:answer|答案)[^\S\n]{0,8}:?[^\S\n]{0,8}(?=\n)")
HEADING_LINE = regex(
    r"(?:\A|\n)[ \t#>*]{0,12}(?:the |my |你的|最终|正确|参考)?(?:final |correct |short )?\Z"
)
IS_ZH = regex(
    r"答案(?:应该|应当|应|就|显然|因此|最可能|很可能|只能|便|也|仍然|依然|当然|自然|明显|最终|则|"
    r"[^\S\n]){0,3}(?:是|为)\s{0,2}:?"
)
LABEL_EN = regex(
    r"(?:answers?|ans\.?)(?:[^\S\n]?\([^()\n]{1,30}\))?(?:[^\S\n]{0,3}(?:[:=]|->|→)|[^\S\n]-[^\S\n])"
)
IS_EN = regex(
    r"answers?(?: (?:to|for|of) (?:the|this|that|your) (?:[a-z]{1,12} ){0,2}?"
    r"(?:question|problem|riddle|puzzle))?(?: here)?\s{1,4}"
    r"(?:is|are|was|would be|should be|must be|will be|has to be|remains)(?![a-z'])"
    r"(?:,?\s{1,3}(?:therefore|thus|then|hence|clearly|simply|still|also|actually|most likely|"
    r"likely|probably|definitely|indeed|of course|just|that|as follows)(?![a-z])){0,2},?\s{0,3}:?"
)
NOT_SAID_EN = regex(
    r"[a-z]\Z|(?:n't (?:think|believe|mean|say|know)|(?<![a-z])(?:if|whether|unless|suppose|"
    r"supposing|assume|assuming|doubt|wrong|incorrect|tempting|common|another|possible|not|isn't|"
    r"what|why|"
    r"(?:might|may|could|would|people|some|students|others|many|you) "
    r"(?:say|think|answer|argue|believe|assume|expect)))"
    r"(?: that)?(?: (?:the|your|my|our|an?))?(?: (?:correct|right|best|final|short))?\s{0,2}\Z"
)
NOT_SAID_ZH = regex(
    r"(?:不|非|如果|若|假如|假设|要是|即使|倘若|是否|错误|错误的|干扰|为什么|为何|难道|以为|误以为)"
    r"(?:说|是|的)?(?:这题|本题|此题)?(?:的)?(?:正确|最终)?(?:的)?\Z"
)

_DECLARED: tuple[CueRule, ...] = (
    CueRule(
        name="boxed",
        language="any",
        matches=r"what \boxed{…} holds, bare or in \text{…}",
        reach=Reach.BRACES,
        cue=BOXED,
        needs="boxed",
    ),
    CueRule(
        name="json",
        language="any",
        matches="the value under answer or 答案 of a JSON object",
        reach=Reach.JSON,
        cue=JSON,
        needs="answer|答案",
    ),
    CueRule(
        name="tag",
        language="any",
        matches="what an <answer> or [ANSWER] tag holds",
        reach=Reach.TAG,
        cue=TAG,
        needs="answer>|answer]|答案>",
    ),
    CueRule(
        name="hashes",
        language="any",
        matches="a last line that begins with ####",
        reach=Reach.LINE,
        cue=HASHES,
        needs="####",
        last_line=True,
    ),
    CueRule(
        name="heading",
        language="any",
        matches="the line below one that says Answer or 答案 alone",
        reach=Reach.LINE,
        cue=HEADING,
        only_after=HEADING_LINE,
        needs="answer|答案",
    ),
    CueRule(
        name="label-zh",
        language="zh",
        matches="答案：, 【答案】, 答：",
        reach=Reach.LINE,
        cue=LABEL_ZH,
        needs="答",
        unless_before=NOT_SAID_ZH,
    ),
    CueRule(
        name="label-en",
        language="en",
        matches='"Answer:", "Final answer:"',
        reach=Reach.LINE,
        cue=LABEL_EN,
        needs="ans",
        unless_before=NOT_SAID_EN,
    ),
    CueRule(
        name="is-zh",
        language="zh",
        matches="答案是, 答案为, 答案应该是",
        reach=Reach.SENTENCE,
        cue=IS_ZH,
        needs="答案",
        unless_before=NOT_SAID_ZH,
    ),
    CueRule(
        name="is-en",
        language="en",
        matches='"the (correct, final, …) answer is"',
        reach=Reach.SENTENCE,
        cue=IS_EN,
        needs="answer",
        unless_before=NOT_SAID_EN,
    ),
)


def declared_rules(**examples: tuple[str, str]) -> tuple[CueRule, ...]:
    """The rules that every such reader shares, most explicit first.

    :param examples: name with ``_`` for ``-`` → an example and what is read from it.
    """
    return tuple(
        replace(rule, example=example, reads=reads)
        for rule in _DECLARED
        for example, reads in [examples[rule.name.replace("-", "_")]]
    )


def places(text: Prepared, rules: Sequence[CueRule]) -> list[Place]:
    """Where the cues of `rules` stand, in the order of the text, then of the table."""
    found: list[Place] = []
    lower = text.lower
    begin = max(0, len(lower) - SEARCHED)
    last_line = lower.rstrip().rfind("\n") + 1
    for order, rule in enumerate(rules):
        if rule.cue is None or not any(word in lower for word in rule.needs.split("|")):
            continue
        start = max(begin, last_line) if rule.last_line else begin
        last = deque(rule.cue.finditer(lower, start), maxlen=_PLACES_AT_MOST)
        found += [Place(m.end(), order, m.start()) for m in last]
    return sorted(found)


def said(text: Prepared, place: Place, rule: CueRule) -> bool:
    """Whether what stands before a cue lets it be a commitment."""
    before = text.lower[max(0, place.start - _BEFORE) : place.start]
    if rule.only_after is not None and not rule.only_after.search(before):
        return False
    if rule.unless_before is None:
        return True
    return rule.unless_before.search(said_before(text, place.start, _BEFORE)) is None


def lines(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the lines that are not blank, without the blanks around them."""
    at = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = at + len(line) - len(line.lstrip())
            yield start, start + len(stripped)
        at += len(line) + 1
