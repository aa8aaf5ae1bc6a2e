"""A label where an answer is expected: ``B``, ``(B)``, ``**b**``, ``\\text{B}``, ``option B``.

The judgement here is whether the letter *is* a label. "The answer is A good question",
"答案是C语言"
and "answer: ABC" have a capital in the right place and name no option.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_iqeval.core.extract.options import Options
from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import Prepared
from pytest_iqeval.core.sample import LABELS

WORDLIKE = "0-9A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff"
MARKS = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"  # ticks, stars, pictures
_LATEX = r"\\(?:boxed|fbox|text|textbf|textit|mathrm|mathbf|mathsf|bf|rm)\s?\{"
_LABEL = regex(
    rf"(?P<open>(?:[\s\"'(\[{{<$:,.>=→|-]|{_LATEX}|\\[(\[]){{0,24}}"
    r"(?:(?:the\s{1,2})?(?:option|choice|letter|number|answer|选项|答案|选择?)\s{0,2}[:#]?)?"
    rf"(?:[\s\"'(\[{{<$#]|{_LATEX}|\\[(\[]){{0,8}})"
    rf"(?P<run>[A-Za-z]{{1,26}})(?![{WORDLIKE}])",
    re.IGNORECASE,
)
_CLOSE = regex(r"(?:[\"')\]}>$]|\\[)\]]){0,6}")
_OPENERS, _CLOSERS = "([{\"'<$", ")]}\"'>$"

# What may follow a bare letter. A function word goes on with the sentence; a noun would make the
# letter part of a name ("C language", "A股"). Markup that was taken out leaves many blanks.
_GOES_ON = regex(
    r"\s{1,16}(?:because|since|as|for|due|given|which|where|when|while|but|not|over|and|or|is|was|"
    r"based|with|from|by|in|on|to|at|here|option|so|that|if|rather|instead|explanation|reason|"
    r"rationale|this|the|it)(?![a-z])",
    re.IGNORECASE,
)
GOES_ON_ZH = regex(
    r"选项|项|号|选|因|由|故|所|而|这|即|[是为]|也|正确|吧|了|哦|啦|理由|符合|才|或|和|与|及|以|、|吗|呢|"
    r"不|没|更|最|比|还|就|便|会|能|可以|应|显|一定|必|的(?=\s?[\"(]|理由|原因|依据)"
)
_ENDS = regex(
    rf"[.,;:!?)\]}}\">、…|{MARKS}]|'(?![a-z])|[^\S\n]{{0,16}}(?:\n|$|[<\[]/|\|[^\S\n]{{0,4}}(?:\n|$|[\u3400-\u9fff]|[A-Za-z]{{4}}))|\\n"
    r"|\s{1,16}[^\sA-Za-z0-9=+<>/^%&×÷~|\\]|[(\[]\s?(?:[\u3400-\u9fff]|[A-Za-z]{4})"
    r"|-{1,3}[\s\u3400-\u9fff]"
)
_ENDS_LOWER = regex(rf"[^\S\n]{{0,16}}(?:[.,;:!?)\]}}\">{MARKS}]|\n|$|</)")
_NEXT_WORD = regex(r"\s{1,16}[A-Z0-9]")
_CJK = regex(r"[\u3400-\u9fff]")
_LIST_WITHIN = 2000  # a list of options further down is none of this label's

# One more label in the same breath makes two answers.
_AND = regex(
    r"[\s)\]}\"'$]{0,8}(?:(?P<comma>,)|[、/&;]|and/or\s|and\s|or\s|和|或者?|与|及|以及)\s{0,3}"
    rf"(?:option|choice|选项)?[\s(\[{{\"'$]{{0,8}}(?P<letter>[A-Z])(?![{WORDLIKE}])[)\]}}\"'$]{{0,3}}"
)
# … unless that label begins a statement of its own: "B, and C is wrong", "B，D选项错误".
_OWN_STATEMENT = regex(
    r"\s{0,2}(?:选项|项)?\s{0,2}(?:is|isn't|was|has|does|doesn't|would|can|cannot|only|"
    r"是|不|错|虽|则|只|也|都不|均不|中|的)"
)
_LIST_GOES_ON = regex(r"\s{0,3}(?:[.,;!?、/&|]|and|or|和|或|与|及|are|都|均|\n|$|<|\*)")
_WRONG = (
    r"(?:(?:clearly|also|actually)\s)?"
    r"(?:wrong|incorrect|false|inaccurate|not\s(?:the\s|entirely\s)?(?:correct|right|accurate|true))"
)
_NEGATED = regex(
    r"(?:选项|项)?[\s,:(-]{0,16}(?:"
    rf"(?:is|was|would be|seems)\s(?:{_WRONG}|not)|wrong|incorrect|[❌❎✗✘✖×](?![^\S\n]?[a-z0-9])"
    r"|(?:的)?(?:说法|描述|观点|表述|做法)?(?:这|但|但这|但它|那)?(?:是|显然|也|就|并)?"
    r"(?:不对|不正确|不合适|不妥|不可|错|有误|(?<!,)不是(?!\s?[(\"]?[a-z](?![a-z]))))"
    # … the letter, some words of the option, and then the verdict
    r"|(?:[^.;\n]|\.(?=\d)){0,80}?,\s?(?:but|however|although|though|which)\s{0,2},?\s?"
    rf"(?:this|that|it|which)?\s?(?:is|was|'s)\s{_WRONG}"
    r"|[^\n]{0,200}?[.\s]{1,4}"
    rf"(?:this (?:option|answer|choice)|(?:however|but),? (?:this|that|it)) is {_WRONG}",
    re.IGNORECASE,
)
_ASKED = regex(
    r"[\s.)\]}\"']{0,3}(?:选项|项)?(?:吗|么|呢)?\s?\?"
    r"|,\s?(?:right|correct|isn't it|对吗|对吧|对不对|是吗|是不是)\s?\?"
    r"|(?:选项|项)?(?:吗|么|还是\s?选?\s?[(\"]?[A-Z])"
)

# The option by its place: "the second option", 第2项. Only behind a cue, like any label.
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NUMERALS = "一二三四五六七八九"
_ORDINAL = regex(
    r"[\s\"'(\[{<$:,.>=→-]{0,24}(?P<ordinal>(?:the\s{1,2})?(?:"
    rf"(?P<en>{'|'.join(_ORDINALS)}|last|\d{{1,2}}(?:st|nd|rd|th))\s{{1,2}}(?:option|choice|answer|one|statement)"
    rf"|(?:option|choice|number)\s{{1,2}}(?P<number>{'|'.join(_NUMBERS)}))(?![a-z])"
    rf"|第\s?(?P<zh>[{_NUMERALS}]|\d{{1,2}})\s?个?\s?(?:选项|选择|答案|说法|项|个)"
    rf"|最后一?(?P<last>个?选项|项|个)|(?:选项|答案)\s?(?P<plain>[{_NUMERALS}])(?![\u3400-\u9fff]))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What stands where an answer is expected.

    ``letters`` are upper case; more than one means that several were named in one breath. ``why``
    says why it does not count, and is ``None`` where it does. ``span`` is the label's (or the
    option text's) place in the reply.
    """

    letters: str
    span: tuple[int, int]
    why: str | None = None


