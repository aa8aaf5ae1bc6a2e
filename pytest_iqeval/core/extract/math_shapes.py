"""Where an expression begins and ends: in a box, in a tag or JSON, behind a cue."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from pytest_iqeval.core.extract.latex import closing
from pytest_iqeval.core.extract.regex import regex

WINDOW = 2000  # the longest expression that is looked for behind a cue


class Expression(NamedTuple):
    """An expression in a reply: its text, and where it stands.

    ``why`` says why it is no answer, if so. ``pieces`` are the spans of the items where it is a
    list. ``literal`` says that ``text`` is what stands there means, not what stands there.
    """

    text: str
    span: tuple[int, int]
    why: str | None = None
    pieces: tuple[tuple[int, int], ...] = ()
    literal: bool = False


_OPENING = regex(r"[\s*_:=>]{0,12}")
DELIMITED = regex(
    r"\$\$(?P<a>[^$]{1,2000}?)\$\$|\$(?P<b>(?:\\\$|[^$\n]){1,600}?)\$(?!\d)"
    r"|\\\[(?P<c>(?:[^\\]|\\(?!\])){1,2000}?)\\\]|\\\((?P<d>(?:[^\\\n]|\\(?!\))){1,600}?)\\\)"
)
_GROUPS = ("a", "b", "c", "d")
_JOINED = regex(r"\s{0,3}(?:,|、|和|或|及)?\s{0,3}(?:and|or)?\s{0,3}(?=\$|\\[(\[])")
_PROSE = regex(r"(?<![\\A-Za-z{])[A-Za-z]{2,}\s+(?:[A-Za-z]{2,}|\d)")
_TEXT_COMMAND = r"\\(?:text|mbox|mathrm|textbf|mathbf|operatorname|textit)\s?\{[^{}\n]{0,80}\}"
_WORDS_OF_MATH = (
    r"(?:sqrt|pi|sin|cos|tan|cot|sec|csc|log|ln|arcsin|arccos|arctan|infinity)(?![A-Za-z])"
)
# Possessive: each kind of piece is taken once, so a run costs its length and no more.
_RUN = regex(
    rf"(?>{_TEXT_COMMAND}|\\[A-Za-z]+|\\[^A-Za-z\s]|[0-9]+|[.,](?=\S)|,[ \t]{{1,2}}(?=\S)"
    rf"|{_WORDS_OF_MATH}"
    r"|(?<=[0-9)}])[A-Za-z]{1,2}(?![A-Za-z])|[A-Za-z](?![A-Za-z'])"
    r"|[+\-*/^_=<>|!%°(){}\[\]$&~±√π∞×·÷≤≥≠∪∩∈²³½¼¾⅓⅔]|[ \t]{1,3}(?=\S))++"
)
_BARE_ENDS = regex(r"[\s.,;:!?)*\"']{0,40}(?:\n|$|[.;!?](?:\s|$)|,\s|[\u3400-\u9fff])")
_CLAUSE = regex(r"[^\n.;!?]{1,60}")
_NAME = regex(
    r"[\"'*_]{0,3}(?P<name>[A-Z][A-Za-z'-]{0,24}(?:[ -][A-Za-z][A-Za-z'-]{0,24}){0,2})[\"'*_]{0,3}"
    r"\s{0,3}(?:[.!;]|\n|$)"
)
_NO_NAME = regex(
    r"(?:the|this|that|an?|not|no|none|unknown|it|as|in|to|we|i|given|correct|wrong|let|see|"
    r"your|my|all of|undetermined|is|are|above|below|here|there|what|which|because|since)\b",
    re.IGNORECASE,
)
_BOXED_SIGN = regex(r"\d[\d.,]{0,40}(?<=\d)|[A-Za-z](?![A-Za-z])")
_FORMULA_ENDS = regex(r"\$|\\\]|\\\)|\n")
_JSON_NUMBER = regex(r"-?\d[\d.eE+-]{0,40}")
_JSON_TEXT = regex(r"(?:[^\"\\\n]|\\.){1,2000}")
_SUBSTANCE = regex(r"[^\s$.,;:(){}\[\]\\]")
_PLACEHOLDER = regex(
    r"(?:\\text\{)?[\s\[<(\"]*(?:your |the |final |my |insert |put )*"
    r"(?:answer|final answer|result|number|expression|value|答案|你的答案|最终答案|结果|"
    r"\.{2,3}|…|_+|\?+|\\(?:ldots|dots|cdots|cdot|square))"
    r"(?: here)?[\s\]>)\"}]*",
    re.IGNORECASE,
)


def boxed(text: str, after: int) -> Expression | None:
    r"""What the box whose command ends at `after` holds; bare (``\boxed 5``), too."""
    at = after
    while at < len(text) and text[at] in " \t":
        at += 1
    if text[at : at + 1] != "{":
        sign = _BOXED_SIGN.match(text, at) if at > after else None
        return Expression(sign.group(), sign.span()) if sign else None
    end = closing(text, at, "{}", limit=2 * WINDOW)
    if end is None:
        end = _repaired_end(text, at + 1)
        if end is None:
            return Expression("", (at, at + 1), "the box never closes")
    return _within(text, at + 1, end)


def _repaired_end(text: str, start: int) -> int | None:
    """Where a box ends whose brace was forgotten: at the end of its formula."""
    found = _FORMULA_ENDS.search(text, start, start + 300)
    if found is None or found.group() == "\n":
        return None
    inner = text[start : found.start()]
    return found.start() if inner.count("{") == inner.count("}") and inner.strip() else None


def _within(text: str, start: int, end: int) -> Expression:
    """The text between two places, blanks trimmed, as an expression."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    inner = inner.strip()
    span = (start, start + len(inner)) if inner else (end, end + 1)
    if not _SUBSTANCE.search(inner):
        return Expression(inner, span, "there is nothing in it")
    if _PLACEHOLDER.fullmatch(inner):
        return Expression(inner, span, "it is a placeholder")
    return Expression(" ".join(inner.split()), span)


