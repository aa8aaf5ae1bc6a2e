"""Sets without a cue before them: whole lines, openings, and options that are called right.

A verdict on one option ("A正确") says nothing of the others. So options judged one after another
are an answer only where each on offer has its verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from pytest_iqeval.core.extract import choice_shapes as single
from pytest_iqeval.core.extract.labels import WORDLIKE, asked
from pytest_iqeval.core.extract.multi_labels import FoundSet, labels_at, set_at, texts_at
from pytest_iqeval.core.extract.multi_offer import Offer
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared

_MATCHES_AT_MOST = 2000  # no reply of sense has more; bounds the work on the others
_LABELS = regex(rf"(?<![{WORDLIKE}])[A-Z]{{1,8}}(?![{WORDLIKE}])")
_MAY_STAND = regex(
    r"(?:^|[.,;:!?\n\u3400-\u9fff•√×✓✗✅❌|)\]]|(?:^|\n)\s{0,4}[-+]|(?<![a-z])(?:options?|choices?|answers?|letters?|"
    r"statements?|both|only|so|therefore|thus|hence|that|think|believe|conclude|then|and|but|while|"
    r"whereas|say|is|are))\s{0,8}[(\[\"']{0,2}$"
)
_SUPPOSED = regex(
    r"(?:如果|若|假如|假设|为什么|为何|是否|不是|并非|并不是|(?<![a-z])(?:if|why|whether|suppose|assuming|not))"
    r"[^,.;\n]{0,12}$"
)
_ITEMS = (
    r"\s?(?:选项|项|[两二三四五六]个?(?:选项|项|者|说法)|这[两二三四五六]项)?"
    r"(?:的)?(?:说法|描述|表述|观点|做法|判断|叙述|内容)?"
)
_IS = (
    r"\s{1,4}(?:is|are|was|were|seems?|appears? to be)\s"
    r"(?:(?:both|all|also|clearly|indeed|therefore|thus|definitely)\s){0,2}"
)
_FITS = r"(?:correct|right|true|accurate|valid)(?![a-z]| in | about | that )"
_FITS_NOT = (
    r"(?:incorrect|wrong|false|inaccurate|invalid|untrue|"
    r"not (?:correct|right|true|accurate|valid))(?![a-z])"
)
_HEADS = r"\s{0,2}(?:[:.)|-]{1,3}|->|→)?\s{0,3}[(\[]?\s?"
_CLOSES = r"(?=\s{0,3}[.,;:!)\]|—-]|\s{0,3}(?:\n|$)|[,、]|因为)"
_RIGHT = regex(
    rf"{_ITEMS}(?:应该|应|显然|就|才|也|都|均|皆|全|同样|是|为){{0,3}}"
    r"(?:正确|对的|对(?=[.,;!\n]|$)|符合题意|符合要求|成立)(?!吗|与否|性|地|答案|选项)"
    rf"|{_IS}{_FITS}"
    rf"|{_HEADS}(?:(?:correct|true|right|yes|正确|对){_CLOSES}|[√✓✔✅☑])",
    re.IGNORECASE,
)
_WRONG = regex(
    rf"{_ITEMS}(?:显然|也|都|均|皆|就|则|是|并|为){{0,3}}"
    r"(?:不(?:正确|对|符合|成立|合适|合理)|错误|错的|错(?=[.,;!\n]|$)|有误|应?排除)(?!吗)"
    rf"|{_IS}{_FITS_NOT}|\s(?:isn't|aren't) {_FITS}"
    rf"|{_HEADS}(?:(?:incorrect|false|wrong|no|not correct|错误|不正确|错){_CLOSES}|[×✗✘❌✖])",
    re.IGNORECASE,
)
_THE_ANSWER = regex(
    r"\s(?:is|are)\s(?:(?:therefore|thus|clearly|indeed|both)\s)?(?:the|my)\s(?:(?:only|final|two|three|"
    r"four)\s){0,2}(?:(?:correct|right|best|appropriate|true)\s)?"
    r"(?:answers?|choices|options|ones)(?![a-z])"
    r"|\s?(?:选项|项|[两二三四五六]项)?\s?(?:应该|应|就|才)?(?:都|均|皆)?(?:是|为)\s?(?:本题|此题|该题|唯一|最终)?(?:的)?"
    r"(?:正确|最佳)?(?:的)?答案"
)
# What every match of it holds: far quicker to look for than the labels before it.
_SPEAKS_OF_ANSWERS = regex(r"[是为][^\n]{0,8}答案|(?:is|are) [a-z ]{0,12}(?:the|my) ")
_SAID_LATER = regex(
    r"(?:这个?|该|此|本)(?:选项|说法|判断|描述|表述|观点|结论|项)(?:的说法|的描述)?(?:显然|也)?(?:是|为)?"
    r"(?:不正确|错误|不对|错的|有误|不成立|不符合|(?P<right>正确|对的|成立|符合题意))(?!吗|与否|性)"
    r"|(?:所以|因此|故)(?:[a-z](?:选项|项))?是?(?:错误|不正确|(?P<right2>正确))的?(?=[.,;\n]|$)"
    r"|(?<![a-z])this (?:option|statement|choice|one|claim) is "
    r"(?:(?:clearly|therefore|thus|also|indeed) )?"
    r"(?:incorrect|wrong|false|not (?:correct|right|true)|(?P<right3>correct|right|true))(?![a-z])"
)
_HEADING = regex(
    r"(?:^|\n)[ \t#>•+-]{0,8}(?:\d{1,2}[.)]\s{0,3})?[(\[]?(?:选项|option )?(?P<label>[A-Za-z])"
    r"(?:[)\].:、,]|选项|项(?!目))",
    re.IGNORECASE,
)
_LINE_OPENS = regex(r"[\s#>+(\[{\"'$,:.•-]{0,16}")
_LINE_CLOSES = regex(
    r"(?:[两二三四五六]?个?(?:选项|项)|[\s.,:;!)\]}\"'>$、\U0001f000-\U0001faff\u2600-\u27bf]|\\[)\]])*",
    re.DOTALL,
)
_EXPLAINS = regex(
    r"[\s)\]\"']{0,3}(?:[.:;,!](?!\d)|\n|-{1,2}\s|\s{0,3}(?:because|since|as )|因为|由于|理由|解析)"
)
_MARKED = regex(r"[√✓✔✅☑×✗✘❌✖]")


class Verdict(NamedTuple):
    """Options called right or wrong in one breath."""

    labels: tuple[str, ...]
    right: bool
    span: tuple[int, int]
    end: int


def are_the_answer(text: Prepared, end: int, on_offer: Offer) -> Iterator[FoundSet]:
    """Each "A and C are the answers", in the order of the text."""
    if _SPEAKS_OF_ANSWERS.search(text.lower, 0, end) is None:
        return
    for found, after in _named(text, end, on_offer):
        if (said := _THE_ANSWER.match(text.lower, after)) and not asked(text, said.end()):
            yield found


def _named(text: Prepared, end: int, on_offer: Offer) -> Iterator[tuple[FoundSet, int]]:
    """Labels in running text that stand where an option may be named, and where they end."""
    if on_offer.numbered:
        return
    read_to = 0
    for match in islice(_LABELS.finditer(text.folded, 0, end), _MATCHES_AT_MOST):
        if match.start() < read_to:
            continue
        found = labels_at(text, match.start(), on_offer)
        if found is None:
            continue
        read_to = found[1]
        if found[0].why:
            continue
        before = text.lower[max(0, match.start() - 24) : match.start()]
        if _MAY_STAND.search(before) and not _SUPPOSED.search(before):
            yield found


def verdicts(text: Prepared, end: int, on_offer: Offer) -> list[Verdict]:
    """What options are called, in the order of the text."""
    found: list[Verdict] = []
    for labels, after in _named(text, end, on_offer):
        for said, right in ((_WRONG.match(text.folded, after), False),
                            (_RIGHT.match(text.folded, after), True)):  # fmt: skip
            if said is not None:
                if not asked(text, said.end()):
                    found.append(Verdict(labels.labels, right, labels.span, said.end()))
                break
    return found


def called_right(text: Prepared, end: int, on_offer: Offer) -> FoundSet | None:
    """The last options called right together, if no other is called right beside them."""
    said = verdicts(text, end, on_offer)
    last = next((v for v in reversed(said) if v.right and len(v.labels) > 1), None)
    if last is None:
        return None
    others = {label for v in said if v.right for label in v.labels} - set(last.labels)
    contradicted = {
        label for v in said if not v.right and v.end > last.end for label in v.labels
    } & set(last.labels)
    discussed_later = {
        label
        for found, _ in _named(text, end, on_offer)
        if found.span[0] > last.end
        for label in found.labels
    } - {label for v in said if not v.right for label in v.labels}
    if others or contradicted or discussed_later - set(last.labels):
        return None
    return FoundSet(labels=last.labels, span=last.span)


def each_judged(text: Prepared, end: int, on_offer: Offer) -> FoundSet | None:
    """Those called right, if every option on offer has its verdict; the last one counts."""
    said = verdicts(text, end, on_offer)
    judged = _summed(said)
    if set(judged) != set(on_offer.labels):
        said = _said_below_headings(text, end, on_offer)
        judged = _summed(said)
    if set(judged) != set(on_offer.labels):
        return None
    right = [v for v in said if v.right]
    labels = tuple(label for label in on_offer.labels if judged[label])
    if not labels:
        return FoundSet(labels=(), span=said[-1].span, fault="it calls every option wrong")
    return FoundSet(labels=labels, span=(right[0].span[0], right[-1].span[1]))


def _summed(said: list[Verdict]) -> dict[str, bool]:
    return {label: v.right for v in said for label in v.labels}


def _said_below_headings(text: Prepared, end: int, on_offer: Offer) -> list[Verdict]:
    """What is said of each option in the lines that begin with its label; one voice, or none."""
    heads = list(islice(_HEADING.finditer(text.folded, 0, end), _MATCHES_AT_MOST))
    found: list[Verdict] = []
    for head, after in zip(heads, [*(h.start() for h in heads[1:]), end], strict=False):
        said = {
            any(m[name] for name in ("right", "right2", "right3"))
            for m in islice(_SAID_LATER.finditer(text.lower, head.end(), after), 20)
        }
        label = head["label"].upper()
        if len(said) != 1 or label not in on_offer.labels:
            return []
        found.append(Verdict((label,), said.pop(), head.span("label"), after))
    return found


def last_line(text: Prepared, end: int, on_offer: Offer) -> FoundSet | None:
    """The last line before `end`, or the last lines of a label each, if they are labels alone."""
    stop = len(text.folded[:end].rstrip())
    start = text.folded.rfind("\n", 0, stop) + 1
    if _MARKED.search(text.folded, start, stop):
        return None
    block = _block_start(text, start)
    # Lines of an option each are a list, unless they are all there are: a copy of the options.
    for first in dict.fromkeys((block, start)):
        whole = not text.folded[:first].strip()
        found = set_at(text, _opened(text, first, stop), on_offer, plain=whole)
        if found is None or found.why:
            continue
        ends = _end_of_items(text, found, on_offer)
        if not _LINE_CLOSES.fullmatch(text.folded, ends, stop):
            continue
        listed = "\n" in text.folded[slice(*found.span)]
        return None if listed and set(found.labels) == set(on_offer.labels) else found
    one = None if on_offer.numbered else single.last_line(text, end, on_offer.options)
    return None if one is None else FoundSet(labels=tuple(one.letters), span=one.span)


def _opened(text: Prepared, start: int, end: int) -> int:
    """Where words begin: behind blanks, however many (reasoning left them), and marks of a line."""
    first = end - len(text.folded[start:end].lstrip())
    opens = _LINE_OPENS.match(text.folded, first)
    return opens.end() if opens else first


def _block_start(text: Prepared, start: int) -> int:
    """Where the lines without a blank one between them begin, of which the last is at `start`."""
    for _ in range(26):
        before = text.folded.rfind("\n", 0, max(0, start - 1)) + 1
        if start == 0 or not text.folded[before : start - 1].strip():
            return start
        start = before
    return start


def _end_of_items(text: Prepared, found: FoundSet, on_offer: Offer) -> int:
    """Where the last item's own words end, which the span leaves out."""
    last, end = found.labels[-1], found.span[1]
    for skip in range(5):
        own = on_offer.own_text_end(last, text.lower, end + skip)
        if own is not None:
            return own
    return end


