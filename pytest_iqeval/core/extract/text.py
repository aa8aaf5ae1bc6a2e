"""What every reader does first: reasoning set aside, look-alikes folded, offsets kept.

Whatever happens here keeps the length: position ``i`` of the folded text is code point ``i`` of
the reply, so a span found in one holds in the other. All patterns are bounded or made of single
steps, so the work is linear in the length of the reply.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pytest_iqeval.core.extract.regex import regex

_THOUGHT = "think|thinking|thought|thoughts|reasoning|scratchpad|seed:think"
# <think> (DeepSeek, Qwen, …), <|begin_of_thought|> (Sky, OpenThinker), <|START_THINKING|>
# (Cohere), [THINK] (Mistral), ◁think▷ (Kimi), and the channels of gpt-oss's raw format, also
# without the special tokens ("assistantfinal"). The ollama command ends with a line of its own.
_BOUNDARY = regex(
    rf"(?P<open><(?:{_THOUGHT})>|<\|begin_of_thought\|>|<\|start_thinking\|>|\[THINK\]|◁think▷"
    r"|<\|channel\|>(?:analysis|commentary)(?:<\|message\|>)?)"
    rf"|(?P<close></(?:{_THOUGHT})>|<\|end_of_thought\|>|<\|end_thinking\|>|\[/THINK\]|◁/think▷"
    r"|<\|channel\|>final(?:<\|message\|>)?|assistantfinal"
    r"|(?:\.\.\.|…)done thinking\.(?![^\n]))",
    re.IGNORECASE,
)
# One of these is in every boundary; looking for them first is ten times faster.
_IN_BOUNDARIES = ("think", "thought", "reasoning", "scratchpad", "channel", "assistantfinal")
_QUOTES = "`'\"“”‘’「」"
_CALLED_A_TAG = regex(
    r"[`'\"“”‘’「」]?\s?(?:tags?|blocks?|tokens?|sections?|标签|标记|块)(?![a-z])", re.IGNORECASE
)
# What a chat template leaves at the end of a turn, and a page around the words.
_TURN_END = regex(
    r"<\|[^|<>\n]{1,40}\|>|</?(?:s|eos|EOS|pad|eoa|eoe|eos_token|EOS_TOKEN|end_of_turn|start_of_turn|br|BR|p)\s?/?>"
)
# In small letters: <B> and <P> may be answers.
_TAG = regex(r"</?(?:[biu]|em|strong|code|span|div|h[1-6]|li|ul|ol|td|tr)>")
_STRUCK = regex(r"~~[^~\n]{1,200}~~")
_EMPHASIS = regex(r"[*_`]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A reply made ready for reading; all its texts have the same length.

    ``plain`` has reasoning, markup and invisible characters as blanks, and full-width and
    look-alike characters as ASCII; ``lower`` is the same in lower case. ``folded`` is where
    labels are looked for: the same as ``plain``, but for questions whose options carry digits
    (see `numbered`). ``reasoning`` holds the blocks that were set aside, ``unclosed`` says that
    the last one never ends.
    """

    original: str
    plain: str
    folded: str
    lower: str
    reasoning: tuple[tuple[int, int], ...]
    unclosed: bool

    @property
    def empty(self) -> bool:
        """Whether nothing is left to read."""
        return not self.folded.strip()

    @property
    def why_empty(self) -> str:
        """Why nothing is there to be read, where that is so."""
        if self.unclosed:
            return "the reasoning never ends, so no answer follows"
        return "nothing follows the reasoning" if self.reasoning else "the reply is empty"


def prepare(text: str) -> Prepared:
    """Set reasoning aside and fold the rest of `text`; never raises."""
    blocks, unclosed = reasoning_blocks(text)
    folded = fold(_blanked(text, blocks))
    if "<" in folded:
        folded = _TURN_END.sub(_line_end, folded)
        folded = _TAG.sub(_blank, folded)
    if "~~" in folded:
        folded = _STRUCK.sub(_blank, folded)  # a struck letter is no answer
    if "*" in folded or "_" in folded or "`" in folded:
        folded = _EMPHASIS.sub(_blank_unless_inside_word, folded)
    return Prepared(
        original=text,
        plain=folded,
        folded=folded,
        lower=folded.lower(),
        reasoning=blocks,
        unclosed=unclosed,
    )