def enclosed(text: str, start: int, ends: re.Pattern[str]) -> Expression | None:
    """What stands between a cue and what closes it: one formula, or a short text."""
    end = ends.search(text, start, start + WINDOW)
    if end is None:
        return None
    inner = _within(text, start, end.start())
    match = DELIMITED.match(text, inner.span[0])
    if match is not None and match.end() >= inner.span[1]:
        return of_match(text, match)
    prose = _PROSE.search(inner.text) and re.search(r"[\d$\\]|.{40}", inner.text)
    return None if prose else inner


def json_value(text: str, start: int) -> Expression | None:
    """A JSON string or number that begins at `start`; the text is what the JSON means."""
    if text[start : start + 1] != '"':
        number = _JSON_NUMBER.match(text, start)
        return Expression(number.group(), number.span()) if number else None
    inside = _JSON_TEXT.match(text, start + 1)
    if inside is None:
        return None
    raw = inside.group()
    try:
        said = json.loads(f'"{raw}"')
    except ValueError:  # LaTeX whose backslashes were not doubled
        said = raw
    # "\frac" in JSON is a form feed and "rac"; nobody means that.
    said = raw if re.search(r"[\x00-\x1f]", said) else said
    found = _within(text, *inside.span())
    return found if found.why else Expression(" ".join(said.split()), found.span, literal=True)


def behind(text: str, start: int, *, words: bool) -> Expression | None:
    """The expression that stands directly behind a cue: a formula, a bare one, or a text."""
    opening = _OPENING.match(text, start)
    at = opening.end() if opening else start
    if text[start:at].count("\n") > 3:
        return None
    return formulas(text, at) or bare(text, at) or (_words(text, at) if words else None)


def formulas(text: str, at: int) -> Expression | None:
    r"""A formula in its marks, or several in a row: ``$2$ and $-2$``."""
    found: list[Expression] = []
    while match := DELIMITED.match(text, at):
        one = of_match(text, match)
        if _PROSE.search(one.text.replace(r"\text", "")) or len(found) > 20:
            break
        found.append(one)
        joined = _JOINED.match(text, match.end())
        if joined is None:
            break
        at = joined.end()
    return joined_list(found) if found else None


