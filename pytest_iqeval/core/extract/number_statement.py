"""The number that a stretch of text states: one sentence, a place that ends by itself, a clause.

A sentence names several numbers more often than not. What it states is, in this order: what
stands behind its last "=", its only bold number, its only number, or the only one that is no mere
circumstance ("in 3 days", "for 16 glasses", 5年后). Where two are left, none is picked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pytest_iqeval.core.extract.number_forms import BESIDE_A_NUMBER, Numeral, numbers_in
from pytest_iqeval.core.extract.readable import Readable
from pytest_iqeval.core.extract.regex import regex

_SENTENCE_AT_MOST = 2000  # of a longer one, the end is looked at


@dataclass(frozen=True, slots=True)
class Stated:
    """What a stretch states: one numeral; several where it leaves open which; none with a reason.

    ``span`` is the stretch of the numerals. ``why`` says why it does not count, if it doesn't.
    """

    numerals: tuple[Numeral, ...]
    span: tuple[int, int]
    why: str | None = None

    @property
    def distinct(self) -> tuple[Numeral, ...]:
        """The numerals with different values, in order."""
        return _distinct(self.numerals)


_EQUALS = regex(r"[=≈→]")
_OPERATOR_AFTER = regex(
    r"[\s\"')}\]]{0,3}(?:[+×÷*]|\^(?!\s?\{?\s?(?:\\circ|°))|/\s?[\d(]|-\s?[\d($]"
    r"|(?:plus|minus|times|divided by|multiplied by)(?=\s[\d$(])"
    r"|(?:乘以?|除以?|加上?|减去?)\s?[\d(])"
)
_OPERATOR_BEFORE = regex(
    r"(?:[+×÷*^]|[\d)]\s?/|[\d)%}]\s?-"
    r"|(?<![a-z])(?:plus|minus|times|divided by|multiplied by)|乘以?|除以?|加上?|减去?)"
    r"[\s({\"'$¥]{0,4}\Z"
)
_BOLD = regex(r"(?:\*\*|__)[^*_\n]{1,80}(?:\*\*|__)")
_NEGATED = regex(
    r"(?:(?<![a-z])(?:not|instead of|rather than|isn't|wasn't|rejects?)"
    r"|而不是|并非|不是|而非)\s{0,2}[$¥]?\Z"
)
_BOUND = regex(
    r"(?:(?<![a-z])(?:(?:more|less|fewer|greater|larger|smaller|higher|lower) than"
    r"|over|under|nearly)|超过|不到|多于|少于|大于|小于|不足|[<>≥≤])\s{0,2}[$¥]?\Z"
)
_OF_SOME = r"(?:the |those |these |an? |next |first |all |only |just |about |every )?"
_CIRCUMSTANCE_BEFORE = regex(
    r"(?<![a-z])(?:(?:in|after|per|at|within|during|every|each|those|these|out of|than|over|on"
    r"|of (?:the|these|those|his|her|their|its|all|all the)"
    r"|following|next|first|last|past|aged?|when|if|since|buys?|bought)"
    rf"\s{_OF_SOME}[$¥]?|for\s{_OF_SOME})\Z"  # "for $64" is a price, "for 16 glasses" is not
    r"|(?:每|这|那|前|经过|用了?|买了?|在|从|按|以)\s?\Z"
)
_CIRCUMSTANCE_AFTER = regex(
    r"\s?(?:个|個)?(?:年|天|月|周|小时|分钟|星期|日|秒|次|岁|人)"
    r"(?:之?后|之?内|之?前|里|中|时|以后|以内|一共|总共|共)"
    r"|\s(?:years?|days?|weeks?|months?|hours?|minutes?) (?:later|from now|ago)"
)
_RESULT = regex(
    r"(?:(?<![a-z])total(?:s|ing|ling)?(?: of| is| comes to| becomes)?\s{0,20}[$¥]?\s{0,20}"
    r"|(?:[是为有共剩需要得赚花付卖]|等于|收入|得到|达到?|剩下|还剩|花费|还要|还需)"
    r"[了着出]?(?:约|大约)?\s?[$¥]?)\Z"
)
_PREDICATE = regex(  # what the last number of a sentence is said to be: 30% of 50 is 15
    r"(?<![a-z])(?:is|are|was|equals?|costs?|comes to|amounts to)"
    r"\s(?:about\s|approximately\s|exactly\s|only\s|just\s)?[$¥]?\s?\Z"
)
_OR = regex(r"(?<![a-z])or(?![a-z])|或")
_GOES_ON = regex(  # words behind a result by which the sentence says something more
    r"[,;，、]|(?<![a-z])(?:or|and|so|then|but|plus|gives|is|are|was|were|leaves|makes|totals|adding)"
    r"(?![a-z])|[是为共得剩则]|\A\s?\W?\s?\Z"
)
_SO = regex(r"(?<![a-z])(?:so|therefore|thus|hence|then)(?![a-z])|所以|因此|故|那么|则")
_EITHER = regex(  # one unknown, two values
    r"(?<![a-z])([a-z])\s{0,2}=\s{0,2}-?\d[\d./]{0,16}[\s$,]{0,3}(?:or|或者?)[\s$]{0,3}\1\s{0,2}=\s{0,2}-?\d"
)
_ASSIGNED = regex(r"(?<![a-z0-9)}])([a-z])\s?=\s?(?=[-$\d])")
_ASKED = regex(r"[^\n。.!；;，]{0,40}?(?:[?？]|吗)")
_CALLED_WRONG = regex(
    r"[^\n。.!?\d]{0,40}?(?:(?:is|was)\s(?:clearly\s|actually\s)?"
    r"(?:wrong|incorrect|not (?:correct|right))|(?:是|显然)?(?:不对|不正确|错误?的|有误))"
)
_UNFINISHED = regex(
    r"(?:(?<![a-z])(?:an?|the|of|for|and|or|to|in|with|is|are|by|at|so|then|from|per)"
    r"|[=,+×*(:，、]|[的和与是为]|所以|因此|然后|那么)\s*\Z"
)
_OPENING = regex(
    r"(?:[\s\"'(\[{<$¥€£:,>=≈→~，]|\.(?!\d)|(?:us|hk)(?=\$)|[a-z]\s?="
    r"|about|approximately|around|roughly|exactly|only|just|still|now|equal to|a total of"
    r"|约|大约|大概|一共|总共|共计|共|是|为|等于|正好|恰好|只有|还有|还剩|有|第|还需要?|需要?){0,16}"
)
_CLAUSE_END = regex(
    r"[\n。!?;；]|[.](?!\d|[a-z\\])|\((?!\s?(?:or|或))"
    r"|(?<![a-z])(?:because|since|which|as|where|so that)(?![a-z])|因为|由于|，(?!\s?(?:或|和))"
)
_JOINED = regex(
    r"[\s\"')\]}$]{0,3}(?:[a-z]{1,15}|[\u4e00-\u9fff]{1,3}(?<![或到至和、]))?[\s\"')]{0,3}"
    r"(?:[,，]?\s?\(?(?:or|and|to)(?![a-z])|，?或者?|[到至和、,&/~±-])[\s\"'($¥€£-]{0,4}"
    r"|\s?(?:hours?|hrs?|minutes?|mins?|feet|ft|days?|weeks?|years?|pounds?|lbs?)[\s,]{0,3}"
    r"|\s?(?:小时|分钟?|天|年|周|星期|个月|米|厘米|斤|公斤|千克|公里)零?\s?"
)


def _value_of_calculation(text: str, results: list[Numeral]) -> Numeral | None:
    """The first of several numbers behind "=", if the sentence only runs on: = 6 if you buy 2."""
    first, second = results[0], results[1]
    before = text[max(0, first.span[0] - 200) : first.span[0]].rstrip(" $¥")
    between = text[first.span[1] : second.span[0]]
    return first if before[-1:] in ("=", "≈", "→") and not _GOES_ON.search(between) else None


def stated_in_sentence(
    readable: Readable, start: int, end: int, *, concluding: bool = True
) -> Stated | None:
    """What the sentence between two offsets states; ``None`` where it has no number of any kind.

    :param concluding: it says that it is the result, so circumstances may be told from it; else
        it must name one number, calculate one, or set one in bold.
    """
    start = max(start, end - _SENTENCE_AT_MOST)
    found = numbers_in(readable, start, end)
    if not found:
        return None
    span = (found[0].span[0], found[-1].span[1])
    if _UNFINISHED.search(readable.text, max(start, end - 12), end):
        return Stated((), span, "the sentence is not finished")
    candidates = _behind_equals(readable, found, start, end)
    results = [n for n in candidates if not _operand(readable.text, n)]
    usable = [n for n in results if n.quantity and not _set_aside(readable.text, n)]
    if _different_unknowns(readable.text, start, end) or _EITHER.search(readable.text, start, end):
        return Stated(tuple(n for n in found if n.quantity), span)
    if not usable:
        return Stated((), span, (results or candidates)[-1].why or "it states no result")
    chosen = _chosen(readable, usable, start, end, concluding or candidates is not found)
    return Stated(chosen, chosen[0].span if len(chosen) == 1 else span)


def stated_behind(readable: Readable, start: int, end: int) -> Stated | None:
    """The number that stands directly at `start`, as the value that is named there.

    ``None`` where something else stands there, or where the number opens a calculation.
    """
    text = readable.text
    opening = _OPENING.match(text, start, end)
    first = opening.end() if opening else start
    clause = _CLAUSE_END.search(text, first, min(end, first + 300))
    clause_end = clause.start() if clause else min(end, first + 300)
    found = numbers_in(readable, first, clause_end)
    if not found or text[first : found[0].span[0]].strip():
        return None
    number = found[0]
    if _operand(text, number) or _EQUALS.search(text, number.span[1], clause_end):
        return None
    if number.quantity is None:
        return None if number.why in BESIDE_A_NUMBER else Stated((), number.span, number.why)
    if _BOUND.search(text, max(0, first - 24), number.span[0]):
        return Stated((), number.span, "it is a bound, no number")
    if _ASKED.match(text, number.span[1], end):
        return Stated((number,), number.span, "it is asked, not said")
    if _CALLED_WRONG.match(text, number.span[1], end):
        return Stated((number,), number.span, "it is called wrong")
    return Stated(_with_joined(text, found), number.span)


def stated_in_place(readable: Readable, start: int, end: int) -> Stated:
    """What a place that ends by itself holds: one number, with a unit or not, or none."""
    text = readable.text
    found = numbers_in(readable, start, end)
    span = (start, max(end, start + 1))
    if not found:
        return Stated((), span)
    candidates = _behind_equals(readable, found, start, end)
    if any(n.quantity is None or _operand(text, n) for n in candidates):
        return Stated((), span, next((n.why for n in candidates if n.why), "it is a calculation"))
    return Stated(tuple(candidates), candidates[0].span)


def _behind_equals(readable: Readable, found: list[Numeral], start: int, end: int) -> list[Numeral]:
    """The numbers behind the last "=" that has any, else all of them."""
    signs = [m.start() for m in _EQUALS.finditer(readable.text, start, end)]
    last = next((s for s in reversed(signs) if s < found[-1].span[0]), None)
    return found if last is None else [n for n in found if n.span[0] > last]


def _operand(text: str, number: Numeral) -> bool:
    start, end = number.span
    return (
        _OPERATOR_AFTER.match(text, end) is not None
        or _OPERATOR_BEFORE.search(text, max(0, start - 16), start) is not None
    )


def _set_aside(text: str, number: Numeral) -> bool:
    """Whether a number is named only to be ruled out, or as a bound."""
    before = (max(0, number.span[0] - 24), number.span[0])
    return bool(_NEGATED.search(text, *before) or _BOUND.search(text, *before))


def _different_unknowns(text: str, start: int, end: int) -> bool:
    """Whether it gives values to several letters: x = 5, y = 3."""
    return len({m[1] for m in _ASSIGNED.finditer(text, start, end)}) > 1


def _chosen(
    readable: Readable, usable: list[Numeral], start: int, end: int, concluding: bool
) -> tuple[Numeral, ...]:
    """The one number of several that a sentence states, or all that are left."""
    text = readable.text
    if len(_distinct(usable)) > 1 and (value := _value_of_calculation(text, usable)):
        return (value,)
    bold = [m.span() for m in _BOLD.finditer(readable.original, max(0, start - 2), end + 2)]
    last = usable[-1]
    narrower: list[Callable[[Numeral], object]] = [
        lambda n: any(a <= n.span[0] and n.span[1] <= b for a, b in bold),
        lambda n: not _in_brackets(text, n, start),
        lambda n: not n.weak,
    ]
    if concluding:
        so = max((m.end() for m in _SO.finditer(text, start, end)), default=start)
        narrower += [
            lambda n: n.span[0] >= so,
            lambda n: not _circumstance(text, n),
            lambda n: _RESULT.search(text, max(0, n.span[0] - 48), n.span[0]) is not None,
            lambda n: (
                n is last
                and _PREDICATE.search(text, max(0, n.span[0] - 32), n.span[0])
                and not _OR.search(text, start, end)
            ),
        ]
    for keep in narrower:
        if len(_distinct(usable)) == 1:
            break
        usable = [n for n in usable if keep(n)] or usable
    return (usable[-1],) if len(_distinct(usable)) == 1 else tuple(usable)


def _in_brackets(text: str, number: Numeral, start: int) -> bool:
    """Whether a bracket that opens after `start` holds it: 160 minutes (2 hours 40 minutes)."""
    before = text[max(start, number.span[0] - 60) : number.span[0]]
    return before.rfind("(") > max(before.rfind(")"), 0)


def _circumstance(text: str, number: Numeral) -> bool:
    start, end = number.span
    return (
        _CIRCUMSTANCE_BEFORE.search(text, max(0, start - 24), start) is not None
        or _CIRCUMSTANCE_AFTER.match(text, end) is not None
    )


def _with_joined(text: str, found: list[Numeral]) -> tuple[Numeral, ...]:
    """The first number and those that are named in the same breath: 18 or 20, 3 to 5, 18、20."""
    joined = [found[0]]
    for number in found[1:]:
        between = text[joined[-1].span[1] : number.span[0]]
        if number.quantity is None or len(between) > 40 or not _JOINED.fullmatch(between):
            break
        joined.append(number)
    return tuple(joined)


def _distinct(numerals: Sequence[Numeral]) -> tuple[Numeral, ...]:
    return tuple({n.quantity: n for n in reversed(numerals)}.values())[::-1]