def label_at(
    text: Prepared,
    start: int,
    options: Options,
    *,
    closed: bool = False,
    followed_by: re.Pattern[str] | None = None,
) -> Found | None:
    """The label that stands at `start`, after blanks, brackets and words like "option".

    :param closed: the place itself ends after the label (``\\boxed{…}``, a JSON string), so
        nothing but a closing bracket, a point or the option's own text may follow.
    :param followed_by: what must stand behind the label, in lower case.
    """
    match = _LABEL.match(text.folded, start)
    if match is None:
        return ordinal_at(text, start, options, followed_by)
    first, after = match.span("run")
    if named := options.named_at(text.plain, first):  # "B cells" may be the text of option A
        letter, end = named
        found = Found(letters=letter, span=(first, end), why=withdrawn(text, end))
        return found if followed_by is None else None
    close = _CLOSE.match(text.folded, after)
    after = close.end() if close else after
    wrapped = (
        first > 0 and text.folded[first - 1] in _OPENERS and text.folded[after - 1] in _CLOSERS
    )
    letters = _letters_of(match["run"], options)
    if letters is None:
        return ordinal_at(text, start, options, followed_by)
    if followed_by is not None:
        same_sentence = not set(match["open"]) & {".", "\n"}
        if not (same_sentence and followed_by.match(text.lower, after)):
            return None
        wrapped = wrapped or match["run"].isupper()
    if not (wrapped or _stands_alone(text, match.span("run"), options, closed=closed)):
        return None
    if _own_line_of_a_list(text, match):
        return None
    more, end = more_labels(text.folded, match.end("run"))
    return Found(
        letters="".join(dict.fromkeys(letters + more)),
        span=(first, end),
        why=withdrawn(text, after),
    )


