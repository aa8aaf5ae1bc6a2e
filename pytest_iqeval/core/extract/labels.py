"""A label where an answer is expected: ``B``, ``(B)``, ``**b**``, ``\\text{B}``, ``option B``.

The judgement here is whether the letter *is* a label. "The answer is A good question",
"答案是C语言"
and "answer: ABC" have a capital in the right place and name no option.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_iqeval.core.extract.options import Options
from pytest_iqeval.core.extract.text import Prepared

WORDLIKE = "0-9A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff"
_LATEX = r"\\(?:boxed|fbox|text|textbf|textit|mathrm|mathbf|mathsf|bf|rm)\s?\{"
_LABEL = re.compile(
    r"(?P<open>[\s\"'(\[{<$:,.>=→-]{0,12}"
    r"(?:(?:the\s{1,2})?(?:option|choice|letter|answer|选项|答案|选择?)\s{0,2}[:#]?)?"
    rf"(?:[\s\"'(\[{{<$]|{_LATEX}|\\[(\[]){{0,8}})"
    rf"(?P<run>[A-Za-z]{{1,26}})(?![{WORDLIKE}])",
    re.IGNORECASE,
)
_CLOSE = re.compile(r"(?:[\"')\]}>$]|\\[)\]]){0,6}")
_OPENERS, _CLOSERS = "([{\"'<$", ")]}\"'>$"

# What may follow a bare letter. A function word goes on with the sentence; a noun would make the
# letter part of a name ("C language", "A股").
_GOES_ON = re.compile(
    r"\s{1,3}(?:because|since|as|for|due|given|which|where|when|while|but|not|over|and|or|is|was|based|"
    r"with|from|by|in|on|to|at|here|option|so|that|if|rather|instead|explanation|reason|rationale|"
    r"this|the)(?![a-z])",
    re.IGNORECASE,
)
_GOES_ON_ZH = re.compile(
    r"选项|项|选|因|由|故|所|而|这|即|[是为]|也|正确|吧|了|哦|啦|理由|符合|才|或|和|与|及|以|、|吗|呢|的(?=\s?[\"(])"
)
_ENDS = re.compile(
    r"[.,;:!?)\]}\">、…|]|'(?![a-z])|[^\S\n]{0,3}(?:\n|$|[<\[]/)"
    r"|\s{1,3}[^\sA-Za-z0-9=+<>/^%&×÷~|\\]|[(\[]\s?(?:[\u3400-\u9fff]|[A-Za-z]{4})|-{1,3}[\s\u3400-\u9fff]"
)
_ENDS_LOWER = re.compile(r"[^\S\n]{0,3}(?:[.,;:!?)\]}\">]|\n|$|</)")
_NEXT_WORD = re.compile(r"\s{1,3}[A-Z0-9]")
_CJK = re.compile(r"[\u3400-\u9fff]")

# One more label in the same breath makes two answers.
_AND = re.compile(
    r"[\s)\]}\"'$]{0,4}(?:(?P<comma>,)|[、/&;]|and/or\s|and\s|or\s|和|或者?|与|及|以及)\s{0,3}"
    rf"(?:option|choice|选项)?[\s(\[{{\"'$]{{0,4}}(?P<letter>[A-Z])(?![{WORDLIKE}])[)\]}}\"'$]{{0,3}}"
)
# … unless that label begins a statement of its own: "B, and C is wrong", "B，D选项错误".
_OWN_STATEMENT = re.compile(
    r"\s{0,2}(?:选项|项)?\s{0,2}(?:is|isn't|was|has|does|doesn't|would|can|cannot|only|"
    r"是|不|错|虽|则|只|也|都不|均不|中|的)"
)
_LIST_GOES_ON = re.compile(r"\s{0,3}(?:[.,;!?、/&|]|and|or|和|或|与|及|are|都|均|\n|$|<|\*)")
_WRONG = (
    r"(?:(?:clearly|also|actually)\s)?"
    r"(?:wrong|incorrect|false|not\s(?:the\s)?(?:correct|right|accurate))"
)
_NEGATED = re.compile(
    r"(?:选项|项)?[\s,:(-]{0,3}(?:"
    rf"(?:is|was|would be|seems)\s(?:{_WRONG}|not)|wrong|incorrect"
    r"|(?:这|但|但这|那)?(?:是|显然|也|就|并)?(?:不对|不正确|不合适|不妥|不可|错|有误)|(?<!,)不是)"
    # … the letter, some words of the option, and then the verdict
    r"|(?:[^.;\n]|\.(?=\d)){0,80}?,\s?(?:but|however|although|though|which)\s{0,2},?\s?"
    rf"(?:this|that|it|which)?\s?(?:is|was)\s{_WRONG}"
    rf"|[^\n]{{0,200}}?[.\s]{{1,4}}this (?:option|answer|choice) is {_WRONG}",
    re.IGNORECASE,
)
_ASKED = re.compile(r"[\s.)\]}\"']{0,3}(?:选项|项)?(?:吗|么|呢)?\s?\?|(?:选项|项)?(?:吗|么)")


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
        return None
    first, after = match.span("run")
    if named := options.named_at(text.folded, first):  # "B cells" may be the text of option A
        letter, end = named
        found = Found(letters=letter, span=(first, end), why=withdrawn(text, end))
        return found if followed_by is None else None
    close = _CLOSE.match(text.folded, after)
    after = close.end() if close else after
    wrapped = (
        first > 0 and text.folded[first - 1] in _OPENERS and text.folded[after - 1] in _CLOSERS
    )
    letters = _letters_of(match["run"], options)
    if letters is None or not (
        wrapped or _stands_alone(text, match.span("run"), options, closed=closed)
    ):
        return None
    if followed_by is not None:
        same_sentence = not set(match["open"]) & {".", "\n"}
        if not (same_sentence and followed_by.match(text.lower, after)):
            return None
    if _own_line_of_a_list(text, match):
        return None
    more, end = _more_labels(text.folded, match.end("run"))
    return Found(
        letters="".join(dict.fromkeys(letters + more)),
        span=(first, end),
        why=withdrawn(text, after),
    )


def _letters_of(run: str, options: Options) -> str | None:
    """A run of letters as labels: one letter, or several on offer in order (``AC``)."""
    if len(run) == 1:
        return run.upper()
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
    if options.repeats_own_text(letter.upper(), folded[end : end + 2000].lstrip()):
        return True
    if letter.islower() or end - first > 1:
        return False
    if _CJK.match(folded, end):
        return _GOES_ON_ZH.match(folded, end) is not None
    if _GOES_ON.match(folded, end):
        return True
    # "Answer: B Explanation" is plain; "A Good question" and "I Think" are not.
    return letter not in "AI" and _NEXT_WORD.match(folded, end) is not None


def _own_line_of_a_list(text: Prepared, match: re.Match[str]) -> bool:
    """Whether "Answer:" is followed by a list of options rather than by one of them."""
    if "\n" not in match["open"]:
        return False
    paragraph_end = text.folded.find("\n\n", match.end())
    listed = LISTED.finditer(
        text.folded, match.end(), paragraph_end if paragraph_end >= 0 else match.end() + 2000
    )
    return any(m["label"] != match["run"].upper() for m in listed)


LISTED = re.compile(r"\n[ \t#>*+-]{0,8}[(\[]?(?P<label>[A-Z])(?:[)\].:、,]|选项|\n)")
"""A line that begins with a label, as in a list of options; matched at the line break before."""


def _more_labels(folded: str, end: int) -> tuple[str, int]:
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