def answer_first(text: Prepared, end: int, on_offer: Offer) -> FoundSet | None:
    """Labels with which the reply opens before it explains."""
    first = _opened(text, 0, end)
    found = set_at(text, first, on_offer)
    if found is not None:
        if found.why or found.span[0] > first + 12 or "\n" in text.folded[slice(*found.span)]:
            return None
        return found if _EXPLAINS.match(text.lower, _end_of_items(text, found, on_offer)) else None
    if on_offer.numbered:
        return None
    alone = single.answer_first(text, end, on_offer.options)
    return None if alone is None else FoundSet(labels=tuple(alone.letters), span=alone.span)


def option_text(text: Prepared, end: int, on_offer: Offer) -> FoundSet | None:
    """A reply (or its last line) that is the text of an option, or the texts of several."""
    stop = len(text.folded[:end].rstrip())
    line = text.folded.rfind("\n", 0, stop) + 1
    several = texts_at(text, _opened(text, line, stop), on_offer)
    if several is not None and _LINE_CLOSES.fullmatch(text.folded, several.span[1], stop):
        return None if several.why else several
    if on_offer.numbered:
        return None
    alone = single.option_text(text, end, on_offer.options)
    return None if alone is None else FoundSet(labels=tuple(alone.letters), span=alone.span)


IMPLIED: Mapping[str, Callable[[Prepared, int, Offer], FoundSet | None]] = {
    "each-judged": each_judged,
    "called-right": called_right,
    "answer-first": answer_first,
    "option-text": option_text,
}
"""Rule → the shape that it looks for; these count only where nothing is declared."""