def fold(text: str) -> str:
    """`text` with look-alikes as ASCII, traditional forms of our cue words as simplified ones."""
    return text.translate(_FOLD)


def reasoning_blocks(text: str) -> tuple[tuple[tuple[int, int], ...], bool]:
    """The stretches of `text` that are reasoning, tags included, and whether the last never ends.

    A closing tag without an opening one makes everything before it reasoning: some servers
    swallow the opening tag, and some models close twice. A tag that is only talked about
    (in quotes, or called a tag) is text like any other.
    """
    blocks: list[tuple[int, int]] = []
    opened: int | None = None
    lower = text.lower()
    if not any(mark in lower for mark in _IN_BOUNDARIES):
        return (), False
    for found in _BOUNDARY.finditer(text):
        if _is_talked_about(text, found.start(), found.end()):
            continue
        if found["open"]:
            opened = found.start() if opened is None else opened
        elif opened is not None:
            blocks.append((opened, found.end()))
            opened = None
        else:
            blocks = [(0, found.end())]
    if opened is not None:
        blocks.append((opened, len(text)))
    return tuple(blocks), opened is not None


def _is_talked_about(text: str, start: int, end: int) -> bool:
    quoted = start > 0 and end < len(text) and text[start - 1] in _QUOTES and text[end] in _QUOTES
    return quoted or _CALLED_A_TAG.match(text, end) is not None


def without_reasoning(text: str) -> str:
    """`text` with reasoning as blanks and all else as it is; of the same length."""
    return _blanked(text, reasoning_blocks(text)[0])


def _blanked(text: str, blocks: tuple[tuple[int, int], ...]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in blocks:
        parts += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _line_end(found: re.Match[str]) -> str:
    return "\n" + " " * (len(found.group()) - 1)


def _blank_unless_inside_word(found: re.Match[str]) -> str:
    """Marks around words are emphasis; marks inside one (``final_answer``, ``a*b``) are its own."""
    text, start, end = found.string, found.start(), found.end()
    inside = start > 0 and end < len(text) and _ascii_alnum(text[start - 1] + text[end])
    return found.group() if inside else " " * (end - start)


def _ascii_alnum(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _fold_table() -> dict[int, str]:
    """One character for one character: what looks like ASCII to a reader becomes ASCII."""
    table: dict[int, str] = {}
    ranges = (
        (0xFF01, 0xFF5E),  # full width
        (0xFE50, 0xFE6B),  # small forms
        (0x24B6, 0x24E9),  # circled letters
        (0x1D400, 0x1D6A3),  # mathematical letters
        (0x1D7CE, 0x1D7FF),  # mathematical digits
        (0x1F130, 0x1F149),  # squared letters
    )
    for first, last in ranges:
        for code in range(first, last + 1):
            folded = unicodedata.normalize("NFKC", chr(code))
            if len(folded) == 1 and folded.isascii():
                table[code] = folded
    for first in (0x1F150, 0x1F170):  # negative circled and squared letters: 🅑, 🅱
        table.update({first + i: chr(ord("A") + i) for i in range(26)})
    pairs = (
        ("АВСЕНКМОРТХ", "ABCEHKMOPTX"),  # Cyrillic
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),  # Greek
        ("“”„‟″‘’‚‛′「」『』《》〈〉«»", '"""""\'\'\'\'\'""""""""""'),
        ("【】〔〕〖〗", "[][][]"),
        ("。｡∶‐‑‒–—―−⇒➡⟶", "..:-------→→→"),
        (
            "選應為爲項擇確題對錯該則",
            "选应为为项择确题对错该则",
        ),  # one set of rules for both scripts
        ("\u00a0\u1680\u202f\u205f\u3000\ufeff\u00ad\u2060\ufe0f\u20e3", " " * 10),
        ("\u2028\u2029\u0085\v\f", "\n" * 5),
        ("İ", "I"),  # the one character whose lower case is longer than itself
    )
    table.update({code: " " for code in range(0x20) if chr(code) not in "\t\n"})  # controls
    for these, those in pairs:
        table.update({ord(a): b for a, b in zip(these, those, strict=True)})
    table.update(dict.fromkeys(range(0x2000, 0x2010), " "))  # thin and zero-width blanks
    return table


_FOLD = _fold_table()