def joined_list(found: list[Expression]) -> Expression:
    """Expressions in a row as one, over the span of all; equal ones are one."""
    if len({one.text for one in found}) == 1:
        return found[0]
    pieces = tuple(piece for one in found for piece in one.pieces or (one.span,))
    text = ", ".join(dict.fromkeys(one.text for one in found))
    return Expression(text, (pieces[0][0], pieces[-1][1]), pieces=pieces)


def of_match(text: str, match: re.Match[str]) -> Expression:
    """What one match of `DELIMITED` holds, without a point at its end."""
    group = next(g for g in _GROUPS if match[g] is not None)
    found = _within(text, *match.span(group))
    inner = found.text.rstrip(".,;:")
    if found.why is None and not inner.endswith("\\"):
        found = Expression(inner, (found.span[0], found.span[0] + _length(text, found, inner)))
    return found


def _length(text: str, found: Expression, inner: str) -> int:
    """How many code points of the reply `inner` takes, blanks that were joined included."""
    whole = text[found.span[0] : found.span[1]]
    return len(whole.rstrip(".,;: \n\t")) if inner != found.text else len(whole)


def bare(text: str, at: int) -> Expression | None:
    """A run of mathematical signs without marks around it, if it is an expression by itself."""
    run = _RUN.match(text, at, at + 400)
    if run is None:
        return None
    inner = _trimmed(run.group())
    ended = _BARE_ENDS.match(text, at + len(inner)) is not None
    if not ended:
        inner = _trimmed(inner[: _outer_comma(inner)])  # "5, I think"
    if not ended and re.search(r"[\d)}] [A-Za-z]$", inner):
        inner = inner[:-2]  # "5 a day"
    if inner.startswith("$"):
        at, inner = at + 1, inner[1:].lstrip()  # an amount of money
    if re.fullmatch(r"\[[^\[\],]+\]", inner):
        at, inner = at + 1, inner[1:-1]  # "[5]", as a prompt asked for it
    end = at + len(inner)
    if re.search(r"\d|\\[A-Za-z]|[π∞½]", inner):
        inside_word = text[end : end + 1].isascii() and text[end : end + 1].isalnum()
    else:  # "a triangle" is none; "x", "(A)" and "a=b" are
        inside_word = not (ended and re.fullmatch(r"\(?[A-Za-z]\)?|.*[=^].*", inner))
    if inside_word or not _SUBSTANCE.search(inner):
        return None
    return Expression(" ".join(inner.split()), (at, end))


def _trimmed(run: str) -> str:
    """A run without what ends the sentence, and without a bracket that opens before it."""
    run = run.rstrip(" \t.,;:*$!" if re.search(r"[\w)]![\s.!]*$", run) else " \t.,;:*$")
    return run.rstrip(")") if run.count("(") < run.count(")") and "[" not in run else run


def _outer_comma(run: str) -> int:
    """Where the first comma outside of brackets stands that a blank follows; else the end."""
    depth = 0
    for at, sign in enumerate(run):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0 and run[at + 1 : at + 2].isspace():
            return at
    return len(run)


def _words(text: str, at: int) -> Expression | None:
    """A text that answers: a name behind English cues, a short clause in Chinese."""
    clause = _CLAUSE.match(text, at)
    if clause is None:
        return None
    if name := _NAME.match(text, at):
        if _NO_NAME.match(name["name"]):
            return None
        return Expression(name["name"], name.span("name"))
    inner = clause.group().strip(" *\"'")
    if not inner or not re.fullmatch(r"[\u3400-\u9fff]{1,12}", inner):
        return None
    if re.match(r"不|无法|没有|以上|如下|未知|错|正确|什么|多少|哪", inner):
        return None
    start = text.index(inner, at)
    return Expression(inner, (start, start + len(inner)))