def ordinal_at(
    text: Prepared, start: int, options: Options, followed_by: re.Pattern[str] | None = None
) -> Found | None:
    """The option that is named by its place at `start`: "the second option", 第二项."""
    match = _ORDINAL.match(text.lower, start)
    if match is None or (followed_by and not followed_by.match(text.lower, match.end())):
        return None
    return Found(
        letters=_letter_of_ordinal(match, options),
        span=match.span("ordinal"),
        why=withdrawn(text, match.end()),
    )


def _letter_of_ordinal(match: re.Match[str], options: Options) -> str:
    said = next(s for s in match.group("en", "number", "zh", "last", "plain") if s)
    if said == "last" or match["last"]:
        return options.letters[-1:]
    for words in (_ORDINALS, _NUMBERS, _NUMERALS):
        if said in words:
            return LABELS[words.index(said)]
    number = int(said.rstrip("stndrh"))
    return LABELS[number - 1] if 1 <= number <= len(LABELS) else ""


def _letters_of(run: str, options: Options) -> str | None:
    """A run of letters as labels: one letter, or several on offer in order (``AC``)."""
    if len(run) == 1:
        return run.upper() if run.isascii() else None
    if options.numbered:
        return None
    on_offer = set(run) <= set(options.letters)
    return run if on_offer and list(run) == sorted(set(run)) else None


def _stands_alone(text: Prepared, span: tuple[int, int], options: Options, *, closed: bool) -> bool:
    """Whether a bare letter at `span` is a label by what follows it."""
    first, end = span
    folded, letter = text.folded, text.folded[first]
    if (_ENDS_LOWER if letter.islower() else _ENDS).match(folded, end):
        return True
    if closed:
        return False
    if options.begins_with_own_text(letter.upper(), text.plain[end : end + 2000].lstrip()):
        return True
    if letter.islower() or end - first > 1:
        return False
    if _CJK.match(folded, end):
        return GOES_ON_ZH.match(folded, end) is not None
    if _GOES_ON.match(folded, end):
        return True
    # "Answer: B Explanation" is plain; "A Good question" and "I Think" are not.
    return letter not in "AI" and _NEXT_WORD.match(folded, end) is not None


def _own_line_of_a_list(text: Prepared, match: re.Match[str]) -> bool:
    """Whether "Answer:" is followed by a list of options rather than by one of them."""
    if "\n" not in match["open"]:
        return False
    end = text.folded.find("\n\n", match.end(), match.end() + _LIST_WITHIN)
    end = end if end >= 0 else match.end() + _LIST_WITHIN
    listed = LISTED.finditer(text.folded, match.end(), end)
    return any(m["label"] != match["run"].upper() for m in listed)


LISTED = regex(r"\n[ \t#>*+-]{0,8}[(\[]?(?P<label>[A-Z])(?:[)\].:、,]|选项|\n)")
"""A line that begins with a label, as in a list of options; matched at the line break before."""


def more_labels(folded: str, end: int) -> tuple[str, int]:
    """Further labels joined to the one that ends at `end`, and where the last of them ends."""
    letters = ""
    while (more := _AND.match(folded, end)) and len(letters) < 26:
        if _OWN_STATEMENT.match(folded, more.end()):
            break
        if more["comma"] and not _LIST_GOES_ON.match(folded, more.end()):
            break
        letters += more["letter"]
        end = more.end("letter")
    return letters, end


def asked(text: Prepared, end: int) -> bool:
    """Whether a question mark ends the statement at `end`."""
    return _ASKED.match(text.folded, end) is not None


def withdrawn(text: Prepared, end: int) -> str | None:
    """Why the statement whose label or text ends at `end` does not count; ``None`` if it does."""
    if asked(text, end):
        return "it is asked, not said"
    if _NEGATED.match(text.folded, end):
        return "it is called wrong"
    return None
